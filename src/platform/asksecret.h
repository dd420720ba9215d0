// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

namespace lk::platform {

/// Asks the person at the terminal for a line that is not shown while it is typed, whatever stdin is. Unsupported
/// without a terminal; else as systemError().
Result<std::string> askSecret(const std::string &question);

}
