// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/safefile.h"

#include "platform/asidefile.h"

#include <cerrno>
#include <string>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace lk::platform {

namespace {

constexpr std::uint32_t Permissions = 0777;

/// The owner's and permission bits of \a like, never more than those. False if the owner or group is another.
bool makeLike(int fd, const FileStatus &like)
{
#ifdef __linux__
    // Entries that the folder hands down would be let in by the group bits.
    ::fremovexattr(fd, "system.posix_acl_access");
#endif
    bool ownerKept = ::fchown(fd, like.owner, like.group) == 0;
    const bool groupKept = ownerKept || ::fchown(fd, uid_t(-1), like.group) == 0;
    std::uint32_t mode = like.mode & Permissions;
    if (!groupKept) // then the group is one that had no more rights than anybody
        mode &= 0707 | ((mode & 07) << 3);
    // While it is written, by us and by SQLite through its name, it has to be writable.
    ownerKept = ::fchmod(fd, mode_t(mode | 0600)) == 0 && ownerKept;
    return ownerKept;
}

Result<void> syncDescriptor(int fd, const Path &path)
{
    int result = 0;
    do
        result = ::fsync(fd);
    while (result != 0 && errno == EINTR);
    if (result != 0)
        return fail(systemError(errno, path, "fsync"));
    return {};
}

Result<void> syncFolder(const Folder &folder)
{
    auto synced = syncDescriptor(folder.descriptor(), folder.path());
    // Not every file system can, and nobody can in a folder that may not be listed (EBADF): the name is as safe as it
    // gets.
    if (!synced && (synced.error().systemError == EINVAL || synced.error().systemError == ENOTSUP ||
                    synced.error().systemError == EBADF))
        return {};
    return synced;
}

bool exists(const Folder &folder, const std::string &name)
{
    struct stat stat;
    return ::fstatat(folder.descriptor(), name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) == 0 ||
           (errno != ENOENT && errno != ENAMETOOLONG);
}

/// Renames without ever replacing. Returns an errno, or 0.
int renameExclusively(int folder, const std::string &from, const std::string &to)
{
    if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
        return errno;
    // link() doesn't replace either; between the two calls the file has both names.
    if (::linkat(folder, from.c_str(), folder, to.c_str(), 0) != 0)
        return errno == EPERM ? ENOTSUP : errno;
    return ::unlinkat(folder, from.c_str(), 0) == 0 ? 0 : errno;
}

Result<std::pair<Folder, std::string>> openTargetFolder(const Path &target)
{
    const Path name = target.filename();
    const auto parent = resolve(target.has_parent_path() ? target.parent_path() : Path("."));
    if (!parent && parent.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, target, {target.parent_path().native()});
    if (!parent)
        return std::unexpected(parent.error());
    return Folder::openParent(*parent / name);
}

/// A -wal or -journal in wait would be played into the new file at its first opening (safety.md, facts 14 and 22).
Result<void> checkTargetIsFree(const Folder &folder, const std::string &name)
{
    for (const char *suffix : {"", "-wal", "-journal"}) {
        const std::string taken = name + suffix;
        if (exists(folder, taken)) {
            const Path path = folder.path() / taken;
            return fail(ErrorCode::Refused, Reason::TargetExists, path, {path.native()});
        }
    }
    return {};
}

}

struct PartialFile::Private
{
    Folder folder;
    std::string name;    ///< of the target
    std::string partial; ///< its name while it is not whole
    Path path;           ///< where that is
    FileStatus like;
    Descriptor file;
    bool ownerKept = true;
    bool published = false;

    Private(Folder folder_, std::string name_, const FileStatus &like_)
        : folder(std::move(folder_))
        , name(std::move(name_))
        , partial(name + Suffix)
        , path(folder.path() / partial)
        , like(like_)
    {
    }
    ~Private()
    {
        if (file && !published && aside::hasName(folder, partial, file)) {
            ::unlinkat(folder.descriptor(), partial.c_str(), 0);
            aside::removeSiblings(folder, partial);
        }
        aside::release(file);
    }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
};

PartialFile::PartialFile(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}

PartialFile::PartialFile(PartialFile &&) noexcept = default;
PartialFile &PartialFile::operator=(PartialFile &&) noexcept = default;
PartialFile::~PartialFile() = default;

const Path &PartialFile::path() const
{
    return m_d->path;
}

bool PartialFile::ownerKept() const
{
    return m_d->ownerKept;
}

Result<PartialFile> PartialFile::create(const Path &target, const FileStatus &like)
{
    auto place = openTargetFolder(target);
    if (!place)
        return std::unexpected(std::move(place.error()));
    auto d = std::make_unique<Private>(std::move(place->first), std::move(place->second), like);
    if (const auto isFree = checkTargetIsFree(d->folder, d->name); !isFree)
        return std::unexpected(isFree.error());

    auto file = aside::create(d->folder, d->partial, like.owner);
    if (!file)
        return std::unexpected(std::move(file.error()));
    d->file = std::move(*file);
    aside::removeSiblings(d->folder, d->partial);
    d->ownerKept = makeLike(d->file.value(), like);
    return PartialFile(std::move(d));
}

Result<void> PartialFile::sync()
{
    return syncDescriptor(m_d->file.value(), m_d->path);
}

Result<void> PartialFile::finish()
{
    if (!aside::hasName(m_d->folder, m_d->partial, m_d->file))
        return fail(ErrorCode::Changed, m_d->path, "the partial file was removed or replaced");
    for (const char *suffix : {"-wal", "-journal"}) {
        struct stat stat;
        if (::fstatat(m_d->folder.descriptor(), (m_d->partial + suffix).c_str(), &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
            stat.st_size > 0)
            return fail(ErrorCode::Internal, m_d->path, "a part of the content is still in a sibling");
    }
    struct stat stat;
    if (::fstat(m_d->file.value(), &stat) != 0)
        return fail(systemError(errno, m_d->path, "fstat"));
    const std::uint32_t finalMode = stat.st_mode & Permissions & (m_d->like.mode | 0077);
    if (finalMode != (stat.st_mode & Permissions) && ::fchmod(m_d->file.value(), mode_t(finalMode)) != 0)
        return fail(systemError(errno, m_d->path, "fchmod"));
    return sync();
}

Result<void> PartialFile::publish()
{
    const int folder = m_d->folder.descriptor();
    if (const auto isFree = checkTargetIsFree(m_d->folder, m_d->name); !isFree)
        return isFree;
    if (const auto finished = finish(); !finished)
        return finished;

    const Path target = m_d->folder.path() / m_d->name;
    if (const int number = renameExclusively(folder, m_d->partial, m_d->name)) {
        if (number == EEXIST)
            return fail(ErrorCode::Refused, Reason::TargetExists, target, {target.native()});
        return fail(systemError(number, target, "rename"));
    }
    m_d->published = true;
    aside::removeSiblings(m_d->folder, m_d->partial);
    auto lasting = syncFolder(m_d->folder);
    if (!lasting && aside::hasName(m_d->folder, m_d->name, m_d->file))
        ::unlinkat(folder, m_d->name.c_str(), 0); // what is reported as failed must not look like done
    return lasting;
}

Result<void> PartialFile::publishOver(const Path &path, const FileId &expected)
{
    if (const auto finished = finish(); !finished)
        return finished;
    const std::string name = path.filename();
    const auto there = m_d->folder.status(name);
    if (!there || there->id != expected)
        return fail(ErrorCode::Changed, path, "replaced or removed since it was looked at");
    if (::renameat(m_d->folder.descriptor(), m_d->partial.c_str(), m_d->folder.descriptor(), name.c_str()) != 0)
        return fail(systemError(errno, path, "rename"));
    m_d->published = true;
    aside::removeSiblings(m_d->folder, m_d->partial);
    return syncFolder(m_d->folder);
}

std::vector<std::string> namesIn(const Path &folder)
{
    std::vector<std::string> names;
    const auto open = Folder::open(folder);
    const int fd = open ? ::openat(open->descriptor(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    DIR *listing = fd < 0 ? nullptr : ::fdopendir(fd);
    if (!listing) {
        const Descriptor closing(fd);
        return names;
    }
    while (const dirent *entry = ::readdir(listing))
        names.emplace_back(entry->d_name);
    ::closedir(listing);
    return names;
}

std::size_t removeLeftovers(const Path &folder, const std::function<bool(std::string_view name)> &ours)
{
    const auto open = Folder::open(folder);
    struct stat stat;
    if (!open || ::fstat(open->descriptor(), &stat) != 0)
        return 0;
    std::size_t removed = 0;
    for (const std::string &name : namesIn(folder)) {
        if (name.ends_with(PartialFile::Suffix) &&
            ours(std::string_view(name).substr(0, name.size() - std::string_view(PartialFile::Suffix).size())) &&
            aside::removeDead(*open, name, stat.st_uid))
            ++removed;
    }
    return removed;
}

Result<void> syncFolder(const Path &folder)
{
    const Result<Folder> opened = Folder::open(folder);
    return opened ? syncFolder(*opened) : std::unexpected(opened.error());
}

Result<void> addName(const Path &path, const Path &another)
{
    // linkat() without AT_SYMLINK_FOLLOW follows nothing, and link() never replaces.
    if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, another.c_str(), 0) == 0)
        return {};
    if (errno == EEXIST)
        return fail(ErrorCode::Refused, Reason::TargetExists, another, {another.native()});
    return fail(systemError(errno, another, "link"));
}

void removeName(const Path &path, const Path &another)
{
    const auto one = platform::status(path);
    const auto other = platform::status(another);
    if (one && other && one->id == other->id)
        removeFile(path);
}

void removeFile(const Path &path)
{
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

Result<void> writeWhole(const Path &path, std::string_view content, std::uint32_t mode)
{
    const auto place = openTargetFolder(path);
    if (!place)
        return std::unexpected(place.error());
    const auto &[folder, name] = *place;
    const std::string partial = name + PartialFile::Suffix;
    const auto file = aside::create(folder, partial, ::geteuid());
    if (!file)
        return std::unexpected(file.error());

    const auto write = [&]() -> Result<void> {
        for (std::string_view rest = content; !rest.empty();) {
            const ssize_t count = ::write(file->value(), rest.data(), rest.size());
            if (count < 0 && errno != EINTR)
                return fail(systemError(errno, path, "write"));
            rest.remove_prefix(count < 0 ? 0 : std::size_t(count));
        }
        if (::fchmod(file->value(), mode_t(mode & Permissions)) != 0)
            return fail(systemError(errno, path, "fchmod"));
        if (auto synced = syncDescriptor(file->value(), path); !synced)
            return synced;
        if (::renameat(folder.descriptor(), partial.c_str(), folder.descriptor(), name.c_str()) != 0)
            return fail(systemError(errno, path, "rename"));
        return {};
    };
    const auto written = write();
    if (!written)
        ::unlinkat(folder.descriptor(), partial.c_str(), 0);
    aside::release(*file);
    if (!written)
        return written;
    return syncFolder(folder);
}

}
