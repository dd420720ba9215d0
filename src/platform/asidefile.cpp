// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/asidefile.h"

#include <array>
#include <cerrno>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace lk::platform::aside {

namespace {

FileId idOf(const struct stat &stat)
{
    return {.device = stat.st_dev, .inode = stat.st_ino};
}

/// What this process writes now. Other processes see the flock; here it has to be known before a descriptor is opened,
/// because closing that would drop the locks that SQLite holds on the file for us (safety.md, fact 6).
struct InUse
{
    std::mutex mutex;
    std::set<FileId> files;
};

InUse &inUse()
{
    static InUse files;
    return files;
}

/// Whether flock() tells runs of ours apart and leaves SQLite's locks alone. NFS and SMB make byte-range locks of it,
/// and those would keep SQLite out of the very file we write.
bool hasFlock(int fd)
{
    static constexpr std::array<std::uint32_t, 5> Emulated{0x6969,      // NFS
                                                           0xFF534D42,  // CIFS
                                                           0xFE534D42,  // SMB 2 and 3
                                                           0x517B,      // SMB
                                                           0x01021997}; // 9p
    struct statfs system;
    if (::fstatfs(fd, &system) != 0)
        return false;
    for (const std::uint32_t type : Emulated) {
        if (static_cast<std::uint32_t>(system.f_type) == type)
            return false;
    }
    return true;
}

}

Result<Descriptor> create(const Folder &folder, const std::string &name, std::uint32_t otherOwner)
{
    const Path path = folder.path() / name;
    for (int attempt = 0; attempt < 3; ++attempt) {
        // Held until the file is known to be in use, so that no other thread takes it for a dead one.
        std::unique_lock lock(inUse().mutex);
        const int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
        Descriptor file(::openat(folder.descriptor(), name.c_str(), flags, 0600));
        if (!file && errno == EEXIST) {
            lock.unlock();
            if (removeDead(folder, name, otherOwner))
                continue;
            return fail(ErrorCode::Busy, path, "there is a partial file that may be in use");
        }
        if (!file)
            return fail(systemError(errno, path, "open"));

        struct stat stat;
        if (::fstat(file.value(), &stat) != 0)
            return fail(systemError(errno, path, "fstat"));
        // Between the two calls another process may have taken it for a dead one's.
        const bool isKept =
            !hasFlock(file.value()) || (::flock(file.value(), LOCK_EX | LOCK_NB) == 0 && hasName(folder, name, file));
        if (isKept) {
            inUse().files.insert(idOf(stat));
            return file;
        }
    }
    return fail(ErrorCode::Busy, path, "another run writes the same partial file");
}

void release(const Descriptor &file)
{
    struct stat stat;
    if (!file || ::fstat(file.value(), &stat) != 0)
        return;
    const std::lock_guard lock(inUse().mutex);
    inUse().files.erase(idOf(stat));
}

bool removeDead(const Folder &folder, const std::string &name, std::uint32_t otherOwner)
{
    const std::lock_guard lock(inUse().mutex);
    struct stat stat;
    const auto mayBeDead = [&] {
        return S_ISREG(stat.st_mode) && (stat.st_uid == ::geteuid() || stat.st_uid == otherOwner) &&
               !inUse().files.contains(idOf(stat));
    };
    if (::fstatat(folder.descriptor(), name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0 || !mayBeDead())
        return false;
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const Descriptor file(::openat(folder.descriptor(), name.c_str(), flags));
    if (!file || ::fstat(file.value(), &stat) != 0 || !mayBeDead() || !hasFlock(file.value()))
        return false;
    if (::flock(file.value(), LOCK_EX | LOCK_NB) != 0 || !hasName(folder, name, file))
        return false;
    removeSiblings(folder, name);
    return ::unlinkat(folder.descriptor(), name.c_str(), 0) == 0;
}

void removeSiblings(const Folder &folder, const std::string &name)
{
    for (const char *suffix : {"-journal", "-wal", "-shm"})
        ::unlinkat(folder.descriptor(), (name + suffix).c_str(), 0);
}

bool hasName(const Folder &folder, const std::string &name, const Descriptor &file)
{
    struct stat named;
    struct stat open;
    return ::fstatat(folder.descriptor(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           ::fstat(file.value(), &open) == 0 && idOf(named) == idOf(open);
}

}
