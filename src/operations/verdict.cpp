// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/verdict.h"

#include "operations/checkprogress.h"
#include "platform/scratchfile.h"
#include "sqlite/connection.h"
#include "sqlite/standins.h"

#include <algorithm>
#include <cctype>

namespace lk::operations {

using sqlite::Connection;
using sqlite::Statement;

static constexpr std::size_t MostMessages = 100; // SQLite's own limit

const char *verdictName(Verdict::Kind kind)
{
    switch (kind) {
    case Verdict::Ok:
        return "ok";
    case Verdict::Damaged:
        return "damaged";
    case Verdict::Unchecked:
        break;
    }
    return "unchecked";
}

/// Where the b-trees begin, and which of them hold rows: what the row phase of a check goes through.
static void tellRoots(Connection &connection, CheckProgress &progress)
{
    std::vector<std::uint32_t> tables{1};
    std::vector<std::uint32_t> indexes;
    Result<Statement> statement =
        connection.prepare("SELECT rootpage, type = 'table' FROM sqlite_schema WHERE rootpage > 0");
    Result<bool> row = statement ? statement->step() : std::unexpected(statement.error());
    while (row && *row) {
        (statement->number(1) != 0 ? tables : indexes).push_back(static_cast<std::uint32_t>(statement->number(0)));
        row = statement->step();
    }
    progress.setRoots(tables, indexes);
}

/// Adds the lines of one answer; the heading "*** in database main ***" is not a finding.
static void addMessages(std::vector<std::string> &messages, std::string_view answer)
{
    while (!answer.empty() && messages.size() < MostMessages) {
        const std::size_t end = std::min(answer.find('\n'), answer.size());
        const std::string_view line = answer.substr(0, end);
        if (!line.empty() && !line.starts_with("*** in database"))
            messages.emplace_back(line);
        answer.remove_prefix(std::min(end + 1, answer.size()));
    }
}

/// Runs one PRAGMA that answers "ok" or with findings.
static Result<std::vector<std::string>> findings(Connection &connection, const char *pragma)
{
    Result<Statement> statement = connection.prepare(pragma);
    if (!statement)
        return std::unexpected(statement.error());
    std::vector<std::string> messages;
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row) {
            // Damage so bad that the check itself can't go on; what it found before still counts.
            if (row.error().code == ErrorCode::Damaged && !messages.empty())
                return messages;
            return std::unexpected(row.error());
        }
        if (!*row || messages.size() >= MostMessages)
            return messages;
        if (statement->text(0) != "ok")
            addMessages(messages, statement->text(0));
    }
}

static Result<std::vector<std::string>> brokenForeignKeys(Connection &connection)
{
    Result<Statement> statement = connection.prepare("PRAGMA foreign_key_check");
    if (!statement)
        return std::unexpected(statement.error());
    std::vector<std::string> messages;
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row || messages.size() >= MostMessages)
            return messages;
        const std::string which =
            statement->isNull(1) ? std::string("a row") : "row " + std::to_string(statement->number(1));
        messages.push_back("foreign key: " + which + " of " + std::string(statement->text(0)) +
                           " refers to a missing row of " + std::string(statement->text(2)));
    }
}

/// Turns an error that says something about the file into a verdict.
static Result<Verdict> judge(Verdict verdict, const Error &error)
{
    switch (error.code) {
    case ErrorCode::Damaged:
    case ErrorCode::NotADatabase:
        verdict.kind = Verdict::Damaged;
        verdict.messages.push_back(error.detail.substr(error.detail.find(": ") + 2));
        return verdict;
    case ErrorCode::Unsupported:
    case ErrorCode::Internal: // an SQL error: a schema that this SQLite can't work with
        verdict.kind = Verdict::Unchecked;
        verdict.why = error;
        verdict.why->code = ErrorCode::Unsupported;
        return verdict;
    default:
        return std::unexpected(error);
    }
}

/// The check itself. What depends on something that is missing here can't be checked; the structure still is.
static Result<std::vector<std::string>> runCheck(Connection &connection, const CheckOptions &options,
                                                 sqlite::StandIns &standIns)
{
    bool quick = options.quick;
    for (;;) {
        const std::size_t missingBefore = standIns.names().size();
        Result<std::vector<std::string>> messages =
            findings(connection, quick ? "PRAGMA quick_check" : "PRAGMA integrity_check");
        if (!messages && standIns.provideFor(messages.error())) {
            quick = true;
            continue;
        }
        if (!quick && standIns.names().size() > missingBefore) {
            quick = true; // in an order that isn't the application's, every index would look damaged
            continue;
        }
        return messages;
    }
}

/// What CHECK constraints and expressions of the schema may cost: 8 KB of them can ask for gigabytes and for hours
/// (safety.md, fact 21). A sound file needs a few seconds a gigabyte, and no value much longer than itself.
static sqlite::Budget budgetFor(std::uint64_t fileSize)
{
    static constexpr std::int64_t Mebibyte = 1 << 20;
    const auto size = static_cast<std::int64_t>(std::min<std::uint64_t>(fileSize, 1ULL << 50));
    return {.processor = std::chrono::seconds(3 + size / (8 * Mebibyte)),
            .longestValue = std::clamp(4 * size, Mebibyte, 64 * Mebibyte)};
}

/// A full check looks every row up in every index. What of those stays in memory isn't fetched again and again: with
/// 256 MiB a gigabyte takes three quarters of the time. The rows themselves have to be read a second time, or the
/// progress would stand still, so a quarter of the file is the most.
static std::string cacheFor(std::uint64_t fileSize)
{
    static constexpr std::uint64_t Mebibyte = 1 << 20;
    const std::uint64_t bytes = std::min({fileSize / 4, platform::availableMemory() / 8, 256 * Mebibyte});
    return "PRAGMA cache_size=-" + std::to_string(std::max(bytes, 2 * Mebibyte) / 1024);
}

Result<Verdict> checkDatabase(const Path &path, const sqlite::Glance &glance, const CheckOptions &options,
                              JobContext &context)
{
    Verdict verdict;
    if (!glance.current || !sqlite::isPageSize(glance.current->pageSize)) {
        verdict.kind = Verdict::Damaged;
        verdict.messages.emplace_back("the file's header is not a database's");
        return verdict;
    }
    const std::uint32_t freePages = std::min(glance.current->freelistPages, glance.pageCount);
    // Reading ahead takes about so much of the whole, if it has to be done at all.
    const double ahead = options.quick ? 0.45 : 0.1;
    PartOfProgress checkPart(context.progress, 0, 1);
    PartOfProgress readPart(context.progress, 0, ahead);
    CheckProgress watcher(glance.current->pageSize, glance.pageCount, glance.pageCount - freePages, options.quick,
                          checkPart);
    Result<Connection> connection =
        Connection::open(path, {.mode = options.join ? sqlite::Mode::Join : sqlite::Mode::Look,
                                .stop = context.stop,
                                .wait = context.wait,
                                .budget = budgetFor(glance.file.size),
                                // The check looks at every cell itself. Looking again whenever a page is read,
                                // which it is a dozen times, would make it half as long again.
                                .sizeCells = false,
                                .watcher = options.join ? nullptr : &watcher});
    if (!connection)
        return judge(verdict, connection.error());

    sqlite::StandIns standIns(*connection);
    if (!options.quick) {
        if (const Result<void> set = connection->execute(cacheFor(glance.file.size)); !set)
            return judge(verdict, set.error());
    }
    if (const Result<bool> read = connection->readAhead(readPart); !read)
        return std::unexpected(read.error());
    else if (*read)
        checkPart.setRange(ahead, 1);
    tellRoots(*connection, watcher);
    Result<std::vector<std::string>> messages = runCheck(*connection, options, standIns);
    if (messages && options.foreignKeys) {
        Result<std::vector<std::string>> broken = brokenForeignKeys(*connection);
        if (!broken)
            messages = std::unexpected(broken.error());
        else
            messages->insert(messages->end(), broken->begin(), broken->end());
    }
    verdict.missing = standIns.names();
    if (!messages)
        return judge(verdict, messages.error());
    verdict.messages = *messages;
    verdict.limited = verdict.messages.size() >= MostMessages;
    if (!verdict.messages.empty())
        verdict.kind = Verdict::Damaged;
    else if (!verdict.missing.empty())
        verdict.kind = Verdict::Unchecked;
    return verdict;
}

Result<Verdict> undamaged(const Path &path, const sqlite::Glance &glance, JobContext &context)
{
    Result<Verdict> verdict = checkDatabase(path, glance, {.quick = true}, context);
    if (verdict && verdict->kind == Verdict::Damaged)
        return fail(ErrorCode::Damaged, Reason::CheckedDamaged, path, {verdict->messages.front()});
    return verdict;
}

std::vector<std::string> grouped(const std::vector<std::string> &messages)
{
    std::vector<std::pair<std::string, std::size_t>> shapes; // in order of appearance
    std::vector<std::string> firsts;
    for (const std::string &message : messages) {
        std::string shape;
        for (const char c : message) {
            if (!std::isdigit(static_cast<unsigned char>(c)))
                shape += c;
            else if (!shape.ends_with("…"))
                shape += "…";
        }
        const auto known = std::ranges::find(shapes, shape, &std::pair<std::string, std::size_t>::first);
        if (known != shapes.end()) {
            ++known->second;
        } else {
            shapes.emplace_back(shape, 1);
            firsts.push_back(message);
        }
    }
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        lines.push_back(shapes[i].second == 1 ? firsts[i] : std::to_string(shapes[i].second) + " × " + shapes[i].first);
    return lines;
}

}
