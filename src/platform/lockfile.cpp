// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/lockfile.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lk::platform {

static Path runtimeFolder()
{
    const char *folder = std::getenv("XDG_RUNTIME_DIR");
    if (folder && *folder == '/')
        return Path(folder) / "litekeeper";
    std::error_code error;
    const Path temporary = std::filesystem::temp_directory_path(error);
    return (error ? Path("/tmp") : temporary) / ("litekeeper-" + std::to_string(::geteuid()));
}

Result<Path> lockFolder()
{
    const Path folder = runtimeFolder();
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(systemError(errno, folder, "mkdir"));
    struct stat stat;
    if (::lstat(folder.c_str(), &stat) != 0)
        return fail(systemError(errno, folder, "lstat"));
    // In a folder for everybody's files somebody may have made it before us.
    if (!S_ISDIR(stat.st_mode) || stat.st_uid != ::geteuid() || (stat.st_mode & 022) != 0)
        return fail(ErrorCode::NoPermission, folder, "not a folder of ours alone");
    return folder;
}

/// What the holder wrote of itself.
static std::string holderOf(const Descriptor &file)
{
    std::array<char, 64> text{};
    const ssize_t count = ::pread(file.value(), text.data(), text.size(), 0);
    return count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : std::string("Litekeeper");
}

static std::string self()
{
    std::array<char, 32> name{};
    const Descriptor comm(::open("/proc/self/comm", O_RDONLY | O_CLOEXEC));
    const ssize_t count = comm ? ::read(comm.value(), name.data(), name.size()) : 0;
    std::string text(name.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    while (text.ends_with('\n'))
        text.pop_back();
    return (text.empty() ? "litekeeper" : text) + " (" + std::to_string(::getpid()) + ')';
}

Result<LockFile> LockFile::take(const Path &path)
{
    for (;;) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file)
            return fail(systemError(errno, path, "open"));
        if (::flock(file.value(), LOCK_EX | LOCK_NB) != 0)
            return errno == EWOULDBLOCK ? Result<LockFile>(fail(ErrorCode::Busy, Reason::None, path, {holderOf(file)}))
                                        : fail(systemError(errno, path, "flock"));
        struct stat ours;
        struct stat named;
        if (::fstat(file.value(), &ours) != 0)
            return fail(systemError(errno, path, "fstat"));
        // Between opening and locking, its last holder may have removed it.
        if (::lstat(path.c_str(), &named) != 0 || named.st_ino != ours.st_ino || named.st_dev != ours.st_dev)
            continue;
        const std::string text = self();
        if (::ftruncate(file.value(), 0) != 0 || ::pwrite(file.value(), text.data(), text.size(), 0) < 0)
            return fail(systemError(errno, path, "write"));
        return LockFile(path, std::move(file));
    }
}

LockFile::~LockFile()
{
    if (m_file)
        ::unlink(m_path.c_str()); // while it is held: nobody can have a newer one of this name
}

}
