// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/checkprogress.h"

#include <algorithm>

namespace lk::operations {

using sqlite::Bytes;

/// Reads between two looks at the clock.
static constexpr std::uint64_t ReadsPerUpdate = 256;
/// More pages than this are not followed one by one: a header may claim 2^32 (safety.md, fact 21).
static constexpr std::uint32_t MostPages = 1u << 28;

CheckProgress::CheckProgress(std::uint32_t pageSize, std::uint32_t pageCount, std::uint32_t pagesInUse, bool quick,
                             Progress &progress)
    : m_pageSize(pageSize)
    , m_pagesInUse(std::max(1u, pagesInUse))
    , m_structureShare(quick ? 0.6 : 0.12)
    , m_progress(progress)
    , m_pages(std::min(pageCount, MostPages) / Piece::Pages + 1)
{
}

/// Null if it is not one of the pages that are followed.
std::uint8_t *CheckProgress::flagsOf(std::uint32_t page)
{
    const std::size_t piece = page / Piece::Pages;
    if (piece >= m_pages.size())
        return nullptr;
    if (!m_pages[piece])
        m_pages[piece] = std::make_unique<Piece>();
    return &m_pages[piece]->flags[page % Piece::Pages];
}

/// Null if it is not kept. The page's flags are there.
std::uint32_t *CheckProgress::placeOf(std::uint32_t page)
{
    if (page % Piece::Sampled != 0)
        return nullptr;
    return &m_pages[page / Piece::Pages]->places[page % Piece::Pages / Piece::Sampled];
}

void CheckProgress::setRoots(std::span<const std::uint32_t> tables, std::span<const std::uint32_t> indexes)
{
    const auto mark = [&](std::uint32_t page, PageFlag flag) {
        if (std::uint8_t *flags = flagsOf(page))
            *flags = static_cast<std::uint8_t>(*flags | flag);
    };
    for (const std::uint32_t root : tables)
        mark(root, TableRoot);
    for (const std::uint32_t root : indexes)
        mark(root, IndexRoot);
    m_start = Clock::now();
}

void CheckProgress::databaseRead(std::uint64_t offset, Bytes bytes)
{
    if (bytes.size() == m_pageSize && offset % m_pageSize == 0)
        pageRead(static_cast<std::uint32_t>(offset / m_pageSize + 1), bytes);
}

/// SQLite reads every frame with its header once, when it opens the -wal; later the pages alone.
void CheckProgress::walRead(std::uint64_t offset, Bytes bytes)
{
    static constexpr std::uint64_t FrameHeader = 24;
    const std::uint64_t frameSize = FrameHeader + m_pageSize;
    if (offset < 32 || (bytes.size() != frameSize && bytes.size() != m_pageSize))
        return;
    const std::uint64_t frame = (offset - 32) / frameSize;
    if (bytes.size() == frameSize && frame < MostPages) {
        m_framePages.resize(std::max<std::size_t>(m_framePages.size(), frame + 1));
        m_framePages[frame] = sqlite::u32(bytes, 0);
    } else if (frame < m_framePages.size()) {
        pageRead(m_framePages[frame], bytes);
    }
}

void CheckProgress::pageRead(std::uint32_t page, Bytes bytes)
{
    m_bytes += bytes.size();
    if (std::uint8_t *flags = flagsOf(page)) {
        if (!(*flags & Seen)) {
            firstRead(*flags, page, bytes);
        } else if ((*flags & Leaf) && !(*flags & SeenAgain)) {
            leafReadAgain(*flags, page);
        }
    }
    if (++m_sinceUpdate >= ReadsPerUpdate) {
        m_sinceUpdate = 0;
        update();
    }
}

void CheckProgress::firstRead(std::uint8_t &flags, std::uint32_t page, Bytes bytes)
{
    flags |= Seen;
    ++m_seen;
    // A tree is walked from its root without a break, so a root tells whose leaves come next.
    if (flags & (TableRoot | IndexRoot))
        m_inTable = (flags & TableRoot) != 0;
    if (flags & TableRoot)
        m_tables.push_back(m_leaves);
    const std::uint8_t type = sqlite::u8(bytes, page == 1 ? 100 : 0);
    if (type == 0x0D || (type == 0x0A && m_inTable)) {
        flags |= Leaf;
        ++m_leaves;
        if (std::uint32_t *place = placeOf(page))
            *place = static_cast<std::uint32_t>(m_leaves);
    }
}

void CheckProgress::leafReadAgain(std::uint8_t &flags, std::uint32_t page)
{
    flags |= SeenAgain;
    ++m_leavesAgain;
    const std::uint32_t *place = placeOf(page);
    if (!place)
        return;
    const auto next = std::ranges::lower_bound(m_tables, *place);
    const std::uint64_t begin = next == m_tables.begin() ? 0 : *std::prev(next);
    const std::uint64_t end = next == m_tables.end() ? m_leaves : *next;
    m_passed = std::max(m_passed, begin + end - *place + 1);
}

/// A leaf is read a second time when the rows' turn has come; a few are before, to read the schema.
bool CheckProgress::structureIsDone() const
{
    return (m_leavesAgain > 0 && m_seen * 100 >= std::uint64_t(m_pagesInUse) * 97) ||
           m_leavesAgain * 20 > std::max<std::uint64_t>(m_pagesInUse, 1280);
}

double CheckProgress::estimate()
{
    const auto now = Clock::now();
    if (m_structureTime.count() == 0 && structureIsDone())
        m_structureTime = std::max(now - m_start, Clock::duration(1));
    if (m_structureTime.count() == 0)
        return m_structureShare * std::min(1.0, static_cast<double>(m_seen) / m_pagesInUse);

    const double rows = m_leaves > 0 ? std::min(1.0, static_cast<double>(m_passed) / static_cast<double>(m_leaves)) : 1;
    const double structure = std::chrono::duration<double>(m_structureTime).count();
    const double rowsSoFar = std::chrono::duration<double>(now - m_start).count() - structure;
    const double guessed = structure * (1 - m_structureShare) / m_structureShare;
    const double measured = rows > 0 ? rowsSoFar / rows : guessed;
    const double trust = std::min(1.0, rows / 0.1); // of what was measured
    const double left = (1 - rows) * (trust * measured + (1 - trust) * guessed);
    return (structure + rowsSoFar) / (structure + rowsSoFar + left);
}

void CheckProgress::update()
{
    m_shown = std::clamp(estimate(), m_shown, 1.0);
    m_progress.report({.fraction = m_shown,
                       .done = m_bytes,
                       .phase = m_structureTime.count() == 0 ? Phase::Reading : Phase::Checking});
}

}
