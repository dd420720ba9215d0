// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

namespace lk::sqlite {

/// The files that this process's own acting connections have open.
///
/// Closing any descriptor of a file drops all POSIX locks the process holds on it (safety.md, fact 6; sqlite.org/
/// howtocorrupt.html §2.2). So whoever wants to open, read and close a database by hand does it inside read(), which
/// never opens a file that is held, and hands out the holder's own descriptor instead. Connections register before
/// they open and leave after they closed.
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

    private:
        friend class OwnLocks;
        std::shared_ptr<const platform::FileReader> m_reader;
    };

    Result<Hold> hold(const Path &path);

    /// Runs \a look (Result<void>(const FileReader &)) with a reader of the file \a id: the holder's own if we hold
    /// it, else what \a open (Result<FileReader>()) gives, closed before this returns. No connection of ours can come
    /// to hold the file meanwhile. \a look must not open a connection.
    template <class Open, class Look>
    Result<void> read(const platform::FileId &id, Open &&open, Look &&look)
    {
        const std::shared_lock lock(m_mutex);
        if (const auto held = m_held.find(id); held != m_held.end())
            return look(*held->second.reader);
        const Result<platform::FileReader> reader = open();
        if (!reader)
            return std::unexpected(reader.error());
        return look(*reader);
    }

    bool holds(const platform::FileId &id);

private:
    struct Held
    {
        std::shared_ptr<const platform::FileReader> reader;
        int holds = 0;
    };
    void release(const platform::FileId &id);

    std::shared_mutex m_mutex;
    std::map<platform::FileId, Held> m_held; // guarded by m_mutex
};

}
