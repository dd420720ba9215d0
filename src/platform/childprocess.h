// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <string>

#include <sys/types.h>

/// For platform/ alone: what confined and program share.
namespace lk::platform {

/// Between fork() and exec(), where nothing may be done that a signal handler may not do: the signals as they are for
/// any program, and none of our files from the descriptor \a closeFrom on.
void beginAsProgram(int closeFrom = 3);

/// Reads what is there and keeps \a most bytes of it; false at the end.
bool drain(const Descriptor &from, std::string &into, std::size_t most);

/// Of waitpid()'s status: the exit status, or 128 + the signal that ended it.
int exitStatus(int waited);

}
