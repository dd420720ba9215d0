// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lk::operations {

/// How a backup is stored.
enum class BackupFormat
{
    Plain, ///< the database as it is
    Zstd,  ///< packed (frames.h)
    Raw,   ///< the files as they are, unchecked (rawset.h)
};

/// What the .json file beside a backup says of it: all that it takes to find, prove and restore it without a catalogue.
/// Read from a file that anybody may have written.
struct BackupInfo
{
    Path backup;         ///< the stored file
    Path source;         ///< the database that it is of, as bytes; absolute
    std::string made;    ///< ISO 8601, UTC: "2026-11-22T13:36:55Z"
    int millisecond = 0; ///< within that second: the order of those that were made in one
    BackupFormat format{};
    std::uint64_t bytes = 0;       ///< of the database; of a raw set, of its files
    std::string sha256;            ///< of the database; of a raw set, of the stored file
    std::uint64_t storedBytes = 0; ///< of the stored file
    std::string storedSha256;      ///< of the stored file
    std::uint32_t pages = 0;
    std::uint32_t pageSize = 0; ///< in bytes
    std::uint32_t applicationId = 0;
    std::uint32_t userVersion = 0;
    std::vector<std::string> tables{}; ///< names, sorted, the first hundred
    bool complete = true;              ///< false: it was not checked, or in part, for what only its application has
};

Path sidecarOf(const Path &backup);
const char *formatName(BackupFormat format); ///< "plain", "zstd", "raw"

/// The sidecar's content.
std::string toJson(const BackupInfo &info);
/// Of the backup at \a path, which is looked at only by its name. NotABackup if there is no sidecar that makes sense.
Result<BackupInfo> readSidecar(const Path &path);

/// Names of the tables in the database at \a path, sorted, at most as many as a sidecar holds; none if it can't be
/// read.
std::vector<std::string> tableNames(const Path &path);

/// Seconds since the epoch of BackupInfo::made.
std::int64_t madeAt(const BackupInfo &info);
/// By the time they were made, the newest first; of one moment, by the counter in the name.
bool isNewer(const BackupInfo &a, const BackupInfo &b);

}
