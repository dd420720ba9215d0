// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/schedulesdialog.h"

#include "ui_schedulesdialog.h"

#include "models/display.h"
#include "window/filepicker.h"
#include "window/icondelegate.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/history.h"

#include <QFontDatabase>

namespace lk::window {

using catalog::Scheduler;
using models::ScheduleModel;
using Lines = Result<std::vector<ScheduleModel::Line>>;

SchedulesDialog::SchedulesDialog(std::vector<Path> files, Questions &questions, catalog::Memory &memory,
                                 QWidget *parent)
    : QDialog(parent)
    , m_questions(questions)
    , m_memory(memory)
    , m_files(std::move(files))
    , m_ui(std::make_unique<Ui::SchedulesDialog>())
{
    m_ui->setupUi(this);
    theme::fitToScreen(*this, QSize(fontMetrics().averageCharWidth() * 110, fontMetrics().lineSpacing() * 36));
    setUpTable();
    setUpForm();
    connect(m_ui->removeButton, &QPushButton::clicked, this, &SchedulesDialog::remove);
    connect(m_ui->addButton, &QPushButton::clicked, this, &SchedulesDialog::add);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    showUnits();
    list();
}

SchedulesDialog::~SchedulesDialog() = default;

void SchedulesDialog::setUpTable()
{
    QTableView *table = m_ui->schedulesTable;
    table->setModel(&m_schedules);
    table->setItemDelegate(new IconDelegate(ScheduleModel::IconNameRole, table));
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    const int character = fontMetrics().averageCharWidth();
    table->setColumnWidth(ScheduleModel::WhatColumn, character * 14);
    table->setColumnWidth(ScheduleModel::FilesColumn, character * 28);
    table->setColumnWidth(ScheduleModel::EveryColumn, character * 26);
    table->setColumnWidth(ScheduleModel::NextColumn, character * 18);
    connect(table->selectionModel(), &QItemSelectionModel::currentChanged, this, &SchedulesDialog::showState);
    connect(&m_schedules, &QAbstractItemModel::modelReset, this, &SchedulesDialog::showState);
}

void SchedulesDialog::setUpForm()
{
    m_ui->form->setTitle(m_files.empty() ? tr("Select databases in the list to add a schedule for them")
                                         : models::counted(m_files.size(), tr("Add for the selected database"),
                                                           tr("Add for the %1 selected databases")));
    m_ui->form->setEnabled(!m_files.empty());
    for (const std::string &id : catalog::schedulable()) {
        catalog::Entry entry;
        entry.operation = id;
        m_ui->operationBox->addItem(words::title(entry), QString::fromStdString(id));
    }
    for (const std::string &name : catalog::everyNames())
        m_ui->everyBox->addItem(ScheduleModel::everyText(*catalog::everyOf(name)), QString::fromStdString(name));
    m_ui->everyBox->setCurrentIndex(1);
    m_ui->timeEdit->setTime(QTime(3, 0));
    m_ui->units->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    connect(m_ui->operationBox, &QComboBox::currentIndexChanged, this, &SchedulesDialog::showUnits);
    connect(m_ui->everyBox, &QComboBox::currentIndexChanged, this, &SchedulesDialog::showUnits);
    connect(m_ui->timeEdit, &QTimeEdit::timeChanged, this, &SchedulesDialog::showUnits);
    connect(m_ui->packBox, &QCheckBox::toggled, this, &SchedulesDialog::showUnits);
    connect(m_ui->keepSpin, &QSpinBox::valueChanged, this, &SchedulesDialog::showUnits);
    connect(m_ui->folderButton, &QPushButton::clicked, this, [this] {
        pickFolder(this, tr("Folder for the backups"), m_folder, [this](const Path &folder) { setFolder(folder); });
    });
}

void SchedulesDialog::setFolder(const Path &folder)
{
    m_folder = folder;
    m_ui->folderLabel->setText(models::displayFolder(folder.native()));
    showUnits();
}

std::vector<std::string> SchedulesDialog::backupOptions() const
{
    std::vector<std::string> options{"--to", m_folder.native()};
    if (m_ui->packBox->isChecked())
        options.emplace_back("--zstd");
    if (const int keep = m_ui->keepSpin->value(); keep > 0)
        options.insert(options.end(), {"--keep", std::to_string(keep)});
    return options;
}

catalog::Schedule SchedulesDialog::schedule() const
{
    catalog::Schedule schedule;
    schedule.operation = m_ui->operationBox->currentData().toString().toStdString();
    if (schedule.operation == "backup")
        schedule.options = backupOptions();
    schedule.files = m_files;
    schedule.every = *catalog::everyOf(m_ui->everyBox->currentData().toString().toStdString());
    schedule.hour = m_ui->timeEdit->time().hour();
    schedule.minute = m_ui->timeEdit->time().minute();
    schedule.id = catalog::idFor(schedule);
    return schedule;
}

bool SchedulesDialog::isComplete() const
{
    const bool isBackup = m_ui->operationBox->currentData().toString() == QLatin1String("backup");
    return !m_files.empty() && (!isBackup || !m_folder.empty());
}

/// What would be written is seen before it is.
void SchedulesDialog::showUnits()
{
    showState();
    m_ui->units->clear();
    if (!isComplete())
        return;
    using Shown = Result<std::string>;
    m_questions.ask<Shown>(
        {}, this,
        [schedule = schedule()](const std::stop_token &, Progress &) -> Shown {
            const Result<Scheduler> scheduler = Scheduler::here();
            return scheduler ? scheduler->shown(schedule) : std::unexpected(scheduler.error());
        },
        [this, id = schedule().id](const Shown &shown) {
            if (!isComplete() || id != schedule().id)
                return; // another one's turn meanwhile
            m_ui->units->setPlainText(shown ? QString::fromStdString(path::toUtf8(*shown))
                                            : words::describe(shown.error()));
        });
}

void SchedulesDialog::list()
{
    m_questions.ask<Lines>(
        {}, this,
        [&memory = m_memory](const std::stop_token &, Progress &) -> Lines {
            const Result<Scheduler> scheduler = Scheduler::here();
            const auto all = scheduler ? scheduler->all() : std::unexpected(scheduler.error());
            if (!all)
                return std::unexpected(all.error());
            std::vector<ScheduleModel::Line> lines;
            for (const Scheduler::Installed &one : *all) {
                const auto runs = memory.ask<catalog::ScheduleRuns>(
                    [&](catalog::Database &database) { return catalog::runsOf(database, one.schedule.id); });
                lines.push_back({.installed = one, .runs = runs.value_or(catalog::ScheduleRuns())});
            }
            return lines;
        },
        [this](const Lines &lines) { take(lines); });
}

void SchedulesDialog::take(const Lines &lines)
{
    m_busy = false;
    if (lines)
        m_schedules.setLines(*lines);
    else
        m_ui->text->setText(words::describe(lines.error()));
    showState();
}

void SchedulesDialog::add()
{
    m_busy = true;
    showState();
    m_questions.ask<Result<void>>(
        {}, this,
        [schedule = schedule()](const std::stop_token &, Progress &) -> Result<void> {
            const Result<Scheduler> scheduler = Scheduler::here();
            return scheduler ? scheduler->add(schedule) : std::unexpected(scheduler.error());
        },
        [this](const Result<void> &done) { finish(done); });
}

void SchedulesDialog::remove()
{
    m_busy = true;
    showState();
    const std::string id = m_schedules.schedule(m_ui->schedulesTable->currentIndex().row()).id;
    m_questions.ask<Result<void>>(
        {}, this,
        [id](const std::stop_token &, Progress &) -> Result<void> {
            const Result<Scheduler> scheduler = Scheduler::here();
            return scheduler ? scheduler->remove(id) : std::unexpected(scheduler.error());
        },
        [this](const Result<void> &done) { finish(done); });
}

void SchedulesDialog::finish(const Result<void> &done)
{
    m_ui->text->setText(done ? QString() : words::describe(done.error()));
    list(); // what is there now, and not what was asked for
}

void SchedulesDialog::showState()
{
    m_ui->removeButton->setEnabled(!m_busy && m_ui->schedulesTable->currentIndex().isValid());
    m_ui->addButton->setEnabled(!m_busy && isComplete());
    const bool isBackup = m_ui->operationBox->currentData().toString() == QLatin1String("backup");
    m_ui->folderButton->setVisible(isBackup);
    m_ui->folderLabel->setVisible(isBackup);
    m_ui->packBox->setVisible(isBackup);
    m_ui->keepSpin->setVisible(isBackup);
}

}
