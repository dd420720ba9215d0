// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <functional>
#include <map>
#include <memory>
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

    /// Keeps \a path registered, and a descriptor of it open, for as long as it lives.
    class Hold
    {
    public:
        Hold() = default;
        Hold(Hold &&) noexcept;
        Hold &operator=(Hold &&) noexcept;
        ~Hold();

    private:
        friend class OwnLocks;
        struct Entry;
        std::shared_ptr<const platform::FileReader> m_reader;
        platform::FileId m_id;
    };

    Result<Hold> hold(const Path &path);

    /// Runs \a look with a reader of \a id: the holder's own if we hold it, else what \a open gives, closed before
    /// this returns. No connection of ours can come to hold the file meanwhile. \a look must not open a connection.
    Result<void> read(const platform::FileId &id, const std::function<Result<platform::FileReader>()> &open,
                      const std::function<Result<void>(const platform::FileReader &)> &look);

    bool holds(const platform::FileId &id);

private:
    std::shared_mutex m_mutex;
    std::map<platform::FileId, std::weak_ptr<const platform::FileReader>> m_held; // guarded by m_mutex
};

}
