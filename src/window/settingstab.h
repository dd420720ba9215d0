// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectionsettings.h"
#include "window/inspectortab.h"

namespace Ui {
class SettingsTab;
}

namespace lk::window {

/// Two groups that are never mixed: what the file stores, and what is up to each program's connection. The second has
/// code to copy, and no control that pretends to set something.
class SettingsTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit SettingsTab(Questions &questions, QWidget *parent = nullptr);
    ~SettingsTab() override;

    /// Turns to what is up to each program.
    void showConnections();

protected:
    void showFacts() override;
    void clear() override;

private:
    void setUpSettings();
    void setUse();
    void showSetting();

    std::unique_ptr<Ui::SettingsTab> m_ui;
    models::ConnectionSettingModel m_settings;
};

}
