// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/inspectortab.h"

#include <utility>

namespace lk::window {

InspectorTab::InspectorTab(Questions &questions, QWidget *parent)
    : QWidget(parent)
    , m_questions(questions)
{
}

void InspectorTab::setSubject(SubjectPointer subject)
{
    const bool same = subject && m_subject && subject->facts.path == m_subject->facts.path;
    const bool before = m_subject != nullptr;
    m_subject = std::move(subject);
    if (!same) {
        stopAsking();
        if (before)
            clear();
    }
    m_shown = m_subject && isVisible();
    if (m_shown)
        showFacts();
}

void InspectorTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_subject && !std::exchange(m_shown, true))
        showFacts();
}

void InspectorTab::stop(jobs::JobId id)
{
    m_asked.erase(id);
    m_questions.stop(id);
}

void InspectorTab::stopAsking()
{
    for (const jobs::JobId id : std::exchange(m_asked, {}))
        m_questions.stop(id);
}

}
