// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/inspectortab.h"

namespace Ui {
class OverviewTab;
}

namespace lk::window {

/// Whose database it is, how it is, and what is most worth doing.
class OverviewTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit OverviewTab(Questions &questions, QWidget *parent = nullptr);
    ~OverviewTab() override;

Q_SIGNALS:
    /// The rest of the findings.
    void adviceRequested();

protected:
    void showFacts() override;
    void clear() override;

private:
    void showFindings();

    std::unique_ptr<Ui::OverviewTab> m_ui;
};

}
