// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/values.h"

#include <algorithm>
#include <charconv>

namespace lk::litestream {

static bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// A number with a fraction at the beginning of \a text, taken from it.
static std::optional<double> takeNumber(std::string_view &text)
{
    const auto end = std::ranges::find_if_not(text, [](char c) { return isDigit(c) || c == '.'; });
    double value = 0;
    const auto read = std::from_chars(text.data(), std::to_address(end), value, std::chars_format::fixed);
    if (read.ec != std::errc() || read.ptr != std::to_address(end))
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    return value;
}

/// The letters at the beginning of \a text, taken from it.
static std::string_view takeUnit(std::string_view &text)
{
    const auto end = std::ranges::find_if(text, [](char c) { return isDigit(c) || c == '.'; });
    const std::string_view unit = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(unit.size());
    return unit;
}

std::optional<Duration> durationOf(std::string_view text)
{
    struct Unit
    {
        std::string_view name;
        double seconds;
    };
    static constexpr Unit Units[] = {{"h", 3600},  {"m", 60},    {"s", 1},     {"ms", 1e-3},
                                     {"us", 1e-6}, {"µs", 1e-6}, {"μs", 1e-6}, {"ns", 1e-9}};
    if (text == "0")
        return Duration(0);
    double sign = 1;
    if (text.starts_with('-') || text.starts_with('+')) {
        sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
    }
    if (text.empty())
        return std::nullopt;
    double seconds = 0;
    while (!text.empty()) {
        const auto number = takeNumber(text);
        const auto unit = std::ranges::find(Units, takeUnit(text), &Unit::name);
        if (!number || unit == std::end(Units))
            return std::nullopt;
        seconds += *number * unit->seconds;
    }
    return Duration(sign * seconds);
}

std::string meantDuration(std::string_view text)
{
    struct Unit
    {
        std::string_view begin;
        int times;
        const char *unit;
    };
    // The longer one first: "mo" is no minute.
    static constexpr Unit Units[] = {{"mo", 30 * 24, "h"}, {"d", 24, "h"}, {"w", 7 * 24, "h"}, {"y", 365 * 24, "h"},
                                     {"h", 1, "h"},        {"m", 1, "m"},  {"s", 1, "s"},      {"", 1, "s"}};
    const auto number = takeNumber(text);
    if (!number || *number != static_cast<int>(*number))
        return {};
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const auto unit = std::ranges::find_if(
        Units, [&](const Unit &one) { return one.begin.empty() ? text.empty() : text.starts_with(one.begin); });
    return unit == std::end(Units) ? std::string()
                                   : std::to_string(static_cast<int>(*number) * unit->times) + unit->unit;
}

bool isSize(std::string_view text)
{
    static constexpr std::string_view Units[] = {"",   "B",  "K",  "M",   "G",   "T",   "KB",
                                                 "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"};
    const bool isNumber = takeNumber(text).has_value();
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return isNumber && std::ranges::find(Units, text) != std::end(Units);
}

bool isSwitch(std::string_view text)
{
    static constexpr std::string_view Words[] = {"true", "false", "yes", "no", "on", "off", "y", "n"};
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return std::ranges::find(Words, lower) != std::end(Words);
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() < 19 && std::ranges::all_of(text, isDigit);
}

std::optional<Url> urlOf(std::string_view text)
{
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    Url url{.scheme = std::string(text.substr(0, colon)), .user = {}, .password = {}, .host = {}, .path = {}};
    text.remove_prefix(colon + 3);
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string_view authority = text.substr(0, slash);
    url.path = text.substr(slash);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view who = authority.substr(0, at);
        const std::size_t split = std::min(who.find(':'), who.size());
        url.user = who.substr(0, split);
        url.password = who.substr(std::min(split + 1, who.size()));
        authority.remove_prefix(at + 1);
    }
    url.host = authority;
    return url;
}

/// \a path with one slash between its parts and one at its end.
static std::string tidy(const std::string &path)
{
    std::string result = std::filesystem::path('/' + path + '/').lexically_normal().native();
    result.erase(0, result.find_first_not_of('/') == std::string::npos ? result.size() - 1
                                                                       : result.find_first_not_of('/') - 1);
    return result;
}

std::string targetOf(const Replica &replica)
{
    const std::string type = replica.type() == "gs" ? "gcs" : replica.type();
    const auto value = [&](const char *key) { return replica.settings.value(key); };
    const auto url = urlOf(value("url"));
    const std::string path = tidy(url ? url->path : value("path"));
    const std::string holder = url ? url->host : value("bucket");
    if (type == "file")
        return url || replica.settings.has("path") ? "file://" + path : std::string();
    if (type == "sftp") {
        const std::string host = url ? url->host : value("host");
        return host.empty() ? std::string() : "sftp://" + host + path;
    }
    if (holder.empty())
        return {};
    const auto endpoint = urlOf(value("endpoint"));
    const std::string account = url ? url->user : value("account-name");
    return type + "://" + (endpoint ? endpoint->host + '/' : "") + (account.empty() ? "" : account + '/') + holder +
           path;
}

/// "host:22" or "[::1]:22"; \a port where it says none.
static std::optional<Place> placeFrom(std::string host, int port)
{
    const std::size_t colon = host.rfind(':');
    const bool hasPort = colon != std::string::npos && host.find(']', colon) == std::string::npos &&
                         (host.front() == '[' || host.find(':') == colon);
    if (hasPort) {
        const char *end = host.data() + host.size();
        if (std::from_chars(host.data() + colon + 1, end, port).ptr != end || port <= 0 || port > 65535)
            return std::nullopt;
        host.resize(colon);
    }
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return host.empty() ? std::nullopt : std::optional(Place{.host = std::move(host), .port = port});
}

std::optional<Place> placeOf(const Replica &replica)
{
    static constexpr int Https = 443;
    const auto value = [&](const char *key) { return replica.settings.value(key); };
    if (const auto endpoint = urlOf(value("endpoint")))
        return placeFrom(endpoint->host, endpoint->scheme == "http" ? 80 : Https);
    const auto url = urlOf(value("url"));
    const std::string type = replica.type();
    if (type == "s3") {
        const std::string region = value("region");
        return Place{.host = region.empty() ? "s3.amazonaws.com" : "s3." + region + ".amazonaws.com", .port = Https};
    }
    if (type == "gcs" || type == "gs")
        return Place{.host = "storage.googleapis.com", .port = Https};
    if (type == "abs") {
        const std::string account = url ? url->user : value("account-name");
        return Place{.host = account + ".blob.core.windows.net", .port = Https};
    }
    if (type == "sftp")
        return placeFrom(url ? url->host : value("host"), 22);
    return std::nullopt;
}

}
