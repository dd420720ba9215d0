// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"
#include "platform/mounts.h"
#include "platform/processes.h"

#include <stop_token>

namespace lk::inspect {

/// From what a scan saw: reads nothing more, also not whose database it is from anything but its header and path.
/// \a path is absolute.
DatabaseFacts facts(const Path &path, sqlite::Glance seen, const platform::Mounts &mounts);

/// What look() does beyond the usual.
struct LookOptions
{
    bool structure = false; ///< facts.structure: every object with its columns, references and index columns
    bool space = false;     ///< facts.space: reads every page
    /// Who has what open, where the caller looks at many files; null: is asked anew.
    const platform::OpenFiles *system = nullptr;
    SearchedFolders *searched = nullptr; ///< likewise, those that are no project's
};

/// Everything cli.md's `info` lists: a fresh glance, the schema through the looking glass, what is beside the file, who
/// has it open and whose it is. \a path is absolute and resolved.
/// Errors: what a glance gives, and Cancelled. A file that SQLite can't read is not an error: lookError says why.
Result<DatabaseFacts> look(const Path &path, std::stop_token stop = {}, const LookOptions &options = {},
                           Progress &progress = Progress::none());

/// Who has the database at \a path (and its siblings) open, and which of SQLite's locks they hold.
struct Holders
{
    std::vector<Holder> list;
    bool hidden = false;
    InUse inUse;
};
Holders holders(const Path &path);

/// Whether anybody holds a lock on the database or its -shm. In WAL mode everybody who has it open does; in rollback
/// mode only who reads or writes at this moment. Costs a fraction of holders().
bool isLocked(const Path &path);

}
