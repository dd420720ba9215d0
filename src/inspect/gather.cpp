// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/gather.h"

#include "platform/diskspace.h"
#include "platform/processes.h"
#include "sqlite/connection.h"
#include "sqlite/locks.h"

#include <algorithm>

namespace lk::inspect {

using sqlite::Connection;

/// What one file may cost while it is inspected (safety.md, fact 21).
static constexpr sqlite::Budget InspectBudget{.time = std::chrono::seconds(5), .longestValue = 1'000'000};
/// How often a file that changes under the looking glass is looked at again.
static constexpr int MostAttempts = 4;

DatabaseFacts facts(const Path &path, sqlite::Glance seen, const platform::Mounts &mounts)
{
    DatabaseFacts facts;
    facts.path = path;
    facts.seen = std::move(seen);
    if (const platform::Mount *mount = mounts.of(path))
        facts.filesystem = mount->type;
    return facts;
}

/// Counted from the schema table alone: no view is evaluated, no statement of the file is run.
static Result<SchemaCounts> countSchema(Connection &connection)
{
    Result<sqlite::Statement> statement = connection.prepare("SELECT type, count(*) FROM sqlite_schema GROUP BY type");
    if (!statement)
        return std::unexpected(statement.error());
    SchemaCounts counts;
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return counts;
        const std::string_view type = statement->text(0);
        (type == "table"   ? counts.tables
         : type == "index" ? counts.indexes
         : type == "view"  ? counts.views
                           : counts.triggers) = statement->number(1);
    }
}

/// The values a reader would see; they win over the header's bytes, which go stale (safety.md, fact 17).
static Result<void> readSettings(Connection &connection, DatabaseFacts &facts)
{
    const auto read = [&](const char *pragma, std::uint32_t &into) -> Result<void> {
        const Result<std::int64_t> value = connection.number(pragma);
        if (!value)
            return std::unexpected(value.error());
        into = static_cast<std::uint32_t>(*value);
        return {};
    };
    sqlite::Header &header = *facts.seen.current;
    Result<void> done = read("PRAGMA page_count", facts.seen.pageCount);
    if (done)
        done = read("PRAGMA freelist_count", header.freelistPages);
    if (done)
        done = read("PRAGMA user_version", header.userVersion);
    if (done)
        done = read("PRAGMA application_id", header.applicationId);
    if (done)
        done = read("PRAGMA schema_version", header.schemaCookie);
    return done;
}

static Result<void> lookInside(DatabaseFacts &facts, std::stop_token stop)
{
    Result<Connection> connection = Connection::open(facts.path, {.stop = std::move(stop), .budget = InspectBudget});
    if (!connection)
        return std::unexpected(connection.error());
    if (Result<void> settings = readSettings(*connection, facts); !settings)
        return settings;
    Result<SchemaCounts> counts = countSchema(*connection);
    if (!counts)
        return std::unexpected(counts.error());
    facts.schema = *counts;
    return {};
}

static void takeError(DatabaseFacts &facts, const Error &error)
{
    facts.lookError = error;
    // SQLite can't make sense of what begins as a database.
    if (error.code == ErrorCode::Damaged || error.code == ErrorCode::NotADatabase)
        facts.seen.state = sqlite::State::Damaged;
}

Result<DatabaseFacts> look(const Path &path, std::stop_token stop, const LookOptions &, Progress &)
{
    const platform::Mounts mounts = platform::Mounts::current();
    Result<sqlite::Glance> before = sqlite::glance(path);
    for (int attempt = 1; before; ++attempt) {
        DatabaseFacts result = facts(path, *before, mounts);
        result.looked = true;
        if (result.seen.stored) {
            Result<void> inside = lookInside(result, stop);
            Result<sqlite::Glance> after = sqlite::glance(path);
            if (!after)
                return std::unexpected(after.error());
            if (!inside && inside.error().code == ErrorCode::Cancelled)
                return std::unexpected(inside.error());
            // Another program wrote while we read without a lock: what was read may be of two moments.
            if (!sqlite::sameMoment(*before, *after)) {
                if (attempt < MostAttempts) {
                    before = std::move(after);
                    continue;
                }
                result.seen.problems.push_back({sqlite::Problem::NotCurrent, 0, 0});
            } else if (!inside) {
                takeError(result, inside.error());
            }
        }
        const Holders open = holders(path);
        result.holders = open.list;
        result.holdersHidden = open.hidden;
        if (const Result<bool> reach = platform::othersReach(path))
            result.othersReach = *reach;
        return result;
    }
    return std::unexpected(before.error());
}

/// SQLite's names for the locks that a process holds on a database or its -shm.
static void addLockName(Holder &holder, const platform::FileLock &lock, bool onShm)
{
    const auto covers = [&](std::uint64_t first, std::uint64_t count = 1) {
        return lock.first < first + count && lock.last >= first;
    };
    const auto add = [&](std::string name) {
        if (std::ranges::find(holder.locks, name) == holder.locks.end())
            holder.locks.push_back(std::move(name));
    };
    if (onShm) {
        if (covers(sqlite::WalWriteByte))
            add("wal-write");
        if (covers(sqlite::WalCheckpointByte))
            add("wal-checkpoint");
        if (covers(sqlite::WalRecoverByte))
            add("wal-recover");
        for (std::uint64_t i = 0; i < sqlite::WalReadCount; ++i) {
            if (covers(sqlite::WalReadFirst + i))
                add("wal-read-" + std::to_string(i));
        }
        if (covers(sqlite::WalOpenByte))
            add("wal-open");
        return;
    }
    if (covers(sqlite::SharedFirst, sqlite::SharedSize))
        add(lock.write ? "exclusive" : "shared");
    if (covers(sqlite::ReservedByte) && lock.write)
        add("reserved");
    if (covers(sqlite::PendingByte) && lock.write)
        add("pending");
}

/// The database and what is there of its -wal and -shm.
struct OpenFiles
{
    std::vector<platform::FileId> all;
    std::vector<Path> paths; ///< of each
    std::optional<platform::FileId> shm;
};

static OpenFiles filesOf(const Path &path)
{
    OpenFiles files;
    for (const char *suffix : {"", "-wal", "-shm"}) {
        const Result<platform::FileStatus> status = platform::status(path.native() + suffix);
        if (!status || !status->isRegular())
            continue;
        files.all.push_back(status->id);
        files.paths.emplace_back(path.native() + suffix);
        if (std::string_view(suffix) == "-shm")
            files.shm = status->id;
    }
    return files;
}

bool isLocked(const Path &path)
{
    const OpenFiles files = filesOf(path);
    return !files.all.empty() && !platform::locksOn(files.all, files.paths).empty();
}

Holders holders(const Path &path)
{
    const OpenFiles files = filesOf(path);
    if (files.all.empty())
        return {};

    Holders result;
    const platform::OpenBy open = platform::processesWith(files.all, files.paths);
    result.hidden = open.hidden;
    const std::vector<platform::FileLock> locks = platform::locksOn(files.all, files.paths);
    for (const platform::Process &process : open.processes) {
        Holder holder{.pid = process.pid, .name = process.name, .user = process.user, .locks = {}};
        for (const platform::FileLock &lock : locks) {
            if (lock.pid == process.pid)
                addLockName(holder, lock, files.shm && lock.file == *files.shm);
        }
        result.list.push_back(std::move(holder));
    }
    return result;
}

}
