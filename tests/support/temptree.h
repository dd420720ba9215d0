// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace lk::test {

/// A folder of its own that goes with everything in it, whatever its modes and names.
class TempTree
{
public:
    TempTree();
    ~TempTree();
    TempTree(const TempTree &) = delete;
    TempTree &operator=(const TempTree &) = delete;

    /// Absolute and without symbolic links.
    const Path &path() const { return m_path; }

    // Each makes the folders on the way; names are bytes. They return the absolute path.
    Path file(std::string_view name, std::string_view content = {}) const;
    Path folder(std::string_view name) const;
    Path link(std::string_view name, const Path &target) const;
    Path hardLink(std::string_view name, const Path &target) const;
    Path fifo(std::string_view name) const;

private:
    Path m_path;
};

/// What a whole tree looks like at one moment: every name below it and all that is said of it. Taking it leaves no
/// trace itself, but for access times where the system doesn't permit O_NOATIME.
class TreeSnapshot
{
public:
    explicit TreeSnapshot(const Path &root);

    std::size_t size() const { return m_entries.size(); }
    /// False: somebody else's files are among them, whose access times looking changes.
    bool keepsAccessTimes() const { return m_keepsAccessTimes; }

    /// One line for each thing that is different in \a after; empty if nothing is.
    std::string difference(const TreeSnapshot &after) const;
    /// The same for access times alone.
    std::string accessTimeDifference(const TreeSnapshot &after) const;

private:
    struct Entry
    {
        std::uint64_t inode = 0;
        std::uint64_t size = 0;
        std::uint64_t links = 0;
        std::int64_t modifiedNs = 0;
        std::int64_t changedNs = 0;
        std::int64_t accessedNs = 0;
        std::uint32_t mode = 0;
        std::uint32_t owner = 0;
        std::uint32_t group = 0;
        std::string content; ///< SHA-256 of a file, target of a link
    };
    using Entries = std::map<std::string, Entry>; ///< by name relative to the root

    void take(int folder, const std::string &name, const std::string &path);
    void takeFolder(int folder, const std::string &path);

    Entries m_entries;
    bool m_keepsAccessTimes = true;
};

}
