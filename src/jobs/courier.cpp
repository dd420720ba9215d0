// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/courier.h"

#include <QCoreApplication>
#include <QEvent>

namespace lk::jobs {

using Clock = std::chrono::steady_clock;

Courier::Courier(std::chrono::milliseconds interval, std::function<void()> deliver, QObject *parent)
    : QObject(parent)
    , m_interval(interval)
    , m_deliver(std::move(deliver))
    , m_last(Clock::now() - interval)
{
    m_timer.setParent(this); // so that it follows to another thread
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Courier::deliver);
}

void Courier::request()
{
    if (!m_requested.exchange(true))
        // An event carries nothing, so that no memory of ours passes from thread to thread inside Qt, where the thread
        // sanitizer can't see what orders it.
        QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

void Courier::customEvent(QEvent *)
{
    const auto sinceLast = Clock::now() - m_last;
    if (sinceLast >= m_interval)
        deliver();
    else
        m_timer.start(std::chrono::ceil<std::chrono::milliseconds>(m_interval - sinceLast));
}

void Courier::deliver()
{
    m_last = Clock::now();
    m_requested = false; // before: a request during the delivery is a new one
    m_deliver();
}

}
