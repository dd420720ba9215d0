// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// What a running Litestream counts, as it tells under "addr" (Prometheus' text format). Of 0.3; 0.5 has other names.
namespace lk::litestream {

/// A place in the changes of one generation: which piece of the shadow -wal, and how many bytes of that.
struct Position
{
    std::uint64_t index = 0;
    std::uint64_t offset = 0;

    auto operator<=>(const Position &) const = default;
};

struct DatabaseMetrics
{
    bool tellsPositions = false; ///< those of 0.5 don't
    std::uint64_t shadowIndex = 0;
    std::uint64_t shadowSize = 0; ///< of all pieces that are still kept, in bytes
    std::uint64_t syncs = 0;      ///< one a second; since it was started, as the errors
    std::uint64_t syncErrors = 0;
    /// By the replica's name. One that was never reached since the start is missing.
    std::map<std::string, Position> copied{};
};

/// By the path of the database as the configuration has it.
using Metrics = std::map<std::string, DatabaseMetrics, std::less<>>;

/// Lines of other things, and what can't be read, are passed over.
Metrics metricsOf(std::string_view text);

/// Those of \a url, Config::metricsUrl(). Errors as platform::getFromThisMachine().
Result<Metrics> fetchMetrics(const std::string &url, std::chrono::milliseconds patience);

}
