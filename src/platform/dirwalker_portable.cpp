// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/dirwalker.h"

#include "platform/quietopen.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lk::platform {

Descriptor openFolder(int folder, const char *name, int &error)
{
    Descriptor opened(openQuietly(folder, name, ListFlags));
    error = opened ? 0 : errno;
    return opened;
}

Descriptor passFolder(int folder, const char *name, int &error)
{
    Descriptor opened(::openat(folder, name, FolderFlags | PassThrough | O_NOFOLLOW));
    error = opened ? 0 : errno;
    return opened;
}

unsigned descriptorLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 64;
    return static_cast<unsigned>(std::min<rlim_t>(limit.rlim_cur, 1U << 20));
}

static EntryType typeOfMode(mode_t mode)
{
    return S_ISREG(mode)   ? EntryType::File
           : S_ISDIR(mode) ? EntryType::Folder
           : S_ISLNK(mode) ? EntryType::SymbolicLink
                           : EntryType::Other;
}

#ifndef __linux__
static void fill(EntryStatus &status, const struct stat &stat)
{
    status.type = typeOfMode(stat.st_mode);
    status.id = {.device = std::uint64_t(stat.st_dev), .inode = stat.st_ino};
    status.size = std::uint64_t(stat.st_size);
}

int entryStatus(int folder, const char *name, EntryStatus &status)
{
    struct stat stat;
    if (::fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    fill(status, stat);
    return 0;
}

int folderStatus(int folder, EntryStatus &status)
{
    struct stat stat;
    if (::fstat(folder, &stat) != 0)
        return errno;
    fill(status, stat);
    return 0;
}
#endif

/// d_type where the system has it; else, and where the file system doesn't say, one more question.
static EntryType typeOf(int folder, const dirent &entry)
{
#ifdef DT_UNKNOWN
    switch (entry.d_type) {
    case DT_REG:
        return EntryType::File;
    case DT_DIR:
        return EntryType::Folder;
    case DT_LNK:
        return EntryType::SymbolicLink;
    case DT_UNKNOWN:
        break;
    default:
        return EntryType::Other;
    }
#endif
    struct stat stat;
    return ::fstatat(folder, entry.d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 ? typeOfMode(stat.st_mode)
                                                                            : EntryType::Unknown;
}

struct ReaddirLister::Private
{
    struct Closer
    {
        void operator()(DIR *stream) const { ::closedir(stream); }
    };
    std::unique_ptr<DIR, Closer> stream;
    std::string names; ///< of one stretch, each ended by NUL
};

ReaddirLister::ReaddirLister()
    : m_d(std::make_unique<Private>())
{
}

ReaddirLister::~ReaddirLister() = default;

int ReaddirLister::begin(int folder)
{
    // The stream takes its descriptor with it when it closes, and a duplicate would share its position.
    int error = 0;
    Descriptor own = openFolder(folder, ".", error);
    if (!own)
        return error;
    m_d->stream.reset(::fdopendir(own.value()));
    if (!m_d->stream)
        return errno;
    (void)own.release();
    return 0;
}

int ReaddirLister::next(std::vector<Entry> &entries, bool &atEnd)
{
    constexpr std::size_t Stretch = 8192;
    entries.clear();
    atEnd = false;
    m_d->names.clear();
    while (entries.size() < Stretch) {
        errno = 0;
        const dirent *entry = ::readdir(m_d->stream.get());
        if (!entry) {
            if (errno != 0)
                return errno;
            atEnd = true;
            break;
        }
        const std::string_view name(entry->d_name);
        if (name == "." || name == "..")
            continue;
        entries.push_back({.inode = entry->d_ino,
                           .name = nullptr,
                           .length = static_cast<std::uint32_t>(name.size()),
                           .type = typeOf(::dirfd(m_d->stream.get()), *entry)});
        m_d->names.append(name).push_back('\0');
    }
    const char *name = m_d->names.data(); // moves no more now
    for (Entry &entry : entries) {
        entry.name = name;
        name += entry.length + 1;
    }
    return 0;
}

}
