// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/rangelock.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lk::platform {

#ifdef F_OFD_SETLK
static constexpr int SetLock = F_OFD_SETLK;
#else
static constexpr int SetLock = F_SETLK; // only other processes are kept away then
#endif

Result<RangeLock> RangeLock::take(const Path &path, std::uint64_t first, std::uint64_t count)
{
    Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat stat;
    if (!file || ::fstat(file.value(), &stat) != 0)
        return fail(systemError(errno, path, "open"));
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(first);
    lock.l_len = static_cast<off_t>(count);
    if (::fcntl(file.value(), SetLock, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES)
            return fail(ErrorCode::Busy, path, "somebody holds a lock on it");
        return fail(systemError(errno, path, "fcntl"));
    }
    return RangeLock(std::move(file), {.device = stat.st_dev, .inode = stat.st_ino});
}

}
