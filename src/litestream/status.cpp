// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/status.h"

#include "litestream/values.h"

#include <algorithm>

namespace lk::litestream {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

const char *nameOf(State state)
{
    switch (state) {
    case State::Healthy:
        return "healthy";
    case State::NeverTested:
        return "never tested";
    case State::CatchingUp:
        return "catching up";
    case State::Stalled:
        return "stalled";
    case State::Failing:
        return "failing";
    case State::NotRunning:
        return "not running";
    case State::Unknown:
        break;
    }
    return "unknown";
}

bool needsCare(State state)
{
    return state == State::Failing || state == State::Stalled || state == State::NotRunning;
}

Listing Listing::of(const ReplicaContent &content, Instant at)
{
    Listing listing{.at = at, .bytes = content.bytes(), .error = content.error};
    for (const SnapshotEntry &entry : content.snapshots)
        listing.snapshot = std::max(listing.snapshot.value_or(entry.created), entry.created);
    listing.lastSync = listing.snapshot;
    for (const SegmentEntry &entry : content.segments)
        listing.lastSync = std::max(listing.lastSync.value_or(entry.created), entry.created);
    return listing;
}

Limits Limits::of(const Replica &replica)
{
    // From one copying to the next there are the interval, the second in which the database is looked at, and the
    // time that the storage takes.
    constexpr Duration Most = 24h;
    const Duration wanted = durationOf(replica.settings.value("sync-interval")).value_or(Duration(1));
    const auto interval = std::chrono::duration_cast<milliseconds>(std::clamp(wanted, Duration(0), Most));
    return {.grace = 2 * interval + 3s, .standstill = 2 * interval + 8s};
}

// How far behind -----------------------------------------------------------------------------------------------------

namespace {

struct Lag
{
    bool known = false;
    bool behind = false;
    bool beginKnown = true;         ///< false: it was behind before we looked
    Instant since{};                ///< when what is missing was there to be copied
    std::optional<Instant> moved{}; ///< when it was last seen to get something
    std::optional<std::uint64_t> bytes{};
};

/// A position of another generation can't be compared, and counts as nothing.
Position copiedIn(const Sample &sample)
{
    const Position copied = sample.copied.value_or(Position());
    return sample.written && copied > *sample.written ? Position() : copied;
}

/// Those at the end of \a samples whose positions can be held against the last one's.
std::span<const Sample> comparable(std::span<const Sample> samples)
{
    const Sample &last = samples.back();
    const auto other = std::find_if(samples.rbegin(), samples.rend(), [&](const Sample &sample) {
        return !sample.hasMetrics || !sample.written || sample.generation != last.generation;
    });
    return samples.last(static_cast<std::size_t>(other - samples.rbegin()));
}

/// By the positions that Litestream tells.
Lag lagByMetrics(std::span<const Sample> all)
{
    const std::span<const Sample> samples = comparable(all);
    const Sample &last = samples.back();
    const Position copied = copiedIn(last);
    Lag lag{.known = true, .behind = copied < *last.written, .since = last.at, .bytes = last.behind};
    const auto before = std::find_if(samples.rbegin(), samples.rend(),
                                     [&](const Sample &sample) { return copiedIn(sample) != copied; });
    if (before != samples.rend())
        lag.moved = std::prev(before)->at;
    if (!lag.behind) {
        lag.bytes = 0;
        return lag;
    }
    const auto equal =
        std::find_if(samples.rbegin(), samples.rend(), [&](const Sample &sample) { return *sample.written <= copied; });
    lag.beginKnown = equal != samples.rend();
    lag.since = std::prev(equal)->at;
    return lag;
}

/// By when something was written and when something came to the replica, both by the clocks of their file systems.
Lag lagByListing(std::span<const Sample> samples, const Listing &listing, const Limits &limits)
{
    constexpr milliseconds Coarse = 2s; // some storages tell whole seconds, and clocks differ
    Lag lag{.known = listing.error.empty(), .since = samples.back().at};
    if (listing.lastSync)
        lag.moved = Instant(*listing.lastSync);
    for (const Sample &sample : samples) {
        if (!sample.writtenAt || (lag.moved && *sample.writtenAt <= *lag.moved + Coarse))
            continue;
        lag.since = *sample.writtenAt;
        // Of what was written after the replica was asked, nothing is known.
        lag.behind = lag.since + limits.grace <= listing.at;
        break;
    }
    return lag;
}

Lag lagOf(std::span<const Sample> samples, const std::optional<Listing> &listing, const Limits &limits)
{
    const Sample &last = samples.back();
    if (last.hasMetrics && last.written)
        return lagByMetrics(samples);
    return listing && last.writtenAt ? lagByListing(samples, *listing, limits) : Lag();
}

// What is wrong ------------------------------------------------------------------------------------------------------

/// Whether the count rose lately; it begins anew with each start of Litestream.
bool syncErrorsRise(std::span<const Sample> samples)
{
    constexpr milliseconds Lately = 15s;
    const Sample &last = samples.back();
    return std::ranges::any_of(samples, [&](const Sample &sample) {
        return sample.hasMetrics && last.hasMetrics && sample.at >= last.at - Lately &&
               sample.syncErrors < last.syncErrors;
    });
}

bool isSilent(std::span<const Sample> samples, const Limits &limits)
{
    Instant since = samples.back().at;
    for (auto sample = samples.rbegin(); sample != samples.rend() && sample->silent; ++sample)
        since = sample->at;
    return samples.back().silent && samples.back().at - since >= limits.grace;
}

/// What Litestream's log last said to be wrong, unless something was copied since.
std::string lastSaid(std::span<const Sample> samples, const Lag &lag)
{
    constexpr milliseconds Repeated = 10s; // it says so again each second
    const Instant now = samples.back().at;
    for (auto sample = samples.rbegin(); sample != samples.rend() && sample->at >= now - Repeated; ++sample) {
        if (lag.moved && sample->at < *lag.moved)
            break;
        if (!sample->said.empty())
            return sample->said;
    }
    return {};
}

/// Whether it says no more than that we, who asked, have not the keys that Litestream may well have.
bool isAboutKeys(const std::string &error)
{
    constexpr std::string_view Signs[] = {"NoCredentialProviders", "AccessDenied",        "InvalidAccessKeyId",
                                          "SignatureDoesNotMatch", "status code: 403",    "permission denied",
                                          "AuthenticationFailed",  "default credentials", "unable to authenticate"};
    return std::ranges::any_of(Signs, [&](std::string_view sign) { return error.find(sign) != std::string::npos; });
}

void findTrouble(Status &status, std::span<const Sample> samples, const std::optional<Listing> &listing, const Lag &lag,
                 const Limits &limits)
{
    const Sample &last = samples.back();
    const bool listingHolds = listing && !listing->error.empty() && (!lag.moved || listing->at >= *lag.moved);
    const bool followsAllTheSame = lag.known && !lag.behind && last.hasMetrics;
    status.said = lastSaid(samples, lag);
    if (!last.hasDatabase) {
        status.trouble = Trouble::NoDatabase;
    } else if (!status.said.empty()) {
        status.trouble = Trouble::Said;
    } else if (listingHolds) {
        status.said = listing->error;
        status.trouble = followsAllTheSame && isAboutKeys(listing->error) ? Trouble::NoKeys : Trouble::Said;
    } else if (syncErrorsRise(samples)) {
        status.trouble = Trouble::SyncErrors;
    } else if (isSilent(samples, limits)) {
        status.trouble = Trouble::Silent;
    }
}

State stateOf(const Status &status, const Sample &last, const Lag &lag, const Limits &limits)
{
    if (last.running == false)
        return State::NotRunning;
    if (status.trouble == Trouble::Silent)
        return State::Stalled;
    if (status.trouble != Trouble::None && status.trouble != Trouble::NoKeys)
        return State::Failing;
    if (!lag.known)
        return State::Unknown;
    const Instant stands = std::max(lag.since, lag.moved.value_or(lag.since));
    if (lag.behind && last.at - stands >= limits.standstill)
        return State::Stalled;
    if (lag.behind && last.at - lag.since > limits.grace)
        return State::CatchingUp;
    return status.lastTested ? State::Healthy : State::NeverTested;
}

}

Status judge(std::span<const Sample> samples, const std::optional<Listing> &listing, std::optional<Moment> lastTested,
             const Limits &limits)
{
    const Sample &last = samples.back();
    const Lag lag = lagOf(samples, listing, limits);
    Status status{.lastTested = lastTested};
    findTrouble(status, samples, listing, lag, limits);
    status.state = stateOf(status, last, lag, limits);
    status.lagBytes = lag.bytes;
    if (lag.known)
        status.lag = lag.behind ? last.at - lag.since : 0ms;
    status.lastSync = lag.moved;
    const bool seemsWell = status.state == State::Healthy || status.state == State::NeverTested;
    const bool justStarted = last.hasMetrics && !last.written;
    status.settled = !justStarted && !(seemsWell && lag.behind && !lag.beginKnown);
    if (!listing || !listing->error.empty())
        return status;
    if (listing->lastSync)
        status.lastSync = std::max<Instant>(status.lastSync.value_or(*listing->lastSync), *listing->lastSync);
    if (listing->snapshot)
        status.snapshotAge = std::chrono::floor<std::chrono::seconds>(last.at - *listing->snapshot);
    status.bytes = listing->bytes;
    return status;
}

}
