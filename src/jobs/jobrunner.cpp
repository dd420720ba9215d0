// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/jobrunner.h"

#include <QPointer>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace lk::jobs {

using namespace std::chrono_literals;

struct JobRunner::Task
{
    JobId id = 0;
    Job job;
    std::stop_source stop;
    JobState shown = JobState::Waiting; // as the owner knows it; owner's thread only
    bool startTold = false;             // owner's thread only

    bool started = false;                     // guarded by the runner's mutex
    std::optional<ProgressReport> progress;   // guarded: not told yet
    std::optional<operations::Report> report; // guarded: not told yet
};

/// Keeps the last report of a task for the owner's thread to fetch.
class JobRunner::TaskProgress final : public Progress
{
public:
    TaskProgress(JobRunner &runner, std::shared_ptr<Task> task)
        : m_runner(runner)
        , m_task(std::move(task))
    {
    }

    void report(const ProgressReport &report) override
    {
        {
            const std::lock_guard lock(m_runner.m_mutex);
            if (!std::exchange(m_task->progress, report))
                m_runner.m_moved.push_back(m_task);
        }
        m_runner.m_progress.request();
    }

private:
    JobRunner &m_runner;
    std::shared_ptr<Task> m_task;
};

static operations::Report cancelled(const Path &file)
{
    operations::Report report;
    report.status = operations::Status::Failed;
    report.error = Error{.code = ErrorCode::Cancelled, .path = file, .arguments = {}, .detail = {}};
    return report;
}

static operations::Report failedBy(const Path &file, const std::exception &exception)
{
    operations::Report report;
    report.status = operations::Status::Failed;
    report.error = Error{.code = ErrorCode::Internal, .path = file, .arguments = {}, .detail = exception.what()};
    return report;
}

JobRunner::JobRunner(unsigned threads, QObject *parent)
    : QObject(parent)
    , m_news(
          0ms, [this] { deliverNews(); }, this)
    , m_progress(
          100ms, [this] { deliverProgress(); }, this)
{
    if (threads == 0)
        threads = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i)
        m_threads.emplace_back([this](const std::stop_token &stop) { work(stop); });
}

JobRunner::~JobRunner()
{
    for (std::jthread &thread : m_threads)
        thread.request_stop();
    for (const auto &[id, task] : m_tasks)
        task->stop.request_stop();
    m_threads.clear();
}

JobId JobRunner::start(Job job)
{
    auto task = std::make_shared<Task>();
    task->id = ++m_lastId;
    task->job = std::move(job);
    m_tasks.emplace(task->id, task);
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(task);
    }
    m_wake.notify_one();
    return task->id;
}

void JobRunner::stop(JobId id)
{
    const auto found = m_tasks.find(id);
    if (found == m_tasks.end() || found->second->shown == JobState::Finished)
        return;
    const std::shared_ptr<Task> task = found->second;
    bool waiting = false;
    {
        const std::lock_guard lock(m_mutex);
        waiting = std::erase(m_waiting, task) > 0;
        if (waiting) {
            task->report = cancelled(task->job.file);
            m_changed.push_back(task);
        }
    }
    task->stop.request_stop();
    task->shown = waiting ? JobState::Finished : JobState::Stopping;
    if (!waiting)
        return;
    m_news.request();
    m_wake.notify_all(); // one that came later may have waited for it
}

void JobRunner::stopAll()
{
    std::vector<JobId> ids;
    for (const auto &[id, task] : m_tasks)
        ids.push_back(id);
    // The last ones first, so that none begins because one before it goes.
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
        stop(*id);
}

int JobRunner::unfinished() const
{
    return static_cast<int>(
        std::ranges::count_if(m_tasks, [](const auto &entry) { return entry.second->shown != JobState::Finished; }));
}

JobState JobRunner::state(JobId id) const
{
    const auto found = m_tasks.find(id);
    return found == m_tasks.end() ? JobState::Finished : found->second->shown;
}

void JobRunner::work(const std::stop_token &stop)
{
    while (const std::shared_ptr<Task> task = takeNext(stop)) {
        m_news.request();
        TaskProgress progress(*this, task);
        operations::Report report;
        try {
            report = task->job.work(task->stop.get_token(), progress);
        } catch (const std::exception &exception) { // of the library's: ours don't throw
            report = failedBy(task->job.file, exception);
        }
        {
            const std::lock_guard lock(m_mutex);
            release(task->job);
            task->report = std::move(report);
            m_changed.push_back(task);
        }
        m_wake.notify_all(); // several may have waited for its file
        m_news.request();
    }
}

std::shared_ptr<JobRunner::Task> JobRunner::takeNext(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    auto next = m_waiting.end();
    m_wake.wait(lock, stop, [&] { return (next = nextRunnable()) != m_waiting.end(); });
    if (stop.stop_requested())
        return nullptr;
    std::shared_ptr<Task> task = *next;
    m_waiting.erase(next);
    Use &use = m_inUse[task->job.file];
    use.written = task->job.writes;
    ++use.jobs;
    task->started = true;
    m_changed.push_back(task);
    return task;
}

/// The first one whose file is free for it, and was not asked for by one before it that has to wait.
std::deque<std::shared_ptr<JobRunner::Task>>::iterator JobRunner::nextRunnable()
{
    std::set<std::string_view> asked; // files that an earlier one waits for
    return std::ranges::find_if(m_waiting, [&](const std::shared_ptr<Task> &task) {
        const auto use = m_inUse.find(task->job.file);
        const bool isFree = use == m_inUse.end() || (!task->job.writes && !use->second.written);
        return !asked.contains(task->job.file.native()) && (isFree || (asked.insert(task->job.file.native()), false));
    });
}

void JobRunner::release(const Job &job)
{
    const auto use = m_inUse.find(job.file);
    if (--use->second.jobs == 0)
        m_inUse.erase(use);
}

void JobRunner::deliverNews()
{
    std::vector<std::shared_ptr<Task>> changed;
    {
        const std::lock_guard lock(m_mutex);
        changed.swap(m_changed);
    }
    for (const std::shared_ptr<Task> &task : changed)
        tell(*task);
}

void JobRunner::deliverProgress()
{
    std::vector<std::shared_ptr<Task>> moved;
    {
        const std::lock_guard lock(m_mutex);
        moved.swap(m_moved);
    }
    for (const std::shared_ptr<Task> &task : moved)
        tellProgress(*task);
}

void JobRunner::tell(Task &task)
{
    bool hasStarted = false;
    std::optional<operations::Report> report;
    {
        const std::lock_guard lock(m_mutex);
        hasStarted = task.started;
        report = std::exchange(task.report, std::nullopt);
    }
    if (hasStarted && !std::exchange(task.startTold, true)) {
        if (task.shown == JobState::Waiting)
            task.shown = JobState::Running;
        Q_EMIT started(task.id);
    }
    if (!report)
        return;
    tellProgress(task);
    task.shown = JobState::Finished;
    m_tasks.erase(task.id);
    Q_EMIT finished(task.id, *report);
    if (m_tasks.empty())
        Q_EMIT idle();
}

void JobRunner::tellProgress(Task &task)
{
    std::optional<ProgressReport> progress;
    {
        const std::lock_guard lock(m_mutex);
        progress = std::exchange(task.progress, std::nullopt);
    }
    if (progress)
        Q_EMIT progressed(task.id, *progress);
}

}
