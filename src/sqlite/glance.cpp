// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/glance.h"

#include "platform/processes.h"
#include "sqlite/journal.h"
#include "sqlite/locks.h"
#include "sqlite/names.h"
#include "sqlite/ownlocks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace lk::sqlite {

using platform::FileReader;
using platform::FileStatus;
using platform::Folder;

static constexpr std::size_t HeadSize = 4096;
/// A -wal larger than this is not followed by a glance: at a gigabyte a second that would be felt in a scan.
static constexpr std::uint64_t LargestWalRead = 256 << 20;
/// Records of a hot journal that are searched for page 1.
static constexpr std::uint32_t MostJournalRecords = 4096;

/// Shannon's entropy in bits a byte falls short of 8 by (255 / (2 n ln 2)) on average for n bytes of noise; three
/// times that and a little is more than noise ever does, and less than any text, table or executable.
static bool looksLikeNoise(Bytes bytes)
{
    if (bytes.size() < 512)
        return false;
    std::array<unsigned, 256> counts{};
    for (const std::byte b : bytes)
        ++counts[static_cast<std::size_t>(b)];
    const double n = static_cast<double>(bytes.size());
    double entropy = 0;
    for (const unsigned count : counts) {
        if (count > 0)
            entropy -= count / n * std::log2(count / n);
    }
    const double shortfall = 255 / (2 * n * std::log(2.0));
    return entropy > 8 - 2 * shortfall - 0.02;
}

/// Formats that are noise too, but say what they are.
static bool isKnownCompressedFormat(Bytes head)
{
    using namespace std::literals;
    for (const std::string_view magic :
         {"PK\x03\x04"sv, "\x1f\x8b"sv, "\x28\xb5\x2f\xfd"sv, "BZh"sv, "7z\xbc\xaf"sv,
          "\xfd"
          "7zXZ"sv,
          "\x89PNG"sv, "\xff\xd8\xff"sv, "OggS"sv, "RIFF"sv, "\x1a\x45\xdf\xa3"sv, "%PDF"sv}) {
        if (head.size() >= magic.size() && std::memcmp(head.data(), magic.data(), magic.size()) == 0)
            return true;
    }
    return false;
}

static void addProblem(Glance &glance, Problem kind, std::int64_t value = 0, std::int64_t expected = 0)
{
    glance.problems.push_back({kind, value, expected});
}

static void damaged(Glance &glance, Problem kind, std::int64_t value = 0, std::int64_t expected = 0)
{
    glance.state = State::Damaged;
    addProblem(glance, kind, value, expected);
}

/// What SQLite would refuse to open, or what only a damaged file says. \a firstPage begins at the header.
static void judgeHeader(Glance &glance, const Header &header, Bytes firstPage)
{
    if (!isPageSize(header.pageSize))
        return damaged(glance, Problem::BadPageSize, header.pageSize);
    if (header.maxPayloadFraction != 64 || header.minPayloadFraction != 32 || header.leafPayloadFraction != 32)
        damaged(glance, Problem::BadPayloadFractions);
    if (header.writeVersion < 1 || header.writeVersion > 2 || header.readVersion < 1 || header.readVersion > 2)
        damaged(glance, Problem::UnknownFormatVersion, std::max(header.writeVersion, header.readVersion));
    else if (header.writeVersion != header.readVersion)
        addProblem(glance, Problem::VersionsDiffer, header.writeVersion, header.readVersion);
    if (header.pageSize - header.reservedBytes < 480)
        damaged(glance, Problem::BadReservedBytes, header.reservedBytes);
    if (header.textEncoding > 3)
        addProblem(glance, Problem::BadEncoding, header.textEncoding);
    if (header.schemaFormat > 4)
        addProblem(glance, Problem::BadSchemaFormat, header.schemaFormat);
    if (glance.pageCount > 0 && header.freelistPages >= glance.pageCount)
        damaged(glance, Problem::BadFreelist, header.freelistPages, glance.pageCount);
    // Page 1 is the root of the schema table: a table b-tree's leaf (13) or interior (5) page (section 1.6).
    if (firstPage.size() > Header::Size) {
        const std::uint8_t type = u8(firstPage, Header::Size);
        if (type != 13 && type != 5)
            damaged(glance, Problem::FirstPageNotATable, type);
    }
}

/// Whether the main file's length fits its header. Only where nothing beside it is going to change that length.
static void judgeLength(Glance &glance, const Header &header)
{
    if (!isPageSize(header.pageSize))
        return;
    const std::uint64_t pagesInFile = glance.file.size / header.pageSize;
    if (const std::uint64_t rest = glance.file.size % header.pageSize; rest != 0)
        damaged(glance, Problem::SizeNotWholePages, static_cast<std::int64_t>(rest));
    if (header.pageCountIsCurrent() && header.pageCount > pagesInFile + (glance.file.size % header.pageSize != 0))
        damaged(glance, Problem::FewerPagesThanStored, static_cast<std::int64_t>(pagesInFile), header.pageCount);
}

static std::uint32_t storedPageCount(const Header &header, std::uint64_t fileSize)
{
    if (header.pageCountIsCurrent())
        return header.pageCount;
    if (!isPageSize(header.pageSize))
        return header.pageCount;
    return static_cast<std::uint32_t>((fileSize + header.pageSize - 1) / header.pageSize);
}

/// State, stored header and page count; no verdict on the content yet.
static Glance recognise(const FileStatus &file, std::string_view name, Bytes head)
{
    Glance glance;
    glance.file = file;
    if (hasMagic(head)) {
        glance.state = State::Database;
        const Result<Header> header = parseHeader(head);
        if (!header) {
            damaged(glance, Problem::HeaderCutShort, static_cast<std::int64_t>(file.size));
            return glance;
        }
        glance.stored = *header;
        glance.current = *header;
        glance.pageCount = storedPageCount(*header, file.size);
    } else if (hasSqlite2Magic(head)) {
        glance.state = State::Sqlite2;
    } else if (file.size == 0) {
        glance.state = isDatabaseName(name) ? State::Empty : State::Other;
    } else if (file.size % 512 == 0 && isDatabaseName(name) && looksLikeNoise(head) && !isKnownCompressedFormat(head)) {
        glance.state = State::MaybeEncrypted;
    }
    if (file.links > 1 && glance.state != State::Other)
        addProblem(glance, Problem::ManyLinks, static_cast<std::int64_t>(file.links));
    return glance;
}

Glance judge(const FileStatus &file, std::string_view name, Bytes head)
{
    Glance glance = recognise(file, name, head);
    if (glance.stored) {
        judgeHeader(glance, *glance.stored, head);
        judgeLength(glance, *glance.stored);
    }
    return glance;
}

namespace {

/// The siblings of one database, reached through its folder.
class SiblingReader
{
public:
    SiblingReader(int folder, std::string_view name, Glance &glance)
        : m_folder(folder)
        , m_name(name)
        , m_glance(glance)
    {
    }

    void look()
    {
        Siblings &siblings = m_glance.siblings;
        siblings.walExists = size("-wal", siblings.wal);
        siblings.journalExists = size("-journal", siblings.journal);
        siblings.shmExists = size("-shm", siblings.shm);
        if (siblings.wal > 0)
            lookAtWal();
        if (siblings.journal > 0)
            lookAtJournal();
    }

    /// The start of page 1 as a reader would see it, where that is not what the main file holds.
    const std::vector<std::byte> &firstPage() const { return m_firstPage; }

private:
    bool size(const char *suffix, std::uint64_t &size) const
    {
        const Result<FileStatus> status = platform::statusAt(m_folder, (m_name + suffix).c_str());
        if (!status || !status->isRegular())
            return false;
        size = status->size;
        return true;
    }

    void lookAtWal()
    {
        const Result<FileReader> reader = FileReader::openAt(m_folder, (m_name + "-wal").c_str());
        if (!reader)
            return addProblem(m_glance, Problem::WalNotReadable);
        if (reader->status().size > LargestWalRead)
            addProblem(m_glance, Problem::WalTooLarge, static_cast<std::int64_t>(reader->status().size));
        const Result<WalSummary> summary = summarize(*reader);
        if (!summary)
            return addProblem(m_glance, Problem::WalNotReadable);
        m_glance.wal = *summary;
        const Header &stored = *m_glance.stored;
        if (!stored.isWal())
            return addProblem(m_glance, Problem::WalBesideRollback);
        if (summary->committedFrames == 0)
            return;
        if (summary->pageSize != stored.pageSize)
            addProblem(m_glance, Problem::WalPageSizeDiffers, summary->pageSize, stored.pageSize);
        m_glance.pageCount = summary->pages;
        m_firstPage = summary->firstPage;
    }

    static Result<WalSummary> summarize(const FileReader &reader)
    {
        WalScanner scanner;
        std::vector<std::byte> buffer(std::min<std::uint64_t>(reader.status().size, 1 << 20));
        for (std::uint64_t offset = 0; offset < std::min(reader.status().size, LargestWalRead);) {
            const Result<std::size_t> count = reader.read(offset, buffer);
            if (!count)
                return std::unexpected(count.error());
            if (*count == 0 || !scanner.feed(Bytes(buffer).first(*count)))
                break;
            offset += *count;
        }
        return scanner.finish(reader.status().size);
    }

    void lookAtJournal()
    {
        const Result<FileReader> reader = FileReader::openAt(m_folder, (m_name + "-journal").c_str());
        std::array<std::byte, JournalHeader::Size> head{};
        if (!reader || !reader->read(0, head))
            return addProblem(m_glance, Problem::JournalNotReadable);
        const Result<JournalHeader> header = parseJournalHeader(head);
        if (!header || superJournalIsGone(*reader))
            return;
        m_glance.journal = *header;
        if (isBeingWritten())
            return;
        m_glance.hotJournal = true;
        addProblem(m_glance, Problem::HotJournal);
        if (header->records == 0)
            return; // never synced, so the database was not written to yet
        m_glance.pageCount = header->initialPages;
        findFirstPage(*reader, *header);
    }

    /// A journal of a transaction over several databases counts only while the super-journal it names exists
    /// (sqlite.org/atomiccommit.html §5): the name, its length, checksum and the magic number end the file.
    bool superJournalIsGone(const FileReader &reader) const
    {
        std::array<std::byte, 16> tail{};
        const std::uint64_t size = reader.status().size;
        if (size < 600 || reader.read(size - tail.size(), tail) != tail.size() ||
            !hasJournalMagic(Bytes(tail).subspan(8)))
            return false;
        const std::uint32_t length = u32(tail, 0);
        if (length == 0 || length > 4096 || length + 20 > size)
            return false;
        std::string name(length, '\0');
        if (reader.read(size - 16 - length, std::as_writable_bytes(std::span(name))) != length)
            return false;
        std::uint32_t sum = 0;
        for (const char c : name)
            sum += static_cast<std::uint32_t>(static_cast<signed char>(c));
        return sum == u32(tail, 4) && !platform::status(Path(name));
    }

    /// A transaction under way is not an interrupted one: its program holds the RESERVED lock.
    bool isBeingWritten() const
    {
        return std::ranges::any_of(platform::locksOn({m_glance.file.id}), [](const platform::FileLock &lock) {
            return lock.write && lock.first <= ReservedByte && lock.last >= ReservedByte;
        });
    }

    void findFirstPage(const FileReader &reader, const JournalHeader &header)
    {
        if (!isPageSize(header.pageSize) || header.sectorSize < 512 || header.sectorSize > 65536)
            return;
        const std::uint64_t stride = header.pageSize + 8;
        for (std::uint32_t i = 0; i < std::min(header.records, MostJournalRecords); ++i) {
            std::array<std::byte, 4> number{};
            const std::uint64_t offset = header.sectorSize + i * stride;
            if (reader.read(offset, number) != number.size())
                return;
            if (u32(number, 0) != 1)
                continue;
            m_firstPage.resize(108);
            if (reader.read(offset + 4, m_firstPage) != m_firstPage.size())
                m_firstPage.clear();
            return;
        }
    }

    int m_folder;
    std::string m_name;
    Glance &m_glance;
    std::vector<std::byte> m_firstPage;
};

}

Result<Glance> glance(int folder, const char *name, SiblingsHint hint)
{
    const Result<FileStatus> status = platform::statusAt(folder, name);
    if (!status)
        return std::unexpected(status.error());
    if (!status->isRegular())
        return fail(ErrorCode::Refused, Reason::NotARegularFile, name);

    std::array<std::byte, HeadSize> buffer;
    std::size_t size = 0;
    FileStatus file = *status;
    const Result<void> read = OwnLocks::instance().read(
        status->id, [&] { return FileReader::openAt(folder, name); },
        [&](const FileReader &reader) -> Result<void> {
            const Result<FileStatus> now = reader.statusNow();
            const Result<std::size_t> count = reader.read(0, buffer);
            if (!now || !count)
                return std::unexpected(now ? count.error() : now.error());
            file = *now;
            size = *count;
            return {};
        });
    if (!read)
        return std::unexpected(read.error());

    const Bytes head(buffer.data(), size);
    Glance glance = recognise(file, name, head);
    if (!glance.stored)
        return glance;
    std::vector<std::byte> firstPage;
    if (hint != SiblingsHint::None) {
        SiblingReader siblings(folder, name, glance);
        siblings.look();
        firstPage = siblings.firstPage();
    }
    if (const Result<Header> current = parseHeader(firstPage))
        glance.current = *current;
    judgeHeader(glance, *glance.current, firstPage.empty() ? head : Bytes(firstPage));
    if (!glance.hotJournal && !(glance.wal && glance.wal->committedFrames > 0))
        judgeLength(glance, *glance.stored);
    return glance;
}

Result<Glance> glance(const Path &path)
{
    const auto parent = Folder::openParent(path);
    if (!parent)
        return std::unexpected(parent.error());
    Result<Glance> result = glance(parent->first.descriptor(), parent->second.c_str());
    if (!result)
        result.error().path = path;
    return result;
}

bool sameMoment(const Glance &a, const Glance &b)
{
    return a.file == b.file && a.siblings == b.siblings && a.stored == b.stored && a.wal == b.wal;
}

}
