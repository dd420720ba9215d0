// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fieldmodel.h"
#include "window/databasepanel.h"

namespace Ui {
class InspectorPanel;
}

namespace lk::window {

/// What is known of the selected database. It is read on another thread; what comes after the selection has moved on
/// is dropped.
class InspectorPanel final : public QWidget
{
    Q_OBJECT

public:
    InspectorPanel(ScanSession &session, Questions &questions, const DatabasePanel &databases,
                   QWidget *parent = nullptr);
    ~InspectorPanel() override;

    /// Follows the selection of the database panel.
    void follow();
    QSize sizeHint() const override;

private:
    void setUpFields();
    void showExplanation(const QModelIndex &index);
    void look();
    void showNothing();
    void showRow(const models::DatabaseRow &row);
    void showFacts(const inspect::DatabaseFacts &facts);

    Questions &m_questions;
    const DatabasePanel &m_databases;
    std::unique_ptr<Ui::InspectorPanel> m_ui;
    models::FieldModel m_fields;
    Path m_path; ///< of what is shown; empty if nothing is
    jobs::JobId m_question = 0;
    QTimer m_moving; ///< runs while the selection moves through many rows
};

}
