// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/patience.h"

#include "sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace lk::sqlite {

Patience::Patience(const Connection &connection, std::chrono::milliseconds timeout)
    : m_timeout(timeout)
{
    sqlite3_busy_handler(connection.handle(), wait, this);
}

/// \a asked: how often it was called for this lock before.
int Patience::wait(void *self, int asked)
{
    static constexpr std::array<int, 12> PausesMs{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
    auto &patience = *static_cast<Patience *>(self);
    if (asked == 0)
        ++patience.m_locksMet;
    const auto pauses = static_cast<int>(PausesMs.size());
    const int waitedMs = std::accumulate(PausesMs.begin(), PausesMs.begin() + std::min(asked, pauses), 0) +
                         std::max(0, asked - pauses) * PausesMs.back();
    const auto leftMs = static_cast<int>(patience.m_timeout.count()) - waitedMs;
    const int pauseMs = std::min(PausesMs[static_cast<std::size_t>(std::min(asked, pauses - 1))], leftMs);
    if (pauseMs <= 0)
        return 0;
    sqlite3_sleep(pauseMs);
    return 1;
}

}
