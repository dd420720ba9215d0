// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "operations/sidecar.h"

namespace lk::operations {

/// Rows by table, of at most as many tables as a sidecar names; what takes more than two seconds in all is left out.
/// Views and virtual tables are not asked. Leaves no trace.
Counts rowCounts(const Path &database, const std::stop_token &stop);

/// A table then and now.
struct TableDifference
{
    std::string table;
    std::optional<std::int64_t> then{}; ///< rows in the backup; nothing: no such table, or too many to count
    std::optional<std::int64_t> now{};
};

/// What changed since a backup was made. Looks through the looking glass; a packed backup is unpacked to a place for
/// temporary files. Errors: what bringing it out and reading give, Cancelled.
Result<std::vector<TableDifference>> differenceToNow(const BackupInfo &backup, const Path &database,
                                                     JobContext &context);

}
