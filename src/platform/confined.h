// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace lk::platform {

/// The program \a name in $PATH, else where systems keep programs; NotFound.
Result<Path> findProgram(std::string_view name);

/// A program and its arguments, as bytes.
struct Command
{
    Path program;
    std::vector<std::string> arguments{};
};

/// What a confined program may use.
struct Confinement
{
    Path
        folder{}; ///< the one place that it may write to; its home, its current folder and where its temporary files go
    std::chrono::seconds processor{60};  ///< of each program
    std::chrono::seconds time{300};      ///< altogether
    std::uint64_t memory = 1ULL << 30;   ///< bytes of address space of each program
    std::uint64_t fileSize = 1ULL << 30; ///< bytes that a file may grow to
};

/// How a confined pipeline ended.
struct Ended
{
    std::vector<int> statuses; ///< of each program: its exit status, or 128 + the signal that ended it
    std::string printed;       ///< by the last one; cut after MostPrinted bytes
    std::string complained;    ///< by all on stderr; cut likewise
    bool outOfTime = false;

    static constexpr std::size_t MostPrinted = 64 << 10;
};

/// Runs \a commands, each reading what the one before prints, the first reading nothing. They can't do much harm, also
/// if what they read makes them do what it likes: a session of their own, limits, no new privileges, none of our
/// descriptors, an empty environment, and, as far as the system lets us, no network and nothing to read but programs
/// and their libraries, nothing to write but the folder. All are killed when \a stop asks (Cancelled), when time is
/// up, and with us. \a tick is called some times a second meanwhile.
Result<Ended> runConfined(const std::vector<Command> &commands, const Confinement &confinement, std::stop_token stop,
                          const std::function<void()> &tick);

}
