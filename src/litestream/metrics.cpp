// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/metrics.h"

#include "platform/localhttp.h"

#include <charconv>

namespace lk::litestream {

namespace {

/// A line: name{label="value",…} number
struct Line
{
    std::string_view name;
    std::map<std::string, std::string, std::less<>> labels{};
    std::uint64_t value = 0;
};

/// The value between the quotes that \a text begins with, which are taken from it.
std::optional<std::string> takeQuoted(std::string_view &text)
{
    if (!text.starts_with('"'))
        return std::nullopt;
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
            value += text[i] == 'n' ? '\n' : text[i];
        } else {
            value += text[i];
        }
    }
    return std::nullopt;
}

/// Large counts are written as 1.23e+06.
std::optional<std::uint64_t> count(std::string_view text)
{
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    constexpr double Most = 9e18;
    if (read.ec != std::errc() || !(value >= 0 && value < Most))
        return std::nullopt;
    return static_cast<std::uint64_t>(value);
}

std::optional<Line> lineOf(std::string_view text)
{
    const std::size_t brace = text.find('{');
    if (!text.starts_with("litestream_") || brace == std::string_view::npos)
        return std::nullopt;
    Line line{.name = text.substr(0, brace)};
    text.remove_prefix(brace + 1);
    while (!text.starts_with('}')) {
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos)
            return std::nullopt;
        const std::string key(text.substr(0, equals));
        text.remove_prefix(equals + 1);
        auto value = takeQuoted(text);
        if (!value)
            return std::nullopt;
        line.labels[key] = std::move(*value);
        if (text.starts_with(','))
            text.remove_prefix(1);
    }
    text.remove_prefix(1);
    if (!text.starts_with(' '))
        return std::nullopt;
    const auto value = count(text.substr(1));
    if (!value)
        return std::nullopt;
    line.value = *value;
    return line;
}

struct DatabaseField
{
    std::string_view name;
    std::uint64_t DatabaseMetrics::*field;
};
constexpr DatabaseField DatabaseFields[] = {
    {"litestream_shadow_wal_index", &DatabaseMetrics::shadowIndex},
    {"litestream_shadow_wal_size", &DatabaseMetrics::shadowSize},
    {"litestream_sync_count", &DatabaseMetrics::syncs},
    {"litestream_sync_error_count", &DatabaseMetrics::syncErrors},
};

struct ReplicaField
{
    std::string_view name;
    std::uint64_t Position::*field;
};
constexpr ReplicaField ReplicaFields[] = {
    {"litestream_replica_wal_index", &Position::index},
    {"litestream_replica_wal_offset", &Position::offset},
};

void take(const Line &line, Metrics &metrics)
{
    const auto database = line.labels.find("db");
    if (database == line.labels.end())
        return;
    for (const DatabaseField &field : DatabaseFields) {
        if (line.name == field.name)
            metrics[database->second].*field.field = line.value;
    }
    if (line.name == DatabaseFields[0].name)
        metrics[database->second].tellsPositions = true;
    const auto replica = line.labels.find("name");
    if (replica == line.labels.end())
        return;
    for (const ReplicaField &field : ReplicaFields) {
        if (line.name == field.name)
            metrics[database->second].copied[replica->second].*field.field = line.value;
    }
}

}

Metrics metricsOf(std::string_view text)
{
    Metrics metrics;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (const auto line = lineOf(text.substr(at, end - at)))
            take(*line, metrics);
        at = end + 1;
    }
    return metrics;
}

Result<Metrics> fetchMetrics(const std::string &url, std::chrono::milliseconds patience)
{
    const Result<std::string> text = platform::getFromThisMachine(url, patience);
    if (!text)
        return std::unexpected(text.error());
    return metricsOf(*text);
}

}
