// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QDialog>

#include <memory>

namespace Ui {
class MachineDialog;
}

namespace lk::window {

/// Which other machine to scan, and where.
class MachineDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit MachineDialog(QWidget *parent = nullptr);
    ~MachineDialog() override;

Q_SIGNALS:
    /// \a address: "web1:/srv".
    void chosen(const lk::Path &address);

private:
    void check();

    std::unique_ptr<Ui::MachineDialog> m_ui;
};

}
