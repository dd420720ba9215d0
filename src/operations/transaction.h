// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/preflight.h"
#include "sqlite/connection.h"

#include <functional>

namespace lk::operations {

/// What preflight() and mayBeChanged() say of a write beside whoever else has the file open. What a crash left in a
/// -wal that nobody has open is looked at: only the state it leads to tells whether it is this database's (safety.md,
/// fact 22). \a notes get what the person should know.
Result<Preflight> mayWrite(const Target &target, std::uint64_t bytesNeeded, std::vector<NoteText> &notes,
                           JobContext &context);

/// Runs \a work in one write transaction, which is taken back if it fails. Act: on the file itself, waiting for others'
/// locks. Look: on an overlay. Errors: as explained(), Unsupported (MissingExtension) for what only the file's
/// application has.
Result<void> inTransaction(const Target &target, sqlite::Mode mode, JobContext &context,
                           const std::function<Result<void>(sqlite::Connection &)> &work);

/// \a error of a statement that acts on \a target, with its reason: who is in the way, or that the schema asks for what
/// is not here.
Error explained(Error error, const Target &target);

/// Skipped where a rule said no before anything was done (damaged, not possible here), else failed.
Report refusedOrFailed(const Error &error);

/// Of \a names ("collation unicase"), which only the file's application has.
Error missingExtension(const Path &path, const std::vector<std::string> &names);

}
