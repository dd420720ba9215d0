// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace lk::platform {

/// Which file a name means, whatever it is called: names come and go, this stays.
struct FileId
{
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    auto operator<=>(const FileId &) const = default;
};

/// What the system says of a file, at one moment.
struct FileStatus
{
    FileId id;
    std::uint64_t size = 0;      ///< in bytes
    std::uint64_t allocated = 0; ///< bytes on the disk; less than size for a sparse file
    std::int64_t modifiedNs = 0; ///< since the epoch
    std::int64_t changedNs = 0;  ///< of the status (ctime), since the epoch
    std::uint32_t mode = 0;      ///< type and permissions
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint64_t links = 1; ///< names of this file

    bool isRegular() const;
    bool isFolder() const;
    bool isSymbolicLink() const;
    bool operator==(const FileStatus &) const = default;
};

/// A descriptor that closes itself. Raw: only platform/ looks inside.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(Descriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Descriptor();

    int value() const { return m_fd; }
    /// Hands the descriptor over: the caller closes it.
    int release() { return std::exchange(m_fd, -1); }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// An open folder: names below it are reached without asking for its own path again, however long that is.
class Folder
{
public:
    /// Never follows a symbolic link in the last component. Paths beyond PATH_MAX work.
    static Result<Folder> open(const Path &path);
    /// The folder that holds \a path, and the name in it.
    static Result<std::pair<Folder, std::string>> openParent(const Path &path);

    /// Does not follow links. NotFound and so on as systemError().
    Result<FileStatus> status(const std::string &name) const;
    int descriptor() const { return m_descriptor.value(); }
    const Path &path() const { return m_path; }

private:
    Folder(Descriptor descriptor, Path path)
        : m_descriptor(std::move(descriptor))
        , m_path(std::move(path))
    {
    }

    Descriptor m_descriptor;
    Path m_path;
};

/// A regular file, opened to look: O_NOFOLLOW, O_NONBLOCK, O_CLOEXEC, and O_NOATIME where the system permits it.
/// Closing it drops every POSIX lock this process has on the file (safety.md, fact 6), so whoever reads a database
/// this way asks sqlite/ownlocks first.
class FileReader
{
public:
    /// Refused with Reason::NotARegularFile for anything but a regular file (checked again after the open).
    static Result<FileReader> open(const Path &path);
    static Result<FileReader> openAt(int folder, const char *name);

    const FileStatus &status() const { return m_status; }
    /// Asks the system again, of the open file.
    Result<FileStatus> statusNow() const;
    /// Bytes read: less than asked for only at the end of the file.
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const;
    int descriptor() const { return m_descriptor.value(); }

private:
    FileReader(Descriptor descriptor, const FileStatus &status)
        : m_descriptor(std::move(descriptor))
        , m_status(status)
    {
    }

    Descriptor m_descriptor;
    FileStatus m_status;
};

/// Does not follow a link in the last component.
Result<FileStatus> status(const Path &path);
/// The same for \a name in the open \a folder (a descriptor).
Result<FileStatus> statusAt(int folder, const char *name);

/// The absolute path without symbolic links, so that one database has one name (safety.md, fact 18).
Result<Path> resolve(const Path &path);

}
