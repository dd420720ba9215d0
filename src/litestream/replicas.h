// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/config.h"
#include "litestream/program.h"

#include <cstdint>

/// What lies in the replicas, as `litestream snapshots` and `wal` tell it, also when the database is gone
/// (`generations` can't do without it). Their exit status tells nothing: a replica that can't be reached is just not in
/// the table. Of 0.3; 0.5 has other commands.
namespace lk::litestream {

using Moment = std::chrono::sys_seconds; ///< Litestream tells no fractions

/// A whole database. It begins a generation (16 hexadecimal digits): an unbroken run of changes.
struct SnapshotEntry
{
    std::string replica;
    std::string generation;
    std::uint64_t index = 0;
    std::uint64_t bytes = 0; ///< compressed
    Moment created;
};

/// A piece of the -wal.
struct SegmentEntry
{
    std::string replica;
    std::string generation;
    std::uint64_t index = 0;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0; ///< compressed
    Moment created;
};

// Each of a whole table that Litestream printed; what is no row of it is passed over.
std::vector<SnapshotEntry> snapshotsOf(const std::string &table);
std::vector<SegmentEntry> segmentsOf(const std::string &table);

/// What is known of one replica of one database.
struct ReplicaContent
{
    std::string replica;
    std::vector<SnapshotEntry> snapshots{};
    std::vector<SegmentEntry> segments{};
    std::string error{}; ///< what Litestream said, if it could not be read

    std::uint64_t bytes() const;
};

/// How Litestream is asked: which configuration, and with what in its environment.
struct Access
{
    Program program;
    Path config;
    std::map<std::string, std::string> environment{};
    bool expandEnvironment = true; ///< false: it runs with -no-expand-env
    std::chrono::seconds patience{30};

    platform::Launch launch(std::string command, std::vector<std::string> arguments) const;
};

/// Asks each of \a database's replicas, one after another, so that one that can't be reached is told from one that is
/// empty. In the order of the configuration. Errors: as platform::run(); Unsupported for a Litestream from 0.5 on.
Result<std::vector<ReplicaContent>> contentsOf(const Access &access, const Database &database, std::stop_token stop);

}
