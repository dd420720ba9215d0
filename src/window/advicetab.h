// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingmodel.h"
#include "window/inspectortab.h"

namespace Ui {
class AdviceTab;
}

namespace lk::window {

/// What is to be said of the database: each finding with why it matters, what to do, what that gains and risks, and
/// how to undo it. What the person does not want to hear can be muted, for the file, its folder or everywhere.
class AdviceTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit AdviceTab(Questions &questions, QWidget *parent = nullptr);
    ~AdviceTab() override;

Q_SIGNALS:
    /// All of them, from now on.
    void mutesChanged(const std::vector<lk::Mute> &mutes);
    /// What that would bring is to be measured first.
    void measureRequested();

protected:
    void showFacts() override;
    void clear() override;

private:
    void setUpButtons();
    void fillMuteMenu();
    void showFindings();
    void showFinding();
    void mute(const Path &place, bool anyRule = false);
    void unmute();
    const advice::Finding *current() const;

    std::unique_ptr<Ui::AdviceTab> m_ui;
    models::FindingModel m_findings;
    QString m_link;
};

}
