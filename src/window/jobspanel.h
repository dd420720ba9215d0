// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobmodel.h"

#include <QWidget>

#include <memory>

namespace Ui {
class JobsPanel;
}

namespace lk::window {

/// What is being done and what came of it, one row for each request and below it one for each file.
class JobsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit JobsPanel(models::JobModel &jobs, QWidget *parent = nullptr);
    ~JobsPanel() override;

    QSize sizeHint() const override;
    /// Whether there was a running job to stop.
    bool stopSelected();

Q_SIGNALS:
    void showRequested(const lk::Path &path);

private:
    void setUpTree();
    void showState();
    void showDetails(const QModelIndex &index);
    void openMenu(const QPoint &at);

    models::JobModel &m_jobs;
    std::unique_ptr<Ui::JobsPanel> m_ui;
};

}
