// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/databaserow.h"
#include "window/questions.h"

#include <QScrollArea>

#include <memory>

namespace Ui {
class RemotePage;
}

namespace lk::window {

/// The inspector of a database on another machine: what the scan there said of it, and, when asked for, what the
/// litekeeper-cli there says.
class RemotePage final : public QScrollArea
{
    Q_OBJECT

public:
    /// \a questions must outlive this.
    explicit RemotePage(Questions &questions, QWidget *parent = nullptr);
    ~RemotePage() override;

    void showRow(const models::DatabaseRow &row);
    /// Stops asking.
    void clear();

private:
    void ask(const char *command);

    Questions &m_questions;
    std::unique_ptr<Ui::RemotePage> m_ui;
    Path m_address;
    jobs::JobId m_question = 0;
};

}
