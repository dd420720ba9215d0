// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

/// The commands of `litekeeper-cli litestream …`, each in a cmd_litestream_*.cpp of its own.
namespace lk::cli {

std::unique_ptr<Command> makeLitestreamCheckCommand();

}
