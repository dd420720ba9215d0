// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/watcher.h"

#include "litestream/shadow.h"
#include "platform/processes.h"

#include <algorithm>
#include <set>
#include <utility>

namespace lk::litestream {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

static constexpr milliseconds MetricsPatience = 2s;
static constexpr milliseconds Remembered = 5min;
static constexpr milliseconds TestedInterval = 30s;

static Instant now()
{
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

Watcher::Watcher(Config config, std::optional<Access> access, LastTested lastTested)
    : m_config(std::move(config))
    , m_access(std::move(access))
    , m_lastTested(std::move(lastTested))
{
    for (std::size_t database = 0; database < m_config.databases.size(); ++database) {
        for (std::size_t replica = 0; replica < m_config.databases[database].replicas.size(); ++replica)
            m_followed.push_back({.database = database, .replica = replica});
    }
}

// Looking ------------------------------------------------------------------------------------------------------------

namespace {

/// What a look knows before it turns to the single databases.
struct Surroundings
{
    Metrics metrics;
    bool silent = false;
    std::optional<platform::OpenFiles> processes; ///< only where the metrics leave it open who runs
};

Surroundings lookAround(const Config &config)
{
    Surroundings around;
    if (const std::string url = config.metricsUrl(); !url.empty()) {
        Result<Metrics> metrics = fetchMetrics(url, MetricsPatience);
        if (metrics)
            around.metrics = std::move(*metrics);
        else
            around.silent = metrics.error().code == ErrorCode::Busy;
    }
    const bool allThere = std::ranges::all_of(
        config.databases, [&](const Database &database) { return around.metrics.contains(database.path.native()); });
    if (!allThere)
        around.processes = platform::OpenFiles::now();
    return around;
}

/// Litestream has the database open, and all the time a lock on its -shm. The latter is seen of any user's processes.
std::optional<bool> isHeldByLitestream(const Database &database, const platform::FileStatus &status,
                                       const platform::OpenFiles &processes)
{
    const platform::OpenBy open = processes.with({status.id}, {database.path});
    if (std::ranges::find(open.processes, "litestream", &platform::Process::name) != open.processes.end())
        return true;
    if (!open.hidden)
        return false;
    const Path shm = database.path.native() + "-shm";
    const Result<platform::FileStatus> shmStatus = platform::status(shm);
    const bool isLocked = shmStatus && !processes.locksOn({shmStatus->id}, {shm}).empty();
    return isLocked ? std::nullopt : std::optional(false);
}

/// What is the same for all replicas of \a database. The metrics are older than the shadow -wal: nothing can be copied
/// of it that is not seen in it.
Sample sampleOf(const Database &database, const Surroundings &around, const DatabaseMetrics *metrics)
{
    Sample sample{.at = now(), .hasMetrics = metrics && metrics->tellsPositions, .silent = around.silent};
    const Result<platform::FileStatus> status = platform::status(database.path);
    sample.hasDatabase = status || status.error().code != ErrorCode::NotFound;
    if (metrics) {
        sample.running = true;
        sample.syncErrors = metrics->syncErrors;
    } else if (status && around.processes) {
        sample.running = isHeldByLitestream(database, *status, *around.processes);
    }
    if (sample.hasMetrics && metrics->syncs > 0) { // before its first look at the database it tells zeros
        // The size is that of all pieces; only the first is known to stand alone.
        sample.written =
            Position{.index = metrics->shadowIndex, .offset = metrics->shadowIndex == 0 ? metrics->shadowSize : 0};
    }
    if (const Result<Shadow> shadow = shadowIn(database.metaFolder()); shadow && !shadow->pieces.empty()) {
        sample.generation = shadow->generation;
        sample.written = shadow->end();
        sample.writtenAt = shadow->changed;
    }
    return sample;
}

/// How far the replica \a name is.
void addCopied(Sample &sample, const DatabaseMetrics &metrics, const std::string &name, const Database &database)
{
    if (const auto copied = metrics.copied.find(name); copied != metrics.copied.end())
        sample.copied = copied->second;
    if (sample.copied == sample.written)
        return;
    if (const Result<Shadow> shadow = shadowIn(database.metaFolder()))
        sample.behind = shadow->bytesAfter(sample.copied.value_or(Position()));
}

}

std::vector<ReplicaStatus> Watcher::look()
{
    const Surroundings around = lookAround(m_config);
    std::vector<Sample> samples;
    for (const Database &database : m_config.databases) {
        const auto metrics = around.metrics.find(database.path.native());
        samples.push_back(sampleOf(database, around, metrics == around.metrics.end() ? nullptr : &metrics->second));
    }
    const std::lock_guard lock(m_mutex);
    for (Followed &one : m_followed) {
        Sample sample = samples[one.database];
        const Database &database = databaseOf(one);
        if (sample.hasMetrics)
            addCopied(sample, around.metrics.at(database.path.native()), replicaOf(one).name(), database);
        sample.said = std::exchange(one.heard, {});
        std::erase_if(one.samples, [&](const Sample &old) { return old.at < sample.at - Remembered; });
        one.samples.push_back(std::move(sample));
    }
    return judged();
}

std::vector<ReplicaStatus> Watcher::judged()
{
    std::vector<ReplicaStatus> all;
    for (Followed &one : m_followed) {
        const Database &database = databaseOf(one);
        const Replica &replica = replicaOf(one);
        if (m_lastTested && one.samples.back().at - one.testedAsked >= TestedInterval) {
            one.testedAsked = one.samples.back().at;
            one.tested = m_lastTested(database.path, replica.name());
        }
        one.status = judge(one.samples, one.listing, one.tested, Limits::of(replica));
        all.push_back(
            {.database = database.path, .replica = replica.name(), .type = replica.type(), .status = one.status});
    }
    return all;
}

void Watcher::heard(const Path &database, const std::string &replica, const std::string &error)
{
    const std::lock_guard lock(m_mutex);
    for (Followed &one : m_followed) {
        const bool isMeant = replica.empty() || replicaOf(one).name() == replica;
        if (databaseOf(one).path == database && isMeant)
            one.heard = error;
    }
}

// Listing ------------------------------------------------------------------------------------------------------------

bool Watcher::isListingDue(const Followed &one) const
{
    if (!m_access || m_access->program.syntax() != Syntax::V03 || one.samples.empty())
        return false;
    if (!one.listing)
        return true;
    // Each costs requests, which some storages want to be paid for.
    const Sample &last = one.samples.back();
    const bool moreThere = !last.hasMetrics && last.writtenAt &&
                           (!one.listing->lastSync || *last.writtenAt > Instant(*one.listing->lastSync));
    const bool isOdd = !one.listing->error.empty() || one.status.state == State::Stalled;
    const milliseconds interval = isOdd || moreThere ? milliseconds(5s) : milliseconds(10min);
    return last.at - one.listing->at >= interval;
}

bool Watcher::isListingDue() const
{
    const std::lock_guard lock(m_mutex);
    return std::ranges::any_of(m_followed, [this](const Followed &one) { return isListingDue(one); });
}

/// A listing of each replica of \a database, in the configuration's order.
static std::vector<Listing> listingsOf(const Access &access, const Database &database, std::stop_token stop)
{
    const Instant asked = now(); // what comes while it is asked may be missing
    const auto contents = contentsOf(access, database, std::move(stop));
    std::vector<Listing> listings;
    if (!contents && contents.error().code == ErrorCode::Cancelled)
        return listings;
    for (std::size_t i = 0; i < database.replicas.size(); ++i) {
        if (contents)
            listings.push_back(Listing::of(contents->at(i), asked));
        else
            listings.push_back({.at = asked,
                                .error = contents.error().arguments.empty() ? contents.error().detail
                                                                            : contents.error().arguments.back()});
    }
    return listings;
}

void Watcher::list(std::stop_token stop)
{
    std::set<std::size_t> due;
    {
        const std::lock_guard lock(m_mutex);
        for (const Followed &one : m_followed) {
            if (isListingDue(one))
                due.insert(one.database);
        }
    }
    for (const std::size_t database : due) {
        const std::vector<Listing> listings = listingsOf(*m_access, m_config.databases[database], stop);
        const std::lock_guard lock(m_mutex);
        for (Followed &one : m_followed) {
            if (one.database == database && one.replica < listings.size())
                one.listing = listings[one.replica];
        }
    }
}

}
