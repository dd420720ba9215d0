// SPDX-License-Identifier: GPL-3.0-or-later
// What is run: Procfile, Dockerfile, compose files, systemd units, scripts. Datasette's command lines, sqlite3 that
// sets something for itself alone, and servers with more than one process that writes.
#include "inspect/configtext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

/// Calls of one program that a file may have.
constexpr int MostCalls = 64;

/// A command that is more than one writer: its expression has a group for their number, or for the word that says so.
struct WriterMark
{
    const char *program;
    const char *expression;
};
constexpr WriterMark WriterMarks[] = {
    {"gunicorn", R"(\bgunicorn\b[^\n]*?\s(?:-w|--workers)[= ]*(\d+))"},
    {"gunicorn", R"(\bGUNICORN_CMD_ARGS\b[^\n]*?(?:-w|--workers)[= ]*(\d+))"},
    {"uvicorn", R"(\buvicorn\b[^\n]*?\s--workers[= ]*(\d+))"},
    {"hypercorn", R"(\bhypercorn\b[^\n]*?\s(?:-w|--workers)[= ]*(\d+))"},
    {"uwsgi", R"(\buwsgi\b[^\n]*?\s(?:-p|--processes|--workers)[= ]*(\d+))"},
    {"puma", R"(\bpuma\b[^\n]*?\s(?:-w|--workers)[= ]*(\d+))"},
    {"celery", R"(\bcelery\b[^\n]*?\s(worker)\b)"},
    {"rq", R"(\brq\s+(worker)\b)"},
    {"dramatiq", R"(\b(dramatiq)\s)"},
    {"huey", R"(\b(run_huey)\b)"},
    {"sidekiq", R"(\b(sidekiq)\b)"},
    {"Solid Queue", R"(\bbin/(jobs)\b)"},
    {"queue:work", R"(\bartisan\s+(queue:work|horizon)\b)"},
    {"pm2", R"(\bpm2(?:-runtime)?\b[^\n]*?\s-i[= ]*(\d+|max)\b)"},
};
/// The same in files of their own.
struct WriterFile
{
    const char *file;
    WriterMark mark;
};
constexpr WriterFile WriterFiles[] = {
    {"gunicorn.conf.py", {"gunicorn", R"((?m)^workers\s*=\s*(\d+|[a-z][\w.]*cpu_count))"}},
    {"config/puma.rb",
     {"puma",
      R"((?m)^\s*workers\s*\(?\s*(?:Integer\()?(?:ENV(?:\.fetch\(|\[)[^)\]\n]*[)\]]\s*(?:\{|\|\|)\s*|ENV\.fetch\(\s*["']\w+["']\s*,\s*)?["']?(\d+))"}},
};

/// The files that run something.
std::vector<std::string> commandFiles(const ProjectFiles &files)
{
    std::vector<std::string> names;
    for (const char *name : {"Procfile", "Dockerfile", "docker-compose.yml", "docker-compose.yaml", "compose.yml",
                             "compose.yaml", "Makefile", "justfile"}) {
        if (files.has(name))
            names.emplace_back(name);
    }
    for (std::string &name : files.sources({".service", ".sh", ".container"}))
        names.push_back(std::move(name));
    return names;
}

/// \a text with each command in one line and blanks between its words, whatever the file's way is to write a list:
/// ["a", "b"], a \ before the line's end, "- a". Every place stays.
QString flattened(QString text)
{
    static const QRegularExpression item(QStringLiteral(R"(\n[ \t]*-[ \t])"));
    static const QRegularExpression continued(QStringLiteral(R"(\\\r?\n)"));
    for (const QRegularExpression &expression : {item, continued}) {
        for (auto matches = expression.globalMatch(QString(text)); matches.hasNext();) {
            const auto match = matches.next();
            text.replace(match.capturedStart(), match.capturedLength(), QString(match.capturedLength(), u' '));
        }
    }
    for (QChar &c : text) {
        if (QStringView(u"\"'[],").contains(c))
            c = u' ';
    }
    return text;
}

void readMark(const WriterMark &mark, const QString &commands, const ConfigText &text, Configuration &configuration)
{
    const auto match = QRegularExpression(QLatin1String(mark.expression)).match(commands);
    const bool isOne = match.captured(1) == QLatin1String("1") || match.captured(1) == QLatin1String("0");
    if (match.hasMatch() && !isOne)
        configuration.writers.push_back({mark.program, text.file(), text.lineAt(match.capturedStart(1))});
}

/// Whether \a sql does nothing but set something.
bool onlySets(const QString &sql)
{
    bool sets = false;
    for (const QString &statement : sql.split(QRegularExpression(QStringLiteral("[;\n]")))) {
        const QString bare = statement.trimmed();
        const bool isPragma = bare.startsWith(QLatin1String("PRAGMA"), Qt::CaseInsensitive);
        if (!bare.isEmpty() && !isPragma && !bare.startsWith(u'.'))
            return false;
        sets = sets || isPragma;
    }
    return sets;
}

/// SQL that a shell's command gives sqlite3, in quotes or in a here document.
struct ShellSql
{
    Span sql;
    QString command;
};

std::vector<ShellSql> shellSql(const ConfigText &text)
{
    static const QRegularExpression call(QStringLiteral(R"(\bsqlite3\b[^\n]*)"));
    static const QRegularExpression here(QStringLiteral(R"(<<-?\s*['"]?(\w+))"));
    std::vector<ShellSql> found;
    int calls = 0;
    for (auto matches = call.globalMatch(text.text()); matches.hasNext() && calls < MostCalls; ++calls) {
        const auto match = matches.next();
        if (const auto document = here.match(match.captured()); document.hasMatch()) {
            const qsizetype start = std::min(text.lineEnd(match.capturedStart()) + 1, text.text().size());
            const qsizetype end = text.text().indexOf(u'\n' + document.captured(1), start - 1);
            if (end >= start)
                found.push_back({{start, end - start}, match.captured()});
        }
        for (const Literal &literal : literalsIn(text.text(), {match.capturedStart(), match.capturedLength()}))
            found.push_back({literal.span, match.captured()});
    }
    return found;
}

void readShell(ConfigText &text)
{
    for (const ShellSql &given : shellSql(text)) {
        if (onlySets(text.at(given.sql)))
            text.pragmas(given.sql, Effect::Once);
    }
}

/// A word of a command line.
struct CommandWord
{
    QString text;
    Span span;
};

std::vector<CommandWord> wordsFrom(const QString &commands, qsizetype at)
{
    static const QRegularExpression word(QStringLiteral(R"(\S+)"));
    const qsizetype end = commands.indexOf(u'\n', at);
    std::vector<CommandWord> words;
    for (auto matches = word.globalMatch(commands, at); matches.hasNext() && words.size() < 256;) {
        const auto match = matches.next();
        if (end >= 0 && match.capturedStart() > end)
            break;
        words.push_back({match.captured(), {match.capturedStart(), match.capturedLength()}});
    }
    return words;
}

/// datasette -i shop.db; \a at: where it begins.
void readDatasette(ConfigText &text, const QString &commands, qsizetype at, const Path &database, const Path &root,
                   Configuration &configuration)
{
    const std::vector<CommandWord> words = wordsFrom(commands, at);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool isFlag = words[i].text == QLatin1String("-i") || words[i].text == QLatin1String("--immutable");
        const CommandWord &name = isFlag && i + 1 < words.size() ? words[i + 1] : words[i];
        if (namesDatabase(name.text, database, root) == Names::Another)
            continue;
        configuration.namesThisFile = true;
        if (!isFlag)
            continue;
        text.setValue("immutable", "ON", words[i].span);
        if (text.lineAt(words[i].span.start) == text.lineAt(name.span.start) && !text.text().contains(u'['))
            text.cut({words[i].span.start, name.span.start - words[i].span.start}, "immutable");
        ++i;
    }
}

}

std::optional<Configuration> datasetteConfiguration(const ProjectFiles &files, const Path &database)
{
    static const QRegularExpression call(QStringLiteral(R"((?:^|[\s/=])(datasette)[ \t]+[^\s:])"),
                                         QRegularExpression::MultilineOption);
    Configuration configuration;
    bool uses = false;
    for (const std::string &name : commandFiles(files)) {
        ConfigText text(files, configuration, name, Comments::Hash);
        const QString commands = flattened(text.text());
        for (auto matches = call.globalMatch(commands); matches.hasNext();) {
            uses = true;
            readDatasette(text, commands, matches.next().capturedEnd(1), database, files.root(), configuration);
        }
    }
    return uses && configuration.namesThisFile ? std::optional(std::move(configuration)) : std::nullopt;
}

std::optional<Configuration> shellConfiguration(const ProjectFiles &files, const Path &database)
{
    Configuration configuration;
    for (const std::string &name : commandFiles(files)) {
        const ConfigText text(files, configuration, name, Comments::Hash);
        for (const ShellSql &given : shellSql(text)) {
            const bool names = given.command.contains(QString::fromStdString(database.filename()));
            configuration.namesThisFile = configuration.namesThisFile || (names && onlySets(text.at(given.sql)));
        }
    }
    return configuration.namesThisFile ? std::optional(std::move(configuration)) : std::nullopt;
}

Configuration readCommands(const ProjectFiles &files)
{
    Configuration configuration;
    for (const std::string &name : commandFiles(files)) {
        ConfigText text(files, configuration, name, Comments::Hash);
        const QString commands = flattened(text.text());
        for (const WriterMark &mark : WriterMarks)
            readMark(mark, commands, text, configuration);
        readShell(text);
    }
    for (const WriterFile &file : WriterFiles) {
        if (!files.has(file.file))
            continue;
        const ConfigText text(files, configuration, file.file, Comments::Hash);
        readMark(file.mark, text.text(), text, configuration);
    }
    return configuration;
}

}
