// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace lk::sqlite {

/// The files that this process's own acting connections have open.
///
/// Closing any descriptor of a file drops all POSIX locks the process holds on it (safety.md, fact 6; sqlite.org/
/// howtocorrupt.html §2.2). So whoever wants to open, read and close a database by hand does it inside read(): a file
/// that is held is read through the holder's descriptor, and one that comes to be held meanwhile is closed with the
/// holder's. Connections register before they open and leave after they closed. Nobody waits for anybody's disk.
class OwnLocks
{
public:
    static OwnLocks &instance();

    /// Keeps a file registered, and a descriptor of it open, for as long as it lives.
    class Hold
    {
    public:
        Hold() = default;
        Hold(Hold &&other) noexcept { *this = std::move(other); }
        Hold &operator=(Hold &&other) noexcept;
        ~Hold();

        const platform::FileReader &reader() const { return *m_reader; }
        explicit operator bool() const { return m_reader != nullptr; }

    private:
        friend class OwnLocks;
        std::shared_ptr<const platform::FileReader> m_reader;
    };

    Result<Hold> hold(const Path &path);

    /// Runs \a look (Result<void>(const FileReader &)) with a reader of the file \a id: the holder's own if we hold
    /// it, else what \a open (Result<FileReader>()) gives.
    template <class Open, class Look>
    Result<void> read(const platform::FileId &id, Open &&open, Look &&look)
    {
        if (const Hold held = join(id))
            return look(held.reader());
        return readAndClose(id, open, look);
    }

    /// The same for the -shm \a file of the \a database: who holds the database has locks on its -shm too. While it is
    /// held, each -shm is opened once and closed with it.
    template <class Open, class Look>
    Result<void> readBeside(const platform::FileId &database, const platform::FileId &file, Open &&open, Look &&look)
    {
        const Hold held = join(database);
        if (!held)
            return readAndClose(database, open, look);
        std::shared_ptr<const platform::FileReader> reader = kept(database, file);
        if (!reader) {
            Result<platform::FileReader> opened = open();
            if (!opened)
                return std::unexpected(opened.error());
            reader = keep(database, std::move(*opened));
        }
        return look(*reader);
    }

    /// The same for a file that the caller would have to ask the system about: \a identify (Result<FileId>()) is
    /// called only while we hold something.
    template <class Identify, class Open, class Look>
    Result<void> readUnidentified(Identify &&identify, Open &&open, Look &&look)
    {
        if (m_heldCount.load() == 0)
            return readAndClose(std::nullopt, open, look);
        const Result<platform::FileId> id = identify();
        if (!id)
            return std::unexpected(id.error());
        return read(*id, open, look);
    }

    bool holds(const platform::FileId &id);

private:
    struct Held
    {
        std::shared_ptr<const platform::FileReader> reader;
        int holds = 0;
        /// Others' descriptors of it and of its -shm; closed when it is let go.
        std::vector<std::shared_ptr<const platform::FileReader>> closing;
    };

    /// \a guardian: the database whose holder the close would harm; nothing: the file itself is.
    template <class Open, class Look>
    Result<void> readAndClose(const std::optional<platform::FileId> &guardian, Open &&open, Look &&look)
    {
        Result<platform::FileReader> reader = open();
        if (!reader)
            return std::unexpected(reader.error());
        Result<void> looked = look(std::as_const(*reader));
        const platform::FileId id = guardian.value_or(reader->status().id);
        close(id, std::move(*reader));
        return looked;
    }

    Hold join(const platform::FileId &id);
    std::shared_ptr<const platform::FileReader> kept(const platform::FileId &database, const platform::FileId &file);
    std::shared_ptr<const platform::FileReader> keep(const platform::FileId &database, platform::FileReader reader);
    void close(const platform::FileId &guardian, platform::FileReader reader);
    void release(const platform::FileId &id);

    std::shared_mutex m_mutex;
    std::map<platform::FileId, Held> m_held;  // guarded by m_mutex
    std::atomic<std::size_t> m_heldCount = 0; // of m_held, for a look without the mutex
};

}
