// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/bytes.h"
#include "sqlite/overlay.h"

#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>

struct sqlite3;
struct sqlite3_file;
struct sqlite3_vfs;

namespace lk::sqlite {

/// Is told what SQLite reads through the looking glass, on the thread that reads. Has to be quick. A stop that it asks
/// for holds from this very read on.
class ReadWatcher
{
public:
    virtual ~ReadWatcher() = default;
    /// Of the database file; \a offset in bytes.
    virtual void databaseRead(std::uint64_t offset, Bytes bytes) = 0;
    /// Of the -wal.
    virtual void walRead(std::uint64_t offset, Bytes bytes) = 0;
};

/// The looking glass: a VFS over SQLite's `unix` one, made for one connection (safety.md, fact 3).
///
/// It opens the database, its -wal and its -journal read-only and never creates, deletes, truncates or writes a file.
/// What SQLite writes stays in an Overlay per file. Locks do nothing, and nobody else's are seen. Used with
/// locking_mode=exclusive, which keeps the WAL index on the heap, so that there is no -shm. Who uses it compares the
/// file before and after, since another program may write meanwhile.
class ObserverVfs
{
public:
    /// Registers the VFS. \a path is the database, absolute.
    explicit ObserverVfs(const Path &path, ReadWatcher *watcher, std::stop_token stop);
    ObserverVfs(const ObserverVfs &) = delete;
    ObserverVfs &operator=(const ObserverVfs &) = delete;
    ~ObserverVfs();

    const char *name() const { return m_name.c_str(); }
    /// What to open with it: the database's path, or a short way there if it is too long for the system.
    const std::string &databaseName() const { return m_database; }
    /// From now on there is no -wal beside the database.
    void hideWal() { m_deleted.insert(m_database + "-wal"); }
    /// Whether the \a file of \a size bytes is likely not in the system's cache: a few reads here and there take long.
    static bool seemsCold(sqlite3_file *file, std::int64_t size);
    /// Reads past the overlay and the watcher; false if that can't be done.
    static bool readUnwatched(sqlite3_file *file, void *buffer, int amount, std::int64_t offset);
    /// Whose running statement a stop request ends.
    void setConnection(sqlite3 *connection) { m_connection = connection; }

private:
    friend struct ObserverFile;
    friend struct ObserverMethods;

    /// The overlay of \a name; made at the first mention.
    Overlay &overlayOf(const std::string &name) { return m_overlays[name]; }
    /// False once a stop was asked for; then the running statement is on its way to its end.
    bool mayGoOn() const;

    std::string m_name;
    std::string m_database;
    std::shared_ptr<platform::Folder> m_folder; ///< that m_database goes through, where it is too long
    ReadWatcher *m_watcher;
    std::stop_token m_stop;
    sqlite3 *m_connection = nullptr;
    sqlite3_vfs *m_base;
    std::unique_ptr<sqlite3_vfs> m_vfs;
    std::map<std::string, Overlay> m_overlays;
    std::set<std::string> m_deleted; ///< names that were deleted here, and not made again
    std::set<std::string> m_created; ///< names that were made or written here
};

}
