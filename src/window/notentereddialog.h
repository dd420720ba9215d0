// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/notenteredmodel.h"

#include <QDialog>

#include <memory>

namespace Ui {
class NotEnteredDialog;
}

namespace lk::window {

/// What a scan did not enter, and why, with a way to scan it too.
class NotEnteredDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit NotEnteredDialog(std::vector<scan::NotEntered> entries, QWidget *parent = nullptr);
    ~NotEnteredDialog() override;

Q_SIGNALS:
    void scanRequested(const std::vector<lk::Path> &folders);

private:
    std::vector<Path> selected() const;
    void showState();

    std::unique_ptr<Ui::NotEnteredDialog> m_ui;
    models::NotEnteredModel m_entries;
};

}
