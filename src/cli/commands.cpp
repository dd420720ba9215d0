// SPDX-License-Identifier: GPL-3.0-or-later
// The table of commands, and the program around them.
#include "base/nearest.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "measure/worker.h"
#include "platform/signals.h"
#include "sqlite/connection.h"
#include "words/describe.h"
#include "words/history.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <QCoreApplication>

#include <algorithm>

namespace lk::cli {

static constexpr const char *Program = "litekeeper-cli";

static std::vector<std::unique_ptr<Command>> allCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeScanCommand());
    commands.push_back(makeInfoCommand());
    commands.push_back(makeAdviseCommand());
    commands.push_back(makeSettingsCommand());
    commands.push_back(makeDoctorCommand());
    for (std::unique_ptr<Command> &command : makeOperationCommands())
        commands.push_back(std::move(command));
    commands.push_back(makeBackupsCommand());
    commands.push_back(makeRehearseCommand());
    commands.push_back(makeHistoryCommand());
    commands.push_back(makeUndoCommand());
    commands.push_back(makeScheduleCommand());
    commands.push_back(makeMeasureCommand());
    commands.push_back(makeOnCommand());
    for (std::unique_ptr<Command> &command : makeLitestreamCommands())
        commands.push_back(std::move(command));
    return commands;
}

/// The command whose name \a arguments begin with, and that name taken from them; null if there is none. One of a
/// family has a name of two words: "litestream check".
static std::unique_ptr<Command> taken(std::vector<std::unique_ptr<Command>> &commands,
                                      std::vector<std::string> &arguments)
{
    for (std::unique_ptr<Command> &command : commands) {
        const std::string name = command->name();
        const std::size_t blank = name.find(' ');
        const std::size_t words = blank == std::string::npos ? 1 : 2;
        if (arguments.size() < words || arguments[0] != name.substr(0, blank) ||
            (words == 2 && arguments[1] != name.substr(blank + 1)))
            continue;
        arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(words));
        return std::move(command);
    }
    return nullptr;
}

static std::string versions()
{
    return std::string("Litekeeper ") + LITEKEEPER_VERSION + "\nQt " + qVersion() + "\nSQLite " +
           sqlite::libraryVersion() + '\n';
}

/// \a family: only of those whose names begin so.
static std::string programHelp(const std::vector<std::unique_ptr<Command>> &commands, const std::string &family = {})
{
    std::string text =
        std::string("Finds every SQLite database, tells the truth about it, changes it safely.\n\nUsage: ") + Program +
        " COMMAND [OPTIONS] PATH…\n\nCommands:\n";
    for (const auto &command : commands) {
        if (command->name().starts_with(family))
            text += twoColumns(command->name() + ' ' + command->arguments(), command->summary());
    }
    return text + "\nOptions:\n" + twoColumns("-h, --help", "This help; COMMAND --help has each command's own") +
           twoColumns("--version", "The versions of Litekeeper, Qt and SQLite");
}

static std::string commandHelp(const Command &command, const CLI::App &options)
{
    const std::string arguments = command.argumentsHelp();
    return command.summary() + "\n\nUsage: " + Program + ' ' + command.name() + " [OPTIONS] " + command.arguments() +
           (arguments.empty() ? "\n" : "\n\nArguments:\n" + arguments) + "\nOptions:\n" + optionsHelp(options);
}

static int wrongUsage(Console &console, const std::string &message)
{
    console.say(std::string(Program) + ": " + message);
    return WrongUsage;
}

static int runCommand(Command &command, std::vector<std::string> arguments, Console &console,
                      const std::stop_source &stop)
{
    CLI::App options;
    options.set_help_flag("-h,--help", "This help");
    command.declare(options);
    bool noMemory = false;
    options.add_flag("--no-memory", noMemory,
                     "Keep nothing of this run in Litekeeper's own memory, and ask it nothing");
    const std::string name = command.name();
    const auto parsed = parse(options, std::move(arguments));
    if (!parsed)
        return wrongUsage(console, name + ": " + parsed.error().message);
    if (parsed->helpWanted) {
        console.out(commandHelp(command, options));
        return AllDone;
    }

    const platform::StopSignals signals(stop);
    char program[] = "litekeeper-cli";
    char *programs[] = {program, nullptr};
    int count = 1;
    const QCoreApplication application(count, programs); // runners and drivers need its event loop
    catalog::Memory memory(noMemory ? std::nullopt : catalog::Memory::place(), words::outcome);
    Session session{.console = console, .stop = stop.get_token(), .memory = memory};
    const Outcome outcome = command.run(parsed->words, session);
    memory.finish();
    for (const catalog::Notice &notice : memory.notices())
        console.say(words::describe(notice).toStdString());
    if (!outcome)
        return wrongUsage(console, name + ": " + outcome.error().message);
    return signals.received() ? Stopped : *outcome;
}

/// The command that \a arguments name, its options set, and its words.
static std::expected<std::pair<std::unique_ptr<Command>, std::vector<std::string>>, UsageError>
prepared(std::vector<std::string> arguments)
{
    auto commands = allCommands();
    std::unique_ptr<Command> command = taken(commands, arguments);
    if (!command)
        return std::unexpected(UsageError{"there is no such command to run"});
    CLI::App options;
    command->declare(options);
    auto parsed = parse(options, std::move(arguments));
    if (!parsed)
        return std::unexpected(parsed.error());
    return std::pair(std::move(command), std::move(parsed->words));
}

std::optional<UsageError> usageErrorOf(std::vector<std::string> arguments)
{
    const auto command = prepared(std::move(arguments));
    return command ? std::nullopt : std::optional(command.error());
}

Outcome runWithin(Session &session, std::vector<std::string> arguments)
{
    const auto command = prepared(std::move(arguments));
    return command ? command->first->run(command->second, session) : std::unexpected(command.error());
}

/// Why \a words name no command of \a commands.
static std::string unknownCommand(const std::vector<std::unique_ptr<Command>> &commands,
                                  const std::vector<std::string> &words)
{
    std::vector<std::string> names;
    std::vector<std::string> ofFamily;
    const std::string family = words.front() + ' ';
    for (const auto &command : commands) {
        names.push_back(command->name());
        if (names.back().starts_with(family))
            ofFamily.push_back(names.back().substr(family.size()));
    }
    if (!ofFamily.empty())
        return unknownValue(words.front(), words.size() > 1 ? words[1] : "", ofFamily).message;
    names.insert(names.end(), {"--help", "--version"});
    const std::string meant = text::nearest(words.front(), names);
    return (words.front().starts_with('-') ? "unknown option " : "unknown command ") + words.front() +
           (meant.empty() ? "; --help lists what there is" : "; did you mean " + meant + '?');
}

static bool isHelp(const std::string &word)
{
    return word == "--help" || word == "-h" || word == "help";
}

static int dispatch(std::span<char *const> arguments, Console &console, const std::stop_source &stop)
{
    auto commands = allCommands();
    if (arguments.size() < 2)
        return wrongUsage(console, "a command is missing; --help lists them");
    std::vector<std::string> words(arguments.begin() + 1, arguments.end());
    if (isHelp(words.front())) {
        console.out(programHelp(commands));
        return AllDone;
    }
    if (words.front() == "--version") {
        console.out(versions());
        return AllDone;
    }
    if (words.front() == measure::WorkerCommand) // one of the processes that `measure` starts
        return measure::runWorker(arguments.subspan(2));
    if (const std::unique_ptr<Command> command = taken(commands, words))
        return runCommand(*command, std::move(words), console, stop);
    const std::string family = words.front() + ' ';
    const bool isFamily =
        std::ranges::any_of(commands, [&](const auto &command) { return command->name().starts_with(family); });
    if (isFamily && words.size() > 1 && isHelp(words[1])) {
        console.out(programHelp(commands, family));
        return AllDone;
    }
    return wrongUsage(console, unknownCommand(commands, words));
}

int run(std::span<char *const> arguments)
{
    platform::endNoWriteBySignal();
    std::stop_source stop;
    Console console(stop);
    const int status = dispatch(arguments, console, stop);
    if (console.isClosed())
        platform::endByClosedPipe();
    if (console.failed()) {
        console.say(std::string(Program) + ": the results could not be written; the disk they go to may be full");
        return SomeFailed;
    }
    return status;
}

}
