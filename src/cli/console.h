// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"
#include "base/progress.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

namespace lk::cli {

/// stdout and stderr of this process. Results go to the first and nothing else does; what people should know goes to
/// the second. Once nobody reads stdout any more, it asks the work to stop.
class Console
{
public:
    explicit Console(std::stop_source stop);

    /// Written and flushed at once: a record is out as soon as it is known.
    void out(std::string_view text);
    /// A line on stderr; control characters in \a line are escaped.
    void say(std::string_view line);
    /// Overwrites the progress line, if stderr is a terminal and the last one is not too young.
    void progress(std::string_view line);
    void clearProgress();

    bool showsProgress() const { return m_terminal; }
    /// Nobody reads stdout any more.
    bool isClosed() const { return m_closed; }
    /// Something could not be written: a full disk under the redirection.
    bool failed() const { return m_failed; }

private:
    std::stop_source m_stop;
    bool m_terminal = false;
    bool m_closed = false;
    bool m_failed = false;
    bool m_progressShown = false;
    std::chrono::steady_clock::time_point m_lastProgress;
};

/// Shows how far something is on one line of the terminal.
class ConsoleProgress final : public Progress
{
public:
    /// \a doing: "rehearsing".
    ConsoleProgress(Console &console, std::string doing, const Path &path);
    ~ConsoleProgress() override { m_console.clearProgress(); }
    void report(const ProgressReport &report) override;

private:
    Console &m_console;
    std::string m_doing;
    std::string m_name;
};

}
