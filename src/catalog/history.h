// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/database.h"
#include "inspect/facts.h"
#include "operations/operation.h"

/// What Litekeeper has done, as the catalogue has it.
namespace lk::catalog {

/// What an operation left behind, so that it is taken back only where that loses nothing. Compared, never read.
struct Left
{
    std::string file; ///< which file it is
    std::string as;   ///< its size, times, header and siblings

    bool operator==(const Left &) const = default;
};

/// \a path as it is now; nothing if it can't be read.
std::optional<Left> leftAt(const Path &path);

/// An operation that ran.
struct Entry
{
    std::int64_t id = 0; ///< what `undo` takes; 0 before it is kept
    Path path;
    std::string operation; ///< its id
    operations::Arguments arguments{};
    std::int64_t startedNs = 0; ///< since 1970, UTC
    std::int64_t endedNs = 0;
    operations::Status status = operations::Status::Done;
    std::string error{};  ///< its code, as scripts see it; empty if there was none
    std::string detail{}; ///< of the error, for the log
    std::string said{};   ///< what people were told came of it
    std::vector<operations::Field> fields{};
    std::optional<operations::Invocation> undo{};
    std::optional<Left> left{};
    std::int64_t undoes = 0;   ///< the entry that this one took back, or 0
    std::int64_t undoneBy = 0; ///< the entry that took this one back, or 0
    std::string schedule{};    ///< which one asked for it; empty: a person did

    bool isUndoable() const { return undo && undoneBy == 0 && status == operations::Status::Done; }
    const operations::FieldValue *field(std::string_view name) const;
};

/// Its id. Also keeps the backup that it made. What is older than a file's last hundred of the same operation, and
/// can't be taken back, goes.
Result<std::int64_t> add(Database &database, const Entry &entry);

struct Wanted
{
    std::vector<Path> paths{}; ///< none: all
    std::int64_t limit = -1;   ///< the newest so many; negative: all
};
/// Newest first.
Result<std::vector<Entry>> entries(Database &database, const Wanted &wanted);
/// Nothing if there is none.
Result<std::optional<Entry>> entry(Database &database, std::int64_t id);

/// When it was last checked and backed up.
Result<inspect::History> historyOf(Database &database, const Path &path);

/// What the last check of a file said.
struct Checked
{
    Path path;
    std::string verdict; ///< "ok", "damaged", "unchecked"
    std::int64_t endedNs = 0;
};
Result<std::vector<Checked>> lastChecks(Database &database);

/// A backup that was made. The sidecar beside it says the same.
struct Backup
{
    Path path;
    Path source;
    std::int64_t madeNs = 0; ///< since 1970, UTC
    std::uint64_t bytes = 0; ///< of the database in it
    std::string sha256;
    bool verified = false;
};
/// Newest first; whether they are still there is not asked. Of all files if \a source is empty.
Result<std::vector<Backup>> backupsOf(Database &database, const Path &source);

/// What a schedule did last: when it last went well, and what came of its last run.
struct ScheduleRuns
{
    std::int64_t lastGoodNs = 0; ///< 0: never
    std::optional<Entry> last;
};
/// What it did since \a sinceNs and did not go well.
Result<std::vector<Entry>> failuresOf(Database &database, const std::string &schedule, std::int64_t sinceNs);
Result<ScheduleRuns> runsOf(Database &database, const std::string &schedule);

}
