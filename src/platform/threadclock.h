// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <chrono>
#include <optional>

namespace lk::platform {

/// Tells from outside how long a thread was able to run: what is missing from the time that passed, it was blocked,
/// most likely by a disk.
class ThreadClock
{
public:
    static ThreadClock ofThisThread();

    /// Time on a processor or waiting for a free one, since the thread began. Empty where the system doesn't tell.
    std::optional<std::chrono::nanoseconds> runnable() const;

private:
    Descriptor m_schedstat;
};

}
