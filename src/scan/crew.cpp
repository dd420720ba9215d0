// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/crew.h"

#include <algorithm>
#include <cmath>

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

/// The share of the time since the last call in which a thread at work was able to go on; empty if not known.
std::optional<double> Crew::ability()
{
    std::chrono::duration<double> able{};
    std::chrono::duration<double> passed{};
    const std::lock_guard lock(m_shared->mutex);
    for (unsigned lane = 0; lane < m_working; ++lane) {
        const auto now = std::chrono::steady_clock::now();
        const auto runnable = m_shared->clocks[lane].runnable();
        if (!runnable)
            continue;
        const Sample sample{.able = *runnable + m_shared->queue.slept(lane), .at = now, .taken = true};
        if (m_samples[lane].taken) {
            able += sample.able - m_samples[lane].able;
            passed += sample.at - m_samples[lane].at;
        }
        m_samples[lane] = sample;
    }
    if (passed.count() <= 0)
        return std::nullopt;
    return std::clamp(able / passed, 0.01, 1.0);
}

void Crew::adjust()
{
    constexpr unsigned CalmEnough = 5;
    const std::optional<double> share = ability();
    if (!share || !m_shared->queue.isBehind())
        return;
    // Enough to keep the cores at work: with 8 threads each blocked three quarters of the time, two are not.
    const auto wanted =
        static_cast<unsigned>(std::clamp(std::lround(m_least / *share - 0.2), long(m_least), long(m_most)));
    if (wanted > m_working) {
        employ(wanted);
        m_calm = 0;
    } else if (wanted < m_working && ++m_calm >= CalmEnough) {
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
