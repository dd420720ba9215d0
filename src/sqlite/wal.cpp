// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/wal.h"

#include <algorithm>

namespace lk::sqlite {

static constexpr std::size_t FrameHeaderSize = 24;
/// As much of page 1 as a glance wants: the header and the b-tree's type byte.
static constexpr std::size_t FirstPageKept = 108;

/// The checksum of section 4.2: two running sums over pairs of words in the byte order that the magic number names.
static void addChecksum(Bytes bytes, bool bigEndian, std::array<std::uint32_t, 2> &sum)
{
    std::uint32_t s0 = sum[0];
    std::uint32_t s1 = sum[1];
    const auto word = [&](std::size_t i) {
        const std::uint32_t value = u32(bytes, i);
        return bigEndian ? value : __builtin_bswap32(value);
    };
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
        s0 += word(i) + s1;
        s1 += word(i + 4) + s0;
    }
    sum = {s0, s1};
}

Result<WalHeader> parseWalHeader(Bytes bytes)
{
    if (bytes.size() < WalHeader::Size)
        return fail(ErrorCode::Damaged, {}, "-wal header cut short");
    const std::uint32_t magic = u32(bytes, 0);
    if ((magic & ~1u) != 0x377f0682)
        return fail(ErrorCode::NotADatabase, {}, "no -wal magic number");

    WalHeader header{
        .bigEndianChecksums = (magic & 1) != 0,
        .format = u32(bytes, 4),
        .pageSize = u32(bytes, 8),
        .checkpointSequence = u32(bytes, 12),
        .salt1 = u32(bytes, 16),
        .salt2 = u32(bytes, 20),
        .checksum = {u32(bytes, 24), u32(bytes, 28)},
    };
    std::array<std::uint32_t, 2> sum{};
    addChecksum(bytes.first(24), header.bigEndianChecksums, sum);
    header.checksumMatches = sum == header.checksum;
    return header;
}

bool WalScanner::feed(Bytes bytes)
{
    if (m_ended)
        return false;
    m_pending.insert(m_pending.end(), bytes.begin(), bytes.end());
    std::size_t used = 0;
    if (!m_headerSeen) {
        if (m_pending.size() < WalHeader::Size)
            return true;
        m_headerSeen = true;
        used = WalHeader::Size;
        const Result<WalHeader> header = parseWalHeader(m_pending);
        if (!header || !header->checksumMatches || header->format != 3007000 || !isPageSize(header->pageSize)) {
            m_headerReadable = header.has_value();
            m_ended = true;
            return false;
        }
        m_headerReadable = true;
        m_header = *header;
        m_checksum = header->checksum;
        m_summary.salt1 = header->salt1;
        m_summary.salt2 = header->salt2;
        m_summary.pageSize = header->pageSize;
    }
    const std::size_t frameSize = FrameHeaderSize + m_header->pageSize;
    while (!m_ended && m_pending.size() - used >= frameSize) {
        takeFrame(Bytes(m_pending).subspan(used, frameSize));
        used += frameSize;
    }
    m_pending.erase(m_pending.begin(), m_pending.begin() + static_cast<std::ptrdiff_t>(used));
    return !m_ended;
}

void WalScanner::takeFrame(Bytes frame)
{
    const std::uint32_t pageNumber = u32(frame, 0);
    const std::uint32_t pagesAfterCommit = u32(frame, 4);
    std::array<std::uint32_t, 2> sum = m_checksum;
    addChecksum(frame.first(8), m_header->bigEndianChecksums, sum);
    addChecksum(frame.subspan(FrameHeaderSize), m_header->bigEndianChecksums, sum);
    const bool valid = pageNumber != 0 && u32(frame, 8) == m_header->salt1 && u32(frame, 12) == m_header->salt2 &&
                       u32(frame, 16) == sum[0] && u32(frame, 20) == sum[1];
    if (!valid) {
        m_ended = true; // recovery stops at the first frame that does not fit (section 4.4)
        return;
    }
    m_checksum = sum;
    ++m_summary.validFrames;
    if (pageNumber == 1) {
        const Bytes page = frame.subspan(FrameHeaderSize, FirstPageKept);
        m_firstPage.assign(page.begin(), page.end());
    }
    if (pagesAfterCommit != 0) {
        m_summary.committedFrames = m_summary.validFrames;
        m_summary.pages = pagesAfterCommit;
        if (!m_firstPage.empty())
            m_summary.firstPage = m_firstPage;
    }
}

Result<WalSummary> WalScanner::finish(std::uint64_t fileSize) const
{
    if (!m_headerReadable)
        return fail(ErrorCode::NotADatabase, {}, "not a -wal");
    WalSummary summary = m_summary;
    if (m_header && fileSize > WalHeader::Size)
        summary.frames =
            static_cast<std::uint32_t>((fileSize - WalHeader::Size) / (FrameHeaderSize + m_header->pageSize));
    return summary;
}

}
