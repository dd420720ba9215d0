// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/temptree.h"

#include "base/text.h"

#include <QCryptographicHash>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lk::test {

namespace {

[[noreturn]] void fail(const std::string &what, const std::string &path)
{
    throw std::runtime_error(what + " " + path::display(path) + ": " + std::strerror(errno));
}

class Closing
{
public:
    explicit Closing(int fd)
        : m_fd(fd)
    {
    }
    ~Closing()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Closing(const Closing &) = delete;
    Closing &operator=(const Closing &) = delete;
    int value() const { return m_fd; }

private:
    int m_fd;
};

/// Sets \a noticed if the access time can't be kept.
int openQuietly(int folder, const std::string &name, int flags, bool &noticed)
{
    flags |= O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = ::openat(folder, name.c_str(), flags | O_NOATIME);
    if (fd < 0 && errno == EPERM) {
        noticed = true;
        fd = ::openat(folder, name.c_str(), flags);
    }
    return fd;
}

std::vector<std::string> namesIn(int folder)
{
    // fdopendir() takes the descriptor over, so it gets one of its own.
    DIR *listing = ::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOATIME));
    if (!listing)
        listing = ::fdopendir(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::vector<std::string> names;
    while (const dirent *entry = listing ? ::readdir(listing) : nullptr) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..")
            names.push_back(name);
    }
    if (listing)
        ::closedir(listing);
    return names;
}

/// Goes down by descriptors, so that trees deeper than PATH_MAX go as well.
void removeBelow(int folder)
{
    for (const std::string &name : namesIn(folder)) {
        if (::unlinkat(folder, name.c_str(), 0) == 0)
            continue;
        ::fchmodat(folder, name.c_str(), 0700, 0);
        {
            const Closing below(::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            if (below.value() >= 0)
                removeBelow(below.value());
        }
        ::unlinkat(folder, name.c_str(), AT_REMOVEDIR);
    }
}

std::string hashOf(int fd)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<char> buffer(1 << 18);
    off_t at = 0;
    for (ssize_t count = 0; (count = ::pread(fd, buffer.data(), buffer.size(), at)) > 0; at += count)
        hash.addData(QByteArrayView(buffer.data(), count));
    return hash.result().toHex().toStdString();
}

std::int64_t nanoseconds(const timespec &time)
{
    return std::int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::string octal(std::uint32_t mode)
{
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%o", mode);
    return buffer;
}

/// With its nanoseconds: a trace is often younger than a second.
std::string moment(std::int64_t ns)
{
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, " .%09d", static_cast<int>(ns % 1'000'000'000));
    return text::isoTime(ns) + buffer;
}

}

TempTree::TempTree()
{
    std::string name = std::filesystem::canonical(std::filesystem::temp_directory_path()) / "litekeeper-test-XXXXXX";
    if (!::mkdtemp(name.data()))
        fail("mkdtemp", name);
    m_path = name;
}

TempTree::~TempTree()
{
    {
        const Closing folder(::open(m_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (folder.value() >= 0)
            removeBelow(folder.value());
    }
    ::rmdir(m_path.c_str());
}

Path TempTree::file(std::string_view name, std::string_view content) const
{
    const Path path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(content.data(), std::streamsize(content.size()));
    if (!file.flush())
        fail("write", path.native());
    return path;
}

Path TempTree::folder(std::string_view name) const
{
    const Path path = m_path / name;
    std::filesystem::create_directories(path);
    return path;
}

Path TempTree::link(std::string_view name, const Path &target) const
{
    const Path path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_symlink(target, path);
    return path;
}

Path TempTree::hardLink(std::string_view name, const Path &target) const
{
    const Path path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_hard_link(target, path);
    return path;
}

Path TempTree::fifo(std::string_view name) const
{
    const Path path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    if (::mkfifo(path.c_str(), 0600) != 0)
        fail("mkfifo", path.native());
    return path;
}

TreeSnapshot::TreeSnapshot(const Path &root)
{
    const Closing folder(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (folder.value() < 0)
        fail("open", root.native());
    take(folder.value(), ".", ".");
}

void TreeSnapshot::take(int folder, const std::string &name, const std::string &path)
{
    struct stat stat;
    if (::fstatat(folder, name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0)
        fail("stat", path);
    Entry entry{.inode = stat.st_ino,
                .size = std::uint64_t(stat.st_size),
                .links = stat.st_nlink,
                .modifiedNs = nanoseconds(stat.st_mtim),
                .changedNs = nanoseconds(stat.st_ctim),
                .accessedNs = nanoseconds(stat.st_atim),
                .mode = stat.st_mode,
                .owner = stat.st_uid,
                .group = stat.st_gid,
                .content = {}};
    bool noticed = false;
    if (S_ISLNK(stat.st_mode)) {
        std::string target(4096, '\0');
        const ssize_t length = ::readlinkat(folder, name.c_str(), target.data(), target.size());
        entry.content = target.substr(0, std::size_t(std::max<ssize_t>(length, 0)));
    } else if (S_ISREG(stat.st_mode)) {
        const Closing file(openQuietly(folder, name, 0, noticed));
        entry.content = file.value() >= 0 ? hashOf(file.value()) : "unreadable";
    }
    m_entries.emplace(path, std::move(entry));
    if (S_ISDIR(stat.st_mode)) {
        const Closing below(openQuietly(folder, name, O_DIRECTORY, noticed));
        if (below.value() >= 0)
            takeFolder(below.value(), path);
    }
    m_keepsAccessTimes = m_keepsAccessTimes && !noticed;
}

void TreeSnapshot::takeFolder(int folder, const std::string &path)
{
    for (const std::string &name : namesIn(folder))
        take(folder, name, path + '/' + name);
}

std::string TreeSnapshot::difference(const TreeSnapshot &after) const
{
    std::string lines;
    const auto say = [&](const std::string &path, const std::string &what) {
        lines += path::display(path) + ": " + what + '\n';
    };
    const auto compare = [&](const std::string &path, const char *what, const auto &a, const auto &b, auto show) {
        if (a != b)
            say(path, std::string(what) + " was " + show(a) + ", is " + show(b));
    };
    const auto number = [](std::uint64_t n) { return std::to_string(n); };
    const auto same = [](const std::string &text) { return path::display(text); };
    for (const auto &[path, before] : m_entries) {
        const auto found = after.m_entries.find(path);
        if (found == after.m_entries.end()) {
            say(path, "is gone");
            continue;
        }
        const Entry &now = found->second;
        compare(path, "inode", before.inode, now.inode, number);
        compare(path, "size", before.size, now.size, number);
        compare(path, "content", before.content, now.content, same);
        compare(path, "mtime", before.modifiedNs, now.modifiedNs, moment);
        compare(path, "ctime", before.changedNs, now.changedNs, moment);
        compare(path, "mode", before.mode, now.mode, octal);
        compare(path, "owner", before.owner, now.owner, number);
        compare(path, "group", before.group, now.group, number);
        compare(path, "links", before.links, now.links, number);
    }
    for (const auto &[path, now] : after.m_entries) {
        if (!m_entries.contains(path))
            say(path, "is new, " + std::to_string(now.size) + " bytes");
    }
    return lines;
}

std::string TreeSnapshot::accessTimeDifference(const TreeSnapshot &after) const
{
    std::string lines;
    for (const auto &[path, before] : m_entries) {
        const auto found = after.m_entries.find(path);
        // To read a link changes its access time: the snapshot's own doing.
        if (found != after.m_entries.end() && !S_ISLNK(before.mode) && found->second.accessedNs != before.accessedNs)
            lines += path::display(path) + ": atime was " + moment(before.accessedNs) + ", is " +
                     moment(found->second.accessedNs) + '\n';
    }
    return lines;
}

}
