// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/journal.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <vector>

namespace lk::sqlite {

bool hasJournalMagic(Bytes bytes)
{
    static constexpr std::array<unsigned char, 8> Magic{0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    return bytes.size() >= Magic.size() && std::memcmp(bytes.data(), Magic.data(), Magic.size()) == 0;
}

Result<JournalHeader> parseJournalHeader(Bytes bytes)
{
    if (bytes.size() < JournalHeader::Size)
        return fail(ErrorCode::Damaged, {}, "journal header cut short");
    if (!hasJournalMagic(bytes))
        return fail(ErrorCode::NotADatabase, {}, "no journal magic number");
    return JournalHeader{
        .records = u32(bytes, 8),
        .nonce = u32(bytes, 12),
        .initialPages = u32(bytes, 16),
        .sectorSize = u32(bytes, 20),
        .pageSize = u32(bytes, 24),
    };
}

bool recordMatches(Bytes page, std::uint32_t nonce, std::uint32_t checksum)
{
    std::uint32_t sum = nonce;
    for (std::size_t i = page.size() >= 200 ? page.size() - 200 : 0; i > 0; i = i > 200 ? i - 200 : 0)
        sum += u8(page, i);
    return sum == checksum;
}

/// Headers stand at whole sectors.
static std::uint64_t onSector(std::uint64_t offset, std::uint32_t sectorSize)
{
    return (offset + sectorSize - 1) / sectorSize * sectorSize;
}

static bool canBeFollowed(const JournalHeader &header)
{
    return isPageSize(header.pageSize) && header.sectorSize >= 32 && header.sectorSize <= 65536 &&
           (header.sectorSize & (header.sectorSize - 1)) == 0;
}

namespace {

/// Goes through a journal as SQLite's rollback does.
class JournalWalk
{
public:
    JournalWalk(std::uint64_t size, std::uint64_t mostBytes, const ReadAt &read)
        : m_size(size)
        , m_mostBytes(mostBytes)
        , m_read(read)
    {
    }

    Result<JournalContent> walk()
    {
        Result<JournalHeader> header = nextHeader();
        if (!header)
            return std::unexpected(header.error());
        m_first = *header;
        for (bool more = canBeFollowed(m_first); more && header;) {
            const Result<bool> whole = followSegment(*header);
            if (!whole)
                return std::unexpected(whole.error());
            more = *whole;
            m_offset = onSector(m_offset, m_first.sectorSize);
            header = nextHeader(); // without the magic number there is no further segment
        }
        return m_content;
    }

private:
    Result<JournalHeader> nextHeader()
    {
        std::array<std::byte, JournalHeader::Size> head{};
        const Result<std::size_t> count = m_read(m_offset, head);
        if (!count)
            return std::unexpected(count.error());
        return parseJournalHeader(Bytes(head).first(*count));
    }

    /// False: nothing behind counts any more, or is looked at.
    Result<bool> followSegment(const JournalHeader &header)
    {
        static constexpr std::uint32_t ToTheEnd = 0xffffffff;
        std::vector<std::byte> record(m_first.pageSize + 8);
        m_offset += m_first.sectorSize;
        for (std::uint32_t i = 0; i < header.records || header.records == ToTheEnd; ++i) {
            if (m_offset > m_mostBytes) {
                m_content.complete = false;
                return false;
            }
            const Result<std::size_t> count = m_read(m_offset, record);
            if (!count)
                return std::unexpected(count.error());
            if (*count < record.size() || !take(record, header.nonce))
                return false;
            m_offset += record.size();
        }
        return m_offset < m_size && header.records > 0;
    }

    /// A record is a page's number, its old content and a checksum.
    bool take(Bytes record, std::uint32_t nonce)
    {
        const std::uint32_t page = u32(record, 0);
        if (page == 0 || !recordMatches(record.subspan(4, m_first.pageSize), nonce, u32(record, 4 + m_first.pageSize)))
            return false;
        if (page <= m_first.initialPages && m_pages.insert(page).second)
            ++m_content.records;
        return true;
    }

    std::uint64_t m_size;
    std::uint64_t m_mostBytes;
    const ReadAt &m_read;
    std::uint64_t m_offset = 0;
    JournalHeader m_first; ///< its sizes and its number of pages hold for all segments
    std::set<std::uint32_t> m_pages;
    JournalContent m_content;
};

}

Result<JournalContent> readJournal(std::uint64_t size, std::uint64_t mostBytes, const ReadAt &read)
{
    return JournalWalk(size, mostBytes, read).walk();
}

}
