// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include "sqlite/wal.h"

#include <algorithm>

using namespace lk;

static Result<sqlite::WalSummary> scan(sqlite::Bytes wal, std::size_t piece)
{
    sqlite::WalScanner scanner;
    const std::size_t size = wal.size();
    while (!wal.empty()) {
        const std::size_t count = std::min(piece, wal.size());
        if (!scanner.feed(wal.first(count)))
            break;
        wal = wal.subspan(count);
    }
    return scanner.finish(size);
}

/// However a -wal comes in pieces, it says the same.
int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const sqlite::Bytes wal = fuzz::bytes(data + 1, size - 1);
    const Result<sqlite::WalSummary> whole = scan(wal, wal.size() + 1);
    const Result<sqlite::WalSummary> pieces = scan(wal, data[0] + std::size_t(1));
    fuzz::must(whole.has_value() == pieces.has_value());
    if (!whole)
        return 0;
    fuzz::must(*whole == *pieces);
    fuzz::must(whole->committedFrames <= whole->validFrames && whole->validFrames <= whole->frames);
    fuzz::must((whole->committedFrames > 0) == (whole->pages > 0));
    return 0;
}
