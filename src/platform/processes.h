// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"
#include "platform/mounts.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
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

/// Which process has which file open and which locks there are, as /proc shows it at one moment. No file is touched.
/// Costs some milliseconds: who looks at many files makes it once, and again when it is old.
///
/// Files are asked for by \a files. What the system calls a file's device is not always what stat() says (btrfs, some
/// overlays): with \a paths, one for each of \a files, their mounts' devices count as well. Paths are also what is
/// compared where the system is too old to tell the inode (Linux 5.13).
class OpenFiles
{
public:
    static OpenFiles now();

    /// Who has one of \a files open.
    OpenBy with(const std::vector<FileId> &files, const std::vector<Path> &paths = {}) const;
    /// The locks on any of \a files that this system shows us.
    std::vector<FileLock> locksOn(const std::vector<FileId> &files, const std::vector<Path> &paths = {}) const;

    const Mounts &mounts() const { return m_mounts; }
    std::chrono::steady_clock::time_point taken() const { return m_taken; }

private:
    friend class ProcessWalk;

    /// A descriptor of a process.
    struct Open
    {
        std::uint64_t inode = 0; ///< 0: the system does not tell
        std::optional<std::uint64_t> device;
        std::string path; ///< where one of the two is missing
        std::size_t process = 0;
    };

    std::vector<Process> m_processes;
    std::vector<Open> m_open; ///< by inode
    bool m_hidden = false;
    std::vector<FileLock> m_locks;
    Mounts m_mounts;
    std::chrono::steady_clock::time_point m_taken;
};

/// One OpenFiles for all threads of a run over many files; made anew for who asks when it is older than a second.
class RecentOpenFiles
{
public:
    std::shared_ptr<const OpenFiles> get();

private:
    std::mutex m_mutex;
    std::shared_ptr<const OpenFiles> m_files; // guarded by m_mutex
};

/// The unit of systemd that a process belongs to.
struct ServiceUnit
{
    std::string name;      ///< "litestream.service"
    bool ofPerson = false; ///< of the person's own systemd

    bool operator==(const ServiceUnit &) const = default;
};
/// Nothing if it is in none, or the system does not tell.
std::optional<ServiceUnit> serviceOf(std::int64_t process);
/// Of what /proc/PID/cgroup says (cgroups(7)).
std::optional<ServiceUnit> serviceIn(std::string_view cgroup);

/// The same at this moment. The locks alone cost much less than all that is open.
OpenBy processesWith(const std::vector<FileId> &files, const std::vector<Path> &paths = {});
std::vector<FileLock> locksOn(const std::vector<FileId> &files, const std::vector<Path> &paths = {});

}
