// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <string_view>
#include <vector>

/// What a walk over folders is made of: few system calls, no path longer than a name, nothing followed. Errors are
/// errno numbers here: a walk meets many, and a Result for each of a million files would cost more than the file.
namespace lk::platform {

enum class EntryType : std::uint8_t
{
    Folder,
    File, ///< regular
    SymbolicLink,
    Other,   ///< FIFO, socket, device: never to be opened
    Unknown, ///< could not be asked for
};

/// One name in a folder, without "." and "..".
struct Entry
{
    std::uint64_t inode = 0;
    const char *name = nullptr; ///< ends with a NUL; valid until the next stretch is read
    std::uint32_t length = 0;   ///< of the name, in bytes
    EntryType type{};

    std::string_view text() const { return {name, length}; }
};

/// The little that a walk asks of a file.
struct EntryStatus
{
    EntryType type{};
    FileId id;
    std::uint64_t size = 0; ///< in bytes
};

/// Asks for \a name in the open \a folder; links are not followed and nothing is mounted by asking. Sizes may be as
/// old as the system's cache of them. 0 or errno.
int entryStatus(int folder, const char *name, EntryStatus &status);
/// Of the open \a folder itself.
int folderStatus(int folder, EntryStatus &status);

/// Opens a folder to list it; never through a link. \a folder may be AT_FDCWD. Empty, with errno in \a error.
Descriptor openFolder(int folder, const char *name, int &error);
/// The same only to go on from there: needs no permission to list it where the system knows such a thing.
Descriptor passFolder(int folder, const char *name, int &error);

/// How many descriptors this process may have.
unsigned descriptorLimit();

/// Lists open folders in stretches of some thousand names, by readdir(). For any POSIX system.
class ReaddirLister
{
public:
    ReaddirLister();
    ~ReaddirLister();

    /// The descriptor stays the caller's.
    int begin(int folder);
    /// Replaces \a entries by the next names. \a atEnd: there are no more behind them. 0 or errno.
    int next(std::vector<Entry> &entries, bool &atEnd);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

#ifdef __linux__
/// The same by getdents64(2): half the time of readdir(), and the names are not copied.
class GetdentsLister
{
public:
    static constexpr std::size_t DefaultBuffer = 256 * 1024;

    /// \a bufferSize: in bytes; at least MinimumBuffer.
    explicit GetdentsLister(std::size_t bufferSize = DefaultBuffer);
    static constexpr std::size_t MinimumBuffer = 16 * 1024;

    int begin(int folder);
    int next(std::vector<Entry> &entries, bool &atEnd);

private:
    std::size_t parse(std::size_t from, std::size_t end, std::vector<Entry> &entries) const;

    std::unique_ptr<char[]> m_buffer;
    std::size_t m_size;
    int m_folder = -1;
};
using FolderLister = GetdentsLister;
#else
using FolderLister = ReaddirLister;
#endif

}
