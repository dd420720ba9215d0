// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/snippets.h"
#include "inspect/configuration.h"
#include "models/connectionsettings.h"
#include "window/inspectortab.h"

namespace Ui {
class SettingsTab;
}

namespace lk::window {

class ProjectPage;

/// Groups that are never mixed: what the file stores, what is up to each program's connection, and what the project
/// around the file sets for its own. The second has code to copy, as SQL or for the project's framework, the third a
/// patch, and neither a control that pretends to set something.
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
    void setUpChoices();
    void choose();
    void setUse();
    void showCode(const std::expected<std::string, advice::Inexpressible> &code, const advice::Framework &framework);
    void setRefusal(const QString &sentence);
    void showSetting();
    void readProject();
    void diagnose();

    std::unique_ptr<Ui::SettingsTab> m_ui;
    models::ConnectionSettingModel m_settings;
    int m_framework = 0; ///< what the person chose last; a project's own comes before it
    Path m_chosenFor;    ///< the file whose profile and framework were looked up
    ProjectPage *m_project = nullptr;
    std::vector<inspect::Configuration> m_configurations; ///< of the project around the file
};

}
