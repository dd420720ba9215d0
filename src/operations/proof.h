// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/frames.h"
#include "operations/operation.h"
#include "operations/sidecar.h"
#include "operations/verdict.h"

namespace lk::operations {

/// Writes the database that \a backup holds to \a to: a file of ours, missing or empty. A packed one is compared with
/// its sidecar on the way: BackupChanged. Errors: NoSpace before anything is written, Cancelled, and what reading and
/// writing gives.
Result<void> bringOut(const BackupInfo &backup, const Path &to, JobContext &context);

/// Whether the file \a database holds, byte for byte, what was backed up as \a backup, and is sound: hashed and checked
/// at the same time. Errors: BackupChanged, BackupDamaged, Cancelled, and what reading gives. Leaves no trace.
Result<Verdict> proveContent(const BackupInfo &backup, const Path &database, JobContext &context);

/// All of a backup's bytes are read again: its hashes, its packing, the integrity of what is in it.
Result<Verdict> prove(const BackupInfo &backup, JobContext &context);

}
