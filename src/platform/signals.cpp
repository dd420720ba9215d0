// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/signals.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace lk::platform {

// What a signal handler may touch: sem_post() and lock-free atomics (signal-safety(7)).
static sem_t s_wake;
static std::atomic<bool> s_received = false;
static constexpr std::array Signals = {SIGINT, SIGTERM, SIGHUP};
static std::array<struct sigaction, Signals.size()> s_before;

static void onSignal(int)
{
    s_received = true;
    sem_post(&s_wake);
}

StopSignals::StopSignals(std::stop_source stop)
    : m_stop(std::move(stop))
{
    sem_init(&s_wake, 0, 0);
    s_received = false;
    m_thread = std::jthread([this] {
        while (sem_wait(&s_wake) != 0) {
        }
        if (s_received)
            m_stop.request_stop();
    });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    for (std::size_t i = 0; i < Signals.size(); ++i) {
        sigaction(Signals[i], nullptr, &s_before[i]);
        // nohup and a shell's background jobs have them ignored, and it stays so.
        if (s_before[i].sa_handler != SIG_IGN)
            sigaction(Signals[i], &action, nullptr);
    }
}

StopSignals::~StopSignals()
{
    for (std::size_t i = 0; i < Signals.size(); ++i)
        sigaction(Signals[i], &s_before[i], nullptr);
    sem_post(&s_wake);
    m_thread.join();
    sem_destroy(&s_wake);
}

bool StopSignals::received() const
{
    return s_received;
}

void endNoWriteBySignal()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void endByClosedPipe()
{
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
    std::_Exit(EXIT_FAILURE); // not reached: the default action ends the process
}

bool isTerminal(std::FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

unsigned terminalWidth(std::FILE *stream)
{
    struct winsize size = {};
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

}
