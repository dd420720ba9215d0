// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/measurement.h"

#include "measure/scratch.h"
#include "measure/worker.h"
#include "platform/diskspace.h"
#include "platform/filecopy.h"
#include "platform/helpers.h"
#include "platform/power.h"
#include "platform/safefile.h"
#include "sqlite/connection.h"
#include "sqlite/glance.h"
#include "sqlite/names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <thread>

namespace lk::measure {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A database in the system's cache, as a server's is: larger ones would measure the disk's reading.
static constexpr std::uint64_t LargestDatabase = 64ULL << 20;
static constexpr std::uint64_t DefaultDatabase = 16ULL << 20;
static constexpr std::uint64_t SmallestDatabase = 1ULL << 20;
/// What appending, and a -wal that readers keep from being reset, may grow to besides.
static constexpr std::uint64_t RoomToGrow = 512ULL << 20;
/// "/.litekeeper-measure-XXXXXX/original.db"
static constexpr std::size_t NamesBelowFolder = Scratch::Prefix.size() + 19;
static constexpr milliseconds LongestRound{5000};
static constexpr std::uint64_t LeastCommits = 100;
/// For processes to begin and to end, also on a machine that is busy otherwise.
static constexpr seconds WorkersPatience{30};

double Side::errorRate() const
{
    return tried == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(tried);
}

Nanoseconds CellResult::perQuery(const Cell &of) const
{
    return reads.latency.median() / static_cast<std::int64_t>(queriesOf(of.load.read));
}

milliseconds shortestRound(const Load &load)
{
    return load.writers > 1 ? milliseconds(2000) : milliseconds(500);
}

// Where it is measured --------------------------------------------------------------------------------------------

/// The page size and size of the file that the plan names.
static Result<void> takeShape(Surroundings &around, const Path &file)
{
    const Result<sqlite::Glance> seen = sqlite::glance(file);
    if (!seen)
        return std::unexpected(seen.error());
    switch (seen->state) {
    case sqlite::State::Database:
    case sqlite::State::Damaged:
    case sqlite::State::Empty:
        break;
    case sqlite::State::MaybeEncrypted:
        return fail(ErrorCode::Encrypted, Reason::LooksEncrypted, file);
    case sqlite::State::Sqlite2:
        return fail(ErrorCode::Unsupported, Reason::Sqlite2File, file);
    case sqlite::State::Other:
        return fail(ErrorCode::NotADatabase, file);
    }
    const std::uint32_t stored = seen->stored ? seen->stored->pageSize : 0;
    if (stored >= 512 && stored <= 65536 && (stored & (stored - 1)) == 0)
        around.pageSize = stored;
    around.databaseBytes = std::clamp(seen->file.size, SmallestDatabase, LargestDatabase);
    return {};
}

Result<void> mayMeasure(const Plan &plan, const Surroundings &around)
{
    if (!platform::isWritableFolder(around.folder))
        return fail(ErrorCode::Refused, Reason::FolderNotWritable, plan.place, {around.folder.native()});
    const bool needsWal =
        std::ranges::any_of(plan.cells, [](const Cell &cell) { return cell.configuration.journal == Journal::Wal; });
    if (needsWal && around.filesystemKind == platform::FilesystemKind::Network)
        return fail(ErrorCode::Refused, Reason::NetworkFilesystem, plan.place, {around.filesystem});
    const std::size_t longest = around.folder.native().size() + NamesBelowFolder;
    if (longest > sqlite::LongestPath)
        return fail(ErrorCode::Unsupported, Reason::PathTooLong, plan.place,
                    {std::to_string(longest), std::to_string(sqlite::LongestPath)});
    if (around.bytesFree < around.bytesNeeded)
        return fail(ErrorCode::Refused, Reason::NotEnoughSpace, plan.place,
                    {std::to_string(around.bytesNeeded), std::to_string(around.bytesFree), around.folder.native()});
    if (around.runsOnBattery && !plan.onBattery)
        return fail(ErrorCode::Refused, plan.place, "this machine runs on its battery");
    return {};
}

Result<Surroundings> surroundings(const Plan &plan)
{
    const Result<platform::FileStatus> status = platform::status(plan.place);
    if (!status)
        return std::unexpected(status.error());
    Surroundings around;
    around.folder = status->isFolder() ? plan.place : plan.place.parent_path();
    around.databaseBytes = DefaultDatabase;
    if (!status->isFolder()) {
        if (const Result<void> taken = takeShape(around, plan.place); !taken)
            return std::unexpected(taken.error());
    }
    const platform::Mounts mounts = platform::Mounts::current();
    if (const platform::Mount *mount = mounts.of(around.folder)) {
        around.filesystem = mount->type;
        around.filesystemKind = mount->kind();
    }
    const Result<std::uint64_t> free = platform::freeBytes(around.folder);
    if (!free)
        return std::unexpected(free.error());
    around.bytesFree = *free;
    around.bytesNeeded = 2 * around.databaseBytes + RoomToGrow;
    around.runsOnBattery = platform::runsOnBattery();
    around.processors = std::max(1U, std::thread::hardware_concurrency());
    return around;
}

/// As a journal grows: a little is appended, and has to be on the disk.
static Result<Histogram> timeFlushes(const Path &file, milliseconds time, const std::stop_token &stop)
{
    static constexpr std::uint64_t Enough = 500;
    static constexpr std::array<std::byte, 512> Little{};
    Result<platform::FileWriter> writer = platform::FileWriter::open(file);
    if (!writer)
        return std::unexpected(writer.error());
    Histogram flushes;
    const auto end = Clock::now() + time;
    while (flushes.count() < Enough && (flushes.count() == 0 || Clock::now() < end)) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, file);
        if (const Result<void> written = writer->write(Little); !written)
            return std::unexpected(written.error());
        const auto begun = Clock::now();
        if (const Result<void> synced = writer->sync(); !synced)
            return std::unexpected(synced.error());
        flushes.add(Clock::now() - begun);
    }
    return flushes;
}

// A round of a cell -----------------------------------------------------------------------------------------------

namespace {

class Measurement
{
public:
    Measurement(const Plan &plan, const Listener &listener, std::stop_token stop, Progress &progress)
        : m_plan(plan)
        , m_listener(listener)
        , m_stop(std::move(stop))
        , m_progress(progress)
    {
    }

    Result<Outcome> run();

private:
    Result<void> prepare();
    Result<void> measureCell(std::size_t cell);
    Result<std::vector<Tally>> round(const Cell &cell, milliseconds length);
    Result<void> freshDatabase(const Configuration &configuration);
    milliseconds nextLength(const Load &load) const;
    void tellProgress() const;
    void removeDatabase() const;
    Path original() const { return m_scratch->path() / "original.db"; }
    Path database() const { return m_scratch->path() / "round.db"; } ///< a copy of it

    const Plan &m_plan;
    const Listener &m_listener;
    std::stop_token m_stop;
    Progress &m_progress;
    const Clock::time_point m_begun = Clock::now();
    Path m_program;
    Outcome m_outcome;
    std::optional<Scratch> m_scratch;
    std::int64_t m_rows = 1;
    int m_roundsDone = 0; ///< of all cells
};

/// One process's part of \a side.
void addTally(Side &side, const Tally &tally, std::uint64_t perPiece)
{
    const std::uint64_t done = tally.done * perPiece;
    const bool first = side.tried == 0;
    side.fewest = first ? done : std::min(side.fewest, done);
    side.most = std::max(side.most, done);
    side.done += done;
    side.tried += tally.done + tally.failed;
    side.failed += tally.failed;
    side.busy += tally.busy;
    side.longest = std::max(side.longest, tally.longest);
    side.latency.add(tally.latency);
    side.rates.back() +=
        tally.elapsed.count() > 0 ? static_cast<double>(done) * 1e9 / static_cast<double>(tally.elapsed.count()) : 0;
}

void addRound(Side &side, std::span<const Tally> tallies, std::uint64_t perPiece)
{
    if (tallies.empty())
        return;
    side.rates.push_back(0);
    for (const Tally &tally : tallies)
        addTally(side, tally, perPiece);
    side.perSecond = median(side.rates);
    side.spread = spread(side.rates);
}

/// Shares what time is left among the rounds that are left.
milliseconds Measurement::nextLength(const Load &load) const
{
    const int left = m_plan.rounds * static_cast<int>(m_plan.cells.size()) - m_roundsDone;
    const auto share = (m_plan.time - duration_cast<milliseconds>(Clock::now() - m_begun)) / std::max(1, left);
    static constexpr milliseconds Least{50}; // where all of the time is gone already
    const milliseconds needed = shortestRound(load);
    // A little more time than was given is better than figures that mean little.
    if (share < needed && share >= needed * 3 / 4)
        return needed;
    return std::clamp(share, Least, LongestRound);
}

void Measurement::tellProgress() const
{
    const double all = m_plan.rounds * static_cast<double>(m_plan.cells.size());
    m_progress.report({.fraction = m_roundsDone / all, .done = 0, .phase = Phase::Checking});
}

void Measurement::removeDatabase() const
{
    for (const char *suffix : {"", "-wal", "-shm", "-journal"})
        platform::removeFile(database().native() + suffix);
}

/// Each round begins with the same content, on the disk, in the journal mode that the file itself keeps.
Result<void> Measurement::freshDatabase(const Configuration &configuration)
{
    removeDatabase();
    const auto original = platform::FileReader::open(this->original());
    if (!original)
        return std::unexpected(original.error());
    auto copy = platform::FileWriter::open(database());
    if (!copy)
        return std::unexpected(copy.error());
    const auto copied =
        copy->copy(*original, original->status().size, [this](std::uint64_t) { return !m_stop.stop_requested(); });
    if (!copied)
        return std::unexpected(copied.error());
    if (const Result<void> synced = copy->sync(); !synced)
        return synced;
    if (configuration.journal != Journal::Wal)
        return {};
    auto connection = sqlite::Connection::open(database(), {.mode = sqlite::Mode::Scratch, .stop = m_stop});
    return connection ? connection->execute("PRAGMA journal_mode=WAL") : std::unexpected(connection.error());
}

/// The tallies of the writers, then of the readers.
Result<std::vector<Tally>> Measurement::round(const Cell &cell, milliseconds length)
{
    static constexpr milliseconds Notice{20}; // between being told when to begin, and beginning
    const Load &load = cell.load;
    Task task{.database = database(),
              .configuration = cell.configuration,
              .work = load.write,
              .rows = m_rows,
              .length = length,
              .leastDone = load.writers == 1 && length >= shortestRound(load) ? LeastCommits : 0};
    platform::Helpers workers;
    for (int i = 0; i < load.writers + load.readers; ++i) {
        if (i == load.writers) {
            task.work = load.read;
            task.leastDone = 0;
        }
        task.seed = static_cast<std::uint64_t>(i) + 1;
        if (const Result<void> started = workers.start(m_program, argumentsFor(task)); !started)
            return std::unexpected(started.error());
    }
    const Result<std::vector<std::string>> ready = workers.lines(m_stop, Clock::now() + WorkersPatience);
    if (!ready)
        return std::unexpected(ready.error());
    for (const std::string &line : *ready) {
        if (line == Ready)
            continue;
        const Result<Tally> instead = parseTally(line);
        return instead ? fail(ErrorCode::Internal, Path(), "a measuring process did not wait for its start")
                       : fail(instead.error());
    }
    workers.tell(startLine(Clock::now() + Notice));
    const auto latest = Clock::now() + 4 * length + cell.configuration.busyTimeout + WorkersPatience;
    const Result<std::vector<std::string>> said = workers.lines(m_stop, latest);
    if (!said)
        return std::unexpected(said.error());
    std::vector<Tally> tallies;
    for (const std::string &line : *said) {
        Result<Tally> tally = parseTally(line);
        if (!tally)
            return std::unexpected(tally.error());
        tallies.push_back(std::move(*tally));
    }
    return tallies;
}

Result<void> Measurement::measureCell(std::size_t cell)
{
    const Cell &what = m_plan.cells[cell];
    tellProgress();
    if (const Result<void> made = freshDatabase(what.configuration); !made)
        return made;
    const milliseconds length = nextLength(what.load);
    const Result<std::vector<Tally>> tallies = round(what, length);
    if (!tallies)
        return std::unexpected(tallies.error());
    const std::span<const Tally> all(*tallies);
    const auto writers = static_cast<std::size_t>(what.load.writers);
    CellResult &result = m_outcome.cells[cell];
    addRound(result.writes, all.first(writers), 1);
    addRound(result.reads, all.subspan(writers), queriesOf(what.load.read));
    result.hurried = result.hurried || length < shortestRound(what.load);
    ++result.rounds;
    ++m_roundsDone;
    if (m_listener.measured)
        m_listener.measured(result);
    return {};
}

Result<void> Measurement::prepare()
{
    static constexpr milliseconds MostForFlushes{1000};
    m_progress.report({.phase = Phase::Preparing});
    Result<Path> program = m_plan.program.empty() ? platform::ownProgram("litekeeper-cli") : m_plan.program;
    if (!program)
        return std::unexpected(program.error());
    m_program = std::move(*program);
    Result<Scratch> scratch = Scratch::create(m_outcome.surroundings.folder);
    if (!scratch)
        return std::unexpected(scratch.error());
    m_scratch.emplace(std::move(*scratch));
    Surroundings &around = m_outcome.surroundings;
    Result<Histogram> flush =
        timeFlushes(m_scratch->path() / "flush", std::min(MostForFlushes, m_plan.time / 20), m_stop);
    if (!flush)
        return std::unexpected(flush.error());
    around.flush = std::move(*flush);
    if (m_listener.began)
        m_listener.began(around);
    m_rows = static_cast<std::int64_t>(around.databaseBytes / BytesPerRow);
    return makeDatabase(original(), around.pageSize, m_rows, m_stop);
}

Result<Outcome> Measurement::run()
{
    Result<Surroundings> around = surroundings(m_plan);
    if (!around)
        return std::unexpected(around.error());
    if (const Result<void> may = mayMeasure(m_plan, *around); !may)
        return std::unexpected(may.error());
    m_outcome.surroundings = std::move(*around);
    for (std::size_t i = 0; i < m_plan.cells.size(); ++i)
        m_outcome.cells.push_back({.cell = i});
    if (const Result<void> prepared = prepare(); !prepared)
        return std::unexpected(prepared.error());
    for (int i = 0; i < m_plan.rounds; ++i) {
        for (std::size_t cell = 0; cell < m_plan.cells.size(); ++cell) {
            if (const Result<void> measured = measureCell(cell); !measured)
                return std::unexpected(measured.error());
        }
    }
    m_scratch.reset();
    m_outcome.seconds = std::chrono::duration<double>(Clock::now() - m_begun).count();
    return std::move(m_outcome);
}

}

Result<Outcome> measure(const Plan &plan, const Listener &listener, std::stop_token stop, Progress &progress)
{
    Result<Outcome> outcome = Measurement(plan, listener, std::move(stop), progress).run();
    // What went wrong, did so with a file that is gone by now, and that nobody knows.
    if (!outcome && outcome.error().reason == Reason::None)
        outcome.error().path = plan.place;
    return outcome;
}

}
