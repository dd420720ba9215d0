// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "window/databasepanel.h"
#include "window/inspectortab.h"
#include "window/operationactions.h"

namespace Ui {
class InspectorPanel;
}

namespace lk::window {

class AdviceTab;
class RemotePage;
class SettingsTab;

/// What is known of the selected database, a tab for each kind of question. It is read on another thread; what comes
/// after the selection has moved on is dropped.
class InspectorPanel final : public QWidget
{
    Q_OBJECT

public:
    InspectorPanel(ScanSession &session, Questions &questions, const DatabasePanel &databases, catalog::Memory &memory,
                   Settings &settings, QWidget *parent = nullptr);
    ~InspectorPanel() override;

    /// Follows the selection of the database panel.
    void follow();
    QSize sizeHint() const override;
    /// One action for each tab, that shows it.
    const QList<QAction *> &tabActions() const { return m_actions; }
    /// Turns to the code for each program's connections.
    void showConnections();

Q_SIGNALS:
    /// A tab was asked for, so the panel should be seen.
    void wanted();
    /// On the selected database.
    void operationRequested(const lk::window::OperationRequest &request);
    void backupOperationRequested(const lk::window::OperationRequest &request, const lk::Path &backup);
    void undoRequested(const lk::catalog::Entry &entry);
    /// For all that are selected.
    void adviceRequested();
    /// What other settings would give on its disk.
    void measureRequested();
    void replicasRequested(const lk::Path &database);

private:
    template <class Tab>
    Tab *addTab(const QString &title, const QKeySequence &key = {});
    template <class Tab>
    Tab *add(Tab *tab, const QString &title, const QKeySequence &key);
    void addTabs();
    void showTab(QWidget *tab);
    void setSubject(const SubjectPointer &subject);
    void look();
    void judge(inspect::DatabaseFacts facts);
    void fix(const advice::Fix &fix);
    void setMutes(const std::vector<Mute> &mutes);
    void showNothing();
    void showRow(const models::DatabaseRow &row);

    Questions &m_questions;
    const DatabasePanel &m_databases;
    catalog::Memory &m_memory;
    Settings &m_settings;
    std::unique_ptr<Ui::InspectorPanel> m_ui;
    std::vector<InspectorTab *> m_tabs;
    QList<QAction *> m_actions;
    SettingsTab *m_settingsTab = nullptr;
    RemotePage *m_remote = nullptr;
    SubjectPointer m_subject;
    Path m_path; ///< of what is shown; empty if nothing is
    jobs::JobId m_question = 0;
    QTimer m_moving; ///< runs while the selection moves through many rows
};

}
