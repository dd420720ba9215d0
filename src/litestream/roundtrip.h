// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "litestream/replicas.h"
#include "litestream/writeconfig.h"

namespace lk::litestream {

/// What a try proved.
struct RoundTrip
{
    std::uint64_t bytes = 0; ///< of the database that was copied there and back
    std::size_t tables = 0;
    std::int64_t rows = 0;
    std::chrono::milliseconds copied{};   ///< until the replica had all
    std::chrono::milliseconds restored{}; ///< until it was back
    std::string target;                   ///< where, as "s3://bucket/path/litekeeper-try"
    bool removed = false;                 ///< nothing of it is left there
};

/// Whether \a replica gives back what is copied to it: with the real program, on a private copy of \a database, so that
/// the file itself gets none of Litestream's tables, and in a folder of its own below the replica's path, so that the
/// replica's own copies are left alone. That folder is removed where the replica is a folder; elsewhere Litestream has
/// no way to, and it stays, small, until the next try. \a secrets go into Litestream's environment.
/// Errors: what looking at the database gives, Changed if somebody kept writing to it, ReplicaFailed, RestoredDiffers,
/// NothingRestorable, Cancelled, and as platform::run(). Of 0.3 alone: Unsupported else.
Result<RoundTrip> tryRoundTrip(const Program &program, const Path &database, const Replica &replica,
                               const Secrets &secrets, std::stop_token stop, Progress &progress);

}
