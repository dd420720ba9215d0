// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/sidecar.h"
#include "operations/verdict.h"

#include <chrono>
#include <optional>

namespace lk::operations {

/// A backup that is there, checked, synced and under its name, and what is to be said of it.
struct MadeBackup
{
    BackupInfo info;
    Report report;
};

/// What a copy is a backup of, where that is not the file it is copied from.
struct Identity
{
    Path source;                                ///< the database; absolute, and it may be gone
    std::chrono::system_clock::time_point made; ///< when it was as it is in the copy
};

/// Copies \a target into \a folder (absolute), checks and hashes the copy, syncs it; only then it gets its name.
/// Whatever fails, the partial files go. Errors: what copying, checking and writing gives; CopyDamaged.
Result<MadeBackup> makeBackup(const Target &target, BackupFormat format, const Path &folder, JobContext &context,
                              const std::optional<Identity> &identity = {});

/// A backup is one only once it has been opened and checked. \a copy is what is checked; a rehearsal has the source
/// alone. Damaged (CopyDamaged) if it is not sound.
Result<Verdict> verifyCopy(const Path &source, const Path &copy, JobContext &context);

/// Notes what it would take to check all of it.
void addMissing(Report &report, const Verdict &verdict);

/// Whether makeBackup() gives such names: they hold a time as `-20261122T133655Z`, perhaps a number, an extension.
bool isBackupName(std::string_view name);

/// "2026-11-22T13:36:55Z"
std::string isoTime(std::chrono::system_clock::time_point when);

}
