// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/remote.h"

#include "fleet/hosts.h"
#include "platform/program.h"

#include <algorithm>
#include <optional>

namespace lk::fleet {

static constexpr std::chrono::milliseconds Tick{50};
static constexpr std::chrono::milliseconds Goodbye{50}; ///< ssh has nothing to tidy up
static constexpr std::size_t LongestSaid = 300;         ///< in bytes
static constexpr std::size_t LongestComplaint = 64 << 10;

// Statuses that are not litekeeper-cli's: ssh's own, and those of the shell on the other side.
static constexpr int SshFailed = 255;
static constexpr int NotRunnable = 126;
static constexpr int NotFound = 127;

const char *whyName(Why why)
{
    switch (why) {
    case Why::Stopped:
        return "stopped";
    case Why::NoSsh:
        return "no-ssh";
    case Why::NameUnknown:
        return "name-unknown";
    case Why::NotReached:
        return "not-reached";
    case Why::TimedOut:
        return "timed-out";
    case Why::HostKeyUnknown:
        return "host-key-unknown";
    case Why::HostKeyChanged:
        return "host-key-changed";
    case Why::KeyRefused:
        return "key-refused";
    case Why::NoProgram:
        return "no-program";
    case Why::TooOld:
        return "too-old";
    case Why::CutOff:
        return "cut-off";
    case Why::NotLitekeeper:
        return "not-litekeeper";
    case Why::TooMuch:
        return "too-much";
    case Why::Failed:
        break;
    }
    return "failed";
}

std::string shellWord(std::string_view word)
{
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/._-:,@+").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, isPlain))
        return std::string(word);
    std::string text = "'";
    for (const char c : word) {
        // Outside of the quotes: within them fish takes a backslash for more than it is.
        if (c == '\'' || c == '\\')
            text += std::string("'\\") + c + '\'';
        else
            text += c;
    }
    return text + '\'';
}

std::vector<std::string> sshArguments(const Remote &remote, const std::vector<std::string> &words)
{
    std::vector<std::string> arguments;
    if (const Path config = otherConfig(); !config.empty())
        arguments = {"-F", config.native()};
    // Nothing is asked, nothing of the person's configuration that belongs to a terminal takes part, and a machine
    // that went away is noticed within a minute.
    for (const char *option :
         {"BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=15", "ServerAliveCountMax=3", "RequestTTY=no",
          "RemoteCommand=none", "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no"})
        arguments.insert(arguments.end(), {"-o", option});
    std::string line = shellWord(remote.program);
    for (const std::string &word : words)
        line += ' ' + shellWord(word);
    arguments.insert(arguments.end(), {"--", remote.host, line});
    return arguments;
}

Why whyFailed(std::string_view complained)
{
    struct Sign
    {
        std::string_view text;
        Why why;
    };
    // ssh's messages are not translated. The first that fits counts.
    static constexpr Sign Signs[] = {
        {"REMOTE HOST IDENTIFICATION HAS CHANGED", Why::HostKeyChanged},
        {"Host key verification failed", Why::HostKeyUnknown},
        {"Could not resolve hostname", Why::NameUnknown},
        {"Permission denied (", Why::KeyRefused},
        {"Too many authentication failures", Why::KeyRefused},
        {"timed out", Why::TimedOut},
        {"not responding", Why::TimedOut},
        {"Connection refused", Why::NotReached},
        {"No route to host", Why::NotReached},
        {"Network is unreachable", Why::NotReached},
        {"Connection closed", Why::CutOff},
        {"closed by remote host", Why::CutOff},
        {"Connection reset", Why::CutOff},
        {"Broken pipe", Why::CutOff},
    };
    const auto *sign = std::ranges::find_if(
        Signs, [&](const Sign &one) { return complained.find(one.text) != std::string_view::npos; });
    return sign == std::end(Signs) ? Why::Failed : sign->why;
}

std::string lastLine(std::string_view text)
{
    const std::size_t end = text.find_last_not_of("\r\n\t ");
    if (end == std::string_view::npos)
        return {};
    text = text.substr(0, end + 1);
    return std::string(text.substr(text.rfind('\n') + 1).substr(0, LongestSaid));
}

namespace {

/// Cuts what comes in pieces into lines.
class Lines
{
public:
    explicit Lines(const TakeLine &take)
        : m_take(take)
    {
    }

    /// False once no more is wanted.
    bool add(std::string_view piece)
    {
        while (m_wanted && !piece.empty()) {
            const std::size_t end = piece.find('\n');
            const std::string_view part = piece.substr(0, end);
            m_line.append(part.substr(0, LongestLine - std::min(m_line.size(), LongestLine)));
            if (end == std::string_view::npos)
                break;
            m_wanted = m_take(m_line);
            m_line.clear();
            piece.remove_prefix(end + 1);
        }
        return m_wanted;
    }

    void finish()
    {
        if (m_wanted && !m_line.empty())
            m_take(m_line);
    }

private:
    const TakeLine &m_take;
    std::string m_line;
    bool m_wanted = true;
};

}

static std::optional<Why> troubleOf(int status, const std::string &complained)
{
    if (status == SshFailed)
        return whyFailed(complained);
    if (status == NotFound || status == NotRunnable)
        return Why::NoProgram;
    if (status >= 128 && status != 130) // 130: litekeeper-cli, stopped over there
        return Why::CutOff;
    return {};
}

std::expected<Answer, Trouble> ask(const Remote &remote, const std::vector<std::string> &words, const TakeLine &take,
                                   const std::stop_token &stop)
{
    const auto trouble = [&](Why why, std::string_view said = {}) {
        return std::unexpected(Trouble{.why = why, .host = remote.host, .said = lastLine(said)});
    };
    const Result<Path> ssh = platform::findProgram("ssh");
    if (!ssh)
        return trouble(Why::NoSsh);
    Result<platform::Child> child =
        platform::Child::start({.command = {.program = *ssh, .arguments = sshArguments(remote, words)}});
    if (!child)
        return trouble(Why::Failed, child.error().detail);

    Lines lines(take);
    std::string complained;
    const auto listen = [&](std::chrono::milliseconds patience) {
        const bool said = child->listen(patience);
        complained.append(child->takeComplained(), 0, LongestComplaint - std::min(complained.size(), LongestComplaint));
        return std::pair(said, lines.add(child->takePrinted()));
    };
    while (!child->status()) {
        const bool wanted = listen(Tick).second;
        if (wanted && !stop.stop_requested())
            continue;
        child->stop(Goodbye);
        return trouble(wanted ? Why::Stopped : Why::TooMuch);
    }
    for (std::pair more(true, true); more.first && more.second;)
        more = listen(std::chrono::milliseconds(0)); // what was written just before the end
    lines.finish();
    if (const auto why = troubleOf(*child->status(), complained))
        return trouble(*why, complained);
    return Answer{.status = *child->status(), .complained = std::move(complained)};
}

}
