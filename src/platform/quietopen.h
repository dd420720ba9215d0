// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cerrno>

#include <fcntl.h>

/// For the rooms of platform/ only.
namespace lk::platform {

#ifdef O_NOATIME
inline constexpr int KeepAccessTime = O_NOATIME;
#else
inline constexpr int KeepAccessTime = 0;
#endif

// A folder that only has to be passed through needs no permission to list it.
#ifdef O_PATH
inline constexpr int PassThrough = O_PATH;
#else
inline constexpr int PassThrough = O_RDONLY;
#endif

inline constexpr int FolderFlags = O_DIRECTORY | O_CLOEXEC;
inline constexpr int ListFlags = FolderFlags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
inline constexpr int LookFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;

/// openat() for reading that leaves the access time alone where the file is ours or we may (open(2), O_NOATIME: else
/// EPERM, and then it is asked for without). A descriptor, or -1 and errno.
inline int openQuietly(int folder, const char *name, int flags)
{
    int fd = -1;
    do
        fd = ::openat(folder, name, flags | KeepAccessTime);
    while (fd < 0 && errno == EINTR);
    if (fd < 0 && errno == EPERM && KeepAccessTime != 0) {
        do
            fd = ::openat(folder, name, flags);
        while (fd < 0 && errno == EINTR);
    }
    return fd;
}

}
