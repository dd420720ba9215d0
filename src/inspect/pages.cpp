// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/pages.h"

#include "sqlite/header.h"
#include "sqlite/ownlocks.h"
#include "sqlite/pages.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace lk::inspect {

using platform::FileReader;
using sqlite::BtreeType;
using sqlite::Bytes;

/// Each may name up to 16 000 free pages.
static constexpr std::size_t MostTrunks = 4096;

namespace {

class PageReader
{
public:
    PageReader(const FileReader &reader, std::stop_token stop)
        : m_reader(reader)
        , m_stop(std::move(stop))
    {
    }

    Result<Pages> read(std::uint32_t first, std::uint32_t count)
    {
        const Result<std::vector<std::byte>> start = bytes(0, sqlite::Header::Size);
        if (!start)
            return std::unexpected(start.error());
        m_pages.header = *start;
        const Result<sqlite::Header> header = sqlite::parseHeader(*start);
        if (!header || !sqlite::isPageSize(header->pageSize))
            return m_pages;
        m_header = *header;
        m_pages.pageSize = header->pageSize;
        m_pages.pageCount =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(m_reader.status().size / header->pageSize, 0xFFFFFFFE));
        first = std::clamp(first, 1u, m_pages.pageCount + 1);
        const std::uint32_t end = first + std::min({count, MostPages, m_pages.pageCount + 1 - first});
        if (const Result<void> free = walkFreelist(first, end); !free)
            return std::unexpected(free.error());
        for (std::uint32_t number = first; number < end; ++number) {
            const Result<PageFacts> page = look(number);
            if (!page)
                return std::unexpected(page.error());
            m_pages.pages.push_back(*page);
        }
        return m_pages;
    }

private:
    /// Fewer than \a size only at the end of the file.
    Result<std::vector<std::byte>> bytes(std::uint64_t offset, std::size_t size) const
    {
        if (m_stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        std::vector<std::byte> buffer(size);
        const Result<std::size_t> count = m_reader.read(offset, buffer);
        if (!count)
            return std::unexpected(count.error());
        buffer.resize(*count);
        return buffer;
    }
    std::uint64_t offsetOf(std::uint32_t number) const { return std::uint64_t(number - 1) * m_pages.pageSize; }

    /// A free page keeps its old content, so that it is free only the list can say. Remembers the leaves among the
    /// pages from \a first up to \a end only: there may be millions of others.
    Result<void> walkFreelist(std::uint32_t first, std::uint32_t end)
    {
        std::uint32_t number = m_header.freelistTrunk;
        while (number != 0) {
            if (number > m_pages.pageCount || m_trunks.contains(number) || m_trunks.size() >= MostTrunks) {
                m_pages.freelistCut = true;
                return {};
            }
            const Result<std::vector<std::byte>> page =
                bytes(offsetOf(number), m_pages.pageSize - m_header.reservedBytes);
            if (!page)
                return std::unexpected(page.error());
            const std::optional<sqlite::FreelistTrunk> trunk = sqlite::parseFreelistTrunk(*page);
            if (!trunk) {
                m_pages.freelistCut = true;
                return {};
            }
            m_trunks.emplace(number, trunk->next);
            std::ranges::copy_if(trunk->leaves, std::inserter(m_free, m_free.end()),
                                 [&](std::uint32_t leaf) { return leaf >= first && leaf < end; });
            number = trunk->next;
        }
        return {};
    }

    static PageKind kindOf(BtreeType type)
    {
        switch (type) {
        case BtreeType::InteriorIndex:
            return PageKind::InteriorIndex;
        case BtreeType::InteriorTable:
            return PageKind::InteriorTable;
        case BtreeType::LeafIndex:
            return PageKind::LeafIndex;
        case BtreeType::LeafTable:
            break;
        }
        return PageKind::LeafTable;
    }

    Result<PageFacts> look(std::uint32_t number) const
    {
        PageFacts page{.number = number};
        const std::uint32_t usable = m_pages.pageSize - m_header.reservedBytes;
        if (const auto trunk = m_trunks.find(number); trunk != m_trunks.end()) {
            page.kind = PageKind::FreeTrunk;
            page.link = trunk->second;
        } else if (m_free.contains(number)) {
            page.kind = PageKind::FreeLeaf;
        } else if (number == sqlite::lockBytePage(m_pages.pageSize)) {
            page.kind = PageKind::LockByte;
        } else if (m_header.largestRootPage != 0 && sqlite::isPointerMapPage(number, usable, m_pages.pageSize)) {
            page.kind = PageKind::PointerMap;
        } else {
            return lookAtContent(page);
        }
        return page;
    }

    Result<PageFacts> lookAtContent(PageFacts page) const
    {
        const std::size_t start = page.number == 1 ? sqlite::Header::Size : 0;
        const Result<std::vector<std::byte>> head = bytes(offsetOf(page.number) + start, sqlite::BtreePage::Size);
        if (!head)
            return std::unexpected(head.error());
        const std::optional<sqlite::BtreePage> tree = sqlite::parseBtreePage(*head);
        if (!tree) {
            page.kind = PageKind::Overflow;
            page.link = head->size() < 4 ? 0 : sqlite::u32(*head, 0);
            return page;
        }
        page.kind = kindOf(tree->type);
        page.cells = tree->cells;
        page.link = tree->rightmostChild;
        const std::size_t behindCells = start + (tree->isInterior() ? 12 : 8) + 2 * std::size_t(tree->cells);
        const std::size_t content = std::min(tree->contentStart, m_pages.pageSize);
        page.gap = static_cast<std::uint32_t>(content > behindCells ? content - behindCells : 0);
        return page;
    }

    const FileReader &m_reader;
    std::stop_token m_stop;
    sqlite::Header m_header;
    Pages m_pages;
    std::map<std::uint32_t, std::uint32_t> m_trunks; ///< each one's next
    std::set<std::uint32_t> m_free;
};

}

Result<Pages> readPages(const Path &path, std::uint32_t first, std::uint32_t count, std::stop_token stop)
{
    const Result<platform::FileStatus> status = platform::status(path);
    if (!status)
        return std::unexpected(status.error());
    if (!status->isRegular())
        return fail(ErrorCode::Refused, Reason::NotARegularFile, path);
    Pages pages;
    const Result<void> read = sqlite::OwnLocks::instance().read(
        status->id, [&] { return FileReader::open(path); },
        [&](const FileReader &reader) -> Result<void> {
            Result<Pages> found = PageReader(reader, std::move(stop)).read(first, count);
            if (!found)
                return std::unexpected(found.error());
            pages = std::move(*found);
            return {};
        });
    if (!read)
        return std::unexpected(read.error());
    return pages;
}

}
