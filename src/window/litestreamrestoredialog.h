// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/pointmodel.h"
#include "window/operationactions.h"
#include "window/questions.h"

#include <QDialog>

namespace Ui {
class LitestreamRestoreDialog;
}

namespace lk::window {

/// The moments to which Litestream's replicas can take a database back: choose one, try it, or have it restored. The
/// database may be gone.
class LitestreamRestoreDialog final : public QDialog
{
    Q_OBJECT

public:
    /// \a config: Litestream's configuration, where it is looked for at first.
    LitestreamRestoreDialog(Questions &questions, const Path &database, const Path &config, QWidget *parent = nullptr);
    ~LitestreamRestoreDialog() override;

Q_SIGNALS:
    void operationRequested(const lk::window::OperationRequest &request,
                            const std::vector<lk::operations::Target> &targets);

private:
    void look();
    void showPoints(const Result<std::vector<litestream::Point>> &points, const QStringList &unread);
    void showCurrent();
    void goTo(const QDateTime &moment);
    void request(const char *id);

    Questions &m_questions;
    const Path m_database;
    Path m_config;
    models::PointModel m_points;
    jobs::JobId m_looking = 0;
    std::unique_ptr<Ui::LitestreamRestoreDialog> m_ui;
};

}
