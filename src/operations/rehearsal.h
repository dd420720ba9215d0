// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/compact.h"

namespace lk::operations {

/// What compacting would lead to.
struct CompactOutcome
{
    Figures before;
    Figures after;
    std::chrono::milliseconds took{}; ///< here, without a disk's flushes
};

/// VACUUM, really run, on an overlay that never reaches the file. Errors: what preflight() gives for what is no
/// database, Damaged, Cancelled, Unsupported (MissingExtension), NoSpace for the temporary files, Busy
/// (ChangingTooFast) if somebody wrote each time.
Result<CompactOutcome> rehearseCompact(const Path &path, const CompactSettings &settings, JobContext &context);

/// The same for every page size there is, 512 left out: 1024 … 65536.
Result<std::vector<CompactOutcome>> rehearsePageSizes(const Path &path, JobContext &context);

/// How a query would run with a new index.
struct QueryPlan
{
    std::vector<std::string> before; ///< EXPLAIN QUERY PLAN, one step a line, indented
    std::vector<std::string> after;
    std::vector<double> msBefore; ///< of each run, warm
    std::vector<double> msAfter;
    std::uint64_t indexBytes = 0;
    bool rowsEqual = true; ///< both gave the same number of rows
};

/// The middle of the runs, half of the distance between their quartiles, and whether the two differ by more than that.
struct Timing
{
    double median = 0; ///< in ms
    double spread = 0;
};
Timing timing(std::vector<double> runs);
bool measurablyDifferent(const Timing &a, const Timing &b);

/// Plans and times \a query (one SELECT) with and without the index of the statement \a createIndex, on an overlay.
/// What the person typed is run, so this is asked for, never done by itself. Unsupported (NotASelect, NotAnIndex).
Result<QueryPlan> rehearseIndex(const Path &path, const std::string &query, const std::string &createIndex,
                                JobContext &context);

}
