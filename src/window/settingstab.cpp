// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/settingstab.h"

#include "ui_settingstab.h"

#include "models/fields.h"
#include "window/projectpage.h"
#include "window/roomydelegate.h"
#include "window/theme.h"
#include "words/settings.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>

namespace lk::window {

using models::ConnectionSettingModel;

SettingsTab::SettingsTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::SettingsTab>())
{
    m_ui->setupUi(this);
    setUpSettings();
    setUpChoices();
    m_project = new ProjectPage(this);
    m_ui->groups->addTab(m_project, tr("In this project"));
    for (QPushButton *button : {m_ui->copyLineButton, m_ui->copyAllButton})
        button->setIcon(theme::icon("copy"));
    connect(m_ui->copyLineButton, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_settings.code(m_ui->settings->currentIndex().row())); });
    connect(m_ui->copyAllButton, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_ui->code->toPlainText()); });
    clear();
}

SettingsTab::~SettingsTab() = default;

void SettingsTab::setUpSettings()
{
    m_ui->settings->setModel(&m_settings);
    m_ui->settings->setItemDelegate(new RoomyDelegate(m_ui->settings));
    m_ui->settings->header()->resizeSection(ConnectionSettingModel::NameColumn, fontMetrics().averageCharWidth() * 24);
    m_ui->explanation->setMinimumHeight(fontMetrics().lineSpacing() * 6);
    m_ui->code->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    connect(m_ui->settings->selectionModel(), &QItemSelectionModel::currentChanged, this, &SettingsTab::showSetting);
}

void SettingsTab::setUpChoices()
{
    m_ui->useLabel->setBuddy(m_ui->use);
    for (int profile = 0; profile < advice::Profiles; ++profile)
        m_ui->use->addItem(models::profileTitle(static_cast<advice::Profile>(profile)));
    connect(m_ui->use, &QComboBox::currentIndexChanged, this, &SettingsTab::setUse);
    connect(m_ui->use, &QComboBox::activated, this, [this] {
        if (hasFacts())
            diagnose();
    });
    m_ui->frameworkLabel->setBuddy(m_ui->framework);
    m_ui->framework->addItem(tr("any program, as SQL"));
    for (const advice::Framework &framework : advice::frameworks())
        m_ui->framework->addItem(words::title(framework), QLatin1String(framework.id));
    connect(m_ui->framework, &QComboBox::activated, this, [this](int index) { m_framework = index; });
    connect(m_ui->framework, &QComboBox::currentIndexChanged, this, &SettingsTab::setUse);
}

void SettingsTab::clear()
{
    m_ui->stored->setGroups({});
    m_ui->noHeader->hide();
    m_ui->settings->setCurrentIndex(m_settings.index(0, 0));
    m_project->clear();
    m_configurations.clear();
    setUse();
}

void SettingsTab::showFacts()
{
    m_ui->noHeader->setVisible(!facts().header());
    m_ui->stored->setVisible(facts().header());
    m_ui->stored->setGroups({{tr("Stored in the file"), models::storedFields(facts())}});
    if (facts().path != m_chosenFor)
        choose();
    setUse();
    readProject();
}

/// Its files may have changed since, so they are read each time.
void SettingsTab::readProject()
{
    using Configurations = std::vector<inspect::Configuration>;
    m_project->setReading();
    ask<Configurations>(
        [path = facts().path](const std::stop_token &, Progress &) { return inspect::configurationsOf(path); },
        [this](Configurations configurations) {
            m_configurations = std::move(configurations);
            diagnose();
        });
}

void SettingsTab::diagnose()
{
    const auto profile = static_cast<advice::Profile>(std::max(0, m_ui->use->currentIndex()));
    m_project->setDiagnoses(advice::diagnose(facts(), m_configurations, profile));
}

/// What the file and the project around it suggest; once, so that what the person chooses then stays.
void SettingsTab::choose()
{
    m_chosenFor = facts().path;
    if (facts().application)
        m_ui->use->setCurrentIndex(static_cast<int>(advice::profileFor(facts().application->application->kind)));
    const advice::Framework *own = facts().project ? advice::frameworkFor(*facts().project) : nullptr;
    m_ui->framework->setCurrentIndex(own ? m_ui->framework->findData(QLatin1String(own->id)) : m_framework);
}

void SettingsTab::showConnections()
{
    m_ui->groups->setCurrentWidget(m_ui->connectionPage);
}

void SettingsTab::setUse()
{
    const auto profile = static_cast<advice::Profile>(std::max(0, m_ui->use->currentIndex()));
    const advice::Framework *framework = advice::findFramework(m_ui->framework->currentData().toString().toStdString());
    if (framework && hasFacts()) {
        const advice::SnippetWish wish = advice::wishFor(*framework, profile, facts());
        m_settings.setUse(profile, wish.wal); // the code sees to WAL itself
        showCode(advice::snippet(wish), *framework);
    } else {
        const sqlite::Header *header = hasFacts() ? facts().header() : nullptr;
        m_settings.setUse(profile, header && header->isWal());
        m_ui->code->setPlainText(m_settings.code());
        setRefusal({});
    }
    showSetting();
}

void SettingsTab::showCode(const std::expected<std::string, advice::Inexpressible> &code,
                           const advice::Framework &framework)
{
    m_ui->code->setPlainText(QString::fromStdString(code.value_or(std::string())));
    setRefusal(code ? QString() : words::describe(code.error(), framework, facts().path));
}

/// Instead of code; nothing where there is some.
void SettingsTab::setRefusal(const QString &sentence)
{
    m_ui->refusal->setText(sentence);
    m_ui->refusal->setVisible(!sentence.isEmpty());
    m_ui->code->setVisible(sentence.isEmpty());
    m_ui->copyAllButton->setEnabled(sentence.isEmpty());
}

void SettingsTab::showSetting()
{
    const int row = m_ui->settings->currentIndex().row();
    if (row < 0)
        return;
    m_ui->explanation->setText(m_settings.explanation(row));
    m_ui->copyLineButton->setEnabled(!m_settings.code(row).isEmpty());
}

}
