// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "fleet/remotescan.h"

#include <optional>
#include <set>

namespace lk::cli {

/// The machines that \a hosts name, with \a program on each; empty: litekeeper-cli.
std::expected<std::vector<fleet::Remote>, UsageError> remotes(const std::vector<std::string> &hosts,
                                                              const std::string &program);

/// What `scan --host` is to do.
struct FleetScan
{
    std::vector<fleet::Remote> remotes;
    std::vector<std::string> words; ///< of the scan on each
    std::set<std::string> states;   ///< that are printed
    std::optional<Format> format;   ///< nothing: "HOST:PATH", each ended by NUL
    bool summary = false;           ///< as a JSON line
    bool verbose = false;
};

ExitStatus run(const FleetScan &scan, Session &session);

}
