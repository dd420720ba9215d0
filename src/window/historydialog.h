// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"

#include <QDialog>

#include <memory>

namespace Ui {
class HistoryDialog;
}

namespace lk::window {

/// What Litekeeper did, with all files.
class HistoryDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit HistoryDialog(catalog::Memory &memory, QWidget *parent = nullptr);
    ~HistoryDialog() override;

Q_SIGNALS:
    void undoRequested(const lk::catalog::Entry &entry);
    void showRequested(const lk::Path &path);

private:
    std::unique_ptr<Ui::HistoryDialog> m_ui;
};

}
