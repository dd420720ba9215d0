// SPDX-License-Identifier: GPL-3.0-or-later
// SQLAlchemy, also by Flask and FastAPI: an address for create_engine(), PRAGMAs in a listener (docs.sqlalchemy.org,
// dialects/sqlite).
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

const Form Timeout{.spelling = Spelling::Seconds};

/// \a address: "sqlite:///shop.db?timeout=5", not percent-encoded.
void readAddress(ConfigText &text, Span address, const Path &database, const Path &root, Configuration &configuration)
{
    static const Key Keys[] = {{"timeout", "busy_timeout", Timeout}};
    static const QRegularExpression parts(QStringLiteral(R"(^sqlite(?:\+\w+)?:///([^?]*)(\??))"));
    const auto match = parts.match(text.at(address));
    if (!match.hasMatch())
        return;
    const Names names = namesDatabase(match.captured(1), database, root);
    if (names == Names::Another && configuration.namesThisFile)
        return;
    configuration.namesThisFile = configuration.namesThisFile || names != Names::Another;
    text.setValue("database", match.captured(1).toStdString(),
                  {address.start + match.capturedStart(1), match.capturedLength(1)}, Form{});
    const qsizetype query = match.capturedEnd();
    readParameters(text, {address.start + query, address.length - query}, Keys);
}

std::vector<Span> addressesIn(const ConfigText &text)
{
    std::vector<Span> addresses;
    for (const Literal &literal : literalsIn(text.text(), text.whole())) {
        if (literal.plain && literal.content.startsWith(QLatin1String("sqlite")) &&
            literal.content.contains(QLatin1String(":///")))
            addresses.push_back(literal.span);
    }
    return addresses;
}

/// create_engine(...): its brackets, and what its result is called.
struct Call
{
    Span brackets;
    QString name;
};

std::vector<Call> callsIn(const ConfigText &text)
{
    static const QRegularExpression call(
        QStringLiteral(R"((?:^[ \t]*(\w+)[ \t]*=[ \t]*)?\b(?:\w+\.)?create_(?:async_)?engine(\())"),
        QRegularExpression::MultilineOption);
    std::vector<Call> calls;
    for (auto matches = call.globalMatch(text.text()); matches.hasNext() && calls.size() < 16;) {
        const auto match = matches.next();
        if (const auto brackets = bracketed(text.text(), match.capturedStart(2)))
            calls.push_back({*brackets, match.captured(1)});
    }
    return calls;
}

void readCall(ConfigText &text, const Call &call)
{
    static const QRegularExpression timeout(QStringLiteral(R"(["']timeout["']\s*:\s*([^,}\s]+))"));
    const auto match = timeout.match(text.at(call.brackets));
    if (match.hasMatch())
        text.set("busy_timeout", {call.brackets.start + match.capturedStart(1), match.capturedLength(1)}, Timeout);
}

/// Listeners behind the engine's line.
void openBehind(ConfigText &text, const Call &call)
{
    const bool isImported = text.text().contains(QRegularExpression(QStringLiteral(R"(\bimport\b[^\n]*\bevent\b)")));
    Part pragmas = pragmaPart({}, {.text = "    cursor.execute(\"PRAGMA {name}={value}\")\n"});
    pragmas.head = QLatin1String("\n\n\n") +
                   (isImported ? QString() : QStringLiteral("from sqlalchemy import event\n\n\n")) +
                   QLatin1String("@event.listens_for(%1, \"connect\")\n"
                                 "def set_up_connection(connection, record):\n"
                                 "    connection.isolation_level = None\n"
                                 "    cursor = connection.cursor()\n")
                       .arg(call.name);
    pragmas.tail = QStringLiteral("    cursor.close()");
    const Part begin{.names = {"transaction"},
                     .form = {"\n\n\n@event.listens_for(" + call.name.toStdString() +
                              ", \"begin\")\ndef begin(connection):\n"
                              "    connection.exec_driver_sql(\"BEGIN {value}\")"}};
    text.open({.at = text.lineEnd(call.brackets.end()), .parts = {pragmas, begin}});
}

/// True: it has something to do with SQLAlchemy and SQLite.
bool readSource(ConfigText &text, const Path &database, const Path &root, Configuration &configuration)
{
    const std::vector<Call> calls = callsIn(text);
    const std::vector<Span> addresses = addressesIn(text);
    for (const Span &address : addresses)
        readAddress(text, address, database, root, configuration);
    for (const Call &call : calls)
        readCall(text, call);
    static const QRegularExpression listener(QStringLiteral(R"(\blistens_for\(|\bevent\.listen\()"));
    static const QRegularExpression immediate(QStringLiteral(R"(\bBEGIN\s+(IMMEDIATE|EXCLUSIVE)\b)"));
    static const QRegularExpression pragma(QStringLiteral(R"(^[ \t]*\w+\.execute\(["']PRAGMA (\w+ ?= ?[\w-]+))"),
                                           QRegularExpression::MultilineOption);
    const bool listens = text.text().contains(listener);
    text.pragmas(text.whole(), listens ? Effect::InForce : Effect::Once);
    if (const auto begin = spanOf(immediate, text); begin && listens)
        text.set("transaction", *begin);
    const std::optional<Span> like = listens ? spanOf(pragma, text) : std::nullopt;
    if (like)
        text.openLikeLine(*like, {});
    else if (!listens && !calls.empty() && !calls.front().name.isEmpty())
        openBehind(text, calls.front());
    return !calls.empty() || !addresses.empty();
}

}

std::optional<Configuration> sqlalchemyConfiguration(const ProjectFiles &files, const Path &database)
{
    static const QRegularExpression version(
        QStringLiteral(R"re((?im)^(?:name = ")?sqlalchemy(?:"\s+version = "| *[=~>]=+ *)(\d[\w.]{0,30}))re"));
    Configuration configuration;
    bool uses = false;
    bool hasAddress = false;
    std::optional<std::pair<std::string, qsizetype>> call;
    for (const std::string &name : files.sources({".py"})) {
        ConfigText text(files, configuration, name, Comments::Hash);
        const bool isSource = text.text().contains(QLatin1String("sqlalchemy"), Qt::CaseInsensitive);
        if (!isSource || !readSource(text, database, files.root(), configuration))
            continue;
        uses = true;
        hasAddress = hasAddress || !addressesIn(text).empty();
        if (const auto calls = callsIn(text); !calls.empty() && !call)
            call = {name, calls.front().brackets.start};
    }
    if (!uses)
        return std::nullopt;
    for (const char *key : {"DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL"}) {
        const auto environment = environmentValue(files, configuration, QLatin1String(key));
        if (environment && environment->text->at(environment->value).startsWith(QLatin1String("sqlite"))) {
            readAddress(*environment->text, environment->value, database, files.root(), configuration);
            hasAddress = true;
        }
    }
    if (!hasAddress && call)
        ConfigText(files, configuration, call->first, Comments::Hash).notUnderstood(call->second);
    bool isProject = configuration.namesThisFile;
    for (const char *name : {"requirements.txt", "uv.lock", "poetry.lock", "pyproject.toml", "Pipfile"}) {
        const QString text = files.text(name, ProjectFiles::LockSize);
        isProject = isProject || text.contains(QLatin1String("sqlalchemy"), Qt::CaseInsensitive);
        if (const auto found = findIn(text, version); found && configuration.version.empty())
            configuration.version = found->text.toStdString();
    }
    // A script in some folder above is none that opens this database.
    return isProject ? std::optional(std::move(configuration)) : std::nullopt;
}

}
