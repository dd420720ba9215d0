// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "platform/lockfile.h"

namespace lk::operations {

/// The right to work on one file, among all processes of Litekeeper that this person runs: window, command line,
/// timers. What other programs do with the file, only SQLite's own locks say.
class Turn
{
public:
    /// Waits as \a context says. Busy (AnotherOperation) after that, Cancelled. \a file: absolute and resolved; it need
    /// not be there.
    static Result<Turn> take(const Path &file, JobContext &context);

private:
    explicit Turn(std::optional<platform::LockFile> lock)
        : m_lock(std::move(lock))
    {
    }

    std::optional<platform::LockFile> m_lock; ///< nothing where there is no place for locks
};

/// Sleeps for \a duration. False: \a stop was requested.
bool pause(const std::stop_token &stop, std::chrono::milliseconds duration);

}
