// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"
#include "catalog/memory.h"
#include "cli/console.h"
#include "cli/output.h"

#include <expected>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace lk::cli {

/// As cli.md has it.
enum ExitStatus
{
    AllDone = 0,
    SomeFailed = 1, ///< it ran, and at least one file failed, was skipped, or was found damaged
    WrongUsage = 2,
    Stopped = 130,
};

/// Why a command line makes no sense; one line.
struct UsageError
{
    std::string message;
};

using Outcome = std::expected<ExitStatus, UsageError>;

/// What a running command has of the process it runs in.
struct Session
{
    Console &console;
    std::stop_token stop;
    catalog::Memory &memory;
};

/// One verb of litekeeper-cli.
class Command
{
public:
    virtual ~Command() = default;

    virtual std::string name() const = 0;      ///< one word, or two of a family: "litestream check"
    virtual std::string summary() const = 0;   ///< one sentence
    virtual std::string arguments() const = 0; ///< what follows the options: "FILE…"
    /// Lines of help on these, where there is more to say; made with twoColumns().
    virtual std::string argumentsHelp() const { return {}; }
    /// The command's options; --help is there already.
    virtual void declare(CLI::App &options) = 0;
    /// \a words: what was given beside the options, as bytes.
    virtual Outcome run(const std::vector<std::string> &words, Session &session) = 0;
};

std::unique_ptr<Command> makeScanCommand();
std::unique_ptr<Command> makeInfoCommand();
std::unique_ptr<Command> makeAdviseCommand();
std::unique_ptr<Command> makeSettingsCommand();
std::unique_ptr<Command> makeDoctorCommand();
std::unique_ptr<Command> makeBackupsCommand();
std::unique_ptr<Command> makeRehearseCommand();
std::unique_ptr<Command> makeHistoryCommand();
std::unique_ptr<Command> makeUndoCommand();
std::unique_ptr<Command> makeScheduleCommand();
std::unique_ptr<Command> makeMeasureCommand();
/// litestream.h has them one by one.
std::vector<std::unique_ptr<Command>> makeLitestreamCommands();
std::unique_ptr<Command> makeOnCommand();
/// One for each operation there is.
std::vector<std::unique_ptr<Command>> makeOperationCommands();

/// Runs \a arguments, a command with its options and words, inside another command.
Outcome runWithin(Session &session, std::vector<std::string> arguments);
/// Why that could not be run; nothing if it could.
std::optional<UsageError> usageErrorOf(std::vector<std::string> arguments);

/// The whole program: finds the command, parses, runs it; the process's exit status.
int run(std::span<char *const> arguments);

}
