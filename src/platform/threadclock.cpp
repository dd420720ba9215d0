// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/threadclock.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace lk::platform {

std::chrono::nanoseconds processorTime()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Linux: "time on a processor, time waiting for one, turns", in nanoseconds (Documentation/scheduler/
/// sched-stats.rst). Other systems have no such file and no answer.
ThreadClock ThreadClock::ofThisThread()
{
    ThreadClock clock;
    clock.m_schedstat = Descriptor(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC));
    return clock;
}

std::optional<ThreadClock::Times> ThreadClock::times() const
{
    std::array<char, 96> text{};
    const ssize_t count = m_schedstat ? ::pread(m_schedstat.value(), text.data(), text.size(), 0) : -1;
    if (count <= 0)
        return std::nullopt;
    const char *end = text.data() + count;
    std::uint64_t running = 0;
    std::uint64_t waiting = 0;
    const auto first = std::from_chars(text.data(), end, running);
    if (first.ec != std::errc() || first.ptr == end || std::from_chars(first.ptr + 1, end, waiting).ec != std::errc())
        return std::nullopt;
    return Times{.running = std::chrono::nanoseconds(running), .waiting = std::chrono::nanoseconds(waiting)};
}

}
