// SPDX-License-Identifier: GPL-3.0-or-later
// Rails, Laravel, Prisma, Phoenix and .NET. What their settings look like is in facts.md, 4.1 and 6.1.
#include "inspect/projectfiles.h"

namespace lk::inspect {

namespace {

/// A file and the expression whose group is what is looked for.
struct Look
{
    std::string file;
    const char *expression;
    std::vector<Path> bases{}; ///< of names; relative to the project's folder
    std::size_t most = ProjectFiles::UsualSize;
};

QRegularExpression expressionOf(const Look &look)
{
    return QRegularExpression(QLatin1String(look.expression), QRegularExpression::MultilineOption);
}

/// Sets project.settings to the first place that names \a database; else to the first that names any.
void findName(const ProjectFiles &files, const std::vector<Look> &looks, const Path &database, Project &project)
{
    for (const Look &look : looks) {
        std::vector<Path> bases;
        for (const Path &base : look.bases)
            bases.push_back((files.root() / base).lexically_normal());
        for (Found &found : findAll(files.text(look.file), expressionOf(look))) {
            const QString name = found.text.replace(QLatin1String(R"(\\)"), QLatin1String("/")); // JSON on Windows
            const bool thisFile = means(name, database, bases);
            if (thisFile || project.settings.empty()) {
                project.settings = files.root() / look.file;
                project.line = found.line;
                project.namesThisFile = thisFile;
            }
            if (thisFile)
                return;
        }
    }
}

void findVersion(const ProjectFiles &files, const std::vector<Look> &looks, Project &project)
{
    for (const Look &look : looks) {
        if (const auto found = findIn(files.text(look.file, look.most), expressionOf(look))) {
            project.version = found->text.toStdString();
            return;
        }
    }
}

Project projectNamed(const char *framework, const char *name, const ProjectFiles &files)
{
    return {.framework = framework, .name = name, .version = {}, .root = files.root(), .settings = {}};
}

}

std::optional<Project> railsProject(const ProjectFiles &files, const Path &database)
{
    if (!files.has("config/application.rb") || !files.text("config/database.yml").contains(QLatin1String("sqlite3")))
        return std::nullopt;
    Project project = projectNamed("rails", "Rails", files);
    findName(files, {{"config/database.yml", R"(^\s*database:\s*["']?([^"'\s#<]+))", {"."}}}, database, project);
    findVersion(files, {{"Gemfile.lock", R"(^ {4}rails \((\d[\w.]{0,30})\))", {}, ProjectFiles::LockSize}}, project);
    return project;
}

std::optional<Project> laravelProject(const ProjectFiles &files, const Path &database)
{
    if (!files.has("artisan") || !files.has("config/database.php"))
        return std::nullopt;
    Project project = projectNamed("laravel", "Laravel", files);
    findName(files,
             {{".env", R"(^DB_DATABASE=["']?([^"'\s#]+))", {"."}},
              {"config/database.php", R"(database_path\(['"]([^'"]+)['"]\))", {"database"}}},
             database, project);
    findVersion(
        files,
        {{"composer.lock", R"re("laravel/framework",\s*"version": "v?(\d[\w.]{0,30})")re", {}, ProjectFiles::LockSize},
         {"composer.json", R"re("laravel/framework": "[^"\d]{0,4}(\d[\w.]{0,30}))re"}},
        project);
    return project;
}

std::optional<Project> prismaProject(const ProjectFiles &files, const Path &database)
{
    static const QRegularExpression sqlite(QStringLiteral(R"re(provider\s*=\s*("sqlite"))re"));
    if (!findIn(files.text("prisma/schema.prisma"), sqlite))
        return std::nullopt;
    Project project = projectNamed("prisma", "Prisma", files);
    findName(files,
             {{"prisma/schema.prisma", R"re(url\s*=\s*"file:([^"?]+))re", {"prisma", "."}},
              {"prisma.config.ts", R"re(url:\s*["'`]file:([^"'`?]+))re", {".", "prisma"}},
              {".env", R"re(^DATABASE_URL\s*=\s*["']?file:([^"'\s?]+))re", {"prisma", "."}}},
             database, project);
    if (project.settings.empty())
        project.settings = files.root() / "prisma/schema.prisma";
    findVersion(files,
                {{"node_modules/prisma/package.json", R"re(^\s*"version": "(\d[\w.-]{0,30})")re"},
                 {"package.json", R"re("(?:prisma|@prisma/client)": "[^"\d]{0,4}(\d[\w.-]{0,30})")re"}},
                project);
    return project;
}

std::optional<Project> phoenixProject(const ProjectFiles &files, const Path &database)
{
    const QString mix = files.text("mix.exs");
    if (!mix.contains(QLatin1String(":ecto_sqlite3")))
        return std::nullopt;
    Project project = projectNamed("phoenix", mix.contains(QLatin1String(":phoenix")) ? "Phoenix" : "Ecto", files);
    std::vector<Look> looks;
    for (const char *name : {"config/dev.exs", "config/runtime.exs", "config/config.exs", "config/prod.exs"})
        looks.push_back({name, R"re(\bdatabase:[^"\n]*"([^"\n]+)")re", {"config", "."}});
    findName(files, looks, database, project);
    findVersion(files, {{"mix.lock", R"re("phoenix": \{:hex, :phoenix, "(\d[\w.-]{0,30})")re"}}, project);
    return project;
}

std::optional<Project> dotnetProject(const ProjectFiles &files, const Path &database)
{
    if (!files.has("appsettings.json"))
        return std::nullopt;
    Project project = projectNamed("dotnet", ".NET", files);
    std::vector<Look> looks;
    for (const char *name : {"appsettings.json", "appsettings.Development.json", "appsettings.Production.json"})
        looks.push_back({name, R"re((?:[Dd]ata ?[Ss]ource|[Ff]ile[Nn]ame)\s*=\s*([^;"]+))re", {"."}});
    findName(files, looks, database, project);
    // SQL Server's settings say "Data Source", too: one that names another thing needs the project's word for SQLite.
    for (const std::string &name : files.list(".")) {
        if (name.ends_with(".csproj") && project.version.empty())
            findVersion(files, {{name, R"re(\.Sqlite"\s+Version="(\d[\w.-]{0,30})")re"}}, project);
    }
    return project.namesThisFile || !project.version.empty() ? std::optional(project) : std::nullopt;
}

}
