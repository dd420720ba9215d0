// SPDX-License-Identifier: GPL-3.0-or-later
// How well Litestream's replicas follow their databases.
#include "base/text.h"
#include "catalog/restorable.h"
#include "cli/arguments.h"
#include "cli/litestream.h"
#include "cli/litestreamoptions.h"
#include "cli/records.h"
#include "litestream/watcher.h"
#include "words/replication.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace lk::cli {

namespace {

using litestream::Access;
using litestream::Config;
using litestream::ReplicaStatus;
using litestream::State;
using litestream::Trouble;
using litestream::Watcher;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

class LitestreamStatusCommand final : public Command
{
public:
    std::string name() const override { return "litestream status"; }
    std::string summary() const override { return "Say how well Litestream's replicas follow their databases."; }
    std::string arguments() const override { return "[CONFIG…]"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("CONFIG", "default: $LITESTREAM_CONFIG, else /etc/litestream.yml");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::unique_ptr<Watcher> watcherFor(const Config &config, Session &session) const;

    LitestreamOptions m_options;
    FormatOption m_format;
    bool m_watch = false;
};

void LitestreamStatusCommand::declare(CLI::App &app)
{
    app.add_flag("--watch", m_watch, "Go on until it is stopped, and print a replica again when its state changes");
    m_options.declare(app);
    m_format.declare(app);
}

// Records ------------------------------------------------------------------------------------------------------------

Record timeRecord(const std::optional<litestream::Instant> &time)
{
    return time ? Record(text::isoTime(std::chrono::nanoseconds(time->time_since_epoch()).count())) : Record();
}

template <class T>
Record orNull(const std::optional<T> &value)
{
    return value ? Record(*value) : Record();
}

ErrorCode codeOf(Trouble trouble)
{
    switch (trouble) {
    case Trouble::NoDatabase:
        return ErrorCode::NotFound;
    case Trouble::Silent:
        return ErrorCode::Busy;
    case Trouble::NoKeys:
        return ErrorCode::NoPermission;
    default:
        return ErrorCode::Io;
    }
}

Record troubleRecord(const ReplicaStatus &one)
{
    if (!litestream::needsCare(one.status.state) && one.status.trouble == Trouble::None)
        return {};
    return {{"code", errorCodeName(codeOf(one.status.trouble))},
            {"message", words::advice(one).toStdString()},
            {"detail", path::toUtf8(one.status.said)}};
}

Record statusRecord(const ReplicaStatus &one, const Path &config)
{
    const litestream::Status &status = one.status;
    Record record = pathRecord(one.database);
    record["replica"] = path::toUtf8(one.replica);
    record["type"] = path::toUtf8(one.type);
    record["state"] = litestream::nameOf(status.state);
    record["lag_bytes"] = orNull(status.lagBytes);
    record["lag_seconds"] = status.lag ? Record(std::chrono::duration<double>(*status.lag).count()) : Record();
    record["last_sync"] = timeRecord(status.lastSync);
    record["snapshot_age"] = status.snapshotAge ? Record(status.snapshotAge->count()) : Record(); // seconds
    record["bytes"] = orNull(status.bytes);
    record["last_tested"] = timeRecord(status.lastTested);
    record["config"] = pathRecord(config).at("path");
    record["error"] = troubleRecord(one);
    return record;
}

/// What could not be looked at at all.
Record failedRecord(const Path &config, const Error &error)
{
    Record record = pathRecord(config);
    record["state"] = "unknown";
    record["error"] = errorRecord(error);
    return record;
}

Layout statusLayout()
{
    const auto field = [](const char *name) {
        return [name](const Record &record) { return plainText(record.contains(name) ? record.at(name) : Record()); };
    };
    const auto bytes = [](const char *name) {
        return [name](const Record &record) {
            const bool isKnown = record.contains(name) && record.at(name).is_number();
            return isKnown ? text::bytes(record.at(name).get<std::uint64_t>()) : std::string("–");
        };
    };
    Layout layout;
    layout.table = {{"STATE", false, field("state")},        {"LAG", true, bytes("lag_bytes")},
                    {"SECONDS", true, field("lag_seconds")}, {"LAST SYNC", false, field("last_sync")},
                    {"SIZE", true, bytes("bytes")},          {"REPLICA", false, field("replica")},
                    {"DATABASE", false, field("path")}};
    layout.details = [](const Record &record) {
        std::vector<std::string> lines;
        if (!record.at("error").is_null())
            lines.push_back(plainText(valueAt(record, "error.message")));
        return lines;
    };
    layout.csv = {"path",      "path_base64",  "replica", "type",        "state",  "lag_bytes",  "lag_seconds",
                  "last_sync", "snapshot_age", "bytes",   "last_tested", "config", "error.code", "error.message"};
    return layout;
}

// Looking ------------------------------------------------------------------------------------------------------------

constexpr auto BetweenLooks = 1s;
constexpr auto MostLooks = 20s; ///< for one answer: by then it is seen whether what lags moves

void sleep(const std::stop_token &stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, BetweenLooks, [] { return false; });
}

/// Looks until it is clear how each replica is.
std::vector<ReplicaStatus> settled(Watcher &watcher, const std::stop_token &stop)
{
    const Clock::time_point until = Clock::now() + MostLooks;
    watcher.look();
    watcher.list(stop);
    for (;;) {
        std::vector<ReplicaStatus> all = watcher.look();
        const bool isClear = std::ranges::all_of(all, [](const ReplicaStatus &one) { return one.status.settled; });
        if (isClear || stop.stop_requested() || Clock::now() > until)
            return all;
        sleep(stop);
    }
}

/// The state that each replica was last printed with.
class Printed
{
public:
    bool isNews(const ReplicaStatus &one)
    {
        const auto key = std::pair(one.database.native(), one.replica);
        const auto known = m_states.find(key);
        const bool isNew = known == m_states.end() || known->second != one.status.state;
        m_states[key] = one.status.state;
        return isNew;
    }

private:
    std::map<std::pair<std::string, std::string>, State> m_states;
};

std::unique_ptr<Watcher> LitestreamStatusCommand::watcherFor(const Config &config, Session &session) const
{
    Result<Access> access = m_options.access(config.file);
    if (!access)
        tellError(access.error(), session); // the rest can be told without it
    else
        access->patience = 10s;
    catalog::Memory &memory = session.memory;
    return std::make_unique<Watcher>(config, access ? std::optional(*access) : std::nullopt,
                                     [&memory](const Path &database, const std::string &replica) {
                                         return catalog::lastProved(memory, database, replica);
                                     });
}

Outcome LitestreamStatusCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    auto writer = makeWriter(*format, statusLayout(), [&](std::string_view text) { session.console.out(text); });
    ExitStatus status = AllDone;
    const auto write = [&](const ReplicaStatus &one, const Path &config) {
        writer->write(statusRecord(one, config));
        if (litestream::needsCare(one.status.state))
            status = SomeFailed;
    };
    const std::vector<std::string> usual{litestream::usualConfigFile().native()};
    std::vector<std::unique_ptr<Watcher>> watchers;
    for (const std::string &word : words.empty() ? usual : words) {
        const Result<Path> file = resolved(word);
        const auto config = file ? m_options.read(*file) : std::unexpected(file.error());
        if (!config) {
            writer->write(failedRecord(file ? *file : Path(word), config.error()));
            status = SomeFailed;
            continue;
        }
        if (config->metricsUrl().empty())
            session.console.say(words::withoutMetrics().toStdString());
        watchers.push_back(watcherFor(*config, session));
    }
    Printed printed;
    for (const std::unique_ptr<Watcher> &watcher : watchers) {
        for (const ReplicaStatus &one : settled(*watcher, session.stop)) {
            printed.isNews(one);
            write(one, watcher->config().file);
        }
    }
    while (m_watch && !session.stop.stop_requested() && !watchers.empty()) {
        sleep(session.stop);
        for (const std::unique_ptr<Watcher> &watcher : watchers) {
            for (const ReplicaStatus &one : watcher->look()) {
                if (one.status.settled && printed.isNews(one))
                    write(one, watcher->config().file);
            }
            watcher->list(session.stop);
        }
    }
    writer->finish();
    return session.stop.stop_requested() ? Stopped : status;
}

}

std::unique_ptr<Command> makeLitestreamStatusCommand()
{
    return std::make_unique<LitestreamStatusCommand>();
}

}
