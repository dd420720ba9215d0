// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/applications.h"
#include "inspect/projects.h"
#include "inspect/schema.h"
#include "inspect/siblings.h"
#include "inspect/space.h"
#include "sqlite/glance.h"

#include <chrono>
#include <string>

namespace lk::inspect {

/// A process that has the database or one of its siblings open, and what it holds.
struct Holder
{
    std::int64_t pid = 0;
    std::string name; ///< untrusted text
    std::string user;
    std::vector<std::string> locks; ///< SQLite's names: "shared", "reserved", "wal-read-0" …

    bool operator==(const Holder &) const = default;
};

/// How many of each the schema has. Read through the looking glass.
struct SchemaCounts
{
    std::int64_t tables = 0;
    std::int64_t indexes = 0;
    std::int64_t views = 0;
    std::int64_t triggers = 0;
};

/// What Litekeeper itself has done with a file, as far as it remembers.
struct History
{
    std::optional<std::chrono::system_clock::time_point> lastCheck;
    bool lastCheckOk = false;
    std::optional<std::chrono::system_clock::time_point> lastBackup;
};

/// All that is known of a database file: a value that never changes once it is made. What can't be known is empty.
struct DatabaseFacts
{
    Path path;
    sqlite::Glance seen;
    std::string filesystem; ///< "ext4"; empty if not known
    std::optional<ApplicationMatch> application;
    std::optional<History> history; ///< empty: nobody has kept one

    // Filled by look() only.
    std::optional<SchemaCounts> schema;
    std::vector<Holder> holders;
    bool holdersHidden = false;     ///< others' processes could not be looked into
    bool looked = false;            ///< look() has been here
    std::optional<Error> lookError; ///< why the looking glass could not read the content
    SiblingsFacts siblings;
    std::optional<Project> project;
    std::optional<bool> othersReach; ///< no folder on the way keeps other users from the file

    // Filled by look() where LookOptions ask for it.
    std::optional<Schema> structure;
    std::optional<Space> space;

    const sqlite::Header *header() const
    {
        return seen.current ? &*seen.current : seen.stored ? &*seen.stored : nullptr;
    }
};

// Names as cli.md has them; null where there is none.
const char *stateName(sqlite::State state);                ///< "database", "damaged", "empty", "encrypted?", …
const char *journalModeName(const sqlite::Header &header); ///< "wal" or "rollback"
const char *autoVacuumName(const sqlite::Header &header);  ///< "none", "full" or "incremental"
const char *encodingName(const sqlite::Header &header);    ///< "UTF-8" …; null if the stored number means none

}
