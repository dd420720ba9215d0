// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/overdue.h"
#include "window/questions.h"

#include <QTimer>

namespace lk::window {

/// Looks now and then whether a schedule has not gone well for too long: a timer that never fires tells nobody itself.
class ScheduleWatch final : public QObject
{
    Q_OBJECT

public:
    /// \a questions and \a memory must outlive this. The first look comes with the first turn of the event loop.
    ScheduleWatch(Questions &questions, catalog::Memory &memory, QObject *parent = nullptr);

Q_SIGNALS:
    /// Some are overdue that were not at the last look; \a text names all.
    void overdue(const QString &text);

private:
    void look();

    Questions &m_questions;
    catalog::Memory &m_memory;
    std::vector<catalog::Overdue> m_told;
    QTimer m_timer;
};

}
