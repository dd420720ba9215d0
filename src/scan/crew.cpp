// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/crew.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lk::scan {

/// More requests at a time than this gain little on any disk that was measured.
static constexpr unsigned MostForDisks = 8;

static unsigned cores()
{
    return std::max(1U, std::thread::hardware_concurrency());
}

Crew::Crew(unsigned threads)
    : m_least(threads > 0 ? threads : cores())
    , m_most(threads > 0 ? threads : std::max(cores(), MostForDisks))
    , m_samples(m_most)
{
}

Crew::~Crew()
{
    for (std::thread &thread : m_threads)
        thread.join();
}

void Crew::start(const std::shared_ptr<Shared> &shared)
{
    m_shared = shared;
    employ(m_least);
}

void Crew::employ(unsigned count)
{
    m_working = count;
    m_shared->queue.serve(count);
    while (m_threads.size() < count) {
        const auto lane = static_cast<unsigned>(m_threads.size());
        {
            const std::lock_guard lock(m_shared->mutex);
            ++m_shared->working;
        }
        m_threads.emplace_back([shared = m_shared, lane] {
            {
                const std::lock_guard lock(shared->mutex);
                shared->clocks[lane] = platform::ThreadClock::ofThisThread();
            }
            Walker(*shared, lane).run();
            const std::lock_guard lock(shared->mutex);
            --shared->working;
            shared->news.notify_all();
        });
    }
}

/// What the threads did since the last time. Waiting for a processor says something about the machine's other programs
/// and nothing about the disk, so it doesn't count.
void Crew::observe()
{
    constexpr double Memory = 0.9;
    m_running *= Memory;
    m_blocked *= Memory;
    using Seconds = std::chrono::duration<double>;
    const std::lock_guard lock(m_shared->mutex);
    for (unsigned lane = 0; lane < m_working; ++lane) {
        const auto now = std::chrono::steady_clock::now();
        const auto times = m_shared->clocks[lane].times();
        if (!times)
            continue;
        const Sample sample{.at = now,
                            .running = times->running,
                            .excused = times->waiting + m_shared->queue.slept(lane),
                            .taken = true};
        const Sample before = std::exchange(m_samples[lane], sample);
        if (!before.taken)
            continue;
        const Seconds running = sample.running - before.running;
        const Seconds rest = (sample.at - before.at) - (sample.excused - before.excused) - running;
        m_running += running.count();
        m_blocked += rest.count(); // below zero where the system caught up on a wait it had not told of yet
    }
}

/// Enough to keep the cores at work: where a thread is blocked three quarters of its time, two cores take eight.
unsigned Crew::wanted() const
{
    const double share = m_running / std::max(m_running + std::max(m_blocked, 0.0), 1e-9);
    const double count = m_least / std::max(share, 0.01) - 0.2;
    return static_cast<unsigned>(std::lround(std::clamp(count, double(m_least), double(m_most))));
}

void Crew::adjust()
{
    constexpr unsigned CalmEnough = 5;
    observe();
    if (m_running <= 0 || !m_shared->queue.isBehind())
        return;
    const unsigned count = wanted();
    if (count >= m_working)
        m_calm = 0;
    if (count > m_working)
        employ(count);
    else if (count < m_working && ++m_calm >= CalmEnough) {
        employ(m_working - 1);
        m_calm = 0;
    }
}

void Crew::leave()
{
    for (std::thread &thread : m_threads)
        thread.detach();
    m_threads.clear();
}

}
