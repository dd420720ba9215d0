// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace lk::sqlite {

class Connection;

/// Has a connection wait for locks as PRAGMA busy_timeout would, and not as ours do: with SQLite's own pauses (main.c,
/// sqliteDefaultBusyCallback: 1 ms at first, up to 100 ms), and without heeding a stop. It counts as well, which
/// SQLite's own does not. In place of the connection's own waiting from now on; outlives the connection's last use.
class Patience
{
public:
    Patience(const Connection &connection, std::chrono::milliseconds timeout);
    Patience(const Patience &) = delete;
    Patience &operator=(const Patience &) = delete;

    /// Statements that met somebody else's lock and waited, however often they asked again.
    std::uint64_t locksMet() const { return m_locksMet; }

private:
    static int wait(void *self, int asked);

    std::chrono::milliseconds m_timeout;
    std::uint64_t m_locksMet = 0;
};

}
