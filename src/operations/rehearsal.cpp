// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/rehearsal.h"

#include "inspect/moment.h"
#include "operations/preflight.h"
#include "operations/transaction.h"
#include "platform/scratchfile.h"
#include "sqlite/connection.h"
#include "sqlite/observervfs.h"
#include "sqlite/standins.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lk::operations {

using sqlite::Connection;
using sqlite::Statement;
using Clock = std::chrono::steady_clock;

/// A rehearsal that took no longer is begun again if somebody wrote to the file meanwhile.
static constexpr std::chrono::seconds WorthAgain{10};
/// What an overlay keeps in memory is no burden for the disk (sqlite/overlay.h).
static constexpr std::uint64_t InMemory = sqlite::Overlay::BlockSize * sqlite::Overlay::BlocksInMemory;
/// What running somebody's query may cost, all runs together.
static constexpr std::chrono::seconds LongestQuery{60};

/// Nobody is kept from writing while we rehearse: what may be of two moments is no result.
template <class Outcome>
static Result<Outcome> ofOneMoment(const Path &path,
                                   const std::function<Result<Outcome>(const sqlite::Glance &)> &tryIt)
{
    if (const Result<Preflight> before = preflight({.path = path, .seen = {}}); !before)
        return std::unexpected(before.error());
    inspect::Moment<Outcome> moment = inspect::atOneMoment<Outcome>(path, WorthAgain, tryIt);
    const bool cancelled = !moment.value && moment.value.error().code == ErrorCode::Cancelled;
    if (moment.changed && !cancelled)
        return fail(ErrorCode::Busy, Reason::ChangingTooFast, path);
    return std::move(moment.value);
}

/// Tells how far VACUUM is: it reads every page once, roughly, and what it writes is about as much again.
class VacuumProgress final : public sqlite::ReadWatcher
{
public:
    VacuumProgress(std::uint64_t bytes, Progress &progress)
        : m_expected(2 * std::max<std::uint64_t>(bytes, 1))
        , m_progress(progress)
    {
    }

    void databaseRead(std::uint64_t, sqlite::Bytes bytes) override { add(bytes.size()); }
    void walRead(std::uint64_t, sqlite::Bytes bytes) override { add(bytes.size()); }

private:
    void add(std::size_t bytes)
    {
        m_done += bytes;
        if (m_done - m_told < (1 << 20))
            return;
        m_told = m_done;
        m_progress.report({.fraction = std::min(0.99, static_cast<double>(m_done) / static_cast<double>(m_expected)),
                           .done = m_done,
                           .phase = Phase::Copying});
    }

    std::uint64_t m_expected;
    Progress &m_progress;
    std::uint64_t m_done = 0;
    std::uint64_t m_told = 0;
};

/// VACUUM writes the new file twice, and a journal of the old one: all of it into overlays.
static Result<void> roomToRehearse(const Path &path, std::uint64_t bytes)
{
    const std::uint64_t needed = bytes > InMemory ? 3 * (bytes - InMemory) : 0;
    const std::uint64_t free = needed > 0 ? platform::freeScratchBytes() : 0;
    if (needed > free)
        return fail(ErrorCode::NoSpace, Reason::NotEnoughSpace, path,
                    {std::to_string(needed), std::to_string(free), "/var/tmp"});
    return {};
}

static Result<CompactOutcome> compactOnce(const Path &path, const sqlite::Glance &glance,
                                          const CompactSettings &settings, JobContext &context)
{
    VacuumProgress watcher(bytesOf(glance), context.progress);
    sqlite::OpenOptions options = vacuumOptions(context);
    options.watcher = &watcher;
    Result<Connection> connection = Connection::open(path, options);
    if (!connection)
        return std::unexpected(connection.error());
    sqlite::StandIns standIns(*connection);
    const Clock::time_point start = Clock::now();
    const Result<Figures> before = figures(*connection);
    const Result<void> done = before ? vacuum(*connection, settings) : std::unexpected(before.error());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    if (!done)
        standIns.provideFor(done.error());
    if (!standIns.names().empty())
        return fail(missingExtension(path, standIns.names()));
    const Result<Figures> after = done ? figures(*connection) : std::unexpected(done.error());
    return after ? Result<CompactOutcome>({*before, *after, took}) : std::unexpected(after.error());
}

/// One check, then VACUUM once with each of \a settings.
static Result<std::vector<CompactOutcome>> rehearse(const Path &path, std::span<const CompactSettings> settings,
                                                    JobContext &context)
{
    using Outcomes = std::vector<CompactOutcome>;
    return ofOneMoment<Outcomes>(path, [&](const sqlite::Glance &glance) -> Result<Outcomes> {
        const double share = 1.0 / static_cast<double>(settings.size() + 1);
        PartOfProgress part(context.progress, 0, share);
        JobContext step{context.stop, part, context.wait};
        Result<void> may = roomToRehearse(path, bytesOf(glance));
        if (may)
            may = soundToRewrite(path, glance, step);
        if (!may)
            return std::unexpected(may.error());
        Outcomes outcomes;
        for (const CompactSettings &one : settings) {
            const double done = share * static_cast<double>(outcomes.size() + 1);
            part.setRange(done, done + share);
            Result<CompactOutcome> outcome = compactOnce(path, glance, one, step);
            if (!outcome)
                return std::unexpected(outcome.error());
            outcomes.push_back(*outcome);
        }
        return outcomes;
    });
}

Result<CompactOutcome> rehearseCompact(const Path &path, const CompactSettings &settings, JobContext &context)
{
    const Result<std::vector<CompactOutcome>> outcomes = rehearse(path, std::array{settings}, context);
    return outcomes ? Result<CompactOutcome>(outcomes->front()) : std::unexpected(outcomes.error());
}

Result<std::vector<CompactOutcome>> rehearsePageSizes(const Path &path, JobContext &context)
{
    std::vector<CompactSettings> sizes;
    for (std::uint32_t size = 1024; size <= 65536; size *= 2)
        sizes.push_back({.pageSize = size});
    return rehearse(path, sizes, context);
}

/// The steps of a plan, indented as deep as they lie.
static Result<std::vector<std::string>> planOf(Connection &connection, const std::string &query)
{
    Result<Statement> statement = connection.prepareOnly("EXPLAIN QUERY PLAN " + query, sqlite::Allowed::Query);
    if (!statement)
        return std::unexpected(statement.error());
    std::vector<std::string> lines;
    std::map<std::int64_t, std::size_t> depths;
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return lines;
        const auto parent = depths.find(statement->number(1));
        const std::size_t depth = parent == depths.end() ? 0 : parent->second + 1;
        depths[statement->number(0)] = depth;
        lines.push_back(std::string(2 * depth, ' ') + std::string(statement->text(3)));
    }
}

/// Runs \a query to its end: how long that took in ms, and the number of rows.
struct Run
{
    double ms = 0;
    std::uint64_t rows = 0;
};
static Result<Run> runOnce(Connection &connection, const std::string &query)
{
    Result<Statement> statement = connection.prepareOnly(query, sqlite::Allowed::Query);
    if (!statement)
        return std::unexpected(statement.error());
    Run run;
    const Clock::time_point start = Clock::now();
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        ++run.rows;
    }
    run.ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    return run;
}

/// Bytes that \a create, a CREATE INDEX, adds to the database.
static Result<std::uint64_t> addIndex(Connection &connection, const std::string &create)
{
    const auto pagesInUse = [&] {
        return connection.number("SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count");
    };
    const Result<std::int64_t> before = pagesInUse();
    if (!before)
        return std::unexpected(before.error());
    Result<Statement> statement = connection.prepareOnly(create, sqlite::Allowed::CreateIndex);
    if (!statement)
        return std::unexpected(statement.error());
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
    }
    const Result<std::int64_t> after = pagesInUse();
    const Result<std::int64_t> size = after ? connection.number("PRAGMA page_size") : after;
    if (!size)
        return std::unexpected(size.error());
    return static_cast<std::uint64_t>(std::max<std::int64_t>(*after - *before, 0) * *size);
}

/// What the person typed is at fault, not the file.
static Error askedWrongly(Error error, Reason reason)
{
    if (error.code == ErrorCode::Unsupported && error.reason == Reason::None && error.arguments.size() == 1)
        error.reason = reason;
    return error;
}

/// By turns, so that what else the machine does meets both; as often as a second allows, five times at least.
static Result<void> measure(Connection &plain, Connection &indexed, const std::string &query, QueryPlan &plan,
                            JobContext &context)
{
    static constexpr std::size_t FewestRuns = 5;
    static constexpr std::size_t MostRuns = 51;
    const Clock::time_point start = Clock::now();
    for (std::size_t i = 0; i <= MostRuns; ++i) {
        const Result<Run> before = runOnce(plain, query);
        const Result<Run> after = before ? runOnce(indexed, query) : before;
        if (!after)
            return fail(askedWrongly(after.error(), Reason::NotASelect));
        plan.rowsEqual = plan.rowsEqual && before->rows == after->rows;
        if (i == 0)
            continue; // it brought the pages into memory
        plan.msBefore.push_back(before->ms);
        plan.msAfter.push_back(after->ms);
        context.progress.report({.fraction = static_cast<double>(i) / MostRuns, .phase = Phase::Checking});
        if (i >= FewestRuns && Clock::now() - start > std::chrono::seconds(1))
            break;
    }
    return {};
}

Result<QueryPlan> rehearseIndex(const Path &path, const std::string &query, const std::string &createIndex,
                                JobContext &context)
{
    return ofOneMoment<QueryPlan>(path, [&](const sqlite::Glance &) -> Result<QueryPlan> {
        const sqlite::OpenOptions options{.stop = context.stop, .budget = {.time = LongestQuery}, .sizeCells = false};
        Result<Connection> plain = Connection::open(path, options);
        Result<Connection> indexed = plain ? Connection::open(path, options) : std::unexpected(plain.error());
        if (!indexed)
            return std::unexpected(indexed.error());
        QueryPlan plan;
        Result<std::vector<std::string>> steps = planOf(*plain, query);
        if (!steps)
            return fail(askedWrongly(steps.error(), Reason::NotASelect));
        plan.before = std::move(*steps);
        const Result<std::uint64_t> bytes = addIndex(*indexed, createIndex);
        if (!bytes)
            return fail(askedWrongly(bytes.error(), Reason::NotAnIndex));
        plan.indexBytes = *bytes;
        steps = planOf(*indexed, query);
        if (!steps)
            return std::unexpected(steps.error());
        plan.after = std::move(*steps);
        if (const Result<void> measured = measure(*plain, *indexed, query, plan, context); !measured)
            return std::unexpected(measured.error());
        return plan;
    });
}

Timing timing(std::vector<double> runs)
{
    if (runs.empty())
        return {};
    std::ranges::sort(runs);
    const auto at = [&](double share) {
        return runs[static_cast<std::size_t>(share * static_cast<double>(runs.size() - 1))];
    };
    return {.median = at(0.5), .spread = (at(0.75) - at(0.25)) / 2};
}

bool measurablyDifferent(const Timing &a, const Timing &b)
{
    // A tenth is what two equal runs differ by on a busy machine, and a hundredth of a millisecond what a clock does.
    const double noise = std::max({a.spread + b.spread, 0.1 * std::min(a.median, b.median), 0.01});
    return std::abs(a.median - b.median) > noise;
}

}
