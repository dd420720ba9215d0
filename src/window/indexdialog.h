// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/rehearsal.h"
#include "window/questions.h"

#include <QDialog>

namespace Ui {
class IndexDialog;
}

namespace lk::window {

/// Shows how a query that the person types would run with an index that is not there: plan and time, before and after.
/// The index is made where it leaves no trace.
class IndexDialog final : public QDialog
{
    Q_OBJECT

public:
    IndexDialog(Questions &questions, const Path &path, QWidget *parent = nullptr);
    ~IndexDialog() override;

private:
    void rehearse();
    void showPlan(const Result<operations::QueryPlan> &plan);
    void showState();

    Questions &m_questions;
    const Path m_path;
    std::unique_ptr<Ui::IndexDialog> m_ui;
    jobs::JobId m_running = 0;
};

}
