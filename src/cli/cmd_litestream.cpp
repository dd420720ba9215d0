// SPDX-License-Identifier: GPL-3.0-or-later
// The table of what `litekeeper-cli litestream` can do.
#include "cli/litestream.h"

namespace lk::cli {

std::vector<std::unique_ptr<Command>> makeLitestreamCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeLitestreamConfigCommand());
    commands.push_back(makeLitestreamCheckCommand());
    commands.push_back(makeLitestreamStatusCommand());
    commands.push_back(makeLitestreamRunCommand());
    commands.push_back(makeLitestreamServiceCommand());
    return commands;
}

}
