// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/gather.h"
#include "models/holdermodel.h"
#include "window/inspectortab.h"

#include <QTimer>

namespace Ui {
class WalTab;
}

namespace lk::window {

/// What lies beside the database, and who has it open, looked at again every two seconds while it is visible.
class WalTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit WalTab(Questions &questions, QWidget *parent = nullptr);
    ~WalTab() override;

protected:
    void showFacts() override;
    void clear() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void lookAgain();
    void show(const sqlite::Glance &glance, const inspect::SiblingsFacts &siblings, const inspect::Holders &holders);

    std::unique_ptr<Ui::WalTab> m_ui;
    models::HolderModel m_holders;
    QTimer m_clock;
    jobs::JobId m_looking = 0;
};

}
