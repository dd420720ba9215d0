// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/taskqueue.h"

namespace lk::scan {

TaskQueue::TaskQueue(unsigned lanes)
    : m_lanes(lanes)
    , m_served(lanes)
{
}

void TaskQueue::push(unsigned lane, std::vector<Task> &tasks)
{
    if (tasks.empty())
        return;
    m_unfinished.fetch_add(tasks.size());
    m_waiting.fetch_add(tasks.size());
    {
        const std::lock_guard lock(m_lanes[lane].mutex);
        for (Task &task : tasks)
            m_lanes[lane].tasks.push_back(std::move(task));
    }
    tasks.clear();
    if (m_sleeping.load() > 0)
        wake();
}

void TaskQueue::defer(unsigned lane, Task task)
{
    m_unfinished.fetch_add(1);
    m_waiting.fetch_add(1);
    {
        const std::lock_guard lock(m_lanes[lane].mutex);
        m_lanes[lane].tasks.push_front(std::move(task));
    }
    if (m_sleeping.load() > 0)
        wake();
}

bool TaskQueue::takeFrom(Lane &lane, bool own, Task &task)
{
    const std::lock_guard lock(lane.mutex);
    if (lane.tasks.empty())
        return false;
    if (own) {
        task = std::move(lane.tasks.back());
        lane.tasks.pop_back();
    } else {
        task = std::move(lane.tasks.front());
        lane.tasks.pop_front();
    }
    m_waiting.fetch_sub(1);
    return true;
}

bool TaskQueue::take(unsigned lane, Task &task)
{
    for (;;) {
        if (m_closed.load() || isFinished())
            return false;
        const bool served = lane < m_served.load();
        if (served) {
            for (std::size_t i = 0; i < m_lanes.size(); ++i) {
                if (takeFrom(m_lanes[(lane + i) % m_lanes.size()], i == 0, task))
                    return true;
            }
        }
        sleep(lane, served);
    }
}

void TaskQueue::sleep(unsigned lane, bool served)
{
    const auto began = std::chrono::steady_clock::now();
    std::unique_lock lock(m_sleep);
    if (served)
        m_sleeping.fetch_add(1);
    m_awake.wait(lock, [&] {
        return m_closed.load() || isFinished() || served != (lane < m_served.load()) ||
               (served && m_waiting.load() > 0);
    });
    if (served)
        m_sleeping.fetch_sub(1);
    const std::chrono::nanoseconds slept = std::chrono::steady_clock::now() - began;
    m_lanes[lane].sleptNs.fetch_add(slept.count(), std::memory_order_relaxed);
}

void TaskQueue::done()
{
    if (m_unfinished.fetch_sub(1) == 1)
        wake();
}

void TaskQueue::close()
{
    m_closed.store(true);
    wake();
}

void TaskQueue::serve(unsigned count)
{
    m_served.store(count);
    wake();
}

void TaskQueue::wake()
{
    // Whoever looked before sees the change, or sleeps and hears of it.
    const std::lock_guard lock(m_sleep);
    m_awake.notify_all();
}

}
