// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <functional>
#include <future>
#include <stop_token>
#include <system_error>
#include <thread>

namespace lk::operations {

/// A second work on the same job: what an operation does beside its own on another core. It ends with the operation.
template <class T>
class Aside
{
public:
    using Work = std::function<Result<T>(const std::stop_token &stop)>;

    /// \a stop is the job's.
    Aside(const std::stop_token &stop, Work work)
        : m_onStop(stop, Forward{this})
        , m_task([this, work = std::move(work)] { return work(m_stop.get_token()); })
        , m_result(m_task.get_future())
    {
        try {
            m_thread = std::jthread([this] { m_task(); });
        } catch (const std::system_error &) {
            m_task(); // no thread to be had: one after the other then
        }
    }
    Aside(const Aside &) = delete;
    Aside &operator=(const Aside &) = delete;
    /// Asks it to stop, and waits.
    ~Aside() { m_stop.request_stop(); }

    /// Waits for it. Once.
    Result<T> result() { return m_result.get(); }

private:
    struct Forward
    {
        Aside *aside;
        void operator()() const { aside->m_stop.request_stop(); }
    };

    std::stop_source m_stop;
    std::stop_callback<Forward> m_onStop;
    std::packaged_task<Result<T>()> m_task;
    std::future<Result<T>> m_result;
    std::jthread m_thread; // last: joined before anything above goes
};

}
