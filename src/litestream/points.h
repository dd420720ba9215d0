// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/replicas.h"

/// What a database can be taken back to, and bringing it back.
namespace lk::litestream {

/// A moment that a replica knows: a change, or several of one second, had arrived there by then.
struct Point
{
    Moment moment;
    std::string replica;
    std::string generation;
    bool isLast = false;     ///< of its generation: from then until the next one nothing was copied
    bool isSnapshot = false; ///< a whole copy was made then

    bool operator==(const Point &) const = default;
};

/// All of them, the newest first; of one second in the order of the replicas. What lies before a generation's first
/// snapshot can't be restored, and is left out.
std::vector<Point> pointsOf(const std::vector<ReplicaContent> &contents);

/// The newest point that is not later than \a moment (nothing: the newest of all), in \a replica if it is not empty:
/// what the database was, as far as it had been copied. NothingRestorable if there is none, ReplicaFailed if that may
/// only be because the replica could not be read; UnknownReplica.
Result<Point> pointAt(const std::vector<ReplicaContent> &contents, std::optional<Moment> moment,
                      const std::string &replica, const Path &database);

/// "2026-11-23T10:42:00Z"; "2026-11-23 10:42" and "10:42" in the place's time, the latter its last time before \a now.
/// Nothing if it is no moment.
std::optional<Moment> momentFrom(std::string_view text, Moment now);

/// Restores \a point of \a database to the new file \a to. What Litestream leaves beside it is cleaned up; after an
/// error \a to is not there either. TargetExists, Cancelled, ReplicaFailed; and as platform::run().
Result<void> fetch(const Access &access, const Database &database, const Point &point, const Path &to,
                   std::stop_token stop);

}
