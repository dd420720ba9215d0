// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <semaphore.h>

#include <atomic>
#include <cstdio>
#include <stop_token>
#include <thread>

namespace lk::platform {

/// While it lives, the first Ctrl-C (or SIGTERM, or the terminal's hang-up) asks \a stop to stop instead of ending the
/// process, so that work in flight can be undone. A second one ends the process at once. One at a time.
class StopSignals final
{
public:
    explicit StopSignals(std::stop_source stop);
    ~StopSignals();
    StopSignals(const StopSignals &) = delete;
    StopSignals &operator=(const StopSignals &) = delete;

    bool received() const;

private:
    std::stop_source m_stop;
    std::jthread m_thread; // request_stop() may not be called in a signal handler, so this thread does
};

/// From now on writing to a pipe that nobody reads fails with EPIPE, and beyond the limit of a file's size (ulimit -f)
/// with EFBIG, instead of ending the process in mid-work.
void endNoWriteBySignal();
/// Ends the process as a closed pipe ends any program: quietly, by SIGPIPE.
[[noreturn]] void endByClosedPipe();

bool isTerminal(std::FILE *stream);
/// In characters; 80 where it can't be known.
unsigned terminalWidth(std::FILE *stream);

}
