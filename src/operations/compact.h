// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "sqlite/connection.h"
#include "sqlite/glance.h"

namespace lk::operations {

/// How a database is to be compacted.
struct CompactSettings
{
    std::uint32_t pageSize = 0; ///< in bytes; 0: as it is
    std::string autoVacuum{};   ///< "none", "full", "incremental"; empty: as it is
};

/// What compacting may change of a database.
struct Figures
{
    std::uint32_t pageSize = 0; ///< in bytes
    std::uint64_t bytes = 0;
    std::string autoVacuum{};

    bool operator==(const Figures &) const = default;
};

/// As \a connection sees them.
Result<Figures> figures(sqlite::Connection &connection);

/// Bytes of the database as it is now, with what is in its -wal.
std::uint64_t bytesOf(const sqlite::Glance &glance);

/// How \a connection is opened for it, beside the mode: the file's own values may be as long as SQLite lets them be.
sqlite::OpenOptions vacuumOptions(const JobContext &context);

/// VACUUM. On a database in WAL mode a new page size makes it leave that mode (safety.md, fact 10).
Result<void> vacuum(sqlite::Connection &connection, const CompactSettings &settings);

/// VACUUM "succeeds" on many damaged files (safety.md, fact 24), and in an order that isn't the application's the
/// result would not be its own. Errors: as undamaged(), and Unsupported (MissingExtension, TooExpensive).
Result<void> soundToRewrite(const Path &path, const sqlite::Glance &glance, JobContext &context);

}
