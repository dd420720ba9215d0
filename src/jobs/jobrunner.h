// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

#include <QObject>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace lk::jobs {

using JobId = std::uint64_t;

/// One file's work: a blocking function on a thread of the runner's.
struct Job
{
    Path file; ///< jobs that write and share a file run one after the other
    bool writes = false;
    std::function<operations::Report(std::stop_token, Progress &)> work;
};

enum class JobState
{
    Waiting,
    Running,
    Stopping,
    Finished,
};

/// Runs jobs on its own threads and reports on the thread it lives in. Progress comes at most ten times a second for
/// each job. The destructor asks every job to stop and joins; no signal follows it.
class JobRunner final : public QObject
{
    Q_OBJECT

public:
    /// \a threads 0: as many as the machine has cores.
    explicit JobRunner(unsigned threads = 0, QObject *parent = nullptr);
    ~JobRunner() override;

    JobId start(Job job);
    /// A waiting job ends at once as Cancelled, a running one as soon as it heeds the request.
    void stop(JobId id);
    void stopAll();
    /// Waiting and running jobs.
    int unfinished() const;
    JobState state(JobId id) const;

Q_SIGNALS:
    void started(lk::jobs::JobId id);
    void progressed(lk::jobs::JobId id, const lk::ProgressReport &report);
    void finished(lk::jobs::JobId id, const lk::operations::Report &report);
    /// The last unfinished job has finished.
    void idle();

private:
    struct Task;
    class TaskProgress;
    void work(std::stop_token stop);
    std::shared_ptr<Task> takeNext();
    void deliver();
    void requestDelivery();

    std::map<JobId, std::shared_ptr<Task>> m_tasks; // owner's thread only
    JobId m_lastId = 0;                             // owner's thread only

    std::mutex m_mutex; // guards the lists below
    std::condition_variable_any m_wake;
    std::deque<std::shared_ptr<Task>> m_waiting;
    std::vector<Path> m_busyFiles;
    std::vector<std::shared_ptr<Task>> m_changed; ///< that have something to tell
    bool m_deliveryRequested = false;
    std::vector<std::jthread> m_threads; // last: joined before anything above goes
};

}
