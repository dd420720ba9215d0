// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/confined.h"
#include "platform/filereader.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <sys/types.h>

namespace lk::platform {

/// Another program, as the person would start it: with their rights, their environment and the network. For programs
/// that get bytes which nobody vouches for there is confined.h.
struct Launch
{
    Command command;
    /// Besides ours and instead of it. What is secret goes here: everybody can read a program's arguments.
    std::map<std::string, std::string> environment{};
    Path folder{};       ///< its current folder; empty: ours
    std::string input{}; ///< what it reads, at most a pipe's 64 KiB
};

/// How it ended, and what it said.
struct Ran
{
    int status = 0;           ///< its exit status, or 128 + the signal that ended it
    std::string printed{};    ///< on stdout; cut after MostPrinted bytes
    std::string complained{}; ///< on stderr; cut likewise

    static constexpr std::size_t MostPrinted = 4 << 20;
};

/// A program under way. It gets SIGTERM when the thread that started it ends, however that happens, so a thread that
/// starts one has to live as long. A terminal's Ctrl-C is for us alone. Not to be used by two threads at once.
class Child
{
public:
    /// Errors: as systemError() of the call that failed; NotFound (ProgramMissing) if there is no such program.
    static Result<Child> start(const Launch &launch);
    /// Ends it as stop() does.
    ~Child();
    Child(Child &&other) noexcept;
    Child &operator=(Child &&other) noexcept;

    pid_t process() const { return m_process; }
    /// Its status as in Ran, once it has ended.
    std::optional<int> status();

    /// Waits until it says something, it has ended, or \a patience is over. True if it said something.
    bool listen(std::chrono::milliseconds patience);
    /// What it wrote since the last time on stdout and on stderr. Bounded: the rest is read and forgotten.
    std::string takePrinted();
    std::string takeComplained();

    /// Asks it to end (SIGTERM), waits for \a patience, then ends it (SIGKILL). Its status.
    int stop(std::chrono::milliseconds patience = std::chrono::seconds(5));

private:
    Child() = default;

    pid_t m_process = 0;
    std::optional<int> m_status;
    Descriptor m_out;
    Descriptor m_complaints;
    bool m_printing = true;
    bool m_complaining = true;
    std::string m_printed;
    std::string m_complained;
};

/// Runs it to its end. Whatever its status, that is no error. Cancelled when \a stop asks, Unsupported (ProgramFailed,
/// "no answer within 20 s") when \a patience is over: it is ended then. Else as Child::start().
Result<Ran> run(const Launch &launch, std::chrono::milliseconds patience, std::stop_token stop = {});

}
