// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/processes.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace lk::platform {

namespace {

using namespace std::literals;

/// A whole file of /proc, or what of it could be read. Its size is not known before.
std::optional<std::string> readAll(int folder, const char *name)
{
    const Descriptor file(::openat(folder, name, O_RDONLY | O_CLOEXEC));
    if (!file)
        return std::nullopt;
    std::string content;
    char buffer[16384];
    for (;;) {
        const ssize_t count = ::read(file.value(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return content;
        content.append(buffer, std::size_t(count));
    }
}

std::string_view nextWord(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10)
{
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// The word behind "KEY:" at the start of a line.
std::optional<std::uint64_t> valueOf(std::string_view text, std::string_view key)
{
    for (std::size_t at = 0; at < text.size(); at = std::min(text.find('\n', at), text.size() - 1) + 1) {
        std::string_view line = text.substr(at);
        if (!line.starts_with(key))
            continue;
        line.remove_prefix(key.size());
        return number<std::uint64_t>(nextWord(line));
    }
    return std::nullopt;
}

/// The files asked for, under each device they may be known by.
class Wanted
{
public:
    Wanted(const std::vector<FileId> &files, const std::vector<Path> &paths, const Mounts &mounts)
        : m_paths(paths)
    {
        for (const FileId &file : files)
            m_names.emplace(file, file);
        for (std::size_t i = 0; i < std::min(files.size(), paths.size()); ++i) {
            if (const Mount *mount = mounts.of(paths[i]))
                m_names.emplace(FileId{.device = mount->device, .inode = files[i].inode}, files[i]);
        }
    }

    /// By what the system calls them; the value is the file as it was asked for.
    const std::map<FileId, FileId> &names() const { return m_names; }
    /// The file as it was asked for.
    const FileId *find(const FileId &file) const
    {
        const auto found = m_names.find(file);
        return found == m_names.end() ? nullptr : &found->second;
    }
    bool hasPath(std::string_view path) const
    {
        return std::ranges::any_of(m_paths, [&](const Path &wanted) { return path == wanted.native(); });
    }

private:
    std::map<FileId, FileId> m_names;
    const std::vector<Path> &m_paths;
};

/// "08:01:1234", hexadecimal but for the inode.
std::optional<FileId> lockedFile(std::string_view text)
{
    const std::size_t first = text.find(':');
    const std::size_t second = text.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos)
        return std::nullopt;
    const auto major = number<unsigned>(text.substr(0, first), 16);
    const auto minor = number<unsigned>(text.substr(first + 1, second - first - 1), 16);
    const auto inode = number<std::uint64_t>(text.substr(second + 1));
    if (!major || !minor || !inode)
        return std::nullopt;
    return FileId{.device = makedev(*major, *minor), .inode = *inode};
}

/// "1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF" (proc(5)). A line with "->" is somebody who waits.
std::optional<FileLock> parseLock(std::string_view line)
{
    nextWord(line);
    const std::string_view type = nextWord(line);
    if (type != "POSIX"sv && type != "OFDLCK"sv)
        return std::nullopt;
    nextWord(line);
    FileLock lock;
    lock.write = nextWord(line) == "WRITE"sv;
    const auto pid = number<std::int64_t>(nextWord(line));
    const auto file = lockedFile(nextWord(line));
    const auto first = number<std::uint64_t>(nextWord(line));
    const std::string_view end = nextWord(line);
    const auto last = end == "EOF"sv ? std::numeric_limits<std::uint64_t>::max() : number<std::uint64_t>(end);
    if (!pid || !file || !first || !last)
        return std::nullopt;
    lock.pid = *pid > 0 ? *pid : -1;
    lock.file = *file;
    lock.first = *first;
    lock.last = *last;
    return lock;
}

struct CloseFolder
{
    void operator()(DIR *folder) const { ::closedir(folder); }
};
using Listing = std::unique_ptr<DIR, CloseFolder>;

Listing list(int folder, const char *name)
{
    const int fd = ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd < 0 ? nullptr : ::fdopendir(fd);
    if (!listing && fd >= 0)
        ::close(fd);
    return Listing(listing);
}

std::string userName(std::uint64_t id)
{
    char buffer[4096];
    passwd entry{};
    passwd *found = nullptr;
    if (::getpwuid_r(uid_t(id), &entry, buffer, sizeof buffer, &found) == 0 && found)
        return found->pw_name;
    return std::to_string(id);
}

std::vector<FileLock> allLocks()
{
    const std::string content = readAll(AT_FDCWD, "/proc/locks").value_or("");
    std::vector<FileLock> locks;
    for (std::string_view rest = content; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        if (auto lock = parseLock(rest.substr(0, end)))
            locks.push_back(*lock);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return locks;
}

std::vector<FileLock> thoseOf(const std::vector<FileLock> &locks, const Wanted &wanted)
{
    std::vector<FileLock> found;
    for (const FileLock &lock : locks) {
        const FileId *file = wanted.find(lock.file);
        if (!file)
            continue;
        found.push_back(lock);
        found.back().file = *file;
    }
    return found;
}

}

/// Goes through all processes, each looked at from its /proc folder.
class ProcessWalk
{
public:
    explicit ProcessWalk(OpenFiles &into)
        : m_into(into)
    {
        addMounts(into.m_mounts);
    }

    void walk()
    {
        const Listing all = list(AT_FDCWD, "/proc");
        if (!all) {
            m_into.m_hidden = true;
            return;
        }
        // There is always a process 1; mounted with hidepid, /proc doesn't show others' processes at all.
        m_into.m_hidden = ::faccessat(::dirfd(all.get()), "1", F_OK, 0) != 0;
        while (const dirent *entry = ::readdir(all.get())) {
            const auto pid = number<std::int64_t>(entry->d_name);
            if (!pid || *pid == ::getpid())
                continue;
            const Descriptor folder(::openat(::dirfd(all.get()), entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC));
            if (folder)
                look(folder.value(), *pid);
        }
        std::ranges::sort(m_into.m_open, {}, &OpenFiles::Open::inode);
    }

private:
    static bool wasDenied() { return errno == EACCES || errno == EPERM; }

    void addMounts(const Mounts &mounts)
    {
        for (const Mount &mount : mounts.all())
            m_devices.try_emplace(mount.id, mount.device);
    }

    void look(int folder, std::int64_t pid)
    {
        const Listing descriptors = list(folder, "fd");
        if (!descriptors) {
            m_into.m_hidden = m_into.m_hidden || wasDenied();
            return;
        }
        const std::size_t before = m_into.m_open.size();
        m_mountsRead = false;
        while (const dirent *entry = ::readdir(descriptors.get())) {
            if (entry->d_name[0] != '.')
                take(folder, ::dirfd(descriptors.get()), entry->d_name);
        }
        if (m_into.m_open.size() > before)
            m_into.m_processes.push_back(describe(folder, pid));
    }

    /// readlink() asks the kernel's memory only. What it shows is text, and "socket:[1]" and the like are no files.
    void take(int folder, int descriptors, const char *descriptor)
    {
        char target[4096];
        const ssize_t length = ::readlinkat(descriptors, descriptor, target, sizeof target);
        if (length < 0)
            m_into.m_hidden = m_into.m_hidden || wasDenied();
        if (length <= 0 || target[0] != '/')
            return;
        const auto info = readAll(folder, ("fdinfo/"s + descriptor).c_str());
        if (!info)
            return;
        OpenFiles::Open open;
        open.process = m_into.m_processes.size();
        open.inode = valueOf(*info, "ino:").value_or(0);
        if (const auto mount = valueOf(*info, "mnt_id:"); mount && open.inode != 0)
            open.device = deviceOf(folder, *mount);
        if (!open.device)
            open.path.assign(target, std::size_t(length));
        m_into.m_open.push_back(std::move(open));
    }

    /// Mounts' numbers are the whole system's, but a process that lives in a container has some that we don't see.
    std::optional<std::uint64_t> deviceOf(int folder, std::uint64_t mountId)
    {
        auto device = m_devices.find(mountId);
        if (device == m_devices.end() && !std::exchange(m_mountsRead, true)) {
            addMounts(Mounts::parse(readAll(folder, "mountinfo").value_or("")));
            device = m_devices.find(mountId);
        }
        return device == m_devices.end() ? std::nullopt : std::optional(device->second);
    }

    Process describe(int folder, std::int64_t pid)
    {
        Process process;
        process.pid = pid;
        process.name = readAll(folder, "comm").value_or("");
        if (process.name.ends_with('\n'))
            process.name.pop_back();
        if (const auto user = valueOf(readAll(folder, "status").value_or(""), "Uid:")) {
            const auto [known, isNew] = m_users.try_emplace(*user);
            if (isNew)
                known->second = userName(*user);
            process.user = known->second;
        }
        return process;
    }

    OpenFiles &m_into;
    std::map<std::uint64_t, std::uint64_t> m_devices; ///< by mount
    bool m_mountsRead = false;                        ///< of the process that is looked at
    std::map<std::uint64_t, std::string> m_users;
};

OpenFiles OpenFiles::now()
{
    OpenFiles files;
    files.m_mounts = Mounts::current();
    files.m_locks = allLocks();
    ProcessWalk(files).walk();
    files.m_taken = std::chrono::steady_clock::now();
    return files;
}

OpenBy OpenFiles::with(const std::vector<FileId> &files, const std::vector<Path> &paths) const
{
    const Wanted wanted(files, paths, m_mounts);
    std::set<std::size_t> found;
    for (const auto &[name, asked] : wanted.names()) {
        for (const Open &open : std::ranges::equal_range(m_open, name.inode, {}, &Open::inode)) {
            if (open.device ? *open.device == name.device : wanted.hasPath(open.path))
                found.insert(open.process);
        }
    }
    for (const Open &open : std::ranges::equal_range(m_open, std::uint64_t(0), {}, &Open::inode)) {
        if (wanted.hasPath(open.path))
            found.insert(open.process);
    }
    OpenBy result;
    result.hidden = m_hidden;
    for (const std::size_t process : found)
        result.processes.push_back(m_processes[process]);
    std::ranges::sort(result.processes, {}, &Process::pid);
    return result;
}

std::vector<FileLock> OpenFiles::locksOn(const std::vector<FileId> &files, const std::vector<Path> &paths) const
{
    return thoseOf(m_locks, Wanted(files, paths, m_mounts));
}

std::shared_ptr<const OpenFiles> RecentOpenFiles::get()
{
    static constexpr std::chrono::seconds OldAge{1};
    const std::lock_guard lock(m_mutex);
    if (!m_files || std::chrono::steady_clock::now() - m_files->taken() > OldAge)
        m_files = std::make_shared<const OpenFiles>(OpenFiles::now());
    return m_files;
}

OpenBy processesWith(const std::vector<FileId> &files, const std::vector<Path> &paths)
{
    return OpenFiles::now().with(files, paths);
}

std::vector<FileLock> locksOn(const std::vector<FileId> &files, const std::vector<Path> &paths)
{
    return thoseOf(allLocks(), Wanted(files, paths, paths.empty() ? Mounts() : Mounts::current()));
}

std::optional<ServiceUnit> serviceIn(std::string_view cgroup)
{
    const std::string_view path = cgroup.substr(0, cgroup.find('\n'));
    const std::string_view name = path.substr(std::min(path.rfind('/') + 1, path.size()));
    if (!name.ends_with(".service"))
        return std::nullopt;
    if (name.starts_with("user@"))
        return std::nullopt; // the person's systemd itself
    return ServiceUnit{.name = std::string(name), .ofPerson = path.find("/user@") != std::string_view::npos};
}

std::optional<ServiceUnit> serviceOf(std::int64_t process)
{
    const auto cgroup = readAll(AT_FDCWD, ("/proc/" + std::to_string(process) + "/cgroup").c_str());
    return cgroup ? serviceIn(*cgroup) : std::nullopt;
}

}
