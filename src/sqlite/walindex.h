// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/bytes.h"

#include <array>
#include <optional>

namespace lk::sqlite {

/// The start of a -shm file, in the byte order of this machine. Source: sqlite.org/walformat.html, section 2.
struct WalIndex
{
    static constexpr std::size_t Size = 136;
    static constexpr std::size_t ReadMarks = 5;

    bool initialised = false;
    bool copiesAgree = false;   ///< of the header; if not, a writer is at work, or died there
    std::uint32_t pageSize = 0; ///< in bytes
    std::uint32_t maxFrame = 0; ///< the last committed frame of the -wal
    std::uint32_t pageCount = 0;
    std::uint32_t salt1 = 0;
    std::uint32_t salt2 = 0;
    std::uint32_t backfilled = 0; ///< frames already in the database file
    /// Up to which frame a reader may look; empty: not in use. That it is set does not say that it is held: the locks
    /// do.
    std::array<std::optional<std::uint32_t>, ReadMarks> readMarks{};

    std::uint32_t notBackfilled() const { return maxFrame > backfilled ? maxFrame - backfilled : 0; }
    bool operator==(const WalIndex &) const = default;
};

/// Damaged if \a bytes is shorter than WalIndex::Size, NotADatabase if its version is not one we know.
Result<WalIndex> parseWalIndex(Bytes bytes);

}
