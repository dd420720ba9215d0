// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/header.h"

#include <cstring>
#include <string_view>

namespace lk::sqlite {

static bool startsWith(Bytes bytes, std::string_view text)
{
    return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

bool hasMagic(Bytes bytes)
{
    return startsWith(bytes, std::string_view("SQLite format 3\0", 16));
}

bool hasSqlite2Magic(Bytes bytes)
{
    return startsWith(bytes, "** This file contains an SQLite 2");
}

Result<Header> parseHeader(Bytes bytes)
{
    if (!hasMagic(bytes))
        return fail(ErrorCode::NotADatabase, {}, "no magic string");
    if (bytes.size() < Header::Size)
        return fail(ErrorCode::Damaged, {}, "header cut short");

    const std::uint32_t storedPageSize = u16(bytes, 16);
    return Header{
        .pageSize = storedPageSize == 1 ? 65536 : storedPageSize,
        .writeVersion = u8(bytes, 18),
        .readVersion = u8(bytes, 19),
        .reservedBytes = u8(bytes, 20),
        .maxPayloadFraction = u8(bytes, 21),
        .minPayloadFraction = u8(bytes, 22),
        .leafPayloadFraction = u8(bytes, 23),
        .changeCounter = u32(bytes, 24),
        .pageCount = u32(bytes, 28),
        .freelistTrunk = u32(bytes, 32),
        .freelistPages = u32(bytes, 36),
        .schemaCookie = u32(bytes, 40),
        .schemaFormat = u32(bytes, 44),
        .defaultCacheSize = static_cast<std::int32_t>(u32(bytes, 48)),
        .largestRootPage = u32(bytes, 52),
        .textEncoding = u32(bytes, 56),
        .userVersion = u32(bytes, 60),
        .incrementalVacuum = u32(bytes, 64),
        .applicationId = u32(bytes, 68),
        .versionValidFor = u32(bytes, 92),
        .writerVersion = u32(bytes, 96),
    };
}

}
