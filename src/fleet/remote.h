// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lk::fleet {

/// A machine, and how litekeeper-cli is called there.
struct Remote
{
    std::string host; ///< isHost()
    std::string program = "litekeeper-cli";
};

/// Why a machine did not do what it was asked; words/fleet has the sentences.
enum class Why
{
    Stopped,        ///< by the stop token
    NoSsh,          ///< there is no ssh here
    NameUnknown,    ///< nobody knows where that is
    NotReached,     ///< nothing answers at the other end
    TimedOut,       ///< likewise, after having been waited for
    HostKeyUnknown, ///< nothing says that it is the right machine
    HostKeyChanged, ///< it is not the machine that it was
    KeyRefused,     ///< the person's keys are not accepted
    NoProgram,      ///< no litekeeper-cli where it was looked for
    TooOld,         ///< litekeeper-cli does not know what it was asked
    CutOff,         ///< it ended in the middle
    NotLitekeeper,  ///< what it prints is something else
    TooMuch,        ///< it does not stop printing
    Failed,         ///< ssh says something else
};

/// "host-key-unknown" …: the `why` of cli.md's not_entered.
const char *whyName(Why why);

struct Trouble
{
    Why why{};
    std::string host;
    std::string said; ///< the last line of what ssh or the other side said; untrusted text
};

/// How litekeeper-cli ended there.
struct Answer
{
    int status = 0;         ///< its own; never one of ssh's
    std::string complained; ///< on stderr; bounded, untrusted text
};

/// A line that it printed, without its end; what is longer than LongestLine comes cut. False: no more is wanted.
using TakeLine = std::function<bool(std::string_view line)>;
inline constexpr std::size_t LongestLine = 1 << 20; ///< in bytes

/// Runs litekeeper-cli with \a words on the machine, through the person's own ssh: their keys, their configuration, and
/// no question asked. Each line goes to \a take as it comes. Blocks until it has ended; stopped within a tenth of a
/// second, after which the other side ends when it next wants to print.
std::expected<Answer, Trouble> ask(const Remote &remote, const std::vector<std::string> &words, const TakeLine &take,
                                   const std::stop_token &stop);

/// What ssh is told.
std::vector<std::string> sshArguments(const Remote &remote, const std::vector<std::string> &words);
/// \a word so that the shell of the other side, a POSIX one or fish, takes it for one word as it is.
std::string shellWord(std::string_view word);
/// What ssh's own failure (its status 255) means, by what it \a complained of.
Why whyFailed(std::string_view complained);
/// The last line of \a text that says something, cut to what a sentence has room for.
std::string lastLine(std::string_view text);

}
