// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/remotescan.h"
#include "inspect/facts.h"
#include "jobs/courier.h"
#include "scan/scanner.h"

#include <QObject>

#include <memory>
#include <thread>

namespace lk::jobs {

/// Runs one scan at a time on a thread of its own and reports on the thread it lives in: what was found in batches,
/// at most 20 times a second, as finished facts. The destructor stops the scan and joins; no signal follows it.
class ScanRunner final : public QObject
{
    Q_OBJECT

public:
    explicit ScanRunner(QObject *parent = nullptr);
    ~ScanRunner() override;

    /// Roots may be addresses of other machines (fleet::Place). Stops a scan under way first, without waiting for it;
    /// its results no longer come.
    void start(const scan::Options &options);
    /// Ends in finished() with what was found until then.
    void stop();
    bool isRunning() const { return m_running; }

Q_SIGNALS:
    void found(const std::vector<lk::inspect::DatabaseFacts> &batch);
    void progressed(const lk::scan::Counts &counts, const lk::Path &folder);
    /// Of a scan of other machines, before finished().
    void elsewhereEnded(const std::vector<lk::fleet::ScanEnd> &ends);
    void finished(const lk::scan::Summary &summary);
    void failed(const lk::Error &error);

private:
    class Collector;
    static Result<scan::Summary> scanAll(scan::Options options, Collector &collector, const std::stop_token &stop);
    void deliver();

    bool m_running = false; // owner's thread only
    Courier m_courier;
    std::shared_ptr<Collector> m_collector; // of the scan that counts
    std::jthread m_thread;                  // last: joined before anything above goes
};

}
