// SPDX-License-Identifier: GPL-3.0-or-later
// Django: manage.py names the settings' module, and one of its files the database (docs.djangoproject.com,
// ref/settings, DATABASES).
#include "inspect/projectfiles.h"

#include <QStringList>

namespace lk::inspect {

namespace {

const QRegularExpression &moduleName()
{
    static const QRegularExpression expression(
        QStringLiteral(R"(['"]DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"])"));
    return expression;
}

/// `"ENGINE": "django.db.backends.sqlite3"`, also SpatiaLite's and a project's own.
const QRegularExpression &engine()
{
    static const QRegularExpression expression(
        QStringLiteral(R"(['"]ENGINE['"]\s*:\s*['"]([\w.]*(?:sqlite|spatialite)[\w.]*)['"])"));
    return expression;
}

/// What `"NAME":` is, to the end of the line.
const QRegularExpression &databaseName()
{
    static const QRegularExpression expression(QStringLiteral(R"(['"]NAME['"]\s*:\s*([^\n]+))"));
    return expression;
}

/// DATABASE_URL=sqlite:///relative, sqlite:////absolute
const QRegularExpression &databaseUrl()
{
    static const QRegularExpression expression(QStringLiteral(R"(DATABASE_URL\s*=\s*['"]?sqlite:///([^\s'"?]+))"));
    return expression;
}

/// The files that the module "shop.settings.dev" may be, or take from, the likeliest first.
std::vector<std::string> settingsFiles(const QString &module)
{
    const QStringList parts = module.split(u'.');
    if (parts.contains(QString()))
        return {};
    const std::string file = parts.join(u'/').toStdString();
    std::vector<std::string> files{file + ".py"};
    for (const char *name : {"__init__", "base", "local", "dev", "development", "production"})
        files.push_back(file + '/' + name + ".py");
    if (parts.size() > 2) { // a module of a package of settings
        const std::string package = parts.first(parts.size() - 1).join(u'/').toStdString();
        for (const char *name : {"base", "common", "__init__"})
            files.push_back(package + '/' + name + ".py");
    }
    return files;
}

/// `BASE_DIR / "data" / "db.sqlite3"`, os.path.join(BASE_DIR, "data", "db.sqlite3"): its texts, joined.
QString joinedTexts(const QString &expression)
{
    static const QRegularExpression text(QStringLiteral(R"(['"]([^'"]+)['"])"));
    QStringList texts;
    for (const Found &found : findAll(expression, text))
        texts.append(found.text);
    return texts.join(u'/');
}

/// Where \a settings name the database, or at least its kind.
void readSettings(const ProjectFiles &files, const std::string &settings, const Path &database, Project &project)
{
    const QString text = files.text(settings);
    const Path file = files.root() / settings;
    const Path folder = file.parent_path();
    for (const Found &name : findAll(text, databaseName())) {
        if (means(joinedTexts(name.text), database, {files.root(), folder, folder.parent_path()})) {
            project.settings = file;
            project.line = name.line;
            project.namesThisFile = true;
            return;
        }
    }
    const std::optional<Found> kind = findIn(text, engine());
    if (!text.isEmpty() && (project.settings.empty() || (project.line == 0 && kind))) {
        project.settings = file;
        project.line = kind ? kind->line : 0;
    }
}

void readEnvironment(const ProjectFiles &files, const Path &database, Project &project)
{
    for (const char *name : {".env", ".envrc"}) {
        const std::optional<Found> url = findIn(files.text(name), databaseUrl());
        if (url && means(url->text, database, {files.root()})) {
            project.settings = files.root() / name;
            project.line = url->line;
            project.namesThisFile = true;
        }
    }
}

/// Installed in a virtual environment beside manage.py: Django-5.2.1.dist-info.
std::string installedVersion(const ProjectFiles &files)
{
    static const QRegularExpression distribution(QStringLiteral(R"(^[Dd]jango-(\d[\w.]{0,30})\.dist-info$)"));
    for (const std::string environment : {".venv", "venv", "env"}) {
        for (const std::string &python : files.list(environment + "/lib")) {
            if (!python.starts_with("python"))
                continue;
            for (const std::string &name : files.list(environment + "/lib/" + python + "/site-packages")) {
                if (const auto found = findIn(QString::fromStdString(name), distribution))
                    return found->text.toStdString();
            }
        }
    }
    return {};
}

struct VersionPlace
{
    const char *file;
    const char *expression;
};

/// What a package manager wrote down, then what people did.
constexpr VersionPlace VersionPlaces[] = {
    {"uv.lock", R"re(name = "[Dd]jango"\s+version = "(\d[\w.]{0,30})")re"},
    {"poetry.lock", R"re(name = "[Dd]jango"\s+version = "(\d[\w.]{0,30})")re"},
    {"Pipfile.lock", R"re("django": \{[^}]*"version": "==(\d[\w.]{0,30})")re"},
    {"requirements.txt", R"re((?m)^[Dd]jango *[=~>]=+ *(\d[\w.]{0,30}))re"},
    {"requirements/base.txt", R"re((?m)^[Dd]jango *[=~>]=+ *(\d[\w.]{0,30}))re"},
    {"pyproject.toml", R"re("[Dd]jango *[=~>]=+ *(\d[\w.]{0,30}))re"},
};

std::string versionOf(const ProjectFiles &files)
{
    if (const std::string installed = installedVersion(files); !installed.empty())
        return installed;
    for (const VersionPlace &place : VersionPlaces) {
        if (const auto found = findIn(files.text(place.file, ProjectFiles::LockSize),
                                      QRegularExpression(QLatin1String(place.expression))))
            return found->text.toStdString();
    }
    // "Generated by 'django-admin startproject' using Django 5.2.1."
    static const QRegularExpression generated(QStringLiteral(R"(using Django (\d[\w.]{0,30}\w))"));
    for (const std::string &settings : djangoSettingsFiles(files)) {
        if (const auto found = findIn(files.text(settings), generated))
            return found->text.toStdString();
    }
    return {};
}

}

std::vector<std::string> djangoSettingsFiles(const ProjectFiles &files)
{
    const std::optional<Found> module = findIn(files.text("manage.py"), moduleName());
    return module ? settingsFiles(module->text) : std::vector<std::string>();
}

std::optional<Project> djangoProject(const ProjectFiles &files, const Path &database)
{
    const std::optional<Found> module = findIn(files.text("manage.py"), moduleName());
    if (!module)
        return std::nullopt;
    Project project{.framework = "django", .name = "Django", .version = {}, .root = files.root(), .settings = {}};
    for (const std::string &settings : settingsFiles(module->text)) {
        readSettings(files, settings, database, project);
        if (project.namesThisFile)
            break;
    }
    if (!project.namesThisFile)
        readEnvironment(files, database, project);
    project.version = versionOf(files);
    return project;
}

}
