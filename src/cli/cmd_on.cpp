// SPDX-License-Identifier: GPL-3.0-or-later
// Any command, run by the litekeeper-cli of another machine.
#include "cli/arguments.h"
#include "cli/fleet.h"
#include "cli/records.h"
#include "words/fleet.h"

#include <algorithm>

namespace lk::cli {

namespace {

class OnCommand final : public Command
{
public:
    std::string name() const override { return "on"; }
    std::string summary() const override { return "Run a command on another machine, over your own ssh."; }
    std::string arguments() const override { return "HOST COMMAND…"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("HOST", "The machine, as ssh knows it: an alias, a name, user@name. Keys and settings are "
                                  "ssh's own; nothing is asked") +
               twoColumns("COMMAND…", "A command with its options and paths, for the litekeeper-cli there; paths are "
                                      "that machine's. With --format json, jsonl or csv each record gets a host");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::string m_remoteProgram;
};

void OnCommand::declare(CLI::App &app)
{
    app.add_option("--remote-program", m_remoteProgram, "Where litekeeper-cli is there, if not in the PATH")
        ->type_name("NAME");
    app.prefix_command();
}

/// The value of `--format` among \a words; null if it is not given.
std::string *formatIn(std::vector<std::string> &words)
{
    static constexpr std::string_view Option = "--format";
    const auto end = std::ranges::find(words, "--");
    for (auto word = words.begin(); word != end; ++word) {
        if (*word == Option && word + 1 != end)
            return &*(word + 1);
        if (word->starts_with("--format=")) {
            *word = word->substr(Option.size() + 1);
            return &*(words.insert(word, std::string(Option)) + 1);
        }
    }
    return nullptr;
}

/// What stands before a line of CSV, where records get a column for the machine.
class HostCell
{
public:
    explicit HostCell(const std::string &host)
        : m_cell(csvCell(host) + ',')
    {
    }

    std::string before(std::string_view line)
    {
        const std::string cell = m_inside ? std::string() : std::exchange(m_next, m_cell);
        if (std::ranges::count(line, '"') % 2 != 0) // a cell may have several lines
            m_inside = !m_inside;
        return cell;
    }

private:
    std::string m_cell;
    std::string m_next = "host,";
    bool m_inside = false;
};

/// What was said on stderr over there.
void sayAll(const std::string &host, std::string_view text, Console &console)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        console.say(host + ": " + std::string(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

ExitStatus pass(const fleet::Remote &remote, std::vector<std::string> command, Session &session)
{
    Console &console = session.console;
    std::string *format = formatIn(command);
    const bool isCsv = format && *format == "csv";
    std::unique_ptr<Writer> writer; // of records; everything else goes through as it is
    if (format && (*format == "json" || *format == "jsonl"))
        writer = makeWriter(*format == "json" ? Format::Json : Format::JsonLines, {},
                            [&](std::string_view text) { console.out(text); });
    if (writer)
        *format = "jsonl";
    HostCell host(remote.host);
    std::uint64_t noise = 0;
    const auto take = [&](std::string_view line) {
        if (!writer)
            console.out((isCsv ? host.before(line) : std::string()) + path::display(line) + '\n');
        else if (const auto record = fleet::parseRecord(line))
            writer->write(withHost(remote.host, *record));
        else
            ++noise;
        return true;
    };
    const auto answer = fleet::ask(remote, command, take, session.stop);
    if (writer && (!answer || answer->status != WrongUsage))
        writer->finish();
    if (noise > 0)
        console.say(words::notUnderstood(remote.host, noise).toStdString());
    if (!answer) {
        console.say(words::describe(answer.error()).toStdString());
        return SomeFailed;
    }
    sayAll(remote.host, answer->complained, console);
    return static_cast<ExitStatus>(answer->status);
}

Outcome OnCommand::run(const std::vector<std::string> &words, Session &session)
{
    if (words.size() < 2)
        return std::unexpected(UsageError{"name a machine and a command for it"});
    const auto remote = remotes({words.front()}, m_remoteProgram);
    if (!remote)
        return std::unexpected(remote.error());
    std::vector<std::string> command(words.begin() + 1, words.end());
    if (command.front() == "scan") {
        command.insert(command.begin() + 1, {"--host", words.front()});
        if (!m_remoteProgram.empty())
            command.insert(command.begin() + 1, {"--remote-program", m_remoteProgram});
        return runWithin(session, command);
    }
    return pass(remote->front(), std::move(command), session);
}

}

std::unique_ptr<Command> makeOnCommand()
{
    return std::make_unique<OnCommand>();
}

}
