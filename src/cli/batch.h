// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/console.h"
#include "jobs/jobrunner.h"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace lk::cli {

/// A file of the command line: what to act on, and later what came of it.
struct Item
{
    Path path;
    std::optional<operations::Target> target; ///< nothing: report says why
    std::optional<operations::Report> report;
};

/// The file that \a word names, as it is now: should another take its name before its job starts, that is Changed.
/// \a mayBeGone: one that is not there is a target as well, if its folder is.
Item itemFor(const std::string &word, bool mayBeGone = false);

/// Does the same work on many files, on all cores, and hands each over as it ends or in the order given.
class Batch final
{
public:
    using Work = std::function<operations::Report(const operations::Target &, std::stop_token, Progress &)>;
    using Print = std::function<void(const Item &)>;

    /// \a items get their reports.
    Batch(std::vector<Item> &items, Console &console, Print print, bool inOrder);
    /// Blocks until all are finished. Once \a stop is requested, those that are not are Cancelled.
    void run(const Work &work, bool writes, const std::stop_token &stop);

private:
    void start(jobs::JobRunner &runner, const Work &work, bool writes);
    void finish(std::size_t index, const operations::Report &report);
    void printReady();
    void showProgress(std::size_t index, const ProgressReport &report);

    std::vector<Item> &m_items;
    Console &m_console;
    Print m_print;
    bool m_inOrder;
    std::size_t m_printed = 0; ///< in order: how many are out
    std::size_t m_finished = 0;
    std::map<jobs::JobId, std::size_t> m_indexes;
};

}
