// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <chrono>
#include <optional>

namespace lk::platform {

/// Processor time of the calling thread since it began.
std::chrono::nanoseconds processorTime();

/// Tells from outside how a thread spent its time: what it neither ran nor waited for a processor, it was blocked, most
/// likely by a disk.
class ThreadClock
{
public:
    struct Times
    {
        std::chrono::nanoseconds running{}; ///< on a processor, since the thread began
        std::chrono::nanoseconds waiting{}; ///< for a free one
    };

    static ThreadClock ofThisThread();

    /// Empty where the system doesn't tell.
    std::optional<Times> times() const;

private:
    Descriptor m_schedstat;
};

}
