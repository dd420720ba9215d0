// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/bytes.h"

#include <functional>

namespace lk::sqlite {

/// The start of a -journal. Source: sqlite.org/fileformat2.html, section 3.
struct JournalHeader
{
    static constexpr std::size_t Size = 28;

    std::uint32_t records = 0; ///< pages in the first segment; 0xffffffff: as many as fit
    std::uint32_t nonce = 0;
    std::uint32_t initialPages = 0; ///< the database's size before the transaction, in pages
    std::uint32_t sectorSize = 0;   ///< in bytes: where the records begin
    std::uint32_t pageSize = 0;     ///< in bytes
};

/// The eight magic bytes that a journal begins with while it is needed.
bool hasJournalMagic(Bytes bytes);

/// Damaged if \a bytes is shorter than JournalHeader::Size, NotADatabase without the magic number: a zeroed header is
/// what journal_mode=PERSIST leaves behind.
Result<JournalHeader> parseJournalHeader(Bytes bytes);

/// Whether a record's checksum holds (section 3, "pseudo-checksum"). \a page is the original page's content.
bool recordMatches(Bytes page, std::uint32_t nonce, std::uint32_t checksum);

/// What rolling back a journal does to its database.
struct JournalContent
{
    std::uint32_t records = 0; ///< pages whose old content comes back, each counted once
    bool complete = true;      ///< false: only the journal's start was looked at
};

/// Bytes read, fewer only at the end of the file.
using ReadAt = std::function<Result<std::size_t>(std::uint64_t offset, std::span<std::byte> into)>;

/// Follows a journal of \a size bytes, segment by segment, as SQLite's rollback does: up to the first record whose
/// checksum fails, and no further than \a mostBytes. Errors: parseJournalHeader()'s of the first header, and \a read's.
Result<JournalContent> readJournal(std::uint64_t size, std::uint64_t mostBytes, const ReadAt &read);

}
