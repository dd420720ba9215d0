// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include "sqlite/pages.h"

using namespace lk;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const sqlite::Bytes page = fuzz::bytes(data, size);
    const std::optional<sqlite::BtreePage> btree = sqlite::parseBtreePage(page);
    fuzz::must(!btree || (size >= sqlite::BtreePage::Size && btree->contentStart != 0));
    if (const auto trunk = sqlite::parseFreelistTrunk(page))
        fuzz::must(trunk->leaves.size() * 4 <= size);
    for (const sqlite::HeaderField &field : sqlite::headerFields())
        (void)sqlite::headerValue(page, field);
    if (size >= 8) {
        const std::uint32_t pageSize = 512u << (sqlite::u8(page, 0) % 8);
        (void)sqlite::isPointerMapPage(sqlite::u32(page, 4), pageSize - sqlite::u8(page, 1), pageSize);
    }
    return 0;
}
