// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "measure/statistics.h"
#include "measure/workload.h"

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// One of the processes that do the measured work: litekeeper-cli, told so by its first argument. It opens its
/// connection, says that it is ready, begins at the moment that it is told, and says what came of it.
namespace lk::measure {

/// The hidden command of litekeeper-cli.
inline constexpr const char *WorkerCommand = "measure-worker";

/// What one of them has to do.
struct Task
{
    Path database{};
    Configuration configuration{};
    Work work = Work::Update;
    std::int64_t rows = 1; ///< there are keys from 1 to this
    std::uint64_t seed = 1;
    std::chrono::milliseconds length{500};
    std::uint64_t leastDone = 0; ///< go on until so much is done, for up to four times the length
};

/// What it did.
struct Tally
{
    std::uint64_t done = 0; ///< transactions, or pieces of reading
    std::uint64_t failed = 0;
    std::uint64_t busy = 0;
    Nanoseconds elapsed{0}; ///< from the common start to the end of the last one
    Nanoseconds longest{0};
    Histogram latency;
};

/// WorkerCommand and what follows it.
std::vector<std::string> argumentsFor(const Task &task);

/// What it prints once its connection is open.
inline constexpr std::string_view Ready = "ready";
/// What it is told then: a moment of the steady clock, which all processes share.
std::string startLine(std::chrono::steady_clock::time_point start);

/// The worker's last line. Errors: the worker's own, and Internal for a line that makes no sense.
Result<Tally> parseTally(std::string_view line);

/// Makes the database that is measured: one table with one index and \a rows rows of about 250 bytes.
Result<void> makeDatabase(const Path &path, std::uint32_t pageSize, std::int64_t rows, std::stop_token stop);
/// Of the rows that makeDatabase() makes.
inline constexpr std::uint64_t BytesPerRow = 250;

/// The whole process, after its first argument; its exit status.
int runWorker(std::span<char *const> arguments);

}
