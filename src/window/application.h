// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <optional>
#include <vector>

/// What surrounds the window: the command line, the display, the look.
namespace lk::window {

/// What to open, as bytes. Nothing if the program is done already: \a status is then what to return.
std::optional<std::vector<Path>> parseCommandLine(int argc, char **argv, int &status);

/// Says so on stderr if there is no display that a window could appear on.
bool hasDisplay();

/// Runs the window until it is closed.
int runWindow(int argc, char **argv, const std::vector<Path> &paths);

}
