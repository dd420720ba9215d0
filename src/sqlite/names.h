// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

/// What the names of files tell. All of them are bytes.
namespace lk::sqlite {

/// In bytes: what SQLite can open (os_unix.c: MAX_PATHNAME, and "-journal" has to fit as well).
inline constexpr std::size_t LongestPath = 512 - 8;

/// One of the six suffixes that the shell line `find … -name "*.db"` and its kin look for, as written (not `.DB`).
bool hasSearchedSuffix(std::string_view name);

/// A name that databases have: a usual suffix in any case, or a well-known name such as `Cookies`.
bool isDatabaseName(std::string_view name);

/// The length of the sibling suffix (`-wal`, `-shm`, `-journal`) that \a name ends with, or 0.
std::size_t siblingSuffix(std::string_view name);

}
