// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/replicas.h"

#include <functional>

/// `litestream replicate` as a child of ours: started again when it ends, ended when we do.
namespace lk::litestream {

/// A line of Litestream's log.
struct LogLine
{
    std::string text; ///< untrusted; cut after MostBytes
    bool isError = false;
    std::string database{}; ///< which it is about, where it says so
    std::string replica{};
    std::string error{}; ///< of an error: what it says of it

    static constexpr std::size_t MostBytes = 4096;
    static LogLine of(std::string_view text);
};

/// How long to wait before the next start.
struct BackOff
{
    std::chrono::milliseconds first{1000}; ///< doubled with each
    std::chrono::milliseconds longest{60000};
    std::chrono::milliseconds healthy{60000}; ///< who ran for so long is in no crash loop: it begins with the first
    std::chrono::milliseconds next{};         ///< what the next run will be followed by; 0: the first

    /// After a run that took \a ran.
    std::chrono::milliseconds after(std::chrono::milliseconds ran);
};

struct SupervisorEvent
{
    enum Kind
    {
        Started,
        Said,
        Ended,
    };
    Kind kind = Started;
    std::int64_t process = 0;         ///< its number; 0: it could not even be started
    LogLine line{};                   ///< Said
    int status = 0;                   ///< Ended: as platform::Ran
    std::chrono::milliseconds wait{}; ///< Ended: until it is started again
};

/// Runs it until \a stop asks, and then ends it as a service manager would; not while it has to keep away from one of
/// its databases (keepaway.h). \a tell is called on this thread. Busy (AnotherOperation: who) if a Litekeeper of this
/// person runs the same configuration already; ProgramMissing if it can't be started the first time.
Result<void> supervise(const Access &access, const std::function<void(const SupervisorEvent &)> &tell,
                       std::stop_token stop, BackOff backOff = {});

}
