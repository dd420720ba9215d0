// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "jobs/courier.h"
#include "operations/operation.h"

#include <QObject>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace lk::jobs {

using JobId = std::uint64_t;

/// One file's work: a blocking function on a thread of the runner's.
struct Job
{
    Path file; ///< a job that writes shares its file with no other; jobs on one file begin in the order they came
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

/// Runs jobs on its own threads and reports on the thread it lives in: for each job started (unless it was stopped
/// before), progressed at most ten times a second, the last one always, and finished. The destructor asks every job to
/// stop and joins; no signal follows it. All functions are the owner's thread's.
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
    /// Waiting, running and stopping jobs.
    int unfinished() const;
    /// Finished also for an id that there never was.
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
    /// Of one file, by jobs that run.
    struct Use
    {
        int jobs = 0;
        bool written = false;
    };

    void work(const std::stop_token &stop);
    std::shared_ptr<Task> takeNext(const std::stop_token &stop);
    std::deque<std::shared_ptr<Task>>::iterator nextRunnable();
    void release(const Job &job);
    void deliverNews();
    void deliverProgress();
    void tell(Task &task);
    void tellProgress(Task &task);

    std::map<JobId, std::shared_ptr<Task>> m_tasks; // owner's thread only
    JobId m_lastId = 0;                             // owner's thread only
    Courier m_news;
    Courier m_progress;

    std::mutex m_mutex; // guards the lists below, and what in a task says so
    std::condition_variable_any m_wake;
    std::deque<std::shared_ptr<Task>> m_waiting;
    std::map<Path, Use> m_inUse;
    std::vector<std::shared_ptr<Task>> m_changed; ///< that started or finished, in this order
    std::vector<std::shared_ptr<Task>> m_moved;   ///< that have progress to tell
    std::vector<std::jthread> m_threads;          // last: joined before anything above goes
};

}
