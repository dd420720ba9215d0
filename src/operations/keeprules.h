// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "operations/sidecar.h"

#include <span>

namespace lk::operations {

/// How many backups of one database stay. Each number keeps so many, and what one of them keeps, stays; 0: it keeps
/// none. Hours, days, weeks and months are those of UTC, a week begins on Monday, and of each the newest backup stays.
struct KeepRules
{
    std::uint64_t last = 0;
    std::uint64_t hourly = 0;
    std::uint64_t daily = 0;
    std::uint64_t weekly = 0;
    std::uint64_t monthly = 0;

    /// Without a rule, all stay.
    bool any() const { return last + hourly + daily + weekly + monthly > 0; }
};

/// By the parameters that keepParameters() gives.
KeepRules keepRules(const Arguments &arguments);
std::vector<Parameter> keepParameters();

/// Which of \a backups (of one database) go, the oldest last. The newest stays whatever the rules say, and so does the
/// newest that could be checked in full.
std::vector<BackupInfo> superseded(std::span<const BackupInfo> backups, const KeepRules &rules);

}
