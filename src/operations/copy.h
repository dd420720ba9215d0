// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

namespace lk::operations {

/// How a copy came about.
struct CopyReport
{
    std::uint32_t pages = 0;
    std::uint32_t pageSize = 0; ///< in bytes
    bool joined = false;        ///< read beside other programs, with SQLite's own locks
    bool recovered = false;     ///< the state after a hot journal's undoing, or with a crashed -wal's content
};

/// Copies the database \a source to \a target (a file of ours: missing or empty) as it is at one moment, by the
/// backup API. Where nobody has the source open, it is read through the looking glass; else in a read transaction:
/// in WAL mode nobody waits for that, in rollback mode writers wait while the copy is made.
/// Errors: NotEnoughSpace before anything is written, Busy, Damaged, Cancelled, Changed (the source was replaced
/// meanwhile, or cut) and what reading and writing gives. \a target is not removed.
Result<CopyReport> copyDatabase(const Target &source, const Path &target, JobContext &context);

}
