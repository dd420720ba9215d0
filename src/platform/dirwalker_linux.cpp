// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/dirwalker.h"

#ifdef __linux__

#include "platform/quietopen.h"

#include <cstddef>
#include <cstring>

#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace lk::platform {

namespace {

/// As the kernel writes it (getdents64(2)); the name follows the type.
struct Record
{
    std::uint64_t inode;
    std::int64_t offset;
    std::uint16_t length;
    std::uint8_t type;
};
constexpr std::size_t NameOffset = offsetof(Record, type) + 1;

EntryType typeOfMode(unsigned mode)
{
    return S_ISREG(mode)   ? EntryType::File
           : S_ISDIR(mode) ? EntryType::Folder
           : S_ISLNK(mode) ? EntryType::SymbolicLink
                           : EntryType::Other;
}

EntryType typeOf(std::uint8_t type)
{
    switch (type) {
    case DT_REG:
        return EntryType::File;
    case DT_DIR:
        return EntryType::Folder;
    case DT_LNK:
        return EntryType::SymbolicLink;
    case DT_UNKNOWN:
        return EntryType::Unknown;
    default:
        return EntryType::Other;
    }
}

bool isDotOrDotDot(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

int ask(int folder, const char *name, int flags, EntryStatus &status)
{
    struct statx answer;
    if (::statx(folder, name, flags | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_SIZE | STATX_INO, &answer) != 0)
        return errno;
    status.type = typeOfMode(answer.stx_mode);
    status.id = {.device = makedev(answer.stx_dev_major, answer.stx_dev_minor), .inode = answer.stx_ino};
    status.size = answer.stx_size;
    return 0;
}

}

int entryStatus(int folder, const char *name, EntryStatus &status)
{
    return ask(folder, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, status);
}

int folderStatus(int folder, EntryStatus &status)
{
    return ask(folder, "", AT_EMPTY_PATH, status);
}

GetdentsLister::GetdentsLister(std::size_t bufferSize)
    : m_buffer(std::make_unique_for_overwrite<char[]>(bufferSize))
    , m_size(bufferSize)
{
}

int GetdentsLister::begin(int folder)
{
    m_folder = folder;
    return 0;
}

/// Reads on until the buffer is full or the folder ends, so that a folder of usual size comes in one stretch: whoever
/// judges a file knows then whether it has siblings.
int GetdentsLister::next(std::vector<Entry> &entries, bool &atEnd)
{
    constexpr std::size_t WorthACall = MinimumBuffer / 2; // and far more than the longest record
    entries.clear();
    atEnd = false;
    std::size_t used = 0;
    while (m_size - used >= WorthACall) {
        const long count = ::syscall(SYS_getdents64, m_folder, m_buffer.get() + used, m_size - used);
        if (count < 0)
            return errno;
        if (count == 0) {
            atEnd = true;
            break;
        }
        used = parse(used, used + std::size_t(count), entries);
    }
    return 0;
}

std::size_t GetdentsLister::parse(std::size_t from, std::size_t end, std::vector<Entry> &entries) const
{
    while (from < end) {
        const char *record = m_buffer.get() + from;
        std::uint64_t inode = 0;
        std::uint16_t length = 0;
        std::memcpy(&inode, record + offsetof(Record, inode), sizeof inode);
        std::memcpy(&length, record + offsetof(Record, length), sizeof length);
        from += length;

        const char *name = record + NameOffset;
        if (isDotOrDotDot(name))
            continue;
        EntryType type = typeOf(static_cast<std::uint8_t>(record[offsetof(Record, type)]));
        EntryStatus status;
        if (type == EntryType::Unknown && entryStatus(m_folder, name, status) == 0)
            type = status.type;
        entries.push_back(
            {.inode = inode, .name = name, .length = static_cast<std::uint32_t>(std::strlen(name)), .type = type});
    }
    return end;
}

}

#endif
