// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace lk::inspect {

/// What a table or index takes up, from SQLite's dbstat.
struct SpaceItem
{
    std::string name; ///< untrusted text
    bool index = false;
    std::string table; ///< that it belongs to; for the tables behind a full-text or R*Tree index, that index
    std::uint64_t pages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t payload = 0;         ///< bytes that are content
    std::uint64_t unused = 0;          ///< bytes within its pages
    std::optional<std::uint64_t> rows; ///< where it costs nothing: cells of a table's leaves

    bool operator==(const SpaceItem &) const = default;
};

struct Space
{
    std::vector<SpaceItem> items; ///< the largest first
    std::uint32_t pageSize = 0;   ///< in bytes
    std::uint64_t pageCount = 0;
    std::uint64_t freelistPages = 0;
    std::uint64_t unusedBytes = 0; ///< within the pages of all items
    bool partial = false;          ///< damage kept us from some of it; why says which
    std::optional<Error> why{};
};

/// Reads every page of the database once, through the looking glass. Errors: Cancelled, and what opening gives. Damage
/// is not an error: what could be measured is there, and partial.
Result<Space> measureSpace(const Path &path, std::stop_token stop = {}, Progress &progress = Progress::none());

}
