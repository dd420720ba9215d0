// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/litestreamwatch.h"

#include "base/settings.h"
#include "catalog/restorable.h"
#include "litestream/environmentfile.h"
#include "words/describe.h"
#include "words/replication.h"

#include <algorithm>
#include <utility>

namespace lk::window {

using litestream::Access;
using litestream::ReplicaStatus;
using litestream::State;
using litestream::SupervisorEvent;
using models::LagModel;
using models::LitestreamModel;
using Statuses = std::vector<ReplicaStatus>;
using namespace std::chrono_literals;

static constexpr auto Interval = 3s;
static constexpr auto Remembered = 30min;
static constexpr auto Patience = 10s;      ///< with a storage
static constexpr unsigned MostRunning = 8; ///< Litestreams at once

/// What came of reading a configuration, on another thread.
struct LitestreamWatch::Read
{
    std::shared_ptr<litestream::Watcher> watcher;
    std::shared_ptr<const Access> access;
    QString problem;
    bool isThere = true;
};

static std::string keyOf(const Path &config, const ReplicaStatus &replica)
{
    return config.native() + '\0' + replica.database.native() + '\0' + replica.replica;
}

LitestreamWatch::LitestreamWatch(Questions &questions, catalog::Memory &memory, Settings &settings, QObject *parent)
    : QObject(parent)
    , m_questions(questions)
    , m_memory(memory)
    , m_settings(settings)
    , m_runner(MostRunning)
{
    connect(&m_timer, &QTimer::timeout, this, &LitestreamWatch::look);
    m_timer.setInterval(Interval);
    connect(&m_runner, &jobs::JobRunner::finished, this, [this](jobs::JobId id, const operations::Report &report) {
        const auto found = std::ranges::find(m_running, id, &std::pair<const Path, jobs::JobId>::second);
        if (found == m_running.end())
            return;
        const Path config = found->first;
        m_running.erase(found);
        if (report.error && report.error->code != ErrorCode::Cancelled)
            Q_EMIT failed(config, words::describe(*report.error));
        Q_EMIT changed();
    });
    refresh();
}

LitestreamWatch::~LitestreamWatch() = default;

// Configurations -----------------------------------------------------------------------------------------------------

void LitestreamWatch::refresh()
{
    follow(litestream::usualConfigFile());
    for (const Path &config : m_settings.litestreamConfigs())
        follow(config);
}

void LitestreamWatch::open(const Path &config)
{
    m_settings.addLitestreamConfig(config);
    follow(config);
}

void LitestreamWatch::follow(const Path &config)
{
    catalog::Memory &memory = m_memory;
    m_questions.ask<Read>(
        config, this,
        [config, &memory](const std::stop_token &, Progress &) -> Read {
            const auto keys = litestream::environmentFor(config);
            const auto ofKeys = [&](std::string_view name) {
                const auto found = keys->find(std::string(name));
                return found == keys->end() ? litestream::ownEnvironment(name) : found->second;
            };
            const auto read = keys ? litestream::readConfig(config, ofKeys) : std::unexpected(keys.error());
            if (!read)
                return {.watcher = {},
                        .access = {},
                        .problem = words::describe(read.error()),
                        .isThere = read.error().code != ErrorCode::NotFound};
            const Result<litestream::Program> program = litestream::Program::find();
            std::shared_ptr<const Access> access;
            if (program)
                access = std::make_shared<const Access>(
                    Access{.program = *program, .config = config, .environment = *keys, .patience = Patience});
            const auto tested = [&memory](const Path &database, const std::string &replica) {
                return catalog::lastProved(memory, database, replica);
            };
            return {.watcher = std::make_shared<litestream::Watcher>(
                        *read, access ? std::optional(*access) : std::nullopt, tested),
                    .access = access,
                    .problem = program ? QString() : words::aboutLitestream()};
        },
        [this, config](Read read) { take(config, std::move(read)); });
}

void LitestreamWatch::take(const Path &config, Read read)
{
    const auto known = m_followed.find(config);
    const std::vector<Path> opened = m_settings.litestreamConfigs();
    const bool isOpened = std::ranges::find(opened, config) != opened.end();
    if (known == m_followed.end() && !read.isThere && !isOpened)
        return; // nobody has any
    Followed &followed = m_followed[config];
    followed.watcher = std::move(read.watcher);
    followed.access = std::move(read.access);
    followed.problem = std::move(read.problem);
    if (!followed.watcher)
        followed.statuses.clear();
    if (!m_timer.isActive())
        m_timer.start();
    Q_EMIT changed();
    lookAt(config);
}

std::vector<Path> LitestreamWatch::configs() const
{
    std::vector<Path> all;
    for (const auto &[config, followed] : m_followed)
        all.push_back(config);
    return all;
}

QString LitestreamWatch::problemOf(const Path &config) const
{
    const auto found = m_followed.find(config);
    return found == m_followed.end() ? QString() : found->second.problem;
}

// Looking ------------------------------------------------------------------------------------------------------------

void LitestreamWatch::look()
{
    for (const auto &[config, followed] : m_followed)
        lookAt(config);
}

void LitestreamWatch::lookAt(const Path &config)
{
    Followed &followed = m_followed[config];
    if (!followed.watcher || followed.looking)
        return; // the last look is still under way
    followed.looking = true;
    m_questions.ask<Statuses>(
        config, this, [watcher = followed.watcher](const std::stop_token &, Progress &) { return watcher->look(); },
        [this, config](Statuses statuses) {
            m_followed[config].looking = false;
            takeLook(config, std::move(statuses));
            listAt(config);
        });
}

/// Apart from looking: a storage that does not answer takes its time. One at a time, for others have questions, too.
void LitestreamWatch::listAt(const Path &config)
{
    Followed &followed = m_followed[config];
    if (!followed.watcher || m_listing || !followed.watcher->isListingDue())
        return;
    m_listing = true;
    m_questions.ask<bool>(
        config, this,
        [watcher = followed.watcher](const std::stop_token &stop, Progress &) {
            watcher->list(stop);
            return true;
        },
        [this](bool) { m_listing = false; });
}

void LitestreamWatch::takeLook(const Path &config, Statuses statuses)
{
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    for (const ReplicaStatus &one : statuses) {
        std::vector<LagModel::Point> &points = m_lags[keyOf(config, one)];
        std::erase_if(points, [&](const LagModel::Point &point) { return point.at < now - Remembered; });
        points.push_back({.at = now, .lag = one.status.lag, .bytes = one.status.lagBytes});
    }
    tellOfCare(config, statuses);
    m_followed[config].statuses = std::move(statuses);
    std::vector<LitestreamModel::Line> lines;
    for (const auto &[path, followed] : m_followed) {
        for (const ReplicaStatus &one : followed.statuses)
            lines.push_back({.config = path, .replica = one});
    }
    m_model.setLines(std::move(lines));
    Q_EMIT changed();
}

std::vector<LagModel::Point> LitestreamWatch::lagOf(const LitestreamModel::Line &line) const
{
    const auto found = m_lags.find(keyOf(line.config, line.replica));
    return found == m_lags.end() ? std::vector<LagModel::Point>() : found->second;
}

/// Once for each time that one begins to fail or to stall. That none runs is no news: somebody may have ended it.
void LitestreamWatch::tellOfCare(const Path &config, const Statuses &statuses)
{
    const auto isBad = [](State state) { return state == State::Failing || state == State::Stalled; };
    QStringList news;
    for (const ReplicaStatus &one : statuses) {
        const State state = one.status.state;
        const auto [told, isFirst] = m_told.try_emplace(keyOf(config, one), State::Unknown);
        if (isBad(state) && !isBad(told->second))
            news += words::careNeeded(one);
        if (state != State::Unknown && state != State::CatchingUp) // it is as it was told until that is settled
            told->second = state;
    }
    if (!news.isEmpty())
        Q_EMIT careNeeded(news.join(QLatin1Char('\n')));
}

// Running it here ----------------------------------------------------------------------------------------------------

void LitestreamWatch::start(const Path &config)
{
    const auto found = m_followed.find(config);
    if (found == m_followed.end() || !found->second.access || runsHere(config))
        return;
    // Told on its thread, which has ended before this has gone.
    const auto tell = [this, config](const SupervisorEvent &event) {
        QMetaObject::invokeMethod(
            this, [this, config, event] { heard(config, event); }, Qt::QueuedConnection);
    };
    m_running[config] =
        m_runner.start({.file = config,
                        .writes = false,
                        .work = [access = found->second.access, tell](const std::stop_token &stop, Progress &) {
                            operations::Report report;
                            if (const Result<void> done = litestream::supervise(*access, tell, stop); !done)
                                report.error = done.error();
                            return report;
                        }});
    Q_EMIT changed();
}

void LitestreamWatch::stop(const Path &config)
{
    if (const auto found = m_running.find(config); found != m_running.end())
        m_runner.stop(found->second);
}

void LitestreamWatch::heard(const Path &config, const SupervisorEvent &event)
{
    const auto found = m_followed.find(config);
    if (found == m_followed.end() || !found->second.watcher)
        return;
    if (event.kind == SupervisorEvent::Said && event.line.isError && !event.line.database.empty())
        found->second.watcher->heard(event.line.database, event.line.replica, event.line.error);
    if (event.kind == SupervisorEvent::Ended && event.wait.count() > 0)
        Q_EMIT failed(config, tr("Litestream has ended with %1. It is started again in %2 s.")
                                  .arg(event.status)
                                  .arg(std::chrono::ceil<std::chrono::seconds>(event.wait).count()));
}

}
