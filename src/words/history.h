// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/overdue.h"
#include "inspect/protection.h"

#include <QString>

namespace lk::words {

/// What became of Litekeeper's memory.
QString describe(const catalog::Notice &notice);

/// Whose a protected folder is.
QString describe(inspect::Guard guard);

/// What was done, in a few words: "Journal mode", "Back up (taking back 12)".
QString title(const catalog::Entry &entry);

/// "Litekeeper: Back up failed".
QString scheduleFailed(const std::string &operation);
/// What went wrong, as far as it is remembered, and when it last went well (0: never).
QString scheduleFailure(const std::vector<catalog::Entry> &failures, std::int64_t lastGoodNs);
/// Which have not gone well for too long, and since when.
QString schedulesOverdue(const std::vector<catalog::Overdue> &overdue);

}
