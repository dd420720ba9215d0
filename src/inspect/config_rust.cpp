// SPDX-License-Identifier: GPL-3.0-or-later
// rusqlite and sqlx (docs.rs: Connection, SqliteConnectOptions).
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

/// Duration::from_secs(5), Duration::from_millis(5000)
void readWaits(ConfigText &text)
{
    static const QRegularExpression wait(
        QStringLiteral(R"(\.busy_timeout\(\s*(?:\w+::)*Duration::from_(secs|millis)\(\s*([\d_]+)\s*\))"));
    for (auto matches = wait.globalMatch(text.text()); matches.hasNext();) {
        const auto match = matches.next();
        const bool seconds = match.captured(1) == QLatin1String("secs");
        text.set("busy_timeout", {match.capturedStart(2), match.capturedLength(2)},
                 {.spelling = seconds ? Spelling::Seconds : Spelling::Plain});
    }
}

/// Names and values that \a expression finds in its two groups.
void readPairs(ConfigText &text, const QRegularExpression &expression, const Form &form = {})
{
    for (auto matches = expression.globalMatch(text.text()); matches.hasNext();) {
        const auto match = matches.next();
        const std::string name = match.captured(1).toStdString();
        if (std::ranges::find(settingNames(), name) != settingNames().end())
            text.set(name, {match.capturedStart(2), match.capturedLength(2)}, form);
    }
}

void readImmediate(ConfigText &text)
{
    static const QRegularExpression immediate(
        QStringLiteral(R"((?:TransactionBehavior::|\bBEGIN\s+)(Immediate|Exclusive|IMMEDIATE|EXCLUSIVE)\b)"));
    if (const auto begin = spanOf(immediate, text))
        text.set("transaction", *begin);
}

void readNames(const ConfigText &text, const Path &database, const Path &root, Configuration &configuration)
{
    for (const Literal &literal : literalsIn(text.text(), text.whole())) {
        QString name = literal.content.section(u'?', 0, 0);
        if (name.startsWith(QLatin1String("sqlite:")))
            name.remove(QRegularExpression(QStringLiteral("^sqlite:(//)?")));
        if (namesDatabase(name, database, root) != Names::Another)
            configuration.namesThisFile = true;
    }
}

/// The version of \a crate in Cargo.toml, if the project uses it; empty where it does not say.
std::optional<std::string> crateVersion(const ProjectFiles &files, const char *crate)
{
    const QRegularExpression line(
        QLatin1String(R"re((?m)^(%1)\b(?:\s*=\s*"\D{0,3}([\d.]*)|\s*=\s*\{[^}\n]*version\s*=\s*"\D{0,3}([\d.]*)|))re")
            .arg(QLatin1String(crate)));
    const auto match = line.match(files.text("Cargo.toml"));
    return match.hasMatch() ? std::optional((match.captured(2) + match.captured(3)).toStdString()) : std::nullopt;
}

void readRusqlite(ConfigText &text)
{
    static const QRegularExpression update(
        QStringLiteral(R"re(\.pragma_update(?:_and_check)?\(\s*[^,()]+,\s*"(\w+)"\s*,\s*&?("[^"\n]*"|[\w-]+))re"));
    static const QRegularExpression opened(
        QStringLiteral(R"(let\s+(?:mut\s+)?(\w+)\s*=\s*(?:\w+::)*Connection::open(?:_with_flags)?(\())"));
    readPairs(text, update, {.text = "\"{value}\""});
    readWaits(text);
    text.pragmas(text.whole());
    const auto match = opened.match(text.text());
    const auto brackets = match.hasMatch() ? bracketed(text.text(), match.capturedStart(2)) : std::nullopt;
    if (!brackets)
        return;
    text.open({.at = text.lineEnd(brackets->end()),
               .parts = {pragmaPart({}, {(u'\n' + text.indentAt(match.capturedStart()) + match.captured(1) +
                                          QLatin1String(".pragma_update(None, \"{name}\", \"{value}\")?;"))
                                             .toStdString()})}});
}

void readSqlx(ConfigText &text)
{
    static const QRegularExpression typed(
        QStringLiteral(R"(\.(journal_mode|synchronous|foreign_keys|locking_mode)\(\s*(?:\w+::)*(\w+)\s*\))"));
    static const QRegularExpression pragma(QStringLiteral(R"re(\.pragma\(\s*"(\w+)"\s*,\s*"([^"\n]*)")re"));
    static const QRegularExpression options(QStringLiteral(R"(SqliteConnectOptions::(?:new\(\)|from_str(\()))"));
    static const QRegularExpression everyConnection(QStringLiteral("after_connect"));
    readPairs(text, typed, {.spelling = Spelling::Type});
    readPairs(text, pragma);
    readWaits(text);
    text.pragmas(text.whole(), text.text().contains(everyConnection) ? Effect::InForce : Effect::Once);
    const auto match = options.match(text.text());
    if (!match.hasMatch())
        return;
    qsizetype end = match.capturedEnd();
    if (match.capturedStart(1) >= 0) {
        const auto brackets = bracketed(text.text(), match.capturedStart(1));
        end = brackets ? brackets->end() : end;
        if (end < text.text().size() && text.text()[end] == u'?')
            ++end;
    }
    const QString line = u'\n' + text.indentAt(match.capturedStart()) + QLatin1String("    .");
    const auto part = [&](const char *setting, const char *call, Spelling spelling) {
        return Part{.names = {setting}, .form = {(line + QLatin1String(call)).toStdString(), spelling}};
    };
    text.open(
        {.at = end,
         .parts = {part("busy_timeout", "busy_timeout(std::time::Duration::from_millis({value}))", Spelling::Plain),
                   part("journal_mode", "journal_mode(sqlx::sqlite::SqliteJournalMode::{value})", Spelling::Type),
                   part("synchronous", "synchronous(sqlx::sqlite::SqliteSynchronous::{value})", Spelling::Type),
                   part("foreign_keys", "foreign_keys({value})", Spelling::Type),
                   pragmaPart({"busy_timeout", "journal_mode", "synchronous", "foreign_keys"},
                              {(line + QLatin1String("pragma(\"{name}\", \"{value}\")")).toStdString()})}});
}

std::optional<Configuration> rustConfiguration(const ProjectFiles &files, const Path &database, const char *crate,
                                               const char *mark, void (*read)(ConfigText &))
{
    const std::optional<std::string> version = crateVersion(files, crate);
    if (!version)
        return std::nullopt;
    Configuration configuration;
    configuration.version = *version;
    bool uses = false;
    for (const std::string &name : files.sources({".rs"})) {
        ConfigText text(files, configuration, name, Comments::Slashes);
        if (!text.text().contains(QLatin1String(mark)))
            continue;
        uses = true;
        read(text);
        readImmediate(text);
        readNames(text, database, files.root(), configuration);
    }
    return uses ? std::optional(std::move(configuration)) : std::nullopt;
}

}

std::optional<Configuration> rusqliteConfiguration(const ProjectFiles &files, const Path &database)
{
    return rustConfiguration(files, database, "rusqlite", "rusqlite", readRusqlite);
}

std::optional<Configuration> sqlxConfiguration(const ProjectFiles &files, const Path &database)
{
    return rustConfiguration(files, database, "sqlx", "Sqlite", readSqlx);
}

}
