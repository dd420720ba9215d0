// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include "sqlite/walindex.h"

using namespace lk;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Result<sqlite::WalIndex> index = sqlite::parseWalIndex(fuzz::bytes(data, size));
    fuzz::must(!index || size >= sqlite::WalIndex::Size);
    if (index)
        fuzz::must(index->notBackfilled() <= index->maxFrame);
    return 0;
}
