// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/rawset.h"

#include "operations/digest.h"
#include "sqlite/ownlocks.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <set>

namespace lk::operations {

using platform::FileReader;
using platform::FileWriter;

static constexpr std::size_t ChunkSize = 1 << 20;
static constexpr std::array Suffixes{"", "-wal", "-journal"};

namespace {

struct FreeEntry
{
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};

Error archiveError(archive *of, ErrorCode code, const Path &path)
{
    const char *why = archive_error_string(of);
    return {.code = code, .path = path, .arguments = {}, .detail = std::string("tar: ") + (why ? why : "failed")};
}

/// A tar file on its way into a FileWriter.
class Packing
{
public:
    Packing(const Path &database, FileWriter &into, std::uint64_t whole, JobContext &context)
        : m_database(database)
        , m_into(into)
        , m_whole(whole)
        , m_context(context)
    {
    }

    Result<void> begin()
    {
        archive_write_set_format_pax_restricted(m_archive.get());
        return check(archive_write_open2(m_archive.get(), this, nullptr, write, nullptr, nullptr));
    }

    Result<void> add(const FileReader &file, const std::string &name)
    {
        const platform::FileStatus &status = file.status();
        const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), status.mode & 0777);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(status.size));
        archive_entry_set_mtime(entry.get(), static_cast<time_t>(status.modifiedNs / 1'000'000'000),
                                static_cast<long>(status.modifiedNs % 1'000'000'000));
        Result<void> done = check(archive_write_header(m_archive.get(), entry.get()));
        for (std::uint64_t offset = 0; done && offset < status.size;) {
            if (m_context.stop.stop_requested())
                return fail(ErrorCode::Cancelled, m_database);
            const Result<std::size_t> count = file.read(offset, m_buffer);
            if (!count)
                return std::unexpected(count.error());
            if (*count == 0)
                return fail(ErrorCode::Busy, Reason::ChangingTooFast, m_database); // it was cut
            const std::size_t size = std::min<std::uint64_t>(*count, status.size - offset);
            if (archive_write_data(m_archive.get(), m_buffer.data(), size) != static_cast<la_ssize_t>(size))
                return check(ARCHIVE_FATAL);
            offset += size;
            m_set.bytes += size;
            m_context.progress.report(
                {.fraction = static_cast<double>(m_set.bytes) / static_cast<double>(std::max(m_whole, m_set.bytes)),
                 .done = m_set.bytes,
                 .phase = Phase::Copying});
        }
        return done;
    }

    Result<RawSet> end()
    {
        if (const Result<void> closed = check(archive_write_close(m_archive.get())); !closed)
            return std::unexpected(closed.error());
        m_set.storedSha256 = m_digest.result();
        return m_set;
    }

private:
    static la_ssize_t write(archive *archive, void *self, const void *bytes, std::size_t size)
    {
        auto &packing = *static_cast<Packing *>(self);
        const std::span part(static_cast<const std::byte *>(bytes), size);
        if (const Result<void> written = packing.m_into.write(part); !written) {
            packing.m_failed = written;
            archive_set_error(archive, EIO, "not written");
            return -1;
        }
        packing.m_digest.add(part);
        packing.m_set.storedBytes += size;
        return static_cast<la_ssize_t>(size);
    }

    Result<void> check(int code)
    {
        if (!m_failed)
            return m_failed;
        // A name that is not UTF-8 is a warning: it is stored as its bytes.
        return code >= ARCHIVE_WARN ? Result<void>()
                                    : fail(archiveError(m_archive.get(), ErrorCode::Internal, m_database));
    }

    const Path &m_database;
    FileWriter &m_into;
    const std::uint64_t m_whole;
    JobContext &m_context;
    std::vector<std::byte> m_buffer = std::vector<std::byte>(ChunkSize);
    Digest m_digest;
    RawSet m_set;
    Result<void> m_failed;
    std::unique_ptr<archive, int (*)(archive *)> m_archive{archive_write_new(),
                                                           archive_write_free}; // writes to the above
};

Result<void> addSiblings(Packing &packing, const Path &database)
{
    for (const char *suffix : Suffixes) {
        if (!*suffix)
            continue;
        const Result<FileReader> sibling = FileReader::open(database.native() + suffix);
        if (!sibling && sibling.error().code == ErrorCode::NotFound)
            continue;
        const Result<void> added =
            sibling ? packing.add(*sibling, database.filename().native() + suffix) : std::unexpected(sibling.error());
        if (!added)
            return added;
    }
    return {};
}

}

std::uint64_t rawSetSize(const sqlite::Glance &glance)
{
    static constexpr std::uint64_t HeadersAndPadding = 64 << 10;
    return glance.file.size + glance.siblings.wal + glance.siblings.journal + HeadersAndPadding;
}

Result<RawSet> packRawSet(const Path &database, const sqlite::Glance &glance, FileWriter &into, JobContext &context)
{
    Packing packing(database, into, rawSetSize(glance), context);
    if (const Result<void> begun = packing.begin(); !begun)
        return std::unexpected(begun.error());
    Result<void> packed = sqlite::OwnLocks::instance().read(
        glance.file.id, [&] { return FileReader::open(database); },
        [&](const FileReader &reader) { return packing.add(reader, database.filename().native()); });
    if (packed)
        packed = addSiblings(packing, database);
    if (!packed)
        return std::unexpected(packed.error());
    const Result<sqlite::Glance> after = sqlite::glance(database);
    if (!after || after->file.id != glance.file.id)
        return fail(ErrorCode::Changed, database, "replaced or removed while it was copied");
    if (!sqlite::sameMoment(glance, *after))
        return fail(ErrorCode::Busy, Reason::ChangingTooFast, database);
    return packing.end();
}

namespace {

/// A FileReader as libarchive reads.
struct Source
{
    FileReader reader;
    std::uint64_t offset = 0;
    std::vector<std::byte> buffer = std::vector<std::byte>(ChunkSize);

    static la_ssize_t read(archive *archive, void *self, const void **bytes)
    {
        auto &source = *static_cast<Source *>(self);
        const Result<std::size_t> count = source.reader.read(source.offset, source.buffer);
        if (!count) {
            archive_set_error(archive, EIO, "not read");
            return -1;
        }
        source.offset += *count;
        *bytes = source.buffer.data();
        return static_cast<la_ssize_t>(*count);
    }
};

/// Which of the set's files has \a name; the database itself comes first, and is called as it likes. Nothing: none.
std::optional<std::string_view> suffixOf(std::string_view name, bool first)
{
    if (first)
        return "";
    const auto found = std::ranges::find_if(
        Suffixes, [&](std::string_view suffix) { return !suffix.empty() && name.ends_with(suffix); });
    return found == Suffixes.end() ? std::nullopt : std::optional<std::string_view>(*found);
}

Result<void> unpackFile(archive *from, FileWriter &to, std::uint64_t &bytesLeft, const Path &tar,
                        const std::stop_token &stop)
{
    std::vector<std::byte> buffer(ChunkSize);
    for (;;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, tar);
        const la_ssize_t count = archive_read_data(from, buffer.data(), buffer.size());
        if (count < 0)
            return fail(archiveError(from, ErrorCode::Damaged, tar));
        if (count == 0)
            return {};
        const auto size = static_cast<std::size_t>(count);
        if (size > bytesLeft)
            return fail(ErrorCode::Damaged, tar, "tar: more in it than was put there");
        bytesLeft -= size;
        if (const Result<void> written = to.write(std::span(buffer).first(size)); !written)
            return written;
    }
}

}

Result<void> unpackRawSet(const Path &from, std::uint64_t mostBytes, const Path &to, const std::stop_token &stop)
{
    Result<FileReader> reader = FileReader::open(from);
    if (!reader)
        return std::unexpected(reader.error());
    Source source{.reader = std::move(*reader)};
    const std::unique_ptr<archive, int (*)(archive *)> tar(archive_read_new(), archive_read_free);
    archive_read_support_format_tar(tar.get());
    if (archive_read_open2(tar.get(), &source, nullptr, Source::read, nullptr, nullptr) < ARCHIVE_WARN)
        return fail(archiveError(tar.get(), ErrorCode::Damaged, from));
    std::set<std::string_view> seen;
    for (;;) {
        archive_entry *entry = nullptr;
        const int code = archive_read_next_header(tar.get(), &entry);
        if (code == ARCHIVE_EOF)
            break;
        if (code < ARCHIVE_WARN)
            return fail(archiveError(tar.get(), ErrorCode::Damaged, from));
        const char *name = archive_entry_pathname(entry);
        const auto suffix = suffixOf(name ? name : "", seen.empty());
        if (!suffix || archive_entry_filetype(entry) != AE_IFREG || !seen.insert(*suffix).second)
            return fail(ErrorCode::Damaged, from, "tar: not a set of a database's files");
        Result<FileWriter> file = FileWriter::open(to.native() + std::string(*suffix));
        const Result<void> unpacked =
            file ? unpackFile(tar.get(), *file, mostBytes, from, stop) : std::unexpected(file.error());
        if (!unpacked)
            return unpacked;
    }
    return seen.empty() ? fail(ErrorCode::Damaged, from, "tar: nothing in it") : Result<void>();
}

}
