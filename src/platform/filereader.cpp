// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/filereader.h"

#include "platform/quietopen.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace lk::platform {

namespace {

std::int64_t nanoseconds(const timespec &time)
{
    return std::int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileStatus fromStat(const struct stat &stat)
{
    FileStatus status;
    status.id = {.device = stat.st_dev, .inode = stat.st_ino};
    status.size = stat.st_size < 0 ? 0 : std::uint64_t(stat.st_size);
    status.allocated = std::uint64_t(stat.st_blocks) * 512; // the unit of st_blocks, whatever the file system's is
    status.modifiedNs = nanoseconds(stat.st_mtim);
    status.changedNs = nanoseconds(stat.st_ctim);
    status.mode = stat.st_mode;
    status.owner = stat.st_uid;
    status.group = stat.st_gid;
    status.links = stat.st_nlink;
    return status;
}

/// A path as system calls take it: at most PATH_MAX bytes, relative to a folder that was opened on the way there.
struct Reachable
{
    Descriptor holder; ///< keeps `folder` open where it isn't the current one
    int folder = AT_FDCWD;
    std::string name;
};

std::string withoutTrailingSlashes(std::string text)
{
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    return text;
}

/// Walks down in stretches shorter than PATH_MAX. Returns an errno, or 0.
int reach(const Path &path, Reachable &reached)
{
    std::string rest = withoutTrailingSlashes(path.native());
    while (rest.size() >= PATH_MAX) {
        const std::size_t slash = rest.rfind('/', PATH_MAX - 2);
        if (slash == std::string::npos || slash == 0)
            return ENAMETOOLONG; // a single component that no file system has
        const int fd = ::openat(reached.folder, rest.substr(0, slash).c_str(), FolderFlags | PassThrough);
        if (fd < 0)
            return errno;
        reached.holder = Descriptor(fd);
        reached.folder = fd;
        rest.erase(0, rest.find_first_not_of('/', slash));
    }
    reached.name = std::move(rest);
    return 0;
}

Error openError(int number, Path path)
{
    if (number == ELOOP) {
        Error error = systemError(number, std::move(path), "open");
        error.code = ErrorCode::Refused;
        error.reason = Reason::SymbolicLink;
        return error;
    }
    return systemError(number, std::move(path), "open");
}

Result<FileStatus> statusAt(int folder, const char *name, const Path &path)
{
    struct stat stat;
    if (::fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
        return fail(systemError(errno, path, "stat"));
    return fromStat(stat);
}

}

bool FileStatus::isRegular() const
{
    return S_ISREG(mode);
}

bool FileStatus::isFolder() const
{
    return S_ISDIR(mode);
}

bool FileStatus::isSymbolicLink() const
{
    return S_ISLNK(mode);
}

Descriptor::~Descriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<Folder> Folder::open(const Path &path)
{
    Reachable reached;
    if (const int number = reach(path, reached))
        return fail(systemError(number, path, "open"));

    const char *name = reached.name.c_str();
    int fd = openQuietly(reached.folder, name, ListFlags);
    // Without permission to list it, a folder's files can still be reached by name.
    if (fd < 0 && errno == EACCES && PassThrough != O_RDONLY)
        fd = ::openat(reached.folder, name, PassThrough | O_NOFOLLOW | FolderFlags);
    if (fd >= 0)
        return Folder(Descriptor(fd), path);

    int number = errno;
    if (number == ENOTDIR) { // what Linux says of a link, too, where a folder was asked for
        const auto status = statusAt(reached.folder, name, path);
        if (status && status->isSymbolicLink())
            number = ELOOP;
    }
    return fail(openError(number, path));
}

Result<std::pair<Folder, std::string>> Folder::openParent(const Path &path)
{
    const std::string text = withoutTrailingSlashes(path.native());
    const std::size_t slash = text.rfind('/');
    std::string name = slash == std::string::npos ? text : text.substr(slash + 1);
    if (name.empty())
        name.assign(1, '.'); // the root is in itself
    // The folder's own last component may be a link: it is the file's name that is not followed.
    Path parent = slash == std::string::npos ? Path(".") : slash == 0 ? Path("/") : Path(text.substr(0, slash));
    auto folder = open(parent);
    if (!folder && folder.error().reason == Reason::SymbolicLink)
        folder = open(parent / ".");
    if (!folder)
        return std::unexpected(std::move(folder.error()));
    folder->m_path = std::move(parent);
    return std::pair(std::move(*folder), std::move(name));
}

Result<FileStatus> Folder::status(const std::string &name) const
{
    struct stat stat;
    if (::fstatat(descriptor(), name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0)
        return fail(systemError(errno, m_path / name, "stat"));
    return fromStat(stat);
}

Result<FileReader> FileReader::open(const Path &path)
{
    Reachable reached;
    if (const int number = reach(path, reached))
        return fail(systemError(number, path, "open"));

    // Opening is not harmless for everything that has a name: a tape rewinds, a FIFO wakes its writer.
    const auto before = statusAt(reached.folder, reached.name.c_str(), path);
    if (!before)
        return std::unexpected(before.error());
    if (before->isSymbolicLink())
        return fail(openError(ELOOP, path));
    if (!before->isRegular())
        return fail(ErrorCode::Refused, Reason::NotARegularFile, path);

    auto reader = openAt(reached.folder, reached.name.c_str());
    if (!reader)
        reader.error().path = path;
    return reader;
}

Result<FileReader> FileReader::openAt(int folder, const char *name)
{
    Descriptor descriptor(openQuietly(folder, name, LookFlags));
    if (!descriptor)
        return fail(openError(errno, name));

    struct stat stat;
    if (::fstat(descriptor.value(), &stat) != 0)
        return fail(systemError(errno, name, "fstat"));
    if (!S_ISREG(stat.st_mode))
        return fail(ErrorCode::Refused, Reason::NotARegularFile, name);
    return FileReader(std::move(descriptor), fromStat(stat));
}

Result<FileStatus> FileReader::statusNow() const
{
    struct stat stat;
    if (::fstat(m_descriptor.value(), &stat) != 0)
        return fail(systemError(errno, {}, "fstat"));
    return fromStat(stat);
}

Result<std::size_t> FileReader::read(std::uint64_t offset, std::span<std::byte> into) const
{
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t count =
            ::pread(m_descriptor.value(), into.data() + done, into.size() - done, off_t(offset + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(systemError(errno, {}, "pread"));
        if (count == 0)
            break;
        done += std::size_t(count);
    }
    return done;
}

Result<FileStatus> statusAt(int folder, const char *name)
{
    return statusAt(folder, name, Path(name));
}

Result<FileStatus> status(const Path &path)
{
    Reachable reached;
    if (const int number = reach(path, reached))
        return fail(systemError(number, path, "stat"));
    return statusAt(reached.folder, reached.name.c_str(), path);
}

Result<Path> resolve(const Path &path)
{
    if (char *real = ::realpath(path.c_str(), nullptr)) {
        Path resolved(real);
        std::free(real);
        return resolved;
    }
    if (errno != ENAMETOOLONG)
        return fail(systemError(errno, path, "realpath"));

    // Too long for the system to resolve: links on the way stay, but it is absolute and exists.
    std::error_code error;
    const Path absolute = std::filesystem::absolute(path, error);
    if (error)
        return fail(systemError(error.value(), path, "realpath"));
    Path normal = withoutTrailingSlashes(absolute.lexically_normal().native());
    if (const auto there = platform::status(normal); !there)
        return std::unexpected(there.error());
    return normal;
}

}
