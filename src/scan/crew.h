// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/threadclock.h"
#include "scan/walk.h"

#include <thread>

namespace lk::scan {

/// The threads of one scan. As many work as there are cores; where the person left the number to us, more join while
/// those that work wait for the disk (on 2 cores with nothing cached, 8 need 0.6 of the time of 2) and stand aside
/// when they don't.
class Crew
{
public:
    /// \a threads: 0 for us to choose.
    explicit Crew(unsigned threads);
    ~Crew();

    /// The most that will ever work.
    unsigned most() const { return m_most; }
    /// False if the system has no thread for us.
    bool start(const std::shared_ptr<Shared> &shared);
    /// Looks at how the threads fared since the last time; to be called every ten milliseconds or so.
    void adjust();
    bool isAdjustable() const { return m_most > m_least; }
    /// Leaves behind those that don't come back: a thread that hangs in a dead file system can't be ended.
    void leave();

private:
    struct Sample
    {
        std::chrono::steady_clock::time_point at;
        std::chrono::nanoseconds running{};
        std::chrono::nanoseconds excused{}; ///< waited for a processor or for something to do
        bool taken = false;
    };
    void employ(unsigned count);
    bool hire(unsigned lane);
    void observe();
    unsigned wanted() const;

    const unsigned m_least;
    unsigned m_most;
    unsigned m_working = 0;
    unsigned m_calm = 0;  ///< times in a row that fewer would have done
    double m_running = 0; ///< seconds of late, of all at work; what is longer ago counts less
    double m_blocked = 0;
    std::shared_ptr<Shared> m_shared;
    std::vector<Sample> m_samples;
    std::vector<std::thread> m_threads;
};

}
