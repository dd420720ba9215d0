// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/scanrunner.h"

#include "fleet/hosts.h"
#include "inspect/gather.h"

#include <mutex>
#include <optional>
#include <utility>

namespace lk::jobs {

using namespace std::chrono_literals;

/// Gathers what one scan says until the owner's thread fetches it.
class ScanRunner::Collector final : public scan::Listener, public fleet::Listener
{
public:
    struct News
    {
        std::vector<inspect::DatabaseFacts> found;
        std::optional<std::pair<scan::Counts, Path>> progress;
        std::vector<fleet::ScanEnd> elsewhere;
        std::optional<Result<scan::Summary>> end;
    };

    explicit Collector(Courier &courier)
        : m_courier(courier)
    {
    }

    void found(std::vector<scan::Found> batch) override
    {
        std::vector<inspect::DatabaseFacts> facts;
        facts.reserve(batch.size());
        for (scan::Found &file : batch)
            facts.push_back(inspect::facts(file.path, std::move(file.seen), m_mounts));
        {
            const std::lock_guard lock(m_mutex);
            m_news.found.insert(m_news.found.end(), std::move_iterator(facts.begin()), std::move_iterator(facts.end()));
        }
        m_courier.request();
    }

    void found(const std::string &host, fleet::Record record) override
    {
        inspect::DatabaseFacts facts = fleet::factsOf(host, record);
        {
            const std::lock_guard lock(m_mutex);
            m_news.found.push_back(std::move(facts));
        }
        m_courier.request();
    }

    /// Comes to the owner before the end does.
    void ended(std::vector<fleet::ScanEnd> ends)
    {
        const std::lock_guard lock(m_mutex);
        m_news.elsewhere = std::move(ends);
    }

    void progress(const scan::Counts &counts, const Path &folder) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_news.progress.emplace(counts, folder);
        }
        m_courier.request();
    }

    void end(Result<scan::Summary> result)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_news.end = std::move(result);
        }
        m_courier.request();
    }

    News take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_news, {});
    }

private:
    Courier &m_courier;
    const platform::Mounts m_mounts = platform::Mounts::current();
    std::mutex m_mutex;
    News m_news; // guarded by m_mutex
};

/// What other machines are asked for by those of \a options' roots that are addresses, which go.
static std::vector<fleet::ScanOrder> takeOrders(scan::Options &options)
{
    std::vector<fleet::ScanOrder> orders;
    for (const Path &root : options.roots) {
        const std::optional<fleet::Place> place = fleet::placeOf(root);
        if (!place)
            continue;
        std::vector<std::string> words;
        for (const std::string &glob : options.excludes)
            words.insert(words.end(), {"--exclude", glob});
        words.emplace_back("--");
        if (!place->path.empty())
            words.push_back(place->path);
        orders.push_back({.remote = {.host = place->host}, .words = std::move(words)});
    }
    std::erase_if(options.roots, [](const Path &root) { return fleet::placeOf(root).has_value(); });
    return orders;
}

/// Here first, then elsewhere.
Result<scan::Summary> ScanRunner::scanAll(scan::Options options, Collector &collector, const std::stop_token &stop)
{
    const std::vector<fleet::ScanOrder> orders = takeOrders(options);
    Result<scan::Summary> all = options.roots.empty() ? scan::Summary() : scan::scan(options, collector, stop);
    if (orders.empty())
        return all;
    const auto began = std::chrono::steady_clock::now();
    std::vector<fleet::ScanEnd> ends = fleet::scan(orders, collector, stop);
    if (all) {
        for (const fleet::ScanEnd &end : ends)
            fleet::add(*all, end.summary);
        all->duration += std::chrono::steady_clock::now() - began;
        all->stopped = all->stopped || stop.stop_requested();
    }
    collector.ended(std::move(ends));
    return all;
}

ScanRunner::ScanRunner(QObject *parent)
    : QObject(parent)
    , m_courier(
          50ms, [this] { deliver(); }, this)
{
}

ScanRunner::~ScanRunner()
{
    m_thread = {};
}

void ScanRunner::start(const scan::Options &options)
{
    m_running = true;
    m_collector = std::make_shared<Collector>(m_courier);
    m_thread.request_stop();
    // The new thread waits for the old one, so that this one need not and there is never more than one scan.
    m_thread = std::jthread(
        [before = std::move(m_thread), options, collector = m_collector](const std::stop_token &stop) mutable {
            before = {};
            collector->end(scanAll(options, *collector, stop));
        });
}

void ScanRunner::stop()
{
    m_thread.request_stop();
}

void ScanRunner::deliver()
{
    const std::shared_ptr<Collector> collector = m_collector;
    if (!collector)
        return;
    Collector::News news = collector->take();
    if (!news.found.empty())
        Q_EMIT found(news.found);
    // Whoever is told may start another scan; then the rest of this one is nobody's business.
    if (news.progress && m_collector == collector)
        Q_EMIT progressed(news.progress->first, news.progress->second);
    if (!news.end || m_collector != collector)
        return;
    m_running = false;
    m_collector.reset();
    if (!news.elsewhere.empty())
        Q_EMIT elsewhereEnded(news.elsewhere);
    if (*news.end)
        Q_EMIT finished(**news.end);
    else
        Q_EMIT failed(news.end->error());
}

}
