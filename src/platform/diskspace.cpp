// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/diskspace.h"

#include "platform/filereader.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace lk::platform {

Result<std::uint64_t> freeBytes(const Path &folder)
{
    struct statvfs system;
    int result = 0;
    do
        result = ::statvfs(folder.c_str(), &system);
    while (result != 0 && errno == EINTR);
    if (result != 0)
        return fail(systemError(errno, folder, "statvfs"));
    // Not f_bfree: what is kept for root is kept for emergencies, also from us when we run as root.
    return std::uint64_t(system.f_bavail) * system.f_frsize;
}

/// By the ids that count when something is opened, and never true on a read-only mount.
static bool permits(const Path &path, int how)
{
    return ::faccessat(AT_FDCWD, path.c_str(), how, AT_EACCESS) == 0;
}

bool isWritableFolder(const Path &folder)
{
    // With the slash, a file of that name is not one.
    return permits(folder / "", W_OK | X_OK);
}

bool isWritableFile(const Path &file)
{
    return permits(file, W_OK);
}

Result<bool> othersReach(const Path &file)
{
    for (Path folder = file.parent_path();; folder = folder.parent_path()) {
        const Result<FileStatus> found = platform::status(folder);
        if (!found)
            return std::unexpected(found.error());
        if ((found->mode & S_IXOTH) == 0)
            return false;
        if (folder == folder.root_path())
            return true;
    }
}

}
