// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/settingstab.h"

#include "ui_settingstab.h"

#include "models/fields.h"
#include "window/roomydelegate.h"
#include "window/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>

namespace lk::window {

using models::ConnectionSettingModel;
using models::Workload;

SettingsTab::SettingsTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::SettingsTab>())
{
    m_ui->setupUi(this);
    setUpSettings();
    m_ui->useLabel->setBuddy(m_ui->use);
    for (int workload = 0; workload < models::Workloads; ++workload)
        m_ui->use->addItem(models::workloadTitle(static_cast<Workload>(workload)));
    connect(m_ui->use, &QComboBox::currentIndexChanged, this, &SettingsTab::setUse);
    for (QPushButton *button : {m_ui->copyLineButton, m_ui->copyAllButton})
        button->setIcon(theme::icon("copy"));
    connect(m_ui->copyLineButton, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_settings.code(m_ui->settings->currentIndex().row())); });
    connect(m_ui->copyAllButton, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_settings.code()); });
    clear();
}

SettingsTab::~SettingsTab() = default;

void SettingsTab::setUpSettings()
{
    m_ui->settings->setModel(&m_settings);
    m_ui->settings->setItemDelegate(new RoomyDelegate(m_ui->settings));
    m_ui->settings->header()->resizeSection(ConnectionSettingModel::NameColumn, fontMetrics().averageCharWidth() * 24);
    m_ui->explanation->setMinimumHeight(fontMetrics().lineSpacing() * 5);
    m_ui->code->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    connect(m_ui->settings->selectionModel(), &QItemSelectionModel::currentChanged, this, &SettingsTab::showSetting);
}

void SettingsTab::clear()
{
    m_ui->stored->setGroups({});
    m_ui->noHeader->hide();
    m_ui->settings->setCurrentIndex(m_settings.index(0, 0));
    setUse();
}

void SettingsTab::showFacts()
{
    m_ui->noHeader->setVisible(!facts().header());
    m_ui->stored->setVisible(facts().header());
    m_ui->stored->setGroups({{tr("Stored in the file"), models::storedFields(facts())}});
    if (facts().application)
        m_ui->use->setCurrentIndex(static_cast<int>(models::workloadOf(facts().application->application->kind)));
    setUse();
}

void SettingsTab::showConnections()
{
    m_ui->groups->setCurrentWidget(m_ui->connectionPage);
}

void SettingsTab::setUse()
{
    const sqlite::Header *header = hasFacts() ? facts().header() : nullptr;
    m_settings.setUse(static_cast<Workload>(std::max(0, m_ui->use->currentIndex())), header && header->isWal());
    m_ui->code->setPlainText(m_settings.code());
    showSetting();
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
