// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "measure/statistics.h"
#include "measure/workload.h"
#include "platform/mounts.h"

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

/// "What would WAL give me here?" Processes that write and read a database of our own, on the disk in question.
namespace lk::measure {

/// What is to be measured.
struct Plan
{
    Path place; ///< a database, whose page size and size (up to 64 MiB) the measured one has, or a folder; absolute
    std::vector<Cell> cells;
    std::chrono::milliseconds time{30000}; ///< altogether, about: where a hundred commits take longer, they may
    int rounds = 3;                        ///< each cell is measured so often, in turn with the others
    bool onBattery = false;                ///< also while no charger is connected
    Path program{};                        ///< litekeeper-cli; empty: the one beside the running program
};

/// Where it is measured. Known before anything is written, but for the flush.
struct Surroundings
{
    Path folder; ///< the scratch folder is made here
    std::string filesystem;
    platform::FilesystemKind filesystemKind = platform::FilesystemKind::Unknown;
    std::uint64_t bytesFree = 0;
    std::uint64_t bytesNeeded = 0;
    std::uint32_t pageSize = 4096;
    std::uint64_t databaseBytes = 0; ///< of the measured one
    bool runsOnBattery = false;
    unsigned processors = 1;
    Histogram flush; ///< fdatasync after a small append, in the scratch folder; empty until it is measured

    /// No disk writes so fast: what is acknowledged is not on the medium yet, and the figures are optimistic.
    bool acknowledgesEarly() const { return flush.count() > 0 && flush.median() < std::chrono::microseconds(50); }
};

/// What the writers, or the readers, of a cell did in all rounds so far.
struct Side
{
    std::vector<double> rates; ///< per second, by round: commits, or queries
    double perSecond = 0;      ///< their median
    double spread = 0;         ///< as measure::spread()
    Histogram latency;         ///< of what succeeded: a transaction from BEGIN to COMMIT, or a piece of reading
    Nanoseconds longest{0};    ///< of what failed, too: the longest that somebody had to wait for an answer
    std::uint64_t done = 0;    ///< commits, or queries
    std::uint64_t tried = 0;   ///< transactions, or pieces of reading
    std::uint64_t failed = 0;  ///< of those: "database is locked"
    std::uint64_t busy = 0;    ///< of those: met somebody else's lock, also where waiting helped
    std::uint64_t fewest = 0;  ///< done by one process in one round: the slowest
    std::uint64_t most = 0;    ///< and the fastest

    /// 0 … 1 of all that was tried.
    double errorRate() const;
};

struct CellResult
{
    std::size_t cell = 0; ///< of Plan::cells
    int rounds = 0;       ///< so far
    Side writes{};        ///< without writers: empty
    Side reads{};
    bool hurried = false; ///< there was less time than such a cell needs: see shortestRound()

    /// Time of one query by key, in the readers' median; 0 without readers.
    Nanoseconds perQuery(const Cell &of) const;
};

struct Outcome
{
    Surroundings surroundings;
    std::vector<CellResult> cells; ///< one for each of the plan's, in its order
    double seconds = 0;            ///< that it took
};

/// Who is told while it goes on, on the caller's thread. Either may be empty.
struct Listener
{
    std::function<void(const Surroundings &)> began{};  ///< once, with the flush measured
    std::function<void(const CellResult &)> measured{}; ///< after each round of each cell, with all rounds so far
};

/// What a round needs for figures that mean something: 0.5 s (or, where that is not enough for a hundred commits,
/// four times that), with several writers 2 s, for their waits go up to that (performance.md, section 5).
std::chrono::milliseconds shortestRound(const Load &load);

/// Looks where \a plan would be measured; nothing is written. Errors: what asking for a path gives, and NotADatabase
/// and the like for a file that is none.
Result<Surroundings> surroundings(const Plan &plan);
/// Unsupported (PathTooLong), and Refused: NotEnoughSpace, FolderNotWritable, NetworkFilesystem (if a cell is about
/// WAL), or, without a Reason, while it runs on battery (see Surroundings::runsOnBattery) and the plan doesn't allow
/// that.
Result<void> mayMeasure(const Plan &plan, const Surroundings &around);

/// Measures. In the folder of the plan a scratch folder is made, ".litekeeper-measure-XXXXXX", and removed whatever
/// happens; what a killed run left goes when the next one or the window begins, wherever that was. The plan's file
/// itself is only glanced at. Errors: as surroundings() and mayMeasure(); Cancelled within 0.2 s of the stop, or as
/// soon as a flush under way has ended (what is known by then was told); Busy (AnotherOperation) while another
/// measurement of this person runs, for they would measure each other; NotFound (ProgramMissing) without
/// litekeeper-cli; NoSpace and so on from the disk.
Result<Outcome> measure(const Plan &plan, const Listener &listener, std::stop_token stop, Progress &progress);

}
