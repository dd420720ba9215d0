// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/processes.h"
#include "sqlite/glance.h"
#include "sqlite/walindex.h"

namespace lk::inspect {

/// What a file beside a database is there for.
enum class SiblingState
{
    Missing,
    Empty,       ///< 0 bytes: what a reader or journal_mode=TRUNCATE leaves
    Live,        ///< somebody has the database open
    LeftByCrash, ///< nobody has it open, and it holds what is not in the database yet
    Spent, ///< nothing in it counts: checkpointed, an uncommitted rest, or a journal with a zeroed header (PERSIST)
    OtherDatabase,  ///< does not fit to this file: page size, or content that makes no database of it (see look())
    BesideRollback, ///< a -wal with content beside a database in rollback mode (safety.md, fact 22)
    Hot,            ///< a journal whose transaction is to be undone
    NotReadable,
};

/// "missing", "empty", "live", "left-by-crash", "spent", "other-database", "beside-rollback", "hot", "not-readable"
const char *siblingStateName(SiblingState state);

/// What undoing a hot journal would do.
struct JournalUndo
{
    std::uint32_t records = 0;     ///< pages whose old content would come back
    std::uint32_t pagesAfter = 0;  ///< the database's size after it, in pages
    std::uint32_t pagesBefore = 0; ///< as it is now
    bool complete = true;          ///< false: there are more records than were looked at
};

struct SiblingsFacts
{
    SiblingState wal = SiblingState::Missing;
    SiblingState shm = SiblingState::Missing;
    SiblingState journal = SiblingState::Missing;
    std::optional<sqlite::WalIndex> index; ///< of the -shm, where there is one
    /// Committed frames that are not in the database file yet: by the -shm where it is live, else all of them.
    std::optional<std::uint32_t> notCheckpointed;
    std::optional<std::uint32_t> oldestReader; ///< the frame that the oldest reader holds on to; 0: the file alone
    std::uint32_t readMarksHeld = 0;           ///< that readers share: at least so many read at this moment
    std::optional<JournalUndo> undo;
};

/// Who uses a database at this moment, as far as its siblings show it.
struct InUse
{
    bool open = false;                        ///< somebody has it open, perhaps ourselves
    std::vector<platform::FileLock> shmLocks; ///< also of processes that can't be looked into
};

/// Reads what is beside the database at \a path, which \a glance has seen. No lock, no trace; where our own connections
/// have it open, the -shm is not closed before they are (sqlite/ownlocks).
SiblingsFacts siblingsOf(const Path &path, const sqlite::Glance &glance, const InUse &inUse);

}
