// SPDX-License-Identifier: GPL-3.0-or-later
// The schema of Litekeeper's catalogue. Paths are BLOBs: they are bytes. Times are nanoseconds since 1970, UTC.
#include "catalog/migrations.h"

namespace lk::catalog {

static constexpr const char *First[] = {
    // Every operation that ran. An id is never given twice: it is what `undo` takes.
    R"(CREATE TABLE operation (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        path      BLOB NOT NULL,
        operation TEXT NOT NULL,    -- its id
        arguments TEXT NOT NULL,    -- JSON
        started   INTEGER NOT NULL,
        ended     INTEGER NOT NULL,
        status    TEXT NOT NULL,    -- done, unchanged, skipped, failed
        error     TEXT,             -- its code, as scripts see it
        detail    TEXT,             -- for the log
        said      TEXT NOT NULL,    -- the sentence that people were told
        fields    TEXT NOT NULL,    -- JSON: what the operation's record had
        verdict   TEXT,             -- of a check: ok, damaged, unchecked
        undo      TEXT,             -- JSON: the operation, path and arguments that take it back
        left_file TEXT,             -- which file it left, where it can be taken back,
        left_as   TEXT,             --   and what tells whether that is as it was
        undoes    INTEGER REFERENCES operation(id) ON DELETE SET NULL,
        schedule  TEXT              -- the id of the schedule that asked for it
    ))",
    "CREATE INDEX operation_path ON operation(path, operation, id)",
    "CREATE INDEX operation_undoes ON operation(undoes) WHERE undoes IS NOT NULL",
    "CREATE INDEX operation_schedule ON operation(schedule, id) WHERE schedule IS NOT NULL",
    // Backups that were made. Beside each lies a sidecar that says the same; this finds them without looking.
    R"(CREATE TABLE backup (
        path     BLOB PRIMARY KEY,
        source   BLOB NOT NULL,
        made     INTEGER NOT NULL,
        bytes    INTEGER NOT NULL,  -- of the database in it
        sha256   TEXT NOT NULL,
        verified INTEGER NOT NULL   -- 0 or 1
    ))",
    "CREATE INDEX backup_source ON backup(source, made)",
    // What the window found below some folders the last time, to show it at once at the next start.
    R"(CREATE TABLE scan (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        roots    BLOB NOT NULL,    -- paths, each ended by NUL
        started  INTEGER NOT NULL,
        finished INTEGER,          -- NULL: it runs, or was killed
        lasted   INTEGER,          -- nanoseconds
        files    INTEGER,          -- this to passed: scan::Counts
        folders  INTEGER,
        passed   INTEGER,          -- over by size
        stopped  INTEGER           -- 0 or 1
    ))",
    R"(CREATE TABLE not_entered (
        scan       INTEGER NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
        path       BLOB NOT NULL,
        why        INTEGER NOT NULL, -- scan::WhyNot
        filesystem TEXT NOT NULL,
        errno      INTEGER NOT NULL,
        is_file    INTEGER NOT NULL, -- 0 or 1
        PRIMARY KEY (scan, path)
    ) WITHOUT ROWID)",
    R"(CREATE TABLE found (
        scan       INTEGER NOT NULL REFERENCES scan(id) ON DELETE CASCADE,
        path       BLOB NOT NULL,
        state      INTEGER NOT NULL, -- sqlite::State
        device     INTEGER NOT NULL, -- this to links: platform::FileStatus
        inode      INTEGER NOT NULL,
        size       INTEGER NOT NULL,
        allocated  INTEGER NOT NULL,
        modified   INTEGER NOT NULL,
        changed    INTEGER NOT NULL,
        mode       INTEGER NOT NULL,
        owner      INTEGER NOT NULL,
        "group"    INTEGER NOT NULL,
        links      INTEGER NOT NULL,
        header     BLOB,             -- 100 bytes as SQLite has them, of what a reader would see
        wal        INTEGER NOT NULL, -- bytes
        journal    INTEGER NOT NULL, -- bytes
        hot        INTEGER NOT NULL, -- 0 or 1
        pages      INTEGER NOT NULL,
        problems   INTEGER NOT NULL, -- how many
        PRIMARY KEY (scan, path)
    ) WITHOUT ROWID)",
};

std::span<const Migration> migrations()
{
    static constexpr Migration All[] = {First};
    return All;
}

}
