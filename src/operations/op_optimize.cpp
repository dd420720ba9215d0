// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/transaction.h"

#include <QtGlobal>

namespace lk::operations {

using sqlite::Connection;

/// The tables of statistics are small.
static constexpr std::uint64_t RoomForStatistics = 1 << 20;
/// Rows that are looked at of each index, as SQLite recommends (sqlite.org/pragma.html#pragma_analysis_limit).
static constexpr const char *LimitedAnalysis = "PRAGMA analysis_limit=400";
static constexpr const char *FullAnalysis = "PRAGMA analysis_limit=0";

static Report preflightOptimize(const Target &target, const Arguments &, JobContext &context)
{
    Report report;
    const Result<Preflight> before = mayWrite(target, RoomForStatistics, report.notes, context);
    return before ? report : skipped(before.error());
}

/// The tables there are statistics of.
static Result<std::vector<std::string>> analyzedTables(Connection &connection)
{
    std::vector<std::string> names;
    Result<sqlite::Statement> statement = connection.prepare("SELECT DISTINCT tbl FROM sqlite_stat1 ORDER BY tbl");
    Result<bool> row = statement ? statement->step() : std::unexpected(statement.error());
    for (; row && *row; row = statement->step())
        names.emplace_back(statement->text(0));
    return row ? Result<std::vector<std::string>>(std::move(names)) : std::unexpected(row.error());
}

/// PRAGMA optimize looks only at tables that its own connection has asked for, and ours has asked for none.
static Report analyze(const Target &target, const Arguments &arguments, sqlite::Mode mode, JobContext &context)
{
    Report report = askPatiently(preflightOptimize, target, arguments, context);
    if (report.status != Status::Done)
        return report;
    context.progress.report({.phase = Phase::Reading});
    std::vector<std::string> tables;
    const Result<void> done = inTransaction(target, mode, context, [&](Connection &connection) -> Result<void> {
        Result<void> run = connection.execute(flag(arguments, "full") ? FullAnalysis : LimitedAnalysis);
        if (run)
            run = connection.execute("ANALYZE");
        Result<std::vector<std::string>> analyzed = run ? analyzedTables(connection) : std::unexpected(run.error());
        if (!analyzed)
            return std::unexpected(analyzed.error());
        tables = std::move(*analyzed);
        return {};
    });
    if (!done)
        return failed(done.error());
    report.fields = {{"analyzed", tables}};
    return report;
}

static Report rehearseOptimize(const Target &target, const Arguments &arguments, JobContext &context)
{
    return analyze(target, arguments, sqlite::Mode::Look, context);
}

static Report runOptimize(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = analyze(target, arguments, sqlite::Mode::Act, context);
    if (report.status != Status::Done)
        return report;
    // Not what was written, but what the file says now.
    Result<Connection> connection = Connection::open(target.path);
    const Result<std::vector<std::string>> tables =
        connection ? analyzedTables(*connection) : std::unexpected(connection.error());
    if (!tables)
        return failed(tables.error());
    report.fields = {{"analyzed", *tables}};
    return report;
}

extern const Operation optimizeOperation;
const Operation optimizeOperation{
    .id = "optimize",
    .title = QT_TRANSLATE_NOOP("Operation", "Optimize"),
    .summary =
        QT_TRANSLATE_NOOP("Operation", "Refreshes the statistics by which SQLite chooses the best index for a query."),
    .risk = Risk::ChangesFile,
    .parameters = {{.id = "full",
                    .kind = Parameter::Kind::Flag,
                    .title = QT_TRANSLATE_NOOP("Operation", "Read all of it"),
                    .help = QT_TRANSLATE_NOOP("Operation",
                                              "read every index to its end, for exact numbers; without this some "
                                              "hundred rows of each, which is enough as a rule")}},
    .preflight = preflightOptimize,
    .rehearse = rehearseOptimize,
    .run = runOptimize,
};

}
