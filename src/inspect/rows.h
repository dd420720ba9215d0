// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace lk::inspect {

/// A value of a row. Texts are untrusted, and cut at LongestText.
struct Cell
{
    static constexpr std::size_t LongestText = 4096; ///< in bytes
    static constexpr std::size_t BlobStart = 64;     ///< in bytes

    enum Kind
    {
        Null,
        Integer,
        Real,
        Text,
        Blob, ///< text holds the first bytes as they are
    };
    Kind kind = Null;
    std::string text{};
    std::uint64_t size = 0; ///< of the whole value in bytes; of texts and blobs

    bool operator==(const Cell &) const = default;
};

struct RowsRequest
{
    std::string table;
    /// Where to go on: the key of the last row seen (of the first one, with backwards). Empty: at the start (or end).
    std::vector<Cell> from{};
    bool backwards = false;
    int count = 100;
};

struct RowsPage
{
    std::vector<std::string> columns; ///< untrusted text
    std::vector<std::vector<Cell>> rows;
    std::vector<Cell> firstKey; ///< the rowid, or the primary key of a WITHOUT ROWID table
    std::vector<Cell> lastKey;
    bool moreBefore = false;
    bool moreBehind = false;
    bool outOfTime = false; ///< the deadline came before the page was full
};

/// Reads a page of a table's rows in key order through the looking glass, for at most two seconds. Refused (NotATable)
/// for a view or a virtual table: reading one means running what the file says.
Result<RowsPage> readRows(const Path &path, const RowsRequest &request, std::stop_token stop = {});

}
