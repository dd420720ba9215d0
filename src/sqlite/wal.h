// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/bytes.h"

#include <array>
#include <optional>
#include <vector>

namespace lk::sqlite {

/// The first 32 bytes of a -wal file. Source: sqlite.org/fileformat2.html, section 4.1.
struct WalHeader
{
    static constexpr std::size_t Size = 32;

    bool bigEndianChecksums = false;
    std::uint32_t format = 0;   ///< 3007000
    std::uint32_t pageSize = 0; ///< in bytes
    std::uint32_t checkpointSequence = 0;
    std::uint32_t salt1 = 0;
    std::uint32_t salt2 = 0;
    std::array<std::uint32_t, 2> checksum{};
    bool checksumMatches = false;
};

/// Damaged if \a bytes is shorter than WalHeader::Size, NotADatabase if the magic number is missing.
Result<WalHeader> parseWalHeader(Bytes bytes);

/// What a whole -wal says.
struct WalSummary
{
    std::uint32_t frames = 0;          ///< that fit into the file, valid or left over from an earlier round
    std::uint32_t validFrames = 0;     ///< whose salts and running checksum hold
    std::uint32_t committedFrames = 0; ///< valid, up to the last commit: what a reader sees
    std::uint32_t pages = 0;           ///< the database's size in pages after that commit; 0 without one
    std::uint32_t salt1 = 0;
    std::uint32_t salt2 = 0;
    std::uint32_t pageSize = 0;       ///< in bytes
    std::vector<std::byte> firstPage; ///< the start (108 bytes) of page 1 as last committed; empty if not in the -wal

    bool operator==(const WalSummary &) const = default;
};

/// Follows a -wal from its start, frame by frame, as SQLite's recovery does, in pieces of any size.
class WalScanner
{
public:
    /// The next \a bytes of the file. False once nothing behind can count any more (the caller may stop reading).
    bool feed(Bytes bytes);
    /// \a fileSize in bytes, to count the frames. NotADatabase if the header is not a -wal's.
    Result<WalSummary> finish(std::uint64_t fileSize) const;

private:
    void takeFrame(Bytes frame);

    std::optional<WalHeader> m_header;
    bool m_headerSeen = false;
    bool m_headerReadable = false; ///< begins as a -wal does, whatever its checksum says
    bool m_ended = false;
    std::array<std::uint32_t, 2> m_checksum{};
    std::vector<std::byte> m_pending;
    std::vector<std::byte> m_firstPage; ///< of the transaction not yet committed
    WalSummary m_summary;
};

}
