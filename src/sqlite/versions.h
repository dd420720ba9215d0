// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lk::sqlite {

/// Whether SQLite \a version (3040001 for 3.40.1) has the WAL-reset bug (sqlite.org/wal.html, section 11; safety.md,
/// fact 16): 3.7.0 to 3.51.2 but for 3.44.6 and 3.50.7.
constexpr bool hasWalResetBug(std::uint32_t version)
{
    return version >= 3007000 && version < 3051003 && version != 3044006 && version != 3050007;
}

}
