// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/journal.h"

#include <array>
#include <cstring>

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

}
