// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"
#include "platform/mounts.h"

#include <stop_token>

namespace lk::inspect {

/// From what a scan saw: reads nothing more. \a path is absolute.
DatabaseFacts facts(const Path &path, sqlite::Glance seen, const platform::Mounts &mounts);

/// What look() does beyond the usual.
struct LookOptions
{
    bool structure = false; ///< facts.structure: every object with its columns, references and index columns
    bool space = false;     ///< facts.space: reads every page
};

/// Everything cli.md's `info` lists: a fresh glance, the schema through the looking glass, and who has it open.
/// Errors: what a glance gives. A file that SQLite can't read is not an error: lookError says why.
Result<DatabaseFacts> look(const Path &path, std::stop_token stop = {}, const LookOptions &options = {},
                           Progress &progress = Progress::none());

/// Who has the database at \a path (and its siblings) open, and which of SQLite's locks they hold.
struct Holders
{
    std::vector<Holder> list;
    bool hidden = false;
};
Holders holders(const Path &path);

/// Whether anybody holds a lock on the database or its -shm. In WAL mode everybody who has it open does; in rollback
/// mode only who reads or writes at this moment. Costs a fraction of holders().
bool isLocked(const Path &path);

}
