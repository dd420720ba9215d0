// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/glance.h"

#include <chrono>
#include <stop_token>

namespace lk::scan {

struct Options
{
    std::vector<Path> roots;           ///< folders (or files); made absolute and resolved by scan()
    bool byName = false;               ///< look only at names with a searched suffix, as `find` does
    bool thorough = false;             ///< read every file, whatever its size
    bool crossFilesystems = false;     ///< go into other mounted file systems too
    std::vector<std::string> excludes; ///< globs; a folder or file whose path or name matches is left out
    unsigned threads = 0;              ///< 0: as many as the machine has cores
};

enum class WhyNot
{
    OtherFilesystem,
    NetworkFilesystem,
    PseudoFilesystem, ///< /proc, /sys, /dev and the like
    NoPermission,
    Excluded,
    Failed, ///< systemError says how
};

/// A folder (or file) that was not entered. An entry of the result, never the end of the scan.
struct NotEntered
{
    Path path;
    WhyNot why{};
    int systemError = 0;    ///< errno, or 0
    std::string filesystem; ///< its type, where that is why
    bool isFile = false;
};

struct Found
{
    Path path; ///< absolute
    sqlite::Glance seen;
};

struct Counts
{
    std::uint64_t files = 0; ///< regular files that were met
    std::uint64_t folders = 0;
    std::uint64_t opened = 0; ///< files whose bytes were read
    std::uint64_t passedOverBySize = 0;
    std::uint64_t databases = 0; ///< and damaged ones
};

struct Summary
{
    Counts counts;
    std::chrono::nanoseconds duration{};
    std::vector<NotEntered> notEntered;
    bool stopped = false; ///< ended by the stop token: what was found is kept
};

/// Who listens to a scan. Called from the scanner's own threads, one call at a time.
class Listener
{
public:
    virtual ~Listener() = default;
    /// Databases, damaged, empty and perhaps-encrypted files, in the order they were met; soon after each was met.
    virtual void found(std::vector<Found> batch) = 0;
    /// Now and then (about ten times a second): how far it is, and the folder being read.
    virtual void progress(const Counts &counts, const Path &folder) = 0;
};

/// Walks below the roots and reports every database. Blocks until done or stopped (within 0.2 s of the request).
/// Errors: NotFound and the like only if a root itself can't be had and it is the only one; else it is a NotEntered.
Result<Summary> scan(const Options &options, Listener &listener, std::stop_token stop = {});

/// "excluded", "network-filesystem" …: the `why` of cli.md's not_entered.
const char *whyNotName(WhyNot why);

}
