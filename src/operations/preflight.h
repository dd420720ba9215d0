// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/gather.h"
#include "operations/operation.h"

namespace lk::operations {

/// What every operation has to know of its target before it begins. Nothing is opened for writing, nothing is locked.
struct Preflight
{
    sqlite::Glance glance;
    bool locked = false;    ///< somebody holds a lock on the database or its -shm: in WAL mode, has it open
    std::string filesystem; ///< its type; empty if not known
    platform::FilesystemKind filesystemKind = platform::FilesystemKind::Unknown;
    bool readOnlyMount = false;
};

/// "firefox (4123), python3 (77)", for an error's argument.
std::string who(const inspect::Holders &holders);

/// Looks again: Changed if \a target is not the file that the person chose any more, NotADatabase, Encrypted and the
/// like if it is nothing to operate on. A damaged database passes.
Result<Preflight> preflight(const Target &target);

/// A preflight (\a ask) that says no only because somebody has the file open is asked again until the wait is over.
Report askPatiently(decltype(Operation::preflight) ask, const Target &target, const Arguments &arguments,
                    JobContext &context);

/// Whether the database may be written to at all: permissions of file and folder, mount, names, a hot journal, a
/// foreign -wal, room for \a bytesNeeded beside it.
Result<void> mayBeChanged(const Target &target, const Preflight &before, std::uint64_t bytesNeeded);

/// Whether Litestream keeps its position beside the database. Asks the system once.
bool hasLitestreamPosition(const Path &path);
/// Whether Litestream replicates the database (safety.md, fact 19), by its folder beside the file, a configuration
/// where one is expected, or its tables.
bool managedByLitestream(const Path &path);

/// What the person should know of the file system below \a before.
std::vector<NoteText> filesystemNotes(const Preflight &before);

}
