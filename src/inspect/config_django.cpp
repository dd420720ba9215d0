// SPDX-License-Identifier: GPL-3.0-or-later
// Django's DATABASES, in settings or as an address in the environment (docs.djangoproject.com, ref/databases, SQLite
// notes; dj-database-url and django-environ).
#include "inspect/configtext.h"

#include <QUrl>

#include <algorithm>

namespace lk::inspect {

namespace {

const Form Timeout{.spelling = Spelling::Seconds};

bool isWord(const QString &text, const char *word)
{
    return text == QLatin1String(word);
}

const Entry *entryOf(const std::vector<Entry> &entries, const char *key)
{
    const auto found = std::ranges::find(entries, QLatin1String(key), &Entry::key);
    return found == entries.end() ? nullptr : &*found;
}

/// What the texts in \a value are together; nothing if there is more than texts.
std::optional<QString> joined(const ConfigText &text, Span value)
{
    QString rest = text.at(value);
    QString content;
    for (const Literal &literal : literalsIn(text.text(), value)) {
        if (!literal.plain)
            return std::nullopt;
        content += literal.content;
        for (qsizetype i = literal.span.start - value.start; i < literal.span.end() - value.start; ++i)
            rest[i] = u' ';
    }
    static const QRegularExpression frame(QStringLiteral(R"(^[\s()rRuUbB'"]*$)"));
    return !content.isEmpty() && frame.match(rest).hasMatch() ? std::optional(content) : std::nullopt;
}

Part initCommand(const QString &indent, QChar quote)
{
    return pragmaPart(
        {"busy_timeout", "foreign_keys"},
        {.text = (indent + QLatin1String("    ") + quote + QLatin1String("PRAGMA {name}={value};") + quote + u'\n')
                     .toStdString()});
}

/// \a brackets: of OPTIONS.
void readOptions(ConfigText &text, Span brackets, Effect effect)
{
    for (const Entry &option : entriesIn(text.text(), brackets)) {
        if (isWord(option.key, "timeout")) {
            text.set("busy_timeout", option.value, Timeout, effect);
        } else if (isWord(option.key, "transaction_mode")) {
            const auto literal = literalAt(text.text(), option.value.start);
            text.set("transaction", literal ? literal->span : option.value, {}, effect);
        } else if (isWord(option.key, "init_command")) {
            if (joined(text, option.value))
                text.pragmas(option.value, effect);
            else
                text.notUnderstood(option.value.start);
        }
    }
}

/// Where options can be added that are missing: \a options are those there are.
void openOptions(ConfigText &text, Span brackets)
{
    const std::vector<Entry> options = entriesIn(text.text(), brackets);
    const qsizetype first = options.empty() ? brackets.start + 1 : options.front().whole.start;
    const QString indent =
        options.empty() ? text.indentAt(first) + QLatin1String("    ") : text.indentAt(options.front().value.start);
    const QChar quote = text.at(brackets).contains(u'"') ? u'"' : u'\'';
    const bool ownLine = first > 0 && text.text()[first - 1] == u'\n';
    const QString before = ownLine ? indent : QString();
    const QString after = ownLine ? QStringLiteral(",\n") : QStringLiteral(", ");
    const auto form = [&](const char *key, const char *value, Spelling spelling) {
        return Form{(before + quote + QLatin1String(key) + quote + QLatin1String(": ") + QLatin1String(value) + after)
                        .toStdString(),
                    spelling};
    };
    const QString immediate = quote + QStringLiteral("{value}") + quote;
    Opening opening{.at = first,
                    .parts = {{.names = {"busy_timeout"}, .form = form("timeout", "{value}", Spelling::Seconds)},
                              {.names = {"transaction"},
                               .form = form("transaction_mode", immediate.toLatin1().constData(), Spelling::Plain)}}};
    const Entry *command = entryOf(options, "init_command");
    if (!command) {
        Part pragmas = initCommand(indent, quote);
        pragmas.head = before + quote + QLatin1String("init_command") + quote + QLatin1String(": (\n");
        pragmas.tail = indent + u')' + after;
        opening.parts.push_back(std::move(pragmas));
    }
    text.open(std::move(opening));
    if (!command || !joined(text, command->value))
        return;
    const Literal last = literalsIn(text.text(), command->value).back();
    const bool closed = last.content.trimmed().isEmpty() || last.content.trimmed().endsWith(u';');
    text.open({.at = last.span.end(),
               .parts = {pragmaPart({"busy_timeout", "foreign_keys"}, {.text = "PRAGMA {name}={value};"})},
               .head = closed ? QString() : QStringLiteral(";")});
}

/// \a brackets: of a database without OPTIONS, \a entries what is in it.
void openDatabase(ConfigText &text, Span brackets, const std::vector<Entry> &entries)
{
    if (entries.empty())
        return;
    const qsizetype first = entries.front().whole.start;
    const bool ownLine = first > 0 && text.text()[first - 1] == u'\n';
    const QString indent = text.indentAt(entries.front().value.start);
    const QString deeper = indent + QLatin1String("    ");
    const QChar quote = text.at(brackets).contains(u'"') ? u'"' : u'\'';
    const auto line = [&](const QString &key, const QString &value) {
        return deeper + quote + key + quote + QLatin1String(": ") + value;
    };
    Part pragmas = initCommand(deeper, quote);
    pragmas.head = line(QStringLiteral("init_command"), QStringLiteral("(\n"));
    pragmas.tail = deeper + QLatin1String("),\n");
    text.open(
        {.at = first,
         .parts = {{.names = {"busy_timeout"},
                    .form = {line(QStringLiteral("timeout"), QStringLiteral("{value},\n")).toStdString(),
                             Spelling::Seconds}},
                   {.names = {"transaction"},
                    .form = {line(QStringLiteral("transaction_mode"),
                                  quote + QStringLiteral("{value}") + quote + QLatin1String(",\n"))
                                 .toStdString()}},
                   pragmas},
         .head = (ownLine ? indent : QString()) + quote + QLatin1String("OPTIONS") + quote + QLatin1String(": {\n"),
         .tail = indent + (ownLine ? QLatin1String("},\n") : QLatin1String("}, "))});
}

/// The PRAGMAs of an init_command in an address, where they are percent-encoded.
void readEncodedPragmas(ConfigText &text, const Parameter &parameter)
{
    static const QRegularExpression pragma(QStringLiteral(R"(\bPRAGMA\s+(\w+)\s*=\s*([^;]+))"),
                                           QRegularExpression::CaseInsensitiveOption);
    QString decoded = QUrl::fromPercentEncoding(parameter.value.toUtf8());
    decoded.replace(u'+', u' ');
    for (auto matches = pragma.globalMatch(decoded); matches.hasNext();) {
        const auto match = matches.next();
        const std::string name = match.captured(1).toLower().toStdString();
        if (std::ranges::find(settingNames(), name) != settingNames().end())
            text.setValue(name, settingValue(name, match.captured(2)), parameter.valueSpan);
    }
}

/// \a url: "sqlite:///path?timeout=5".
void readAddress(ConfigText &text, Span url, const Path &database, const Path &root, Configuration &configuration)
{
    static const Key Keys[] = {{"timeout", "busy_timeout", Timeout}, {"transaction_mode", "transaction"}};
    static constexpr QLatin1String Scheme("sqlite:///");
    const QString address = text.at(url);
    if (!address.startsWith(Scheme)) {
        if (address.startsWith(QLatin1String("sqlite")))
            text.notUnderstood(url.start);
        return;
    }
    const qsizetype mark = address.indexOf(u'?');
    const Span name{url.start + Scheme.size(), (mark < 0 ? address.size() : mark) - Scheme.size()};
    const QString path = QUrl::fromPercentEncoding(text.at(name).toUtf8());
    text.setValue("database", path.toStdString(), name, Form{});
    configuration.namesThisFile = namesDatabase(path, database, root) != Names::Another;
    bool hasCommand = false;
    if (mark >= 0) {
        readParameters(text, {url.start + mark + 1, address.size() - mark - 1}, Keys, [&](const Parameter &parameter) {
            if (isWord(parameter.key, "init_command")) {
                hasCommand = true;
                readEncodedPragmas(text, parameter);
            }
        });
    }
    Opening opening{.at = url.end(),
                    .parts = {{.names = {"busy_timeout"}, .form = {"timeout={value}", Spelling::Seconds}},
                              {.names = {"transaction"}, .form = {"transaction_mode={value}"}}},
                    .head = mark < 0 ? QStringLiteral("?") : QStringLiteral("&"),
                    .separator = QStringLiteral("&")};
    if (!hasCommand) {
        Part pragmas = pragmaPart({"busy_timeout", "foreign_keys"}, {.text = "PRAGMA%20{name}%3D{value}%3B"});
        pragmas.head = QStringLiteral("init_command=");
        opening.parts.push_back(std::move(pragmas));
    }
    text.open(std::move(opening));
}

/// \a value: env.db(), dj_database_url.config(default="sqlite:///db.sqlite3") and the like.
void readCall(ConfigText &text, Span value, const ProjectFiles &files, const Path &database,
              Configuration &configuration)
{
    const std::vector<Literal> literals = literalsIn(text.text(), value);
    static const QRegularExpression variable(QStringLiteral("^[A-Z][A-Z0-9_]*$"));
    QString key = QStringLiteral("DATABASE_URL");
    if (!literals.empty() && variable.match(literals.front().content).hasMatch())
        key = literals.front().content;
    if (const auto environment = environmentValue(files, configuration, key)) {
        readAddress(*environment->text, environment->value, database, files.root(), configuration);
        return;
    }
    const auto address = std::ranges::find_if(
        literals, [](const Literal &literal) { return literal.content.startsWith(QLatin1String("sqlite:")); });
    if (address == literals.end())
        text.notUnderstood(value.start);
    else
        readAddress(text, address->span, database, files.root(), configuration);
}

/// A database of DATABASES, as far as it may be ours.
struct Candidate
{
    Span brackets;
    std::vector<Entry> entries;
    Names names = Names::Another;
    bool isDefault = false;
};

std::optional<Candidate> candidateFrom(const ConfigText &text, const Entry &entry, const Path &database,
                                       const Path &root)
{
    const std::optional<Span> brackets = bracketed(text.text(), entry.value.start);
    if (!brackets || text.text()[brackets->start] != u'{')
        return std::nullopt;
    Candidate candidate{
        .brackets = *brackets, .entries = entriesIn(text.text(), *brackets), .isDefault = isWord(entry.key, "default")};
    const Entry *engine = entryOf(candidate.entries, "ENGINE");
    const QString kind = engine ? text.at(engine->value) : QString();
    if (!kind.contains(QLatin1String("sqlite")) && !kind.contains(QLatin1String("spatialite")))
        return std::nullopt;
    if (const Entry *name = entryOf(candidate.entries, "NAME")) {
        QStringList parts;
        for (const Literal &literal : literalsIn(text.text(), name->value))
            parts += literal.content;
        candidate.names = namesDatabase(parts.join(u'/'), database, root);
    }
    return candidate;
}

/// \a brackets: of DATABASES. False: none of them is SQLite's.
bool readDatabases(ConfigText &text, Span brackets, const ProjectFiles &files, const Path &database,
                   Configuration &configuration)
{
    std::optional<Candidate> best;
    bool found = false;
    for (const Entry &entry : entriesIn(text.text(), brackets)) {
        const bool isDictionary = text.text()[entry.value.start] == u'{';
        if (isWord(entry.key, "OPTIONS") && isDictionary) {
            readOptions(text, *bracketed(text.text(), entry.value.start), Effect::Misplaced);
            text.cut(entry.whole);
        } else if (isDictionary) {
            std::optional<Candidate> candidate = candidateFrom(text, entry, database, files.root());
            const auto rank = [](const Candidate &one) { return std::pair(one.names, one.isDefault); };
            if (candidate && (!best || rank(*candidate) > rank(*best)))
                best = std::move(candidate);
        } else if (isWord(entry.key, "default")) {
            readCall(text, entry.value, files, database, configuration);
            found = true;
        }
    }
    if (!best)
        return found;
    configuration.namesThisFile = best->names != Names::Another;
    const Entry *options = entryOf(best->entries, "OPTIONS");
    const std::optional<Span> inner = options ? bracketed(text.text(), options->value.start) : std::nullopt;
    if (inner && text.text()[inner->start] == u'{') {
        readOptions(text, *inner, Effect::InForce);
        openOptions(text, *inner);
    } else if (options) {
        text.notUnderstood(options->value.start);
    } else {
        openDatabase(text, best->brackets, best->entries);
    }
    return true;
}

/// True: this file has the databases.
bool readSettings(ConfigText &text, const ProjectFiles &files, const Path &database, Configuration &configuration)
{
    static const QRegularExpression databases(QStringLiteral(R"(^DATABASES\s*(?::[^=\n]*)?=\s*)"),
                                              QRegularExpression::MultilineOption);
    static const QRegularExpression later(QStringLiteral(R"(^DATABASES\[[^\]\n]+\]\[['"]OPTIONS['"]\]\s*=\s*\{)"),
                                          QRegularExpression::MultilineOption);
    bool found = false;
    if (const auto match = databases.match(text.text()); match.hasMatch()) {
        const qsizetype at = match.capturedEnd();
        const std::optional<Span> brackets = bracketed(text.text(), at);
        if (brackets && text.text()[at] == u'{')
            found = readDatabases(text, *brackets, files, database, configuration);
        else
            text.notUnderstood(match.capturedStart());
        found = found || !brackets;
    }
    if (const auto match = later.match(text.text()); match.hasMatch()) {
        if (const std::optional<Span> options = bracketed(text.text(), match.capturedEnd() - 1)) {
            readOptions(text, *options, Effect::InForce);
            openOptions(text, *options);
            found = true;
        }
    }
    return found;
}

}

std::optional<Configuration> djangoConfiguration(const ProjectFiles &files, const Path &database)
{
    const std::optional<Project> project = djangoProject(files, database);
    if (!project)
        return std::nullopt;
    Configuration configuration;
    configuration.version = project->version;
    for (const std::string &name : djangoSettingsFiles(files)) {
        ConfigText text(files, configuration, name, Comments::Hash);
        if (readSettings(text, files, database, configuration) && configuration.namesThisFile)
            break;
    }
    // What Django before 5.1 needs a signal for.
    for (const std::string &name : files.sources({"apps.py", "signals.py", "handlers.py", "db.py", "sqlite.py"})) {
        ConfigText text(files, configuration, name, Comments::Hash);
        if (text.text().contains(QLatin1String("connection_created")))
            text.pragmas(text.whole());
    }
    return configuration;
}

}
