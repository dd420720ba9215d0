// SPDX-License-Identifier: GPL-3.0-or-later
// Laravel's config/database.php, and .env for what it takes from there (Illuminate's SQLiteConnector).
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

struct PhpKey
{
    const char *key;
    const char *setting;
};
constexpr PhpKey Keys[] = {
    {"busy_timeout", "busy_timeout"},    {"journal_mode", "journal_mode"},
    {"synchronous", "synchronous"},      {"foreign_key_constraints", "foreign_keys"},
    {"transaction_mode", "transaction"},
};

/// null, 5000, 'WAL', env('DB_JOURNAL', 'wal')
void readValue(ConfigText &text, const char *setting, Span value, const ProjectFiles &files,
               Configuration &configuration)
{
    static const QRegularExpression fromEnvironment(QStringLiteral(R"(^env\(\s*['"](\w+)['"]\s*(?:,\s*(.*?)\s*)?\)$)"));
    static const Form Quoted{.spelling = Spelling::Quoted};
    const auto match = fromEnvironment.match(text.at(value));
    if (!match.hasMatch()) {
        if (text.at(value).compare(QLatin1String("null"), Qt::CaseInsensitive) == 0)
            text.setValue(setting, std::string(), value, Quoted, Effect::Unset);
        else
            text.set(setting, value, Quoted);
        return;
    }
    if (const auto environment = environmentValue(files, configuration, match.captured(1))) {
        environment->text->set(setting, environment->value);
        return;
    }
    const Span otherwise{value.start + match.capturedStart(2), match.capturedLength(2)};
    if (otherwise.length == 0)
        text.setValue(setting, std::string(), value, {}, Effect::Unset);
    else
        readValue(text, setting, otherwise, files, configuration);
}

void readPragmas(ConfigText &text, Span brackets)
{
    for (const Entry &pragma : entriesIn(text.text(), brackets)) {
        const std::string name = pragma.key.toStdString();
        if (std::ranges::find(settingNames(), name) != settingNames().end())
            text.set(name, pragma.value, {.spelling = Spelling::Quoted});
    }
}

Part pragmas(const QString &indent)
{
    return pragmaPart({"busy_timeout", "journal_mode", "synchronous", "foreign_keys"},
                      {(indent + QLatin1String("'{name}' => {value},\n")).toStdString(), Spelling::Quoted});
}

/// \a known: the keys that are there.
void openConnection(ConfigText &text, const Entry &after, const std::vector<Entry> &known)
{
    const qsizetype at = after.whole.end();
    if (at == 0 || text.text()[at - 1] != u'\n')
        return;
    const QString indent = text.indentAt(after.value.start);
    const auto isKnown = [&](const char *key) {
        return std::ranges::find(known, QLatin1String(key), &Entry::key) != known.end();
    };
    Opening opening{.at = at, .parts = {}};
    for (const PhpKey &key : Keys) {
        if (!isKnown(key.key))
            opening.parts.push_back(
                {.names = {key.setting},
                 .form = {(indent + u'\'' + QLatin1String(key.key) + QLatin1String("' => {value},\n")).toStdString(),
                          Spelling::Quoted}});
    }
    if (!isKnown("pragmas")) {
        Part part = pragmas(indent + QLatin1String("    "));
        part.head = indent + QLatin1String("'pragmas' => [\n");
        part.tail = indent + QLatin1String("],\n");
        opening.parts.push_back(std::move(part));
    }
    text.open(std::move(opening));
}

}

std::optional<Configuration> laravelConfiguration(const ProjectFiles &files, const Path &database)
{
    const std::optional<Project> project = laravelProject(files, database);
    if (!project)
        return std::nullopt;
    Configuration configuration;
    configuration.version = project->version;
    configuration.namesThisFile = project->namesThisFile;
    ConfigText text(files, configuration, "config/database.php", Comments::HashSlash);
    static const QRegularExpression connection(QStringLiteral(R"(['"]sqlite['"]\s*=>\s*(\[))"));
    const std::optional<Span> start = spanOf(connection, text);
    const std::optional<Span> brackets = start ? bracketed(text.text(), start->start) : std::nullopt;
    if (!brackets) {
        if (text)
            text.notUnderstood(start ? start->start : 0);
        return configuration;
    }
    const std::vector<Entry> entries = entriesIn(text.text(), *brackets);
    for (const Entry &entry : entries) {
        for (const PhpKey &key : Keys) {
            if (entry.key == QLatin1String(key.key))
                readValue(text, key.setting, entry.value, files, configuration);
        }
        if (entry.key == QLatin1String("pragmas") && text.text()[entry.value.start] == u'[') {
            readPragmas(text, entry.value);
            if (const qsizetype inner = text.lineEnd(entry.value.start) + 1; inner < entry.value.end())
                text.open({.at = inner, .parts = {pragmas(text.indentAt(inner))}});
        }
        if (entry.key == QLatin1String("database"))
            openConnection(text, entry, entries);
    }
    return configuration;
}

}
