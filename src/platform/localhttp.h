// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <string>

namespace lk::platform {

/// What a server on this very machine answers to a plain GET of \a url, "http://HOST:PORT/PATH"; HOST is an address of
/// this machine or localhost, and no name is looked up. Errors: Unsupported for any other address or another status
/// than 200; NotFound if nobody listens there; Busy if the answer is not whole within \a patience; Io if it is longer
/// than \a most bytes.
Result<std::string> getFromThisMachine(const std::string &url, std::chrono::milliseconds patience,
                                       std::size_t most = 4 << 20);

}
