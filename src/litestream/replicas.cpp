// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/replicas.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <numeric>
#include <optional>

namespace lk::litestream {

// Tables -------------------------------------------------------------------------------------------------------------

namespace {

/// The words of each line but the first, which names the columns. A name with blanks in it is the only thing that can
/// make more of them than columns, and always comes first.
std::vector<std::vector<std::string>> rowsOf(const std::string &table, std::size_t columns)
{
    std::vector<std::vector<std::string>> rows;
    for (std::size_t at = 0; at < table.size();) {
        const std::size_t end = std::min(table.find('\n', at), table.size());
        std::vector<std::string> words;
        for (std::size_t word = at; word < end;) {
            const std::size_t stop = std::min(table.find(' ', word), end);
            if (stop > word)
                words.push_back(table.substr(word, stop - word));
            word = stop + 1;
        }
        at = end + 1;
        while (words.size() > columns) {
            words[0] += ' ' + words[1];
            words.erase(words.begin() + 1);
        }
        if (words.size() == columns)
            rows.push_back(std::move(words));
    }
    return rows;
}

bool isGeneration(const std::string &text)
{
    return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<std::uint64_t> number(const std::string &text)
{
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Of "2026-11-23T03:47:25Z".
std::optional<Moment> momentOf(const std::string &text)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    char z = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u%c", &year, &month, &day, &hour, &minute, &second, &z) != 7 ||
        z != 'Z')
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

}

std::vector<SnapshotEntry> snapshotsOf(const std::string &table)
{
    std::vector<SnapshotEntry> entries;
    for (const auto &row : rowsOf(table, 5)) { // replica generation index size created
        const auto index = number(row[2]);
        const auto bytes = number(row[3]);
        const auto created = momentOf(row[4]);
        if (isGeneration(row[1]) && index && bytes && created)
            entries.push_back(
                {.replica = row[0], .generation = row[1], .index = *index, .bytes = *bytes, .created = *created});
    }
    return entries;
}

std::vector<SegmentEntry> segmentsOf(const std::string &table)
{
    std::vector<SegmentEntry> entries;
    for (const auto &row : rowsOf(table, 6)) { // replica generation index offset size created
        const auto index = number(row[2]);
        const auto offset = number(row[3]);
        const auto bytes = number(row[4]);
        const auto created = momentOf(row[5]);
        if (isGeneration(row[1]) && index && offset && bytes && created)
            entries.push_back({.replica = row[0],
                               .generation = row[1],
                               .index = *index,
                               .offset = *offset,
                               .bytes = *bytes,
                               .created = *created});
    }
    return entries;
}

std::uint64_t ReplicaContent::bytes() const
{
    const auto sum = [](const auto &entries) {
        return std::accumulate(entries.begin(), entries.end(), std::uint64_t(0),
                               [](std::uint64_t total, const auto &entry) { return total + entry.bytes; });
    };
    return sum(snapshots) + sum(segments);
}

// Asking -------------------------------------------------------------------------------------------------------------

platform::Launch Access::launch(std::string command, std::vector<std::string> arguments) const
{
    std::vector<std::string> all{"-config", config.native()};
    if (!expandEnvironment)
        all.emplace_back("-no-expand-env");
    all.insert(all.end(), arguments.begin(), arguments.end());
    return program.launch(std::move(command), std::move(all), environment);
}

Result<std::vector<ReplicaContent>> contentsOf(const Access &access, const Database &database, std::stop_token stop)
{
    if (access.program.syntax() != Syntax::V03)
        return fail(ErrorCode::Unsupported, Reason::ProgramFailed, {},
                    {"litestream " + access.program.version(), "its replicas can't be listed by Litekeeper"});
    std::vector<ReplicaContent> contents;
    for (const Replica &replica : database.replicas) {
        ReplicaContent content{.replica = replica.name()};
        const auto ask = [&](const char *command) -> Result<std::string> {
            const Result<platform::Ran> ran = platform::run(
                access.launch(command, {"-replica", replica.name(), database.path.native()}), access.patience, stop);
            if (!ran)
                return std::unexpected(ran.error());
            const bool failed = ran->status != 0 || ran->printed.find("level=ERROR") != std::string::npos ||
                                ran->complained.find("level=ERROR") != std::string::npos;
            if (failed)
                content.error = complaintOf(*ran);
            return ran->printed;
        };
        const Result<std::string> snapshots = ask("snapshots");
        const Result<std::string> segments = snapshots ? ask("wal") : snapshots;
        if (!segments)
            return std::unexpected(segments.error());
        content.snapshots = snapshotsOf(*snapshots);
        content.segments = segmentsOf(*segments);
        contents.push_back(std::move(content));
    }
    return contents;
}

}
