// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

namespace lk::operations {

/// What was read out of a damaged database.
struct Salvaged
{
    Path path;                     ///< the new database, in the folder that was given
    Counts rows;                   ///< by table, of those that have any
    std::int64_t lostAndFound = 0; ///< rows whose table is not known
};

/// Whether the sqlite3 program is here, and has `.recover` (3.29 and later). Unsupported (ProgramMissing).
Result<void> canSalvage(const Path &path, JobContext &context);

/// Copies the file and what lies beside it byte by byte into \a folder, a private one. The original is only read.
Result<void> copyAsItIs(const Path &path, const Path &folder, JobContext &context);

/// Reads what copyAsItIs() put into \a folder with the sqlite3 program's `.recover`, and writes it into a new database
/// there. What `.recover` prints is SQL that a stranger's file has a say in, so both programs, the one that reads the
/// file and the one that runs the SQL, are confined, and none of it is run here. Errors: Cancelled, Unsupported
/// (ProgramFailed: their limits of time, memory and size ended it, too).
Result<Salvaged> salvage(const Path &path, const Path &folder, JobContext &context);

}
