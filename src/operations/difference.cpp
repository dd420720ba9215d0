// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/difference.h"

#include "operations/proof.h"
#include "platform/scratchfile.h"
#include "sqlite/connection.h"

#include <map>

namespace lk::operations {

Counts rowCounts(const Path &database, const std::stop_token &stop)
{
    static constexpr std::chrono::seconds Most{2};
    Counts counts;
    Result<sqlite::Connection> connection =
        sqlite::Connection::open(database, {.stop = stop, .budget = {.time = Most, .longestValue = 1 << 20}});
    for (const std::string &table : connection ? tableNames(database) : std::vector<std::string>()) {
        if (const Result<std::int64_t> rows = connection->number("SELECT count(*) FROM " + sqlite::quoteName(table)))
            counts.emplace_back(table, *rows);
    }
    return counts;
}

Result<std::vector<TableDifference>> differenceToNow(const BackupInfo &backup, const Path &database,
                                                     JobContext &context)
{
    Path then = backup.backup;
    std::optional<platform::ScratchFolder> folder;
    if (backup.format == BackupFormat::Zstd) {
        Result<platform::ScratchFolder> made = platform::ScratchFolder::create();
        if (!made)
            return std::unexpected(made.error());
        folder.emplace(std::move(*made));
        then = folder->path() / "backup.sqlite";
        if (const Result<void> out = bringOut(backup, then, context); !out)
            return std::unexpected(out.error());
    }
    std::map<std::string, TableDifference> tables;
    for (const std::string &name : tableNames(then))
        tables[name].table = name;
    for (const std::string &name : tableNames(database))
        tables[name].table = name;
    for (const auto &[name, rows] : rowCounts(then, context.stop))
        tables[name].then = rows;
    for (const auto &[name, rows] : rowCounts(database, context.stop))
        tables[name].now = rows;
    if (context.stop.stop_requested())
        return fail(ErrorCode::Cancelled, database);
    std::vector<TableDifference> list;
    for (auto &[name, difference] : tables)
        list.push_back(std::move(difference));
    return list;
}

}
