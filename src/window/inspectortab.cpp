// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/inspectortab.h"

#include <utility>

namespace lk::window {

InspectorTab::InspectorTab(Questions &questions, QWidget *parent)
    : QWidget(parent)
    , m_questions(questions)
{
}

void InspectorTab::setFacts(Facts facts)
{
    const bool same = facts && m_facts && facts->path == m_facts->path;
    if (!same) {
        stopAsking();
        if (m_facts)
            clear();
    }
    m_facts = std::move(facts);
    m_shown = m_facts && isVisible();
    if (m_shown)
        showFacts();
}

void InspectorTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_facts && !std::exchange(m_shown, true))
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
