// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

#include <QDialog>

#include <memory>

namespace Ui {
class ResultDialog;
}

namespace lk::window {

/// Everything that came of an operation on one file: the sentence, what else to know, and the record for the log.
class ResultDialog final : public QDialog
{
    Q_OBJECT

public:
    ResultDialog(const operations::Operation &operation, const Path &path, const operations::Report &report,
                 QWidget *parent = nullptr);
    ~ResultDialog() override;

Q_SIGNALS:
    void showRequested(const lk::Path &path);

private:
    std::unique_ptr<Ui::ResultDialog> m_ui;
};

}
