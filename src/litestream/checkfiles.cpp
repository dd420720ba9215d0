// SPDX-License-Identifier: GPL-3.0-or-later
// The databases of a configuration as they are, and the disks they are on.
#include "inspect/gather.h"
#include "inspect/protection.h"
#include "litestream/checkconfig.h"
#include "litestream/values.h"
#include "platform/diskspace.h"
#include "platform/mounts.h"
#include "platform/reach.h"

#include <algorithm>
#include <chrono>

namespace lk::litestream {

using std::chrono_literals::operator""s;

static Problem of(const Path &database, Fault fault, std::vector<std::string> arguments = {})
{
    return {.fault = fault, .database = database, .arguments = std::move(arguments)};
}

/// Why a file of that state can't be replicated; nothing if it can.
static std::optional<Fault> faultOf(sqlite::State state)
{
    switch (state) {
    case sqlite::State::Database:
        return std::nullopt;
    case sqlite::State::Damaged:
        return Fault::DatabaseDamaged;
    case sqlite::State::Empty:
        return Fault::DatabaseEmpty;
    case sqlite::State::MaybeEncrypted:
        return Fault::Encrypted;
    case sqlite::State::Sqlite2:
    case sqlite::State::Other:
        return Fault::NotADatabase;
    }
    return std::nullopt;
}

/// Whether it can be in WAL mode where it is. A file that is in WAL mode already works there.
static void checkWal(const Path &path, const sqlite::Glance &seen, const platform::Mounts &mounts,
                     std::vector<Problem> &problems)
{
    const platform::Mount *mount = mounts.of(path);
    if (mount && mount->kind() == platform::FilesystemKind::Network)
        problems.push_back(of(path, Fault::NoWalHere, {mount->type}));
    const sqlite::Header *header = seen.current ? &*seen.current : nullptr;
    if (header && header->writeVersion != 2)
        problems.push_back(of(path, Fault::NotWalYet));
}

static void checkPermissions(const Path &path, std::vector<Problem> &problems)
{
    if (!platform::isWritableFile(path))
        problems.push_back(of(path, Fault::FileNotWritable));
    if (!platform::isWritableFolder(path.parent_path()))
        problems.push_back(of(path, Fault::FolderNotWritable, {path.parent_path().native()}));
}

static void checkOwner(const Path &path, const sqlite::Glance &seen, const platform::Mounts &mounts,
                       std::vector<Problem> &problems)
{
    const inspect::DatabaseFacts facts = inspect::facts(path, seen, mounts);
    if (!facts.application)
        return;
    const inspect::Application &application = *facts.application->application;
    if (application.kind == inspect::UseKind::Browser)
        problems.push_back(of(path, Fault::OwnedByBrowser, {application.title()}));
    else if (application.has(inspect::ApplicationNote::LocksWhileRunning))
        problems.push_back(of(path, Fault::LocksAlone, {application.title()}));
}

/// Beside the database, Litestream keeps a copy of its -wal, which may be as large as the database.
static void checkRoom(const Path &path, const sqlite::Glance &seen, std::vector<Problem> &problems)
{
    const std::uint64_t needed = seen.file.size + 2 * seen.siblings.wal;
    const Result<std::uint64_t> free = platform::freeBytes(path.parent_path());
    if (free && *free < needed)
        problems.push_back(of(path, Fault::DiskFull, {std::to_string(needed), std::to_string(*free)}));
}

std::vector<Problem> problemsOfDatabase(const Path &path)
{
    const Result<Path> resolved = platform::resolve(path);
    const auto seen = resolved ? sqlite::glance(*resolved) : std::unexpected(resolved.error());
    if (!seen) {
        const bool isMissing = seen.error().code == ErrorCode::NotFound;
        return {isMissing ? of(path, Fault::DatabaseMissing)
                          : of(path, Fault::DatabaseUnreadable, {seen.error().detail})};
    }
    std::vector<Problem> problems;
    if (const auto fault = faultOf(seen->state)) {
        problems.push_back(of(path, *fault));
        if (weightOf(*fault) == Weight::Stops)
            return problems;
    }
    const platform::Mounts mounts = platform::Mounts::current();
    checkWal(*resolved, *seen, mounts, problems);
    checkPermissions(*resolved, problems);
    checkOwner(*resolved, *seen, mounts, problems);
    checkRoom(*resolved, *seen, problems);
    for (Problem &problem : problems)
        problem.database = path;
    return problems;
}

/// The device that \a path is on, or will be once its folders are made.
static std::optional<std::uint64_t> deviceOf(Path path)
{
    for (; !path.empty(); path = path.parent_path()) {
        if (const Result<Path> resolved = platform::resolve(path)) {
            const auto status = platform::status(*resolved);
            return status ? std::optional(status->id.device) : std::nullopt;
        }
        if (path == path.root_path())
            break;
    }
    return std::nullopt;
}

static void checkDisk(const Database &database, std::vector<Problem> &problems)
{
    static constexpr std::string_view Scheme = "file://";
    const auto own = deviceOf(database.path);
    for (const Replica &replica : database.replicas) {
        const std::string target = targetOf(replica);
        if (!own || !target.starts_with(Scheme) || deviceOf(target.substr(Scheme.size())) != own)
            continue;
        problems.push_back({.fault = Fault::SameDisk, .line = replica.line, .database = database.path});
        problems.back().replica = replica.name();
    }
}

std::vector<Problem> problemsOfFiles(const Config &config)
{
    std::vector<Problem> problems;
    for (const Database &database : config.databases) {
        if (!database.path.is_absolute())
            continue; // said already, and it is not known where it is
        const Setting *path = database.settings.find("path");
        for (Problem &problem : problemsOfDatabase(database.path)) {
            problem.line = path ? path->line : database.line;
            problems.push_back(std::move(problem));
        }
        checkDisk(database, problems);
    }
    return problems;
}

std::vector<Problem> problemsOfReach(const Config &config, std::stop_token stop)
{
    static constexpr auto Patience = 5s;
    std::vector<Problem> problems;
    std::map<std::string, std::string> known; // of each place, why it could not be reached; empty: it could
    for (const Database &database : config.databases) {
        for (const Replica &replica : database.replicas) {
            const auto place = placeOf(replica);
            if (!place || stop.stop_requested())
                continue;
            const std::string name = place->host + ':' + std::to_string(place->port);
            if (!known.contains(name)) {
                const Result<void> reached = platform::reach(place->host, place->port, Patience, stop);
                known[name] = reached ? std::string() : reached.error().detail;
            }
            if (known[name].empty())
                continue;
            problems.push_back({.fault = Fault::Unreachable, .line = replica.line, .database = database.path});
            problems.back().replica = replica.name();
            problems.back().arguments = {name, known[name]};
        }
    }
    return problems;
}

}
