// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/dirwalker.h"
#include "sqlite/glance.h"

#include <optional>

namespace lk::scan {

/// A file that might be a database, as the walk met it.
struct Candidate
{
    int folder = -1;
    const char *name = nullptr;
    std::optional<platform::FileId> id{}; ///< if it is known without asking
    sqlite::SiblingsHint siblings = sqlite::SiblingsHint::Unknown;
    bool onlyBySignature = false; ///< 0 bytes or noise under a database's name is not asked for
};

/// Reads the first bytes once, and only what they make likely is looked at closely. Nothing, if it isn't one that a
/// scan reports: a database, damaged, empty or perhaps encrypted. Errors: what opening and reading gives.
Result<std::optional<sqlite::Glance>> lookAt(const Candidate &candidate);

}
