// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include "platform/signals.h"

#include <cerrno>
#include <cstdio>

namespace lk::cli {

Console::Console(std::stop_source stop)
    : m_stop(std::move(stop))
    , m_terminal(platform::isTerminal(stderr))
{
}

void Console::out(std::string_view text)
{
    if (m_closed || m_failed || text.empty())
        return;
    clearProgress();
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return;
    m_closed = errno == EPIPE;
    m_failed = !m_closed;
    m_stop.request_stop();
}

void Console::say(std::string_view line)
{
    clearProgress();
    const std::string text = path::display(line) + '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
}

/// The first \a columns characters of \a text.
static std::string_view cut(std::string_view text, unsigned columns)
{
    unsigned characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && ++characters > columns)
            return text.substr(0, i);
    }
    return text;
}

void Console::progress(std::string_view line)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || now - m_lastProgress < std::chrono::milliseconds(100))
        return;
    m_lastProgress = now;
    m_progressShown = true;
    const std::string shown = path::display(line);
    const std::string text = "\r" + std::string(cut(shown, platform::terminalWidth(stderr) - 1)) + "\x1b[K";
    std::fwrite(text.data(), 1, text.size(), stderr);
}

void Console::clearProgress()
{
    if (!m_progressShown)
        return;
    m_progressShown = false;
    std::fputs("\r\x1b[K", stderr);
}

ConsoleProgress::ConsoleProgress(Console &console, std::string doing, const Path &path)
    : m_console(console)
    , m_doing(std::move(doing))
    , m_name(path::display(path))
{
}

void ConsoleProgress::report(const ProgressReport &report)
{
    if (report.fraction >= 0)
        m_console.progress(m_doing + ' ' + std::to_string(static_cast<int>(report.fraction * 100)) + " %  " + m_name);
}

}
