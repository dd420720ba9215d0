// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

/// Numbers as people read them. English; words/ translates sentences, not these.
namespace lk::text {

/// "0 B", "512 B", "1.2 KiB", "48 MiB": three digits that matter, binary units.
std::string bytes(std::uint64_t count);

/// "1 214 093", grouped by thin spaces (U+2009).
std::string count(std::uint64_t number);

/// Nanoseconds since the epoch as ISO 8601 in UTC: "2026-11-22T13:36:55Z". Any year, also before 1970.
std::string isoTime(std::int64_t nanoseconds);

/// A text as a cell of CSV: quoted where RFC 4180 asks for it, and defused with a ' where a spreadsheet would compute
/// it.
std::string csvCell(std::string text);

/// A writer version as stored at offset 96, "3.40.1" for 3040001.
std::string sqliteVersion(std::uint32_t number);

}
