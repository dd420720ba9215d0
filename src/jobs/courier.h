// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <atomic>
#include <chrono>
#include <functional>

namespace lk::jobs {

/// Calls a function on the thread it lives in, soon after request(), which may come from any thread and as often as it
/// likes: at most once per interval, and always once more after the last request. Whoever calls request() from another
/// thread has ended before this is destroyed.
class Courier final : public QObject
{
public:
    Courier(std::chrono::milliseconds interval, std::function<void()> deliver, QObject *parent);

    void request();

protected:
    void customEvent(QEvent *event) override;

private:
    void deliver();

    const std::chrono::milliseconds m_interval;
    const std::function<void()> m_deliver;
    std::chrono::steady_clock::time_point m_last; // owner's thread only
    QTimer m_timer;                               // owner's thread only
    std::atomic<bool> m_requested = false;
};

}
