// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <string>
#include <vector>

namespace lk::platform {

/// A POSIX or open-file-description lock, one line of /proc/locks.
struct FileLock
{
    std::int64_t pid = 0; ///< -1 where the system doesn't tell
    bool write = false;
    std::uint64_t first = 0; ///< byte
    std::uint64_t last = 0;  ///< byte, inclusive
    FileId file;
};

/// The locks on any of \a files that this system shows us. What the system calls a file's device is not always what
/// stat() says (btrfs, some overlays): with \a paths, one for each of \a files, their mounts' devices count as well.
std::vector<FileLock> locksOn(const std::vector<FileId> &files, const std::vector<Path> &paths = {});

/// A process that has a file open.
struct Process
{
    std::int64_t pid = 0;
    std::string name; ///< as its /proc/PID/comm says: untrusted text
    std::string user; ///< or the number where it has no name

    bool operator==(const Process &) const = default;
};

struct OpenBy
{
    std::vector<Process> processes; ///< without ourselves
    bool hidden = false;            ///< other users' processes could not be looked into
};

/// Who has one of \a files open (a database, its -wal, its -shm). Reads /proc only; no file is touched.
/// \a paths as for locksOn(); also what is compared where the system is too old to tell the inode (Linux 5.13).
OpenBy processesWith(const std::vector<FileId> &files, const std::vector<Path> &paths = {});

}
