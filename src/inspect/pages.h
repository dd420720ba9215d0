// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace lk::inspect {

enum class PageKind
{
    InteriorIndex,
    InteriorTable,
    LeafIndex,
    LeafTable,
    FreeTrunk, ///< holds the numbers of free pages
    FreeLeaf,
    PointerMap,
    LockByte,
    Overflow, ///< none of the others: the rest of a row that is longer than its page
};

struct PageFacts
{
    std::uint32_t number = 0; ///< from 1
    PageKind kind{};
    std::uint16_t cells = 0; ///< of a b-tree page
    std::uint32_t gap = 0;   ///< of a b-tree page: bytes between the cells' numbers and their content
    std::uint32_t link = 0;  ///< the rightmost child, the next trunk or the next overflow page; 0: none

    bool operator==(const PageFacts &) const = default;
};

struct Pages
{
    std::vector<std::byte> header; ///< the file's first 100 bytes, fewer if there are not so many
    std::uint32_t pageSize = 0;    ///< in bytes; 0 if the header names none that there is: then there are no pages
    std::uint32_t pageCount = 0;   ///< whole pages in the file
    std::vector<PageFacts> pages;
    bool freelistCut = false; ///< the list of free pages was damaged or too long: some may be taken for others
};

/// Longest run of pages that one call reads.
inline constexpr std::uint32_t MostPages = 4096;

/// The kinds of \a count pages from \a first on (from 1), of the main file alone: what waits in a -wal is not there
/// yet. Reads a few bytes of each, without a lock or a trace. Errors: what opening and reading gives, Cancelled.
Result<Pages> readPages(const Path &path, std::uint32_t first, std::uint32_t count, std::stop_token stop = {});

}
