// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/metrics.h"
#include "litestream/replicas.h"

#include <span>

/// How well a replica follows its database. A judgement on what was seen, without looking anywhere itself; Litestream's
/// exit statuses and its count of errors are no part of it, for both say that all is well while the storage is down.
namespace lk::litestream {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

enum class State
{
    Healthy,
    NeverTested, ///< healthy, but nobody has tried to get the database back from it
    CatchingUp,  ///< behind, and moving
    Stalled,     ///< behind, and not moving
    Failing,     ///< Litestream says what is wrong
    NotRunning,
    Unknown, ///< it runs, and nothing tells how far it is
};
/// "healthy", "catching up" …: what scripts see.
const char *nameOf(State state);
/// Whether it needs somebody: failing, stalled, not running.
bool needsCare(State state);

/// What is wrong.
enum class Trouble
{
    None,
    Said,       ///< Litestream said it
    NoDatabase, ///< Litestream waits for it without a word
    SyncErrors, ///< it can't follow the database, and only counts that
    Silent,     ///< it runs and does not answer
    NoKeys,     ///< Litestream follows; only Litekeeper has no access to the replica
};

/// What was seen of one replica at one moment.
struct Sample
{
    Instant at{};
    std::optional<bool> running{}; ///< nothing: others' processes can't be seen
    bool hasMetrics = false;
    bool silent = false; ///< its metrics are served, but do not come
    bool hasDatabase = true;
    std::string generation{};
    std::optional<Position> written{};     ///< up to where there is something to be copied
    std::optional<Position> copied{};      ///< up to where it is; with metrics, nothing means that nothing was copied
    std::optional<std::uint64_t> behind{}; ///< in bytes
    std::optional<Instant> writtenAt{};    ///< when there was last something to be copied
    std::uint64_t syncErrors = 0;          ///< since Litestream was started
    std::string said{};                    ///< the error that its log has had since the sample before
};

/// What was found in a replica, which is asked less often.
struct Listing
{
    Instant at{};
    std::optional<Moment> lastSync{};
    std::optional<Moment> snapshot{}; ///< when the newest one was made
    std::uint64_t bytes = 0;
    std::string error{}; ///< why it could not be read

    static Listing of(const ReplicaContent &content, Instant at);
};

struct Limits
{
    std::chrono::milliseconds grace{5000};       ///< so much later than the database it may always be
    std::chrono::milliseconds standstill{10000}; ///< behind for so long without a move: stalled

    /// As \a replica's sync-interval asks for.
    static Limits of(const Replica &replica);
};

struct Status
{
    State state = State::Unknown;
    Trouble trouble = Trouble::None;
    std::string said{};  ///< with Trouble::Said and NoKeys: Litestream's words
    bool settled = true; ///< false: just started, or behind and not yet seen for long enough to tell whether it moves
    std::optional<std::uint64_t> lagBytes{};
    std::optional<std::chrono::milliseconds> lag{};
    std::optional<Instant> lastSync{};
    std::optional<std::chrono::seconds> snapshotAge{};
    std::optional<std::uint64_t> bytes{};
    std::optional<Moment> lastTested{};
};

/// At the moment of the last of \a samples, of which there is at least one.
Status judge(std::span<const Sample> samples, const std::optional<Listing> &listing, std::optional<Moment> lastTested,
             const Limits &limits);

}
