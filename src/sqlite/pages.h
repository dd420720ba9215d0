// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/bytes.h"

#include <optional>
#include <span>
#include <vector>

/// The pages of a database file, from bytes. Source: sqlite.org/fileformat2.html.
namespace lk::sqlite {

/// The first byte of a b-tree page (section 1.6).
enum class BtreeType : std::uint8_t
{
    InteriorIndex = 2,
    InteriorTable = 5,
    LeafIndex = 10,
    LeafTable = 13,
};

/// The header of a b-tree page, as stored. Nothing is corrected.
struct BtreePage
{
    static constexpr std::size_t Size = 12; ///< of the longer of the two kinds of header, in bytes

    BtreeType type{};
    std::uint16_t firstFreeblock = 0; ///< offset in the page; 0: none
    std::uint16_t cells = 0;
    std::uint32_t contentStart = 0; ///< offset in the page; the stored 0 is already 65536 here
    std::uint8_t fragmentedBytes = 0;
    std::uint32_t rightmostChild = 0; ///< of an interior page

    bool isInterior() const { return type == BtreeType::InteriorIndex || type == BtreeType::InteriorTable; }
    bool operator==(const BtreePage &) const = default;
};

/// \a header begins where the page's b-tree header does: 100 bytes into page 1, at the start of the others. Nothing if
/// it is shorter than BtreePage::Size, or not that of a b-tree page: overflow and free pages have no mark of their own.
std::optional<BtreePage> parseBtreePage(Bytes header);

/// A page of the list of free pages (section 1.5).
struct FreelistTrunk
{
    std::uint32_t next = 0;            ///< the following trunk's number; 0: the last one
    std::vector<std::uint32_t> leaves; ///< numbers of free pages; at most as many as fit
};

/// \a page is a whole page. Nothing if it is too short to be one.
std::optional<FreelistTrunk> parseFreelistTrunk(Bytes page);

/// The page that holds the bytes which locks are taken on; never used (section 1.4). \a pageSize in bytes.
std::uint32_t lockBytePage(std::uint32_t pageSize);

/// Whether page \a number of an auto-vacuum database is one of the pages that say who points to a page (section 1.8).
/// \a usableSize in bytes: without what is reserved.
bool isPointerMapPage(std::uint32_t number, std::uint32_t usableSize, std::uint32_t pageSize);

/// A field of the first 100 bytes (section 1.3); in the file's order, without a gap between them.
struct HeaderField
{
    const char *id; ///< "page-size"
    std::uint8_t offset;
    std::uint8_t size;
};
std::span<const HeaderField> headerFields();
/// The field that \a offset lies in. Nothing beyond the header.
std::optional<std::size_t> headerFieldAt(std::size_t offset);
/// The number that \a field holds in \a header; 0 for texts and reserved bytes, and if \a header is too short.
std::uint32_t headerValue(Bytes header, const HeaderField &field);

}
