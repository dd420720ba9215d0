// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/historytab.h"

#include "window/historyview.h"

#include <QVBoxLayout>

namespace lk::window {

HistoryTab::HistoryTab(Questions &questions, catalog::Memory &memory, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_view(new HistoryView(memory))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    connect(m_view, &HistoryView::undoRequested, this, &HistoryTab::undoRequested);
}

void HistoryTab::showFacts()
{
    m_view->showHistory(facts().path);
}

void HistoryTab::clear()
{
    m_view->clear();
}

}
