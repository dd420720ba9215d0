// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/folders.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace lk::scan {

/// A folder that has yet to be entered.
struct Task
{
    std::shared_ptr<const OpenFolder> above; ///< null for a root, whose name is its path
    std::string name;
    const platform::Mount *mount = nullptr;
    const MountTree *mountsBelow = nullptr;
    unsigned tries = 0; ///< that failed for want of descriptors
};

/// The folders to enter. Each worker has a lane: it takes from its end what it put there last, so that the walk goes
/// down before it goes on, and when it has none, steals from the front of another's, where the largest trees are.
class TaskQueue
{
public:
    explicit TaskQueue(unsigned lanes);

    /// The last one is taken first. Empties \a tasks.
    void push(unsigned lane, std::vector<Task> &tasks);
    /// Behind all that wait: for later.
    void defer(unsigned lane, Task task);

    /// Waits for a task. False when there will be none any more: all are done, or it was closed. done() follows each.
    bool take(unsigned lane, Task &task);
    void done();

    /// No further task is given out.
    void close();
    bool isFinished() const { return m_unfinished.load() == 0; }

    /// Only lanes below \a count are served; the others wait. Their tasks are stolen.
    void serve(unsigned count);
    /// Tasks that wait while no worker does.
    bool isBehind() const { return m_waiting.load() > 0 && m_sleeping.load() == 0; }
    /// How long the worker of \a lane has waited for tasks, all in all.
    std::chrono::nanoseconds slept(unsigned lane) const
    {
        return std::chrono::nanoseconds(m_lanes[lane].sleptNs.load(std::memory_order_relaxed));
    }

private:
    struct alignas(64) Lane
    {
        std::mutex mutex;
        std::deque<Task> tasks; // guarded by mutex
        std::atomic<std::int64_t> sleptNs = 0;
    };
    bool takeFrom(Lane &lane, bool own, Task &task);
    void sleep(unsigned lane, bool served);
    void wake();

    std::vector<Lane> m_lanes;
    std::atomic<std::size_t> m_waiting = 0;    ///< in the lanes
    std::atomic<std::size_t> m_unfinished = 0; ///< in the lanes or being worked on
    std::atomic<unsigned> m_sleeping = 0;      ///< served lanes whose worker waits for a task
    std::atomic<unsigned> m_served;
    std::atomic<bool> m_closed = false;
    std::mutex m_sleep; // guards nothing but the moment between looking and sleeping
    std::condition_variable m_awake;
};

}
