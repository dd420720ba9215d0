// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/databasepanel.h"
#include "window/inspectortab.h"

namespace Ui {
class InspectorPanel;
}

namespace lk::window {

class SessionHistory;

/// What is known of the selected database, a tab for each kind of question. It is read on another thread; what comes
/// after the selection has moved on is dropped.
class InspectorPanel final : public QWidget
{
    Q_OBJECT

public:
    InspectorPanel(ScanSession &session, Questions &questions, const DatabasePanel &databases,
                   const SessionHistory &history, QWidget *parent = nullptr);
    ~InspectorPanel() override;

    /// Follows the selection of the database panel.
    void follow();
    QSize sizeHint() const override;
    /// One action for each tab, that shows it.
    const QList<QAction *> &tabActions() const { return m_actions; }

Q_SIGNALS:
    /// A tab was asked for, so the panel should be seen.
    void wanted();

private:
    void addTab(InspectorTab *tab, const QString &title, const QKeySequence &key = {});
    void setFacts(const Facts &facts);
    void look();
    void showNothing();
    void showRow(const models::DatabaseRow &row);
    void showFacts(inspect::DatabaseFacts facts);

    Questions &m_questions;
    const DatabasePanel &m_databases;
    const SessionHistory &m_history;
    std::unique_ptr<Ui::InspectorPanel> m_ui;
    std::vector<InspectorTab *> m_tabs;
    QList<QAction *> m_actions;
    Facts m_facts; ///< null while they are being read
    Path m_path;   ///< of what is shown; empty if nothing is
    jobs::JobId m_question = 0;
    QTimer m_moving; ///< runs while the selection moves through many rows
};

}
