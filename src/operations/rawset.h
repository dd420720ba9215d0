// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "platform/filecopy.h"
#include "sqlite/glance.h"

/// A database and what lies beside it (-wal, -journal), each byte for byte, in one tar file: what a crash or damage
/// left, for whoever wants to look at it before anything repairs it. The -shm is not in it: SQLite makes it anew.
namespace lk::operations {

struct RawSet
{
    std::uint64_t bytes = 0;       ///< of the files in it
    std::uint64_t storedBytes = 0; ///< of the tar file
    std::string storedSha256;      ///< of the tar file
};

/// Bytes that the tar file of the files at \a database takes at most.
std::uint64_t rawSetSize(const sqlite::Glance &glance);

/// Writes the set that \a glance saw into \a into. Nothing is locked, so it counts only if nobody wrote meanwhile: Busy
/// (ChangingTooFast), or Changed if the file was replaced. Also Cancelled, and what reading and writing gives.
Result<RawSet> packRawSet(const Path &database, const sqlite::Glance &glance, platform::FileWriter &into,
                          JobContext &context);

/// Unpacks the set in the tar file \a from as \a to (missing) and its siblings. Names in the tar file only tell which
/// file it is, and no more than \a mostBytes come out: anybody may have written it. Damaged if it is no such set.
Result<void> unpackRawSet(const Path &from, std::uint64_t mostBytes, const Path &to, const std::stop_token &stop);

}
