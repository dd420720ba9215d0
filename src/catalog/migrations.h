// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace lk::catalog {

/// PRAGMA application_id of the catalogue: "LKca".
constexpr int ApplicationId = 0x4C4B6361;

/// One step of the schema: from user_version i to i + 1.
using Migration = std::span<const char *const>;
/// All there have been. Those that were released never change.
std::span<const Migration> migrations();

}
