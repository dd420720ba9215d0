// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/connection.h"

#include "platform/scratchfile.h"
#include "platform/threadclock.h"
#include "sqlite/actorvfs.h"
#include "sqlite/names.h"
#include "sqlite/observervfs.h"
#include "sqlite/ownlocks.h"
#include "sqlite/versions.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>

namespace lk::sqlite {

using Clock = std::chrono::steady_clock;

struct Connection::Private
{
    Path path;
    OpenOptions options;
    std::optional<OwnLocks::Hold> hold; // released after the connection is closed: order of members
    std::unique_ptr<ObserverVfs> observer;
    std::unique_ptr<ActorVfs> actor;
    sqlite3 *db = nullptr;
    Clock::time_point deadline = Clock::time_point::max();
    std::chrono::nanoseconds processorLimit = std::chrono::nanoseconds::max();
    Clock::time_point waitingSince{};
    std::optional<std::stop_callback<std::function<void()>>> onStop;

    ~Private()
    {
        onStop.reset();
        sqlite3_close_v2(db);
    }

    bool stopped() const { return options.stop.stop_requested(); }
    bool overBudget() const { return Clock::now() > deadline || overProcessorBudget(); }
    /// Asking costs a system call.
    bool overProcessorBudget() const
    {
        return options.budget.processor.count() > 0 && platform::processorTime() > processorLimit;
    }

    static int progress(void *self)
    {
        const auto &d = *static_cast<Private *>(self);
        return d.stopped() || d.overBudget();
    }

    /// sqlite3_interrupt does not end a wait for a lock, so this does (safety.md, fact 8).
    static int busy(void *self, int count)
    {
        auto &d = *static_cast<Private *>(self);
        const Clock::time_point now = Clock::now();
        if (count == 0)
            d.waitingSince = now;
        const auto left = d.options.wait - std::chrono::duration_cast<std::chrono::milliseconds>(now - d.waitingSince);
        if (left.count() <= 0 || d.stopped())
            return 0;
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any never;
        // A writer in full flow lets a reader in for some microseconds between two commits: to be met only by asking
        // often.
        const int longest = d.options.mode == Mode::Join ? 2 : 20;
        const auto pause =
            std::min<std::chrono::milliseconds>(left, std::chrono::milliseconds(std::min(1 + count, longest)));
        never.wait_for(lock, d.options.stop, pause, [] { return false; });
        return !d.stopped();
    }
};

Connection::Connection(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}
Connection::Connection(Connection &&) noexcept = default;
Connection &Connection::operator=(Connection &&) noexcept = default;
Connection::~Connection() = default;

/// What holds for every file, ours or not (sqlite.org/security.html; it costs nothing: safety.md, fact 27).
static void harden(sqlite3 *db, const OpenOptions &options)
{
    const Budget &budget = options.budget;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, options.checkpointOnClose ? 0 : 1, nullptr);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, static_cast<int>(std::min<std::int64_t>(budget.longestValue, 1 << 30)));
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 200);
    sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 50);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 1 << 22);
    sqlite3_limit(db, SQLITE_LIMIT_FUNCTION_ARG, 32);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1); // VACUUM attaches its temporary file
    sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 10);
}

static Result<void> mayBeOpened(const Path &path, Mode mode)
{
    if (mode == Mode::Scratch)
        return {};
    const Result<platform::FileStatus> status = platform::status(path);
    if (!status)
        return std::unexpected(status.error());
    if (!status->isRegular())
        return fail(ErrorCode::Refused, Reason::NotARegularFile, path);
    if (status->size == 0)
        return fail(ErrorCode::Refused, Reason::EmptyFile, path);
    if (mode != Mode::Look && path.native().size() > LongestPath)
        return fail(ErrorCode::Unsupported, Reason::PathTooLong, path,
                    {std::to_string(path.native().size()), std::to_string(LongestPath)});
    return {};
}

static int openFlags(Mode mode)
{
    switch (mode) {
    case Mode::Look:
        return SQLITE_OPEN_READWRITE; // of the overlay
    case Mode::Join:
        return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW;
    case Mode::Act:
        return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW;
    case Mode::Scratch:
        break;
    }
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW;
}

Result<Connection> Connection::open(const Path &path, OpenOptions options)
{
    if (const Result<void> may = mayBeOpened(path, options.mode); !may)
        return std::unexpected(may.error());

    auto d = std::make_unique<Private>();
    d->path = path;
    d->options = options;
    std::string name = path.native();
    const char *vfs = "unix";
    if (options.mode == Mode::Look) {
        d->observer = std::make_unique<ObserverVfs>(path, options.watcher, options.stop);
        if (!options.withWal)
            d->observer->hideWal();
        name = d->observer->databaseName();
        vfs = d->observer->name();
    } else if (options.mode != Mode::Scratch) {
        Result<OwnLocks::Hold> hold = OwnLocks::instance().hold(path);
        if (!hold)
            return std::unexpected(hold.error());
        d->hold = std::move(*hold);
    }
    if (options.mode == Mode::Act && (options.writes || !options.temporaryFolder.empty())) {
        d->actor = std::make_unique<ActorVfs>(options.temporaryFolder, options.writes, options.stop);
        vfs = d->actor->name();
    }

    Connection connection(std::move(d));
    Private &p = *connection.m_d;
    const int code = sqlite3_open_v2(name.c_str(), &p.db, openFlags(options.mode) | SQLITE_OPEN_PRIVATECACHE, vfs);
    if (code != SQLITE_OK)
        return fail(connection.error(code, "open"));
    harden(p.db, options);
    sqlite3_busy_handler(p.db, Private::busy, &p);
    // Steps between two looks at the budget. Where it is narrow a single one may be a function over a megabyte; else
    // looking more often would cost more than it is worth.
    const int steps = options.budget.longestValue <= 1 << 20 ? 100 : 2000;
    sqlite3_progress_handler(p.db, steps, Private::progress, &p);
    if (options.budget.time.count() > 0)
        p.deadline = Clock::now() + options.budget.time;
    if (options.budget.processor.count() > 0)
        p.processorLimit = platform::processorTime() + options.budget.processor;
    if (p.observer)
        p.observer->setConnection(p.db);
    p.onStop.emplace(options.stop, [db = p.db] { sqlite3_interrupt(db); });

    std::string settings = "PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=0";
    if (options.sizeCells)
        settings += "; PRAGMA cell_size_check=on";
    // Has to be set before the first read: only then SQLite keeps the WAL index on the heap.
    if (options.mode == Mode::Look)
        settings += "; PRAGMA locking_mode=exclusive";
    if (const Result<void> set = connection.execute(settings); !set)
        return std::unexpected(set.error());
    return connection;
}

Result<Statement> Connection::prepare(std::string_view sql)
{
    if (const Result<void> ready = readyToRun(); !ready)
        return std::unexpected(ready.error());
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v2(m_d->db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK)
        return fail(error(code, sql));
    return Statement(*this, statement);
}

/// Says yes to what \a allowed needs while a statement is compiled (sqlite.org/c3ref/set_authorizer.html).
static int authorize(void *allowed, int action, const char *table, const char *, const char *, const char *)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_CREATE_INDEX:
    case SQLITE_REINDEX:
        return *static_cast<Allowed *>(allowed) == Allowed::CreateIndex ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_INSERT:
    case SQLITE_UPDATE: // of the schema table, by CREATE INDEX itself: DEFENSIVE forbids it to anybody else
        return *static_cast<Allowed *>(allowed) == Allowed::CreateIndex && std::string_view(table) == "sqlite_master"
                   ? SQLITE_OK
                   : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

Result<Statement> Connection::prepareOnly(std::string_view sql, Allowed allowed)
{
    if (const Result<void> ready = readyToRun(); !ready)
        return std::unexpected(ready.error());
    const auto refused = [&](std::string why) {
        return fail(Error{.code = ErrorCode::Unsupported, .path = m_d->path, .arguments = {why}, .detail = why});
    };
    const std::string text(sql);
    sqlite3_set_authorizer(m_d->db, authorize, &allowed);
    sqlite3_stmt *raw = nullptr;
    const char *rest = nullptr;
    const int code = sqlite3_prepare_v2(m_d->db, text.c_str(), static_cast<int>(text.size()) + 1, &raw, &rest);
    const std::string message = sqlite3_errmsg(m_d->db);
    sqlite3_set_authorizer(m_d->db, nullptr, nullptr);
    Statement statement(*this, raw);
    if (code != SQLITE_OK)
        return refused((code & 0xff) == SQLITE_AUTH ? "it would do more than that" : message);
    sqlite3_stmt *second = nullptr;
    const int secondCode = sqlite3_prepare_v2(m_d->db, rest, -1, &second, nullptr);
    const Statement behind(*this, second);
    if (!raw || second || secondCode != SQLITE_OK || text.size() != std::strlen(text.c_str()))
        return refused(raw ? "more than one statement" : "no statement");
    // Of what compiles under that authorizer, only a query reads and only an index writes.
    if ((sqlite3_stmt_readonly(raw) != 0) != (allowed == Allowed::Query))
        return refused(allowed == Allowed::Query ? "not a query" : "not CREATE INDEX");
    return statement;
}

Result<void> Connection::execute(std::string_view sql)
{
    const std::string text(sql);
    for (const char *rest = text.c_str(); *rest;) {
        if (const Result<void> ready = readyToRun(); !ready)
            return ready;
        sqlite3_stmt *raw = nullptr;
        const char *next = nullptr;
        const int code = sqlite3_prepare_v2(m_d->db, rest, -1, &raw, &next);
        if (code != SQLITE_OK)
            return fail(error(code, rest));
        rest = next;
        if (!raw)
            continue; // white space or a comment
        Statement statement(*this, raw);
        Result<bool> row = statement.step();
        while (row && *row)
            row = statement.step();
        if (!row)
            return std::unexpected(row.error());
    }
    return {};
}

Result<std::int64_t> Connection::number(std::string_view sql)
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    const Result<bool> row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? Result<std::int64_t>(statement->number(0)) : fail(ErrorCode::NotFound, path(), std::string(sql));
}

Result<std::string> Connection::text(std::string_view sql)
{
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    const Result<bool> row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? Result<std::string>(statement->text(0)) : fail(ErrorCode::NotFound, path(), std::string(sql));
}

/// Read forwards, a gigabyte comes several times faster than in the order in which a check asks for it.
Result<bool> Connection::readAhead(Progress &progress)
{
    static constexpr std::size_t ChunkSize = 1 << 20;
    sqlite3_file *file = nullptr;
    sqlite3_file_control(m_d->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    sqlite3_int64 size = 0;
    if (!m_d->observer || !file || !file->pMethods || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
        return false;
    if (!m_d->observer->seemsCold(file, size) || static_cast<std::uint64_t>(size) > platform::availableMemory() / 2)
        return false;
    std::vector<std::byte> buffer(ChunkSize);
    for (sqlite3_int64 offset = 0; offset < size; offset += ChunkSize) {
        if (const Result<void> ready = readyToRun(); !ready)
            return std::unexpected(ready.error());
        const auto amount = static_cast<int>(std::min<sqlite3_int64>(ChunkSize, size - offset));
        // An error here is not the verdict: the check itself meets it again, and says where.
        if (!m_d->observer->readUnwatched(file, buffer.data(), amount, offset))
            return false;
        progress.report({.fraction = static_cast<double>(offset) / static_cast<double>(size),
                         .done = static_cast<std::uint64_t>(offset),
                         .phase = Phase::Reading});
    }
    return true;
}

Result<void> Connection::copyTo(Connection &target, Progress &progress)
{
    static constexpr int PagesPerStep = 1000;
    const Result<std::int64_t> pageSize = number("PRAGMA page_size");
    if (!pageSize)
        return std::unexpected(pageSize.error());
    const std::unique_ptr<sqlite3_backup, int (*)(sqlite3_backup *)> backup(
        sqlite3_backup_init(target.m_d->db, "main", m_d->db, "main"), sqlite3_backup_finish);
    if (!backup)
        return fail(target.error(sqlite3_errcode(target.m_d->db), "backup"));
    for (int busySteps = 0;;) {
        if (const Result<void> ready = readyToRun(); !ready)
            return ready;
        const int code = sqlite3_backup_step(backup.get(), PagesPerStep);
        const int total = sqlite3_backup_pagecount(backup.get());
        const int done = total - sqlite3_backup_remaining(backup.get());
        progress.report({.fraction = total > 0 ? static_cast<double>(done) / total : 0,
                         .done = static_cast<std::uint64_t>(done) * static_cast<std::uint64_t>(*pageSize),
                         .phase = Phase::Copying});
        if (code == SQLITE_DONE)
            return {};
        // The step asks the busy handler itself; what comes back has waited already.
        if ((code & 0xff) == SQLITE_BUSY && m_d->options.wait.count() > 0 && ++busySteps < 3)
            continue;
        if (code != SQLITE_OK) {
            // A failed write is the target's error, all others are ours.
            const bool writing = (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
            return fail((writing ? target : *this).error(code, "backup step"));
        }
    }
}

void Connection::interrupt()
{
    sqlite3_interrupt(m_d->db);
}

const Path &Connection::path() const
{
    return m_d->path;
}

const platform::FileReader &Connection::file() const
{
    return m_d->hold->reader();
}

sqlite3 *Connection::handle() const
{
    return m_d->db;
}

Result<void> Connection::readyToRun() const
{
    if (m_d->stopped())
        return fail(ErrorCode::Cancelled, m_d->path);
    if (m_d->overBudget())
        return fail(ErrorCode::Unsupported, Reason::TooExpensive, m_d->path);
    return {};
}

static ErrorCode codeFor(int sqliteCode)
{
    switch (sqliteCode & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT: // rows that the schema forbids
        return ErrorCode::Damaged;
    case SQLITE_NOTADB:
        return ErrorCode::NotADatabase;
    case SQLITE_FULL:
        return ErrorCode::NoSpace;
    case SQLITE_READONLY:
        return ErrorCode::ReadOnly;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ErrorCode::NoPermission;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return ErrorCode::Io;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
        return ErrorCode::Unsupported;
    default:
        return ErrorCode::Internal;
    }
}

Error Connection::error(int code, std::string_view what) const
{
    Error error;
    error.path = m_d->path;
    error.sqliteCode = code;
    error.detail = std::string(what) + ": " + (m_d->db ? sqlite3_errmsg(m_d->db) : sqlite3_errstr(code)) + " (" +
                   std::to_string(code) + ')';
    error.code = codeFor(code);
    if ((code & 0xff) == SQLITE_INTERRUPT)
        error.code = m_d->stopped() ? ErrorCode::Cancelled : ErrorCode::Unsupported;
    if ((code & 0xff) == SQLITE_BUSY && m_d->stopped())
        error.code = ErrorCode::Cancelled;
    if ((code & 0xff) == SQLITE_IOERR && m_d->actor && m_d->actor->hasStopped())
        error.code = ErrorCode::Cancelled;
    if (error.code == ErrorCode::Unsupported)
        error.reason = Reason::TooExpensive;
    if ((code & 0xff) == SQLITE_CONSTRAINT) {
        error.reason = Reason::RowsNotUnique;
        error.arguments = {error.detail};
    }
    if (code == SQLITE_READONLY_ROLLBACK)
        error.reason = Reason::HotJournal;
    if (const int number = m_d->db ? sqlite3_system_errno(m_d->db) : 0;
        number != 0 && (error.code == ErrorCode::Io || error.code == ErrorCode::NoSpace)) {
        error.systemError = number;
        error.code = systemError(number, {}, "").code;
    }
    return error;
}

const char *libraryVersion()
{
    return sqlite3_libversion();
}

bool libraryHasWalResetBug()
{
    return hasWalResetBug(static_cast<std::uint32_t>(sqlite3_libversion_number()));
}

std::string quoteName(std::string_view name)
{
    std::string out = "\"";
    for (const char c : name) {
        out += c;
        if (c == '"')
            out += c;
    }
    return out + '"';
}

}
