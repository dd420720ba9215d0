// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

namespace lk::operations {

/// How a copy is made, where it can be made either way.
enum class CopyWay
{
    Bytes, ///< as files, at the speed of cp
    Pages, ///< by SQLite's backup API
};

/// How a copy came about.
struct CopyReport
{
    std::uint32_t pages = 0;
    std::uint32_t pageSize = 0; ///< in bytes
    CopyWay way = CopyWay::Bytes;
    bool joined = false;    ///< read beside other programs, with SQLite's own locks
    bool recovered = false; ///< the state after a hot journal's undoing, or with a crashed -wal's content
};

/// Copies the database \a source to \a target (a file of ours: missing or empty) as it is at one moment. It is one file
/// then, not yet synced and not yet checked.
///
/// Where others may write, a read transaction is held on the source while its bytes are copied (safety.md, fact 29): in
/// WAL mode nobody waits for that, in rollback mode writers wait while the copy is made, not while it is synced. Where
/// nobody has the source open, nothing is held, and what it was before and after is compared. By \a way Bytes what a
/// crash left to be undone is copied by pages all the same, through the looking glass.
/// Errors: NotEnoughSpace before anything is written, Busy, Damaged, Cancelled, Changed (the source was replaced
/// meanwhile, or cut) and what reading and writing gives. \a target is not removed.
Result<CopyReport> copyDatabase(const Target &source, const Path &target, JobContext &context,
                                CopyWay way = CopyWay::Bytes);

}
