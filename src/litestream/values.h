// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/config.h"

#include <chrono>
#include <optional>

/// How the values in litestream.yml are written, as Go and its YAML library read them.
namespace lk::litestream {

using Duration = std::chrono::duration<double>;

/// Of "1h30m", "1.5s", "0"; the units are h, m, s, ms, us, ns. Nothing if it is none: "7d", "60".
std::optional<Duration> durationOf(std::string_view text);
/// How "7d", "2w", "60" or "1 day" is to be written: "168h", "336h", "60s", "24h"; empty if that can't be guessed.
std::string meantDuration(std::string_view text);
/// Of "64MiB", "1.5GB", "1024".
bool isSize(std::string_view text);
/// Of true, yes, on, false …
bool isSwitch(std::string_view text);
bool isNumber(std::string_view text);

/// "s3://bucket/path" in pieces; what is missing is empty.
struct Url
{
    std::string scheme;
    std::string user;
    std::string password;
    std::string host; ///< with the port
    std::string path; ///< with the first slash
};
/// Nothing without a scheme.
std::optional<Url> urlOf(std::string_view text);

/// Where a replica writes to, so that two that would write over each other have the same beginning up to a slash:
/// "s3://host/bucket/path/". Empty if that is not said.
std::string targetOf(const Replica &replica);

/// The host and port to which a replica talks: of its endpoint, or its service's. Nothing for a folder.
struct Place
{
    std::string host;
    int port = 0;
};
std::optional<Place> placeOf(const Replica &replica);

}
