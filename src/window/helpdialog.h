// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <memory>

namespace Ui {
class HelpDialog;
}

namespace lk::window {

/// One page: the promises, the words, the keys. Text of our own, so it may be formatted.
class HelpDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit HelpDialog(QWidget *parent = nullptr);
    ~HelpDialog() override;

private:
    std::unique_ptr<Ui::HelpDialog> m_ui;
};

}
