// SPDX-License-Identifier: GPL-3.0-or-later
// better-sqlite3 and Prisma (docs/api.md of better-sqlite3; Prisma's connection URLs for SQLite).
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

/// JavaScript and TypeScript.
std::vector<std::string> scripts(const ProjectFiles &files)
{
    return files.sources({".js", ".ts", ".mjs", ".cjs", ".mts", ".cts"});
}

/// const db = new Database("shop.db", { timeout: 5000 });
void readOpening(ConfigText &text, const QRegularExpressionMatch &match, const Path &database, const Path &root,
                 Configuration &configuration)
{
    const std::optional<Span> brackets = bracketed(text.text(), match.capturedStart(2));
    if (!brackets)
        return text.notUnderstood(match.capturedStart());
    for (const Literal &name : literalsIn(text.text(), *brackets)) {
        if (name.plain && namesDatabase(name.content, database, root) != Names::Another)
            configuration.namesThisFile = true;
    }
    const qsizetype options = text.text().indexOf(u'{', brackets->start);
    if (options >= 0 && options < brackets->end()) {
        if (const auto inner = bracketed(text.text(), options)) {
            for (const Entry &entry : entriesIn(text.text(), *inner)) {
                if (entry.key == QLatin1String("timeout"))
                    text.set("busy_timeout", entry.value);
            }
        }
    }
    if (!match.captured(1).isEmpty())
        text.open({.at = text.lineEnd(brackets->end()),
                   .parts = {pragmaPart({"busy_timeout"},
                                        {.text = (u'\n' + text.indentAt(brackets->start) + match.captured(1) +
                                                  QLatin1String(".pragma('{name} = {value}');"))
                                                     .toStdString()})}});
}

/// db.pragma("journal_mode = WAL")
void readPragmas(ConfigText &text)
{
    static const QRegularExpression pragma(QStringLiteral(R"(\.pragma\(\s*(?:'|"|`)\s*(\w+)\s*=\s*([^'"`;\n]+))"));
    for (auto matches = pragma.globalMatch(text.text()); matches.hasNext();) {
        const auto match = matches.next();
        const std::string name = match.captured(1).toLower().toStdString();
        if (std::ranges::find(settingNames(), name) != settingNames().end())
            text.set(name, {match.capturedStart(2), match.capturedLength(2)});
    }
}

void readImmediate(ConfigText &text)
{
    static const QRegularExpression immediate(QStringLiteral(R"(\.(immediate|exclusive)\()"));
    if (const auto begin = spanOf(immediate, text))
        text.set("transaction", *begin);
}

}

std::optional<Configuration> nodeConfiguration(const ProjectFiles &files, const Path &database)
{
    static const QRegularExpression package(QStringLiteral(R"re("better-sqlite3": "[^"\d]{0,4}(\d[\w.-]{0,30})")re"));
    static const QRegularExpression imported(QStringLiteral(
        R"((?:import\s+(?:\*\s+as\s+)?|(?:const|let|var)\s+)(\w+)\s*(?:from|=\s*require\()\s*['"]better-sqlite3)"));
    static const QRegularExpression mentioned(QStringLiteral(R"(['"](better-sqlite3)['"])"));
    const std::optional<Found> version = findIn(files.text("package.json"), package);
    if (!version)
        return std::nullopt;
    Configuration configuration;
    configuration.version = version->text.toStdString();
    for (const std::string &name : scripts(files)) {
        ConfigText text(files, configuration, name, Comments::Slashes);
        const auto type = imported.match(text.text());
        if (type.hasMatch()) {
            const QRegularExpression opening(
                QLatin1String(R"((?:\b(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*)?new\s+%1\s*(\())").arg(type.captured(1)));
            for (auto matches = opening.globalMatch(text.text()); matches.hasNext();)
                readOpening(text, matches.next(), database, files.root(), configuration);
        } else if (const auto place = spanOf(mentioned, text)) {
            text.notUnderstood(place->start); // knex, drizzle and others that open it themselves
        }
        readPragmas(text);
        readImmediate(text);
    }
    return configuration;
}

/// \a url: "file:./dev.db?socket_timeout=5"
static void readPrismaUrl(ConfigText &text, Span url)
{
    static const Key Keys[] = {{"socket_timeout", "busy_timeout", {.spelling = Spelling::Seconds}}};
    const QString address = text.at(url);
    const qsizetype mark = address.indexOf(u'?');
    if (!address.startsWith(QLatin1String("file:")))
        return text.notUnderstood(url.start);
    if (mark >= 0)
        readParameters(text, {url.start + mark + 1, address.size() - mark - 1}, Keys);
    text.open({.at = url.end(),
               .parts = {{.names = {"busy_timeout"}, .form = {"socket_timeout={value}", Spelling::Seconds}}},
               .head = mark < 0 ? QStringLiteral("?") : QStringLiteral("&")});
}

std::optional<Configuration> prismaConfiguration(const ProjectFiles &files, const Path &database)
{
    const std::optional<Project> project = prismaProject(files, database);
    if (!project)
        return std::nullopt;
    static const QRegularExpression literal(QStringLiteral(R"re(^\s*url\s*=\s*"([^"\n]*)")re"),
                                            QRegularExpression::MultilineOption);
    static const QRegularExpression variable(QStringLiteral(R"re(^\s*url\s*=\s*env\("(\w+)"\))re"),
                                             QRegularExpression::MultilineOption);
    Configuration configuration;
    configuration.version = project->version;
    configuration.namesThisFile = project->namesThisFile;
    ConfigText text(files, configuration, "prisma/schema.prisma", Comments::Slashes);
    if (const auto url = spanOf(literal, text)) {
        readPrismaUrl(text, *url);
    } else if (const auto key = spanOf(variable, text)) {
        if (const auto environment = environmentValue(files, configuration, text.at(*key)))
            readPrismaUrl(*environment->text, environment->value);
        else
            text.notUnderstood(key->start);
    }
    for (const std::string &name : scripts(files)) {
        ConfigText script(files, configuration, name, Comments::Slashes);
        if (script.text().contains(QLatin1String("prisma"), Qt::CaseInsensitive))
            script.pragmas(script.whole(), Effect::Once);
    }
    return configuration;
}

}
