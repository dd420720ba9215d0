// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/scratchfile.h"

#include "platform/diskspace.h"
#include "platform/lockfile.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lk::platform {

static int openAnonymous(const char *folder)
{
#ifdef O_TMPFILE
    const int fd = ::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
#endif
    std::string name = std::string(folder) + "/litekeeper-XXXXXX";
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0)
        ::unlink(name.c_str());
    return named;
}

std::vector<Path> temporaryFolders()
{
    std::vector<Path> folders{"/var/tmp", "/tmp"};
    if (const char *chosen = std::getenv("TMPDIR"); chosen && *chosen)
        folders.insert(folders.begin(), Path(chosen));
    return folders;
}

/// The first folder for temporary files in which \a make succeeds; 0 or an errno.
template <class Make>
static int inTemporaryFolder(Make make)
{
    for (const Path &folder : temporaryFolders()) {
        if (make(folder.c_str()))
            return 0;
    }
    return errno;
}

Result<ScratchFile> ScratchFile::create()
{
    int fd = -1;
    const int error = inTemporaryFolder([&](const char *folder) { return (fd = openAnonymous(folder)) >= 0; });
    if (error != 0)
        return fail(systemError(error, "/tmp", "create temporary file"));
    return ScratchFile(Descriptor(fd));
}

std::uint64_t freeScratchBytes()
{
    std::uint64_t free = 0;
    inTemporaryFolder([&](const char *folder) {
        const Result<std::uint64_t> bytes = isWritableFolder(folder) ? freeBytes(folder) : Result<std::uint64_t>(0);
        free = bytes.value_or(0);
        return free > 0;
    });
    return free;
}

static constexpr std::string_view ScratchFolderName = "litekeeper-scratch-";
/// In a scratch folder: held as long as somebody uses it.
static constexpr const char *InUse = ".in-use";

void ScratchFolder::removeDead(const Path &folder, std::string_view prefix)
{
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename();
        struct stat stat;
        const bool isOurs = name.starts_with(prefix) && ::lstat(entry.path().c_str(), &stat) == 0 &&
                            S_ISDIR(stat.st_mode) && stat.st_uid == ::geteuid();
        if (isOurs && LockFile::take(entry.path() / InUse))
            std::filesystem::remove_all(entry.path(), error);
    }
}

/// While it is held, no folder is between being made and being known to be in use.
static std::optional<LockFile> lockMaking()
{
    static constexpr int MostTries = 100;
    const Result<Path> folder = lockFolder();
    for (int i = 0; folder && i < MostTries; ++i) {
        if (Result<LockFile> lock = LockFile::take(*folder / "scratch.lock"))
            return std::move(*lock);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::nullopt;
}

/// A new folder in \a parent; an empty name where none can be made (errno).
static std::string makeFolder(const Path &parent, std::string_view prefix, bool removeDead)
{
    if (removeDead)
        ScratchFolder::removeDead(parent, prefix);
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).native();
    return ::mkdtemp(name.data()) ? name : std::string();
}

Result<ScratchFolder> ScratchFolder::inUse(Path path)
{
    Result<LockFile> use = LockFile::take(path / InUse);
    if (!use) {
        ::rmdir(path.c_str());
        return std::unexpected(use.error());
    }
    return ScratchFolder(std::move(path), std::move(*use));
}

Result<ScratchFolder> ScratchFolder::create()
{
    const std::optional<LockFile> making = lockMaking();
    std::string name;
    const int error = inTemporaryFolder([&](const char *folder) {
        name = makeFolder(folder, ScratchFolderName, making.has_value());
        return !name.empty();
    });
    if (error != 0)
        return fail(systemError(error, "/tmp", "create temporary folder"));
    return inUse(name);
}

Result<ScratchFolder> ScratchFolder::createIn(const Path &folder, std::string_view prefix)
{
    const std::optional<LockFile> making = lockMaking();
    const std::string name = makeFolder(folder, prefix, making.has_value());
    if (name.empty())
        return fail(systemError(errno, folder, "create temporary folder"));
    return inUse(name);
}

void ScratchFolder::remove()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(std::exchange(m_path, {}), ignored);
}

void ScratchFolder::removeLeftovers()
{
    if (const std::optional<LockFile> making = lockMaking())
        std::ranges::for_each(temporaryFolders(), [](const Path &folder) { removeDead(folder, ScratchFolderName); });
}

ScratchFolder::~ScratchFolder()
{
    remove();
}

static Result<void> writeAll(int fd, std::uint64_t offset, std::span<const std::byte> bytes, const Path &path)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(systemError(count < 0 ? errno : ENOSPC, path, "write temporary file"));
        offset += static_cast<std::uint64_t>(count);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> copyBytes(const FileReader &from, const Path &to, const std::function<bool(std::uint64_t done)> &goOn)
{
    const Descriptor file(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
        return fail(systemError(errno, to, "create temporary file"));
    std::vector<std::byte> buffer(1 << 20);
    for (std::uint64_t done = 0;;) {
        const Result<std::size_t> count = from.read(done, buffer);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            return {};
        const auto piece = std::span<const std::byte>(buffer).first(*count);
        if (const Result<void> written = writeAll(file.value(), done, piece, to); !written)
            return written;
        done += *count;
        if (!goOn(done))
            return fail(ErrorCode::Cancelled, to);
    }
}

Result<void> ScratchFile::write(std::uint64_t offset, std::span<const std::byte> bytes)
{
    return writeAll(m_descriptor.value(), offset, bytes, {});
}

Result<void> ScratchFile::read(std::uint64_t offset, std::span<std::byte> into) const
{
    while (!into.empty()) {
        const ssize_t count = ::pread(m_descriptor.value(), into.data(), into.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(systemError(errno, {}, "read temporary file"));
        if (count == 0) {
            std::fill(into.begin(), into.end(), std::byte{});
            return {};
        }
        offset += static_cast<std::uint64_t>(count);
        into = into.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

int openToLook(const char *path, int flags, int mode)
{
    flags |= O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
#ifdef O_NOATIME
    const int fd = ::open(path, flags | O_NOATIME, mode);
    if (fd >= 0 || errno != EPERM)
        return fd;
#endif
    return ::open(path, flags, mode);
}

int openPlainly(const char *path, int flags, int mode)
{
    return ::open(path, flags | O_CLOEXEC, mode);
}

std::uint64_t availableMemory()
{
    std::ifstream file("/proc/meminfo");
    std::string key;
    std::uint64_t kibibytes = 0;
    while (file >> key >> kibibytes) {
        if (key == "MemAvailable:")
            return kibibytes * 1024;
        file.ignore(64, '\n');
    }
    return 0;
}

}
