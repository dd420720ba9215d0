// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "platform/filereader.h"
#include "sqlite/statement.h"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

struct sqlite3;

namespace lk::sqlite {

class ReadWatcher;
class WriteWatcher;

enum class Mode
{
    Look,    ///< through the looking glass: may be written to, and nothing of it reaches the disk
    Join,    ///< read-only beside other programs, with SQLite's own locks: only for a file that somebody has open
    Act,     ///< read-write on the real file; only operations do that
    Scratch, ///< a file of our own, created if it is missing
};

/// What a file we don't trust may cost us (safety.md, fact 21).
struct Budget
{
    std::chrono::milliseconds time{0};      ///< of running statements altogether; 0: no bound
    std::chrono::milliseconds processor{0}; ///< the same, without what the disk and other programs take
    std::int64_t longestValue = 64LL << 20; ///< in bytes: a longer string or blob is an error
};

struct OpenOptions
{
    Mode mode = Mode::Look;
    std::stop_token stop{};
    std::chrono::milliseconds wait{5000}; ///< for somebody else's lock
    Budget budget{};
    bool checkpointOnClose = false; ///< Act only: as SQLite does it when nobody else has the file open
    bool withWal = true;            ///< Look only; false: the main file alone, as if no -wal were beside it
    bool sizeCells = true;          ///< PRAGMA cell_size_check: look at a page's cells each time it is read
    ReadWatcher *watcher = nullptr; ///< Look only: is told of every read; outlives the connection
    WriteWatcher *writes = nullptr; ///< Act only: is told of every write; outlives the connection
    Path temporaryFolder{};         ///< Act only: where temporary files go; empty: SQLite's own choice
};

/// What a statement that a person typed may do.
enum class Allowed
{
    Query,       ///< read
    CreateIndex, ///< one index, and what that needs
};

/// A connection to a database, hardened as sqlite.org/security.html says. It stays on the thread that opened it;
/// only interrupt() may come from another. A request of the stop token ends a running statement and a wait for a lock
/// within a tenth of a second: the error is Cancelled.
class Connection
{
public:
    /// Errors: Unsupported (PathTooLong; not for Look), Refused (EmptyFile: SQLite would delete a -wal beside it),
    /// and what SQLite says, translated.
    static Result<Connection> open(const Path &path, OpenOptions options = {});

    Connection(Connection &&) noexcept;
    Connection &operator=(Connection &&) noexcept;
    ~Connection();

    Result<Statement> prepare(std::string_view sql);
    /// For what a person typed: one statement that does nothing but what is \a allowed. Unsupported, with SQLite's
    /// words as the only argument, if it is none, more than one, or wants more.
    Result<Statement> prepareOnly(std::string_view sql, Allowed allowed);
    /// Runs all statements of \a sql to their end and drops their rows.
    Result<void> execute(std::string_view sql);
    /// The first column of the first row; NotFound if there is none.
    Result<std::int64_t> number(std::string_view sql);
    Result<std::string> text(std::string_view sql);

    /// Copies the whole database into \a target (Scratch) in steps of 1000 pages. One moment's state only if a read
    /// transaction is held on this connection or nobody writes. Tells \a progress.
    Result<void> copyTo(Connection &target, Progress &progress);

    /// Ends the running statement; callable from any thread.
    void interrupt();
    /// Look only: reads the whole database file once, forwards, if that is likely to pay: when it is not in the
    /// system's cache and fits into free memory (performance.md, section 3). True if it did. Tells \a progress.
    Result<bool> readAhead(Progress &progress);
    const Path &path() const;
    /// Join and Act: the database itself as a file, open as long as the connection is. Closing any other descriptor of
    /// it would drop the connection's locks (safety.md, fact 6).
    const platform::FileReader &file() const;
    /// SQLite's handle, for what extends SQLite in this folder.
    sqlite3 *handle() const;
    /// The error of SQLite's result code \a code on this connection; \a what was tried, for the log.
    Error error(int code, std::string_view what) const;
    /// Cancelled once the stop token asks, Unsupported (TooExpensive) once the budget of time is spent.
    Result<void> readyToRun() const;

private:
    struct Private;
    explicit Connection(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

/// "3.40.1": the library this process runs with.
const char *libraryVersion();

/// Whether that library has the WAL-reset bug (safety.md, fact 16): 3.7.0 to 3.51.2 but for 3.44.6 and 3.50.7.
bool libraryHasWalResetBug();

/// A table, column or other name as SQL has it: `"a ""b"" c"`.
std::string quoteName(std::string_view name);

}
