// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <atomic>
#include <map>
#include <memory>
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
        return readAndClose(open, look);
    }

    /// The same for a file that the caller would have to ask the system about: \a identify (Result<FileId>()) is
    /// called only while we hold something.
    template <class Identify, class Open, class Look>
    Result<void> readUnidentified(Identify &&identify, Open &&open, Look &&look)
    {
        if (m_heldCount.load() == 0)
            return readAndClose(open, look);
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
        std::vector<platform::FileReader> closing; ///< others' descriptors of it; closed when it is let go
    };

    template <class Open, class Look>
    Result<void> readAndClose(Open &&open, Look &&look)
    {
        Result<platform::FileReader> reader = open();
        if (!reader)
            return std::unexpected(reader.error());
        Result<void> looked = look(std::as_const(*reader));
        close(std::move(*reader));
        return looked;
    }

    Hold join(const platform::FileId &id);
    void close(platform::FileReader reader);
    void release(const platform::FileId &id);

    std::shared_mutex m_mutex;
    std::map<platform::FileId, Held> m_held;  // guarded by m_mutex
    std::atomic<std::size_t> m_heldCount = 0; // of m_held, for a look without the mutex
};

}
