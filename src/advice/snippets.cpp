// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the texts, between {{ and }}: path, filename (its last component), title, profile, proof; a setting's
// name for its value, with .reason, .seconds … for what Variants make of it; and #settings … /settings around what
// is repeated for every setting that the text does not name itself, there with name, value and reason.
#include "advice/snippets.h"

#include "platform/mounts.h"
#include "sqlite/names.h"

#include <QFile>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>

/// A resource of a static library is known only after this, which has to stand outside of every namespace.
static void initResource()
{
    Q_INIT_RESOURCE(snippets);
}

namespace lk::advice {

#define NOOP(text) QT_TRANSLATE_NOOP("Framework", text)

namespace {

constexpr auto Run = Proof::Run;
constexpr auto Read = Proof::Documentation;

constexpr Framework Frameworks[] = {
    {"django", NOOP("Django 5.1 and later"), Target::Python, Read},
    {"django-legacy", NOOP("Django before 5.1"), Target::Python, Run},
    {"dj-database-url", NOOP("dj-database-url 3 with Django 5.1 and later"), Target::Url, Read},
    {"sqlalchemy", NOOP("SQLAlchemy 1.4 and 2"), Target::Python, Run},
    {"rails", NOOP("Rails 7.2 and later"), Target::Yaml, Read},
    {"laravel", NOOP("Laravel 12 and later"), Target::Php, Read},
    {"pdo", NOOP("PHP's PDO"), Target::Php, Run},
    {"better-sqlite3", NOOP("better-sqlite3 (Node.js)"), Target::JavaScript, Run, false, true},
    {"prisma", NOOP("Prisma 7 with better-sqlite3"), Target::JavaScript, Read, false, true},
    {"go-mattn", NOOP("Go, mattn/go-sqlite3"), Target::Uri, Read},
    {"go-modernc", NOOP("Go, modernc.org/sqlite"), Target::Uri, Read},
    {"rusqlite", NOOP("Rust, rusqlite"), Target::Rust, Read},
    {"sqlx", NOOP("Rust, sqlx 0.8.4 and later"), Target::Rust, Read, true},
    {"sqlite-jdbc", NOOP("Java, sqlite-jdbc"), Target::Uri, Run},
    {"dotnet", NOOP(".NET, Microsoft.Data.Sqlite 6 and later"), Target::CSharp, Read},
    {"qt", NOOP("Qt SQL"), Target::Cpp, Run},
    {"python", NOOP("Python's sqlite3"), Target::Python, Run},
    {"room", NOOP("Android Room"), Target::Kotlin, Read},
    {"cli", NOOP("the sqlite3 program, from a shell"), Target::Shell, Run},
};
#undef NOOP

constexpr std::string_view SamplePath = "/path/to/database.sqlite3";

// What a text may make of a setting's value
// -----------------------------------------------------------------------------

std::string seconds(std::string_view milliseconds)
{
    int number = 0;
    std::from_chars(milliseconds.data(), milliseconds.data() + milliseconds.size(), number);
    return std::to_string(number / 1000);
}

std::string lower(std::string_view value)
{
    return QString::fromLatin1(value.data(), static_cast<qsizetype>(value.size())).toLower().toStdString();
}

std::string flag(std::string_view value)
{
    return value == "ON" ? "true" : "false";
}

/// RoomDatabase.JournalMode has two.
std::string roomJournalMode(std::string_view value)
{
    return value == "WAL" ? "WRITE_AHEAD_LOGGING" : "TRUNCATE";
}

constexpr struct
{
    std::string_view name;
    std::string (*of)(std::string_view value);
} Variants[] = {{"seconds", seconds}, {"lower", lower}, {"flag", flag}, {"room", roomJournalMode}};

std::optional<std::string> variant(const Recommendation &setting, std::string_view name)
{
    if (name == "reason")
        return setting.reason;
    for (const auto &[variant, of] : Variants) {
        if (variant == name)
            return of(setting.value);
    }
    return std::nullopt;
}

// Texts ---------------------------------------------------------------------------------------------------------------

using Values = std::function<std::optional<std::string>(std::string_view name)>;

/// \a text with what stands between {{ and }} replaced; what has no value stays, which a test sees.
std::string filled(std::string_view text, const Values &values)
{
    std::string out;
    for (;;) {
        const std::size_t begin = text.find("{{");
        const std::size_t end = text.find("}}", begin);
        if (end == std::string_view::npos)
            return out.append(text);
        out += text.substr(0, begin);
        out +=
            values(text.substr(begin + 2, end - begin - 2)).value_or(std::string(text.substr(begin, end + 2 - begin)));
        text.remove_prefix(end + 2);
    }
}

bool names(std::string_view text, std::string_view setting)
{
    const std::string begin = "{{" + std::string(setting);
    return text.find(begin + "}}") != std::string_view::npos || text.find(begin + '.') != std::string_view::npos;
}

/// Cuts \a text at \a tag, which takes the line break behind it along. The part before it.
std::string_view cutAt(std::string_view &text, std::string_view tag)
{
    const std::size_t at = text.find(tag);
    const std::string_view before = text.substr(0, at);
    text.remove_prefix(at == std::string_view::npos ? text.size() : at + tag.size());
    if (text.starts_with('\n'))
        text.remove_prefix(1);
    return before;
}

/// \a text with what is to be repeated repeated.
std::string repeated(std::string_view text, const std::vector<Recommendation> &settings)
{
    std::vector<Recommendation> rest = settings;
    std::erase_if(rest, [&](const Recommendation &setting) {
        return setting.reach == Reach::Transaction || names(text, setting.name);
    });
    std::string out;
    while (!text.empty()) {
        out += cutAt(text, "{{#settings}}");
        const std::string_view each = cutAt(text, "{{/settings}}");
        for (const Recommendation &setting : rest) {
            out += filled(each, [&](std::string_view name) -> std::optional<std::string> {
                if (name == "name")
                    return setting.name;
                return name == "value" ? std::optional<std::string>(setting.value) : variant(setting, name);
            });
        }
    }
    return out;
}

std::optional<std::string> settingValue(std::string_view name, const std::vector<Recommendation> &settings)
{
    const std::size_t dot = name.find('.');
    const auto setting = std::ranges::find(settings, name.substr(0, dot), &Recommendation::name);
    if (setting == settings.end())
        return std::nullopt;
    return dot == std::string_view::npos ? std::optional<std::string>(setting->value)
                                         : variant(*setting, name.substr(dot + 1));
}

const char *proofText(Proof proof)
{
    return proof == Proof::Run ? "Litekeeper's tests run this code and read every setting back."
                               : "From documentation: Litekeeper's tests do not run this code.";
}

std::string templateOf(const Framework &framework)
{
    initResource();
    QFile file(QStringLiteral(":/litekeeper/snippets/%1.txt").arg(QLatin1String(framework.id)));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// Why \a framework can't open \a path.
std::optional<Inexpressible> obstacle(const Framework &framework, std::string_view path)
{
    if (path.size() > sqlite::LongestPath)
        return Inexpressible::TooLong;
    if (framework.utf8Only && !path::isUtf8(path))
        return Inexpressible::NotUtf8;
    const QString text = QString::fromUtf8(path.data(), static_cast<qsizetype>(path.size()));
    if (framework.trims && (text.back().isSpace() || text.back() == QChar::ByteOrderMark))
        return Inexpressible::BlankAtEnd;
    return std::nullopt;
}

}

std::span<const Framework> frameworks()
{
    return Frameworks;
}

const Framework *findFramework(std::string_view id)
{
    const auto found = std::ranges::find(Frameworks, id, &Framework::id);
    return found == std::end(Frameworks) ? nullptr : &*found;
}

const Framework *frameworkFor(const inspect::Project &project)
{
    if (project.framework != "django")
        return findFramework(project.framework);
    int major = 0;
    int minor = 0;
    if (std::sscanf(project.version.c_str(), "%d.%d", &major, &minor) > 0 && std::pair(major, minor) < std::pair(5, 1))
        return findFramework("django-legacy");
    const Path settings = project.settings.filename();
    return findFramework(settings == ".env" || settings == ".envrc" ? "dj-database-url" : "django");
}

SnippetWish wishFor(const Framework &framework, Profile profile, const inspect::DatabaseFacts &facts)
{
    const bool network = platform::filesystemKind(facts.filesystem) == platform::FilesystemKind::Network;
    return {.framework = framework, .profile = profile, .path = facts.path, .wal = !network};
}

std::expected<std::string, Inexpressible> snippet(const SnippetWish &wish)
{
    const std::string_view path = wish.path.empty() ? SamplePath : path::bytes(wish.path);
    if (const auto why = obstacle(wish.framework, path))
        return std::unexpected(*why);
    const std::optional<std::string> whole = written(path, wish.framework.target);
    const std::optional<std::string> filename = written(path::name(path), wish.framework.target);
    if (!whole || !filename)
        return std::unexpected(Inexpressible::NotUtf8);

    const std::vector<Recommendation> settings = recommended(wish.profile, wish.wal);
    const std::string text = repeated(templateOf(wish.framework), settings);
    return filled(text, [&](std::string_view name) -> std::optional<std::string> {
        if (name == "path")
            return whole;
        if (name == "filename")
            return filename;
        if (name == "title")
            return wish.framework.title;
        if (name == "profile")
            return profileTitle(wish.profile);
        return name == "proof" ? proofText(wish.framework.proof) : settingValue(name, settings);
    });
}

}
