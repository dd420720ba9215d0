// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/gather.h"

#include "platform/diskspace.h"
#include "sqlite/connection.h"
#include "sqlite/heapbound.h"
#include "sqlite/locks.h"

#include <algorithm>

namespace lk::inspect {

using sqlite::Connection;

/// What one file may cost while it is inspected (safety.md, fact 21).
static constexpr sqlite::Budget InspectBudget{.time = std::chrono::seconds(4), .longestValue = 1'000'000};
static constexpr std::int64_t InspectHeap = 128 << 20; ///< in bytes
/// How often a file that changes under the looking glass is looked at again, and how long that may have taken.
static constexpr int MostAttempts = 4;
static constexpr std::chrono::milliseconds LongestAttempts{500};

DatabaseFacts facts(const Path &path, sqlite::Glance seen, const platform::Mounts &mounts)
{
    DatabaseFacts facts;
    facts.path = path;
    facts.seen = std::move(seen);
    if (const platform::Mount *mount = mounts.of(path))
        facts.filesystem = mount->type;
    if (const sqlite::Header *header = facts.header())
        facts.application = recognise(facts.path, header->applicationId, header->userVersion);
    return facts;
}

static std::int64_t &countOf(SchemaCounts &counts, ObjectType type)
{
    return type == ObjectType::Table   ? counts.tables
           : type == ObjectType::Index ? counts.indexes
           : type == ObjectType::View  ? counts.views
                                       : counts.triggers;
}

/// Also of those that \a schema has no room for.
static Result<SchemaCounts> count(Connection &connection, const Schema &schema)
{
    SchemaCounts counts;
    if (!schema.cutShort) {
        for (const SchemaObject &object : schema.objects)
            ++countOf(counts, object.type);
        return counts;
    }
    for (const ObjectType type : {ObjectType::Table, ObjectType::Index, ObjectType::View, ObjectType::Trigger}) {
        const Result<std::int64_t> number = connection.number("SELECT count(*) FROM sqlite_schema WHERE type = '" +
                                                              std::string(objectTypeName(type)) + '\'');
        if (!number)
            return std::unexpected(number.error());
        countOf(counts, type) = *number;
    }
    return counts;
}

/// Whether nothing but the main file's own header says what a reader would see.
static bool isHeaderEnough(const sqlite::Glance &seen)
{
    return seen.siblings.wal == 0 && !seen.hotJournal && seen.stored->pageCountIsCurrent();
}

/// The values a reader would see; they win over the header's bytes, which go stale (safety.md, fact 17).
static Result<void> readSettings(Connection &connection, DatabaseFacts &facts)
{
    if (isHeaderEnough(facts.seen))
        return {};
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

/// Through the looking glass. No view is evaluated, no statement of the file is run.
static Result<void> lookInside(DatabaseFacts &facts, const std::stop_token &stop, bool structure)
{
    Result<Connection> connection = Connection::open(facts.path, {.stop = stop, .budget = InspectBudget});
    if (!connection)
        return std::unexpected(connection.error());
    if (Result<void> settings = readSettings(*connection, facts); !settings)
        return settings;
    Result<Schema> schema = structure ? readStructure(*connection) : readSchema(*connection);
    if (!schema)
        return std::unexpected(schema.error());
    const Result<SchemaCounts> counts = count(*connection, *schema);
    if (!counts)
        return std::unexpected(counts.error());
    facts.schema = *counts;
    const sqlite::Header &header = *facts.seen.current;
    facts.application = recognise(facts.path, header.applicationId, header.userVersion, *schema);
    if (structure)
        facts.structure = std::move(*schema);
    return {};
}

static bool isDamage(const Error &error)
{
    return error.code == ErrorCode::Damaged || error.code == ErrorCode::NotADatabase;
}

/// A database that makes sense without its -wal, and none with it: the -wal is another's.
static bool isWholeWithoutWal(const Path &path, const std::stop_token &stop)
{
    sqlite::Budget rest = InspectBudget;
    rest.time = std::chrono::milliseconds(500);
    Result<Connection> connection = Connection::open(path, {.stop = stop, .budget = rest, .withWal = false});
    return connection && readSchema(*connection);
}

static void takeError(DatabaseFacts &facts, const Error &error)
{
    facts.lookError = error;
    // SQLite can't make sense of what begins as a database.
    if (isDamage(error))
        facts.seen.state = sqlite::State::Damaged;
}

/// One look at a file that may change meanwhile: \a before is what it was, the result what it is. Errors: the glance's,
/// and Cancelled.
static Result<sqlite::Glance> lookOnce(DatabaseFacts &facts, const std::stop_token &stop, const LookOptions &options)
{
    const Result<void> inside = lookInside(facts, stop, options.structure);
    if (!inside && inside.error().code == ErrorCode::Cancelled)
        return std::unexpected(inside.error());
    if (!inside)
        takeError(facts, inside.error());
    return sqlite::glance(facts.path);
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
struct FileSet
{
    std::vector<platform::FileId> all;
    std::vector<Path> paths; ///< of each
    std::optional<platform::FileId> shm;
};

/// \a seen: what was beside it a moment ago, so that only what is there is asked for; null: not known.
static FileSet filesOf(const Path &path, const sqlite::Siblings *seen = nullptr)
{
    FileSet files;
    const auto add = [&](const char *suffix) -> std::optional<platform::FileId> {
        const Result<platform::FileStatus> status = platform::status(path.native() + suffix);
        if (!status || !status->isRegular())
            return std::nullopt;
        files.all.push_back(status->id);
        files.paths.emplace_back(path.native() + suffix);
        return status->id;
    };
    add("");
    if (!seen || seen->walExists)
        add("-wal");
    if (!seen || seen->shmExists)
        files.shm = add("-shm");
    return files;
}

/// What \a system, which was asked a moment ago, says of the database at \a path.
static Holders holdersOf(const Path &path, const platform::OpenFiles &system, const sqlite::Siblings *seen = nullptr)
{
    const FileSet files = filesOf(path, seen);
    if (files.all.empty())
        return {};

    Holders result;
    const platform::OpenBy open = system.with(files.all, files.paths);
    result.hidden = open.hidden;
    const std::vector<platform::FileLock> locks = system.locksOn(files.all, files.paths);
    const auto onShm = [&](const platform::FileLock &lock) { return files.shm && lock.file == *files.shm; };
    for (const platform::Process &process : open.processes) {
        Holder holder{.pid = process.pid, .name = process.name, .user = process.user, .locks = {}};
        for (const platform::FileLock &lock : locks) {
            if (lock.pid == process.pid)
                addLockName(holder, lock, onShm(lock));
        }
        result.list.push_back(std::move(holder));
    }
    result.inUse.open = !result.list.empty() || !locks.empty();
    std::ranges::copy_if(locks, std::back_inserter(result.inUse.shmLocks), onShm);
    return result;
}

static void lookBeside(DatabaseFacts &facts, const platform::OpenFiles &system, const std::stop_token &stop)
{
    Holders open = holdersOf(facts.path, system, &facts.seen.siblings);
    facts.siblings = siblingsOf(facts.path, facts.seen, open.inUse);
    facts.holders = std::move(open.list);
    facts.holdersHidden = open.hidden;
    if (const Result<bool> reach = platform::othersReach(facts.path))
        facts.othersReach = *reach;
    if (facts.siblings.wal == SiblingState::LeftByCrash && facts.lookError && isDamage(*facts.lookError) &&
        isWholeWithoutWal(facts.path, stop))
        facts.siblings.wal = SiblingState::OtherDatabase;
}

Result<DatabaseFacts> look(const Path &path, std::stop_token stop, const LookOptions &options, Progress &progress)
{
    if (!options.system) {
        const auto now = platform::OpenFiles::now();
        LookOptions known = options;
        known.system = &now;
        return look(path, std::move(stop), known, progress);
    }
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    const sqlite::HeapBound bound(InspectHeap);
    Result<sqlite::Glance> seen = sqlite::glance(path);
    for (int attempt = 1; seen; ++attempt) {
        DatabaseFacts result = facts(path, *seen, options.system->mounts());
        result.looked = true;
        if (result.seen.stored) {
            Result<sqlite::Glance> after = lookOnce(result, stop, options);
            if (!after)
                return std::unexpected(after.error());
            // Another program wrote while we read without a lock: what was read may be of two moments.
            const bool changed = !sqlite::sameMoment(*seen, *after);
            if (changed && attempt < MostAttempts && Clock::now() - start < LongestAttempts) {
                seen = std::move(after);
                continue;
            }
            if (changed) {
                result.lookError.reset();
                result.seen.state = seen->state;
                result.seen.problems.push_back({sqlite::Problem::NotCurrent, 0, 0});
            }
        }
        lookBeside(result, *options.system, stop);
        result.project = projectOf(path, options.searched);
        result.application = together(result.application, result.project);
        if (options.space && result.seen.stored && !result.lookError) {
            Result<Space> space = measureSpace(path, stop, progress);
            if (!space && space.error().code == ErrorCode::Cancelled)
                return std::unexpected(space.error());
            if (space)
                result.space = std::move(*space);
            else
                result.lookError = space.error();
        }
        return result;
    }
    return std::unexpected(seen.error());
}

bool isLocked(const Path &path)
{
    const FileSet files = filesOf(path);
    return !files.all.empty() && !platform::locksOn(files.all, files.paths).empty();
}

Holders holders(const Path &path)
{
    return holdersOf(path, platform::OpenFiles::now());
}

}
