// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/bytes.h"

namespace lk::sqlite {

/// The first 100 bytes of a database file, as stored. Nothing is corrected: an inspector has to be able to show a
/// value that makes no sense. Source: sqlite.org/fileformat2.html, section 1.3.
struct Header
{
    static constexpr std::size_t Size = 100;

    std::uint32_t pageSize = 0;    ///< in bytes; the stored 1 is already 65536 here
    std::uint8_t writeVersion = 0; ///< 1 rollback, 2 WAL
    std::uint8_t readVersion = 0;
    std::uint8_t reservedBytes = 0;       ///< at the end of each page
    std::uint8_t maxPayloadFraction = 0;  ///< always 64
    std::uint8_t minPayloadFraction = 0;  ///< always 32
    std::uint8_t leafPayloadFraction = 0; ///< always 32
    std::uint32_t changeCounter = 0;
    std::uint32_t pageCount = 0;     ///< in pages; see pageCountIsCurrent()
    std::uint32_t freelistTrunk = 0; ///< number of the first trunk page
    std::uint32_t freelistPages = 0;
    std::uint32_t schemaCookie = 0;
    std::uint32_t schemaFormat = 0; ///< 1 to 4
    std::int32_t defaultCacheSize = 0;
    std::uint32_t largestRootPage = 0; ///< not 0: auto-vacuum is on
    std::uint32_t textEncoding = 0;    ///< 1 UTF-8, 2 UTF-16le, 3 UTF-16be; 0 in a database without content
    std::uint32_t userVersion = 0;
    std::uint32_t incrementalVacuum = 0; ///< not 0: auto-vacuum is incremental
    std::uint32_t applicationId = 0;
    std::uint32_t versionValidFor = 0;
    std::uint32_t writerVersion = 0; ///< as SQLITE_VERSION_NUMBER; 0 before 3.7.0

    bool isWal() const { return writeVersion == 2 && readVersion == 2; }
    /// Writers older than 3.7.0 leave pageCount alone, so it counts only when the counter they do bump still matches.
    bool pageCountIsCurrent() const { return pageCount != 0 && changeCounter == versionValidFor; }
    bool operator==(const Header &) const = default;
};

/// "SQLite format 3\0" at the start of \a bytes.
bool hasMagic(Bytes bytes);
/// "** This file contains an SQLite 2…" at the start of \a bytes.
bool hasSqlite2Magic(Bytes bytes);

/// Damaged if \a bytes is shorter than Header::Size, NotADatabase if the magic string is missing. Odd field values
/// are not an error.
Result<Header> parseHeader(Bytes bytes);

}
