// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "litestream/problems.h"
#include "litestream/program.h"

/// The commands of `litekeeper-cli litestream …`, each in a cmd_litestream_*.cpp of its own.
namespace lk::cli {

std::unique_ptr<Command> makeLitestreamCheckCommand();
std::unique_ptr<Command> makeLitestreamConfigCommand();
std::unique_ptr<Command> makeLitestreamRunCommand();
std::unique_ptr<Command> makeLitestreamServiceCommand();
std::unique_ptr<Command> makeLitestreamStatusCommand();

/// `--litestream 0.3|0.5`: how configurations are written.
class VersionOption
{
public:
    void declare(CLI::App &options);
    /// As said, else of the installed Litestream, else 0.3.
    std::expected<litestream::Syntax, UsageError> value() const;

private:
    std::string m_version;
};

/// {"problem", "severity", "line", "database", "replica", "key", "message"}
Record problemRecord(const litestream::Problem &problem);
/// A list of such, for people: "error, line 4: …".
std::vector<std::string> problemLines(const Record &problems);

}
