// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace lk::platform {

/// Where our own program \a name is: beside the one that runs, or where programs are found. NotFound (ProgramMissing).
Result<Path> ownProgram(std::string_view name);

/// Several runs of a program of ours, side by side, with which lines are exchanged. Whoever lets go of them ends them.
/// A terminal's Ctrl-C is for us alone: they are in a process group of their own.
class Helpers
{
public:
    Helpers();
    ~Helpers();
    Helpers(const Helpers &) = delete;
    Helpers &operator=(const Helpers &) = delete;

    /// Starts one more. What it complains of on stderr goes nowhere. Errors: as systemError().
    Result<void> start(const Path &program, const std::vector<std::string> &arguments);
    std::size_t count() const;

    /// To each, as if typed. One that is gone does not hear it.
    void tell(std::string_view text);

    /// The next line of each, in the order in which they were started, without its end. Cancelled within a twentieth of
    /// a second when \a stop asks; Internal if one ends without a line, or has none at \a until.
    Result<std::vector<std::string>> lines(std::stop_token stop, std::chrono::steady_clock::time_point until);

private:
    struct Helper;
    std::vector<std::unique_ptr<Helper>> m_helpers;
};

/// In a helper: it ends at once when who started it does, however that happens.
void endWithParent();

}
