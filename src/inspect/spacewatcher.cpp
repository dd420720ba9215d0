// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/spacewatcher.h"

#include "sqlite/header.h"

#include <algorithm>
#include <utility>

namespace lk::inspect {

using sqlite::Bytes;

/// Reads between two reports.
static constexpr std::uint64_t ReadsPerReport = 64;
/// More pages than this are not followed one by one: a header may claim 2^32 (safety.md, fact 21).
static constexpr std::uint64_t MostPages = 1u << 28;

namespace {

/// Of a b-tree page: its first byte (sqlite.org/fileformat2.html, section 1.6).
enum PageType : std::uint8_t
{
    IndexInterior = 2,
    TableInterior = 5,
    TableLeaf = 13,
};
constexpr std::size_t CellCountAt = 3;
constexpr std::size_t LastChildAt = 8;
constexpr std::size_t InteriorHeaderSize = 12;

}

SpaceWatcher::SpaceWatcher(Progress &progress, std::stop_source stop)
    : m_progress(progress)
    , m_stop(std::move(stop))
{
}

void SpaceWatcher::begin(std::uint32_t pageSize, std::uint64_t pageCount, std::uint64_t freelistPages,
                         const Schema &schema)
{
    m_pageSize = pageSize;
    m_pagesInUse = pageCount > freelistPages ? pageCount - freelistPages : 1;
    m_claimed.resize(std::min(pageCount, MostPages) + 1);
    claim(1);
    for (const SchemaObject &object : schema.objects)
        claim(object.rootPage);
}

void SpaceWatcher::databaseRead(std::uint64_t offset, Bytes bytes)
{
    pageRead(offset, bytes, offset == 0 ? sqlite::Header::Size : 0);
}

void SpaceWatcher::walRead(std::uint64_t offset, Bytes bytes)
{
    static constexpr std::uint64_t OfWal = std::uint64_t(1) << 63;
    pageRead(offset | OfWal, bytes, sqlite::hasMagic(bytes) ? sqlite::Header::Size : 0);
}

SpaceWatcher::Seen SpaceWatcher::take()
{
    return std::exchange(m_seen, {});
}

void SpaceWatcher::pageRead(std::uint64_t place, Bytes page, std::size_t start)
{
    if (m_pageSize == 0)
        m_ofSchema.insert(place);
    if (page.size() != m_pageSize || m_ofSchema.contains(place))
        return;
    const std::uint8_t type = sqlite::u8(page, start);
    if (type == TableLeaf)
        m_seen.rows += sqlite::u16(page, start + CellCountAt);
    if (type == TableInterior)
        m_seen.innerKeys += sqlite::u16(page, start + CellCountAt);
    if (type == TableInterior || type == IndexInterior)
        claimChildren(page, start);
    if (++m_reads % ReadsPerReport == 0)
        m_progress.report({.fraction = std::min(1.0, static_cast<double>(m_reads) / static_cast<double>(m_pagesInUse)),
                           .done = m_reads * m_pageSize,
                           .phase = Phase::Reading});
}

/// One in front of each cell, and the last.
void SpaceWatcher::claimChildren(Bytes page, std::size_t start)
{
    const std::size_t cells = sqlite::u16(page, start + CellCountAt);
    if (start + InteriorHeaderSize + 2 * cells > page.size())
        return;
    std::vector<std::uint32_t> children{sqlite::u32(page, start + LastChildAt)};
    for (std::size_t i = 0; i < cells; ++i) {
        const std::size_t cell = sqlite::u16(page, start + InteriorHeaderSize + 2 * i);
        children.push_back(cell + 4 <= page.size() ? sqlite::u32(page, cell) : 0);
    }
    // An overflow page begins with the number of the next one: from 2^25 pages on it can look like an interior page's
    // type, but hardly all that follows like children.
    const bool maybeOverflow = m_claimed.size() > std::size_t(IndexInterior) << 24;
    const auto isPage = [&](std::uint32_t child) { return child > 1 && child < m_claimed.size(); };
    if (maybeOverflow && !std::ranges::all_of(children, isPage))
        return;
    for (const std::uint32_t child : children)
        claim(child);
}

void SpaceWatcher::claim(std::uint64_t page)
{
    if (page == 0 || page >= m_claimed.size())
        return;
    if (m_claimed[page]) {
        m_foundPageOfTwo = true;
        m_stop.request_stop();
    }
    m_claimed[page] = true;
}

}
