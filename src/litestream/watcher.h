// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/status.h"

#include <functional>
#include <mutex>

namespace lk::litestream {

/// A replica, and how it is.
struct ReplicaStatus
{
    Path database;
    std::string replica; ///< its name
    std::string type;    ///< "s3", "file" …
    Status status;
};

/// When a test restore from a replica last succeeded.
using LastTested = std::function<std::optional<Moment>(const Path &database, const std::string &replica)>;

/// Follows the replicas of one configuration. Looking is quick; listing asks the storages themselves, and may take as
/// long as they do: the two may be called from two threads.
class Watcher
{
public:
    /// Without \a access the replicas can't be listed: there is no Litestream here.
    explicit Watcher(Config config, std::optional<Access> access = {}, LastTested lastTested = {});

    const Config &config() const { return m_config; }

    /// Looks at Litestream's metrics, at its shadow -wal, and whether it runs. At most some seconds, with a Litestream
    /// that does not answer; else milliseconds.
    std::vector<ReplicaStatus> look();
    /// Whether a replica ought to be listed: it never was, was long ago, or something is wrong.
    bool isListingDue() const;
    /// Lists those. What can't be listed is a status too.
    void list(std::stop_token stop);

    /// An error in the log of a Litestream that we run, about one replica or, with an empty \a replica, all of them.
    void heard(const Path &database, const std::string &replica, const std::string &error);

private:
    struct Followed
    {
        std::size_t database = 0; ///< in m_config
        std::size_t replica = 0;
        std::vector<Sample> samples{}; ///< of the last minutes
        std::optional<Listing> listing{};
        std::string heard{};
        Instant testedAsked{};
        std::optional<Moment> tested{};
        Status status{};
    };

    const Database &databaseOf(const Followed &one) const { return m_config.databases[one.database]; }
    const Replica &replicaOf(const Followed &one) const { return databaseOf(one).replicas[one.replica]; }
    bool isListingDue(const Followed &one) const;
    std::vector<ReplicaStatus> judged();

    const Config m_config;
    const std::optional<Access> m_access;
    const LastTested m_lastTested;
    mutable std::mutex m_mutex;
    std::vector<Followed> m_followed; // guarded by m_mutex
};

}
