// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/schedulewatch.h"

#include "words/history.h"

#include <algorithm>

namespace lk::window {

ScheduleWatch::ScheduleWatch(Questions &questions, catalog::Memory &memory, QObject *parent)
    : QObject(parent)
    , m_questions(questions)
    , m_memory(memory)
{
    if (!memory.isOn())
        return;
    connect(&m_timer, &QTimer::timeout, this, &ScheduleWatch::look);
    m_timer.start(std::chrono::hours(1));
    QMetaObject::invokeMethod(this, &ScheduleWatch::look, Qt::QueuedConnection);
}

void ScheduleWatch::look()
{
    using List = std::vector<catalog::Overdue>;
    m_questions.ask<List>(
        {}, this,
        [&memory = m_memory](const std::stop_token &, Progress &) {
            List list = catalog::overdue(memory);
            return list;
        },
        [this](List list) {
            const bool isNews = std::ranges::any_of(
                list, [this](const catalog::Overdue &one) { return std::ranges::find(m_told, one) == m_told.end(); });
            m_told = std::move(list);
            if (isNews)
                Q_EMIT overdue(words::schedulesOverdue(m_told));
        });
}

}
