// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/pages.h"

#include "sqlite/locks.h"

#include <algorithm>

namespace lk::sqlite {

std::optional<BtreePage> parseBtreePage(Bytes header)
{
    if (header.size() < BtreePage::Size)
        return {};
    const std::uint8_t type = u8(header, 0);
    if (type != 2 && type != 5 && type != 10 && type != 13)
        return {};
    BtreePage page{.type = static_cast<BtreeType>(type),
                   .firstFreeblock = u16(header, 1),
                   .cells = u16(header, 3),
                   .contentStart = u16(header, 5),
                   .fragmentedBytes = u8(header, 7)};
    if (page.contentStart == 0)
        page.contentStart = 65536;
    if (page.isInterior())
        page.rightmostChild = u32(header, 8);
    return page;
}

std::optional<FreelistTrunk> parseFreelistTrunk(Bytes page)
{
    if (page.size() < 8)
        return {};
    FreelistTrunk trunk{.next = u32(page, 0), .leaves = {}};
    const std::size_t count = std::min<std::size_t>(u32(page, 4), page.size() / 4 - 2);
    for (std::size_t i = 0; i < count; ++i)
        trunk.leaves.push_back(u32(page, 8 + 4 * i));
    return trunk;
}

std::uint32_t lockBytePage(std::uint32_t pageSize)
{
    return pageSize == 0 ? 0 : static_cast<std::uint32_t>(PendingByte / pageSize + 1);
}

bool isPointerMapPage(std::uint32_t number, std::uint32_t usableSize, std::uint32_t pageSize)
{
    const std::uint32_t apart = usableSize / 5 + 1;
    if (number < 2)
        return false;
    // One that would lie on the lock's page stands behind it.
    const std::uint32_t at = (number - 2) / apart * apart + 2;
    return number == (at == lockBytePage(pageSize) ? at + 1 : at);
}

static constexpr HeaderField Fields[] = {
    {"magic", 0, 16},          {"page-size", 16, 2},         {"write-version", 18, 1},      {"read-version", 19, 1},
    {"reserved-bytes", 20, 1}, {"max-payload", 21, 1},       {"min-payload", 22, 1},        {"leaf-payload", 23, 1},
    {"change-counter", 24, 4}, {"page-count", 28, 4},        {"freelist-trunk", 32, 4},     {"freelist-pages", 36, 4},
    {"schema-cookie", 40, 4},  {"schema-format", 44, 4},     {"cache-size", 48, 4},         {"largest-root", 52, 4},
    {"encoding", 56, 4},       {"user-version", 60, 4},      {"incremental-vacuum", 64, 4}, {"application-id", 68, 4},
    {"expansion", 72, 20},     {"version-valid-for", 92, 4}, {"writer-version", 96, 4},
};

std::span<const HeaderField> headerFields()
{
    return Fields;
}

std::optional<std::size_t> headerFieldAt(std::size_t offset)
{
    const auto *found = std::ranges::find_if(
        Fields, [&](const HeaderField &field) { return offset < std::size_t(field.offset) + field.size; });
    if (found == std::end(Fields))
        return {};
    return static_cast<std::size_t>(found - std::begin(Fields));
}

std::uint32_t headerValue(Bytes header, const HeaderField &field)
{
    if (header.size() < std::size_t(field.offset) + field.size)
        return 0;
    switch (field.size) {
    case 1:
        return u8(header, field.offset);
    case 2:
        return u16(header, field.offset);
    case 4:
        return u32(header, field.offset);
    default:
        return 0;
    }
}

}
