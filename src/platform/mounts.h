// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lk::platform {

/// What a file system type means for a database that lives on it (facts.md, 3.7).
enum class FilesystemKind
{
    Local,     ///< ext4, xfs, btrfs …
    Network,   ///< nfs, cifs, 9p, sshfs …, cluster file systems: blocked for WAL, never entered unasked
    Pseudo,    ///< proc, sysfs, devtmpfs, cgroup …: no files in them that anybody made
    Overlay,   ///< a container's layer: what is written goes with the container
    Memory,    ///< tmpfs: gone at the next start
    Removable, ///< vfat, exfat: no journal, no owners
    Fuse,      ///< a local program answers: may be slow, may hang
    Unknown,
};

FilesystemKind filesystemKind(std::string_view type);

/// One line of /proc/self/mountinfo (proc(5)).
struct Mount
{
    std::uint64_t id = 0;
    std::uint64_t device = 0; ///< as st_dev
    Path point;
    std::string type; ///< "ext4", "fuse.sshfs" …
    std::string source;
    bool readOnly = false;

    FilesystemKind kind() const { return filesystemKind(type); }
};

/// What is mounted where, read once, without touching any mount point.
class Mounts
{
public:
    static Mounts current();
    static Mounts parse(std::string_view mountinfo);

    /// The mount that \a path lies on, by its text; null if there are none. \a path is absolute and resolved.
    const Mount *of(const Path &path) const;
    /// The mount whose root \a path is, or null.
    const Mount *at(const Path &path) const;
    const std::vector<Mount> &all() const { return m_mounts; }

private:
    std::vector<Mount> m_mounts;
};

}
