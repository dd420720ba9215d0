// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/filecopy.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace lk::platform {

/// A stop is heeded, and the disk set to work, after so many bytes: a tenth of a second on a slow disk.
static constexpr std::size_t ChunkSize = 4 << 20;

Result<FileWriter> FileWriter::open(const Path &path)
{
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
    if (!file)
        return fail(systemError(errno, path, "open"));
    return FileWriter(std::move(file), path);
}

Result<void> FileWriter::writeAt(std::uint64_t offset, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(m_descriptor.value(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(systemError(count < 0 ? errno : ENOSPC, m_path, "write"));
        offset += static_cast<std::uint64_t>(count);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> FileWriter::write(std::span<const std::byte> bytes)
{
    Result<void> written = writeAt(m_size, bytes);
    if (written)
        m_size += bytes.size();
    return written;
}

Result<void> FileWriter::sync()
{
    int result = 0;
    do
        result = ::fdatasync(m_descriptor.value());
    while (result != 0 && errno == EINTR);
    return result == 0 ? Result<void>() : fail(systemError(errno, m_path, "fdatasync"));
}

/// At most \a size bytes at \a offset; 0: the file ends there by now.
Result<std::size_t> FileWriter::copySome(const FileReader &from, std::uint64_t offset, std::size_t size)
{
#ifdef __linux__
    while (m_systemCopies) {
        auto in = static_cast<off_t>(offset);
        off_t out = in;
        const ssize_t count = ::copy_file_range(from.descriptor(), &in, m_descriptor.value(), &out, size, 0);
        if (count > 0) {
            // Writing begins now, and not when it is waited for.
            ::sync_file_range(m_descriptor.value(), static_cast<off_t>(offset), count, SYNC_FILE_RANGE_WRITE);
            return static_cast<std::size_t>(count);
        }
        if (count < 0 && errno == EINTR)
            continue;
        // Other file systems, old kernels, and a few that say 0 where they mean that they can't: by hand then.
        if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG))
            return fail(systemError(errno, m_path, "copy_file_range"));
        m_systemCopies = false;
    }
#endif
    m_buffer.resize(ChunkSize);
    const Result<std::size_t> count = from.read(offset, std::span(m_buffer).first(size));
    if (!count)
        return count;
    if (const Result<void> written = writeAt(offset, std::span(m_buffer).first(*count)); !written)
        return std::unexpected(written.error());
    return count;
}

Result<std::uint64_t> FileWriter::copyRange(const FileReader &from, std::uint64_t offset, std::uint64_t end,
                                            const GoOn &goOn)
{
    while (offset < end) {
        if (!goOn(offset))
            return fail(ErrorCode::Cancelled, m_path);
        const Result<std::size_t> count =
            copySome(from, offset, static_cast<std::size_t>(std::min<std::uint64_t>(ChunkSize, end - offset)));
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            break;
        offset += *count;
    }
    return offset;
}

Result<std::uint64_t> FileWriter::copy(const FileReader &from, std::uint64_t size, const GoOn &goOn)
{
    const Result<FileStatus> now = from.statusNow();
    if (!now)
        return std::unexpected(now.error());
    const std::uint64_t end = std::min(size, now->size);
    std::uint64_t done = 0;
    while (done < end) {
        const off_t data = ::lseek(from.descriptor(), static_cast<off_t>(done), SEEK_DATA);
        if (data < 0 && errno == ENXIO)
            break; // a hole up to the end
        const off_t hole = data < 0 ? -1 : ::lseek(from.descriptor(), data, SEEK_HOLE);
        const std::uint64_t begin = data < 0 ? done : std::min(end, static_cast<std::uint64_t>(data));
        const std::uint64_t stop = hole < 0 ? end : std::min(end, static_cast<std::uint64_t>(hole));
        const Result<std::uint64_t> reached = copyRange(from, begin, stop, goOn);
        if (!reached)
            return reached;
        done = *reached;
        if (done < stop)
            return done; // cut meanwhile
    }
    if (::ftruncate(m_descriptor.value(), static_cast<off_t>(end)) != 0)
        return fail(systemError(errno, m_path, "ftruncate"));
    m_size = end;
    if (!goOn(end))
        return fail(ErrorCode::Cancelled, m_path);
    return end;
}

Result<void> emptyFile(const Path &path)
{
    // By name, because closing a descriptor of it could drop an SQLite connection's locks.
    return ::truncate(path.c_str(), 0) == 0 || errno == ENOENT ? Result<void>()
                                                               : fail(systemError(errno, path, "truncate"));
}

bool copyAttributes(const Path &from, const Path &to, bool accessList)
{
    std::string names(64 << 10, '\0'); // as long as the system lets a list be
    const ssize_t size = ::llistxattr(from.c_str(), names.data(), names.size());
    if (size < 0)
        return errno == ENOTSUP || errno == ENOSYS;
    bool whole = true;
    std::string value(64 << 10, '\0');
    for (std::string_view rest(names.data(), static_cast<std::size_t>(size)); !rest.empty();) {
        const std::string name(rest.substr(0, rest.find('\0')));
        rest.remove_prefix(name.size() + 1);
        // What the security modules of the system keep there is theirs to give.
        if (name.starts_with("security.") || (name == "system.posix_acl_access" && !accessList)) {
            whole = whole && name.starts_with("security.");
            continue;
        }
        const ssize_t length = ::lgetxattr(from.c_str(), name.c_str(), value.data(), value.size());
        whole = length >= 0 &&
                ::lsetxattr(to.c_str(), name.c_str(), value.data(), static_cast<std::size_t>(length), 0) == 0 && whole;
    }
    return whole;
}

}
