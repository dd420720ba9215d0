// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

struct sqlite3_vfs;

namespace lk::sqlite {

/// Is told what SQLite writes, on the thread that writes. Has to be quick.
class WriteWatcher
{
public:
    virtual ~WriteWatcher() = default;
    /// To whichever file: the database, its journal or -wal, a temporary one.
    virtual void wrote(std::uint64_t bytes) = 0;
};

/// A VFS over SQLite's `unix` one for a connection that rewrites a file: it tells of every write, keeps temporary files
/// where it is told to, and ends a statement that only copies pages.
///
/// A VACUUM's second half runs no program that asks the progress handler, so a stop could not end it; here it does, by
/// failing one write. SQLite takes that for a full disk and leaves a hot journal behind: who stopped it opens the file
/// once more, which undoes it.
///
/// Journals and temporary files are written in pieces of Piece bytes instead of a page or less. What is held back is
/// written before SQLite flushes the file or reads it, so that what a crash may lose is what it could lose anyhow.
class ActorVfs
{
public:
    /// In bytes; os_unix.c writes no more than 131071 of them at once.
    static constexpr std::size_t Piece = 1 << 16;

    /// Registers the VFS. \a temporaryFolder empty: where SQLite would make them.
    ActorVfs(Path temporaryFolder, WriteWatcher *watcher, std::stop_token stop);
    ActorVfs(const ActorVfs &) = delete;
    ActorVfs &operator=(const ActorVfs &) = delete;
    ~ActorVfs();

    const char *name() const { return m_name.c_str(); }
    /// Whether a write was made to fail since the stop token asked for it.
    bool hasStopped() const { return m_stopped; }

private:
    friend struct ActorMethods;

    std::string m_name;
    Path m_temporaryFolder;
    WriteWatcher *m_watcher;
    std::stop_token m_stop;
    bool m_stopped = false; ///< once: what undoes the work has to be written
    sqlite3_vfs *m_base;
    struct Vfs;
    std::unique_ptr<Vfs> m_vfs;
};

}
