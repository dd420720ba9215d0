// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/walindex.h"

#include <cstring>

namespace lk::sqlite {

static constexpr std::size_t HeaderSize = 48; ///< of each of its two copies
static constexpr std::size_t BackfilledAt = 2 * HeaderSize;
static constexpr std::size_t ReadMarksAt = BackfilledAt + 4;
static constexpr std::uint32_t Version = 3007000;
static constexpr std::uint32_t MarkNotUsed = 0xffffffff;

/// The number at \a offset, in this machine's byte order.
template <class Number>
static Number native(Bytes bytes, std::size_t offset)
{
    Number value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

Result<WalIndex> parseWalIndex(Bytes bytes)
{
    if (bytes.size() < WalIndex::Size)
        return fail(ErrorCode::Damaged, {}, "-shm cut short");
    if (native<std::uint32_t>(bytes, 0) != Version)
        return fail(ErrorCode::NotADatabase, {}, "not a -shm, or of a version that is not known");

    const auto storedPageSize = native<std::uint16_t>(bytes, 14);
    WalIndex index{
        .initialised = native<std::uint8_t>(bytes, 12) != 0,
        .copiesAgree = std::memcmp(bytes.data(), bytes.data() + HeaderSize, HeaderSize) == 0,
        .pageSize = storedPageSize == 1 ? 65536u : storedPageSize, // as in a database's header
        .maxFrame = native<std::uint32_t>(bytes, 16),
        .pageCount = native<std::uint32_t>(bytes, 20),
        .salt1 = u32(bytes, 32), // copied from the -wal as its bytes are
        .salt2 = u32(bytes, 36),
        .backfilled = native<std::uint32_t>(bytes, BackfilledAt),
    };
    for (std::size_t i = 0; i < index.readMarks.size(); ++i) {
        const auto mark = native<std::uint32_t>(bytes, ReadMarksAt + 4 * i);
        if (mark != MarkNotUsed)
            index.readMarks[i] = mark;
    }
    return index;
}

}
