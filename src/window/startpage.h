// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <memory>

namespace Ui {
class StartPage;
}

namespace lk::window {

/// What stands in the window before the first scan: one sentence and three buttons.
class StartPage final : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget *parent = nullptr);
    ~StartPage() override;

Q_SIGNALS:
    void homeRequested();
    void computerRequested();
    void fileRequested();

private:
    std::unique_ptr<Ui::StartPage> m_ui;
};

}
