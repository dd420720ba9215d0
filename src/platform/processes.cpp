// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/processes.h"

#include "platform/mounts.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <map>
#include <optional>

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
    Wanted(const std::vector<FileId> &files, const std::vector<Path> &paths)
        : m_paths(paths)
    {
        for (const FileId &file : files)
            m_names.emplace(file, file);
        if (paths.empty())
            return;
        const Mounts mounts = Mounts::current();
        for (std::size_t i = 0; i < std::min(files.size(), paths.size()); ++i) {
            if (const Mount *mount = mounts.of(paths[i]))
                m_names.emplace(FileId{.device = mount->device, .inode = files[i].inode}, files[i]);
        }
    }

    /// The file as it was asked for.
    const FileId *find(const FileId &file) const
    {
        const auto found = m_names.find(file);
        return found == m_names.end() ? nullptr : &found->second;
    }
    bool hasInode(std::uint64_t inode) const
    {
        return std::ranges::any_of(m_names, [&](const auto &name) { return name.first.inode == inode; });
    }
    bool hasPath(std::string_view path) const
    {
        return std::ranges::any_of(m_paths, [&](const Path &wanted) { return path == wanted.native(); });
    }

private:
    std::map<FileId, FileId> m_names;
    std::vector<Path> m_paths;
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

/// One process, looked at from its /proc folder.
class Suspect
{
public:
    explicit Suspect(int folder)
        : m_folder(folder)
    {
    }

    /// Whether it has one of the files open; nothing where we may not know.
    std::optional<bool> hasOpen(const Wanted &wanted)
    {
        const Listing descriptors = list(m_folder, "fd");
        m_denied = !descriptors && wasDenied();
        while (const dirent *entry = descriptors ? ::readdir(descriptors.get()) : nullptr) {
            if (entry->d_name[0] != '.' && isOneOf(wanted, ::dirfd(descriptors.get()), entry->d_name))
                return true;
        }
        return m_denied ? std::nullopt : std::optional(false);
    }

private:
    static bool wasDenied() { return errno == EACCES || errno == EPERM; }

    /// readlink() asks the kernel's memory only. What it shows is text, and "socket:[1]" and the like are no files.
    bool isOneOf(const Wanted &wanted, int descriptors, const char *descriptor)
    {
        char target[4096];
        const ssize_t length = ::readlinkat(descriptors, descriptor, target, sizeof target);
        if (length < 0)
            m_denied = m_denied || wasDenied();
        if (length <= 0 || target[0] != '/')
            return false;
        const auto info = readAll(m_folder, ("fdinfo/"s + descriptor).c_str());
        if (!info)
            return false;
        const auto inode = valueOf(*info, "ino:");
        if (!inode)
            return wanted.hasPath({target, std::size_t(length)});
        const auto mount = valueOf(*info, "mnt_id:");
        if (!mount || !wanted.hasInode(*inode))
            return false;
        const auto device = deviceOf(*mount);
        return device ? wanted.find({.device = *device, .inode = *inode}) != nullptr
                      : wanted.hasPath({target, std::size_t(length)});
    }

    /// Of the mount as the process sees it: it may live in a container.
    std::optional<std::uint64_t> deviceOf(std::uint64_t mountId)
    {
        if (!m_mounts)
            m_mounts = Mounts::parse(readAll(m_folder, "mountinfo").value_or(""));
        const auto mount = std::ranges::find(m_mounts->all(), mountId, &Mount::id);
        return mount == m_mounts->all().end() ? std::nullopt : std::optional(mount->device);
    }

    int m_folder;
    bool m_denied = false;
    std::optional<Mounts> m_mounts;
};

std::string userName(std::uint64_t id)
{
    char buffer[4096];
    passwd entry{};
    passwd *found = nullptr;
    if (::getpwuid_r(uid_t(id), &entry, buffer, sizeof buffer, &found) == 0 && found)
        return found->pw_name;
    return std::to_string(id);
}

Process describe(int folder, std::int64_t pid)
{
    Process process;
    process.pid = pid;
    process.name = readAll(folder, "comm").value_or("");
    if (process.name.ends_with('\n'))
        process.name.pop_back();
    if (const auto user = valueOf(readAll(folder, "status").value_or(""), "Uid:"))
        process.user = userName(*user);
    return process;
}

}

std::vector<FileLock> locksOn(const std::vector<FileId> &files, const std::vector<Path> &paths)
{
    const Wanted wanted(files, paths);
    const std::string content = readAll(AT_FDCWD, "/proc/locks").value_or("");
    std::vector<FileLock> locks;
    for (std::string_view rest = content; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        auto lock = parseLock(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const FileId *file = lock ? wanted.find(lock->file) : nullptr;
        if (!file)
            continue;
        lock->file = *file;
        locks.push_back(*lock);
    }
    return locks;
}

OpenBy processesWith(const std::vector<FileId> &files, const std::vector<Path> &paths)
{
    OpenBy result;
    const Wanted wanted(files, paths);
    const Listing all = list(AT_FDCWD, "/proc");
    if (!all) {
        result.hidden = true;
        return result;
    }
    // There is always a process 1; mounted with hidepid, /proc doesn't show others' processes at all.
    result.hidden = ::faccessat(::dirfd(all.get()), "1", F_OK, 0) != 0;
    while (const dirent *entry = ::readdir(all.get())) {
        const auto pid = number<std::int64_t>(entry->d_name);
        if (!pid || *pid == ::getpid())
            continue;
        const Descriptor folder(::openat(::dirfd(all.get()), entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!folder)
            continue;
        const auto open = Suspect(folder.value()).hasOpen(wanted);
        if (!open)
            result.hidden = true;
        else if (*open)
            result.processes.push_back(describe(folder.value(), *pid));
    }
    std::ranges::sort(result.processes, {}, &Process::pid);
    return result;
}

}
