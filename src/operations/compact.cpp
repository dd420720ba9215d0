// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/compact.h"

#include "operations/transaction.h"
#include "operations/verdict.h"

#include <array>

namespace lk::operations {

using sqlite::Connection;

/// Each time the cache is full, the journal is flushed to the disk: with SQLite's 2 MB a gigabyte takes a quarter
/// longer.
static const std::string LargerCache = "PRAGMA cache_size=-16384;";
static constexpr std::array AutoVacuumNames{"none", "full", "incremental"}; // as SQLite counts them

std::uint64_t bytesOf(const sqlite::Glance &glance)
{
    return std::uint64_t(glance.pageCount) * (glance.current ? glance.current->pageSize : 0);
}

sqlite::OpenOptions vacuumOptions(const JobContext &context)
{
    return {.stop = context.stop, .wait = context.wait, .budget = {.longestValue = 1 << 30}, .sizeCells = false};
}

/// What of \a settings the database does not have already, as SQL before the VACUUM.
static Result<std::string> preparation(Connection &connection, const CompactSettings &settings)
{
    std::string sql;
    if (settings.pageSize != 0) {
        const Result<std::int64_t> pageSize = connection.number("PRAGMA page_size");
        if (!pageSize)
            return std::unexpected(pageSize.error());
        if (*pageSize != settings.pageSize)
            sql = "PRAGMA journal_mode=delete; PRAGMA page_size=" + std::to_string(settings.pageSize) + ';';
    }
    if (!settings.autoVacuum.empty())
        sql += "PRAGMA auto_vacuum=" + settings.autoVacuum + ';';
    return sql;
}

Result<Figures> figures(Connection &connection)
{
    const Result<std::int64_t> pages = connection.number("PRAGMA page_count");
    const Result<std::int64_t> size = pages ? connection.number("PRAGMA page_size") : pages;
    const Result<std::int64_t> vacuum = size ? connection.number("PRAGMA auto_vacuum") : size;
    if (!vacuum)
        return std::unexpected(vacuum.error());
    Figures figures;
    figures.pageSize = static_cast<std::uint32_t>(*size);
    figures.bytes = static_cast<std::uint64_t>(*pages) * figures.pageSize;
    if (*vacuum >= 0 && *vacuum < std::ssize(AutoVacuumNames))
        figures.autoVacuum = AutoVacuumNames[static_cast<std::size_t>(*vacuum)];
    return figures;
}

Result<void> vacuum(Connection &connection, const CompactSettings &settings)
{
    const Result<std::string> sql = preparation(connection, settings);
    return sql ? connection.execute(LargerCache + *sql + "VACUUM") : std::unexpected(sql.error());
}

Result<void> soundToRewrite(const Path &path, const sqlite::Glance &glance, JobContext &context)
{
    const Result<Verdict> verdict = undamaged(path, glance, context);
    if (!verdict)
        return std::unexpected(verdict.error());
    if (!verdict->missing.empty())
        return fail(missingExtension(path, verdict->missing));
    return verdict->why ? fail(*verdict->why) : Result<void>();
}

}
