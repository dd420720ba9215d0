// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <stop_token>
#include <string>

namespace lk::platform {

/// Whether something answers on \a port of \a host: a TCP connection, closed at once, nothing sent. Looking its name up
/// takes as long as the system's resolver takes; \a patience is for the connection. NotFound if there is no such host,
/// Cancelled, else as systemError() (Io where nothing answers in time).
Result<void> reach(const std::string &host, int port, std::chrono::milliseconds patience, std::stop_token stop = {});

}
