// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzzing.h"

#include "sqlite/journal.h"

using namespace lk;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const sqlite::Bytes journal = fuzz::bytes(data, size);
    const Result<sqlite::JournalHeader> header = sqlite::parseJournalHeader(journal);
    fuzz::must(!header || sqlite::hasJournalMagic(journal));
    if (header && size > sqlite::JournalHeader::Size)
        (void)sqlite::recordMatches(journal.subspan(sqlite::JournalHeader::Size), header->nonce, header->records);
    return 0;
}
