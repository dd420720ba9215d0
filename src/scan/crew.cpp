// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/crew.h"

#include <algorithm>
#include <cmath>
#include <system_error>
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

bool Crew::start(const std::shared_ptr<Shared> &shared)
{
    m_shared = shared;
    employ(m_least);
    return !m_threads.empty();
}

void Crew::employ(unsigned count)
{
    while (m_threads.size() < count) {
        if (!hire(static_cast<unsigned>(m_threads.size()))) {
            m_most = count = static_cast<unsigned>(m_threads.size()); // the system has no more threads
            break;
        }
    }
    m_working = count;
    m_shared->queue.serve(count);
}

bool Crew::hire(unsigned lane)
{
    const auto setWorking = [](Shared &shared, int change) {
        const std::lock_guard lock(shared.mutex);
        shared.working += unsigned(change);
        shared.news.notify_all();
    };
    setWorking(*m_shared, 1);
    try {
        m_threads.emplace_back([shared = m_shared, lane, setWorking] {
            shared->clocks[lane].clock = platform::ThreadClock::ofThisThread();
            shared->clocks[lane].isSet.store(true);
            Walker(*shared, lane).run();
            setWorking(*shared, -1);
        });
        return true;
    } catch (const std::system_error &) {
        setWorking(*m_shared, -1);
        return false;
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
    for (unsigned lane = 0; lane < m_working; ++lane) {
        const LaneClock &clock = m_shared->clocks[lane];
        const auto now = std::chrono::steady_clock::now();
        const auto times = clock.isSet.load() ? clock.clock.times() : std::nullopt;
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

/// Of threads that run half of their time, twice as many keep the cores at work; and twice as many again pay, because
/// what the disk is asked for together it serves together (cold, 2 cores: 8 threads took two thirds of the time of 4).
unsigned Crew::wanted() const
{
    const double share = m_running / std::max(m_running + std::max(m_blocked, 0.0), 1e-9);
    const double count = m_least / std::max(share * share, 0.01) - 0.4;
    return static_cast<unsigned>(std::lround(std::clamp(count, double(m_least), double(m_most))));
}

void Crew::adjust()
{
    constexpr unsigned CalmEnough = 5;
    observe();
    if (m_running <= 0 || !m_shared->queue.isBehind())
        return;
    const unsigned count = wanted();
    if (count > m_working)
        employ(count);
    // One that leaves too early costs more than one too many: only when the cores alone would do.
    m_calm = count == m_least ? m_calm + 1 : 0;
    if (m_calm >= CalmEnough && m_working > m_least) {
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
