// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "models/schedulemodel.h"
#include "window/questions.h"

#include <QDialog>

#include <memory>

namespace Ui {
class SchedulesDialog;
}

namespace lk::window {

/// What is done again and again: all there is, one less, or one more for the files that are selected. systemd and cron
/// are asked on other threads.
class SchedulesDialog final : public QDialog
{
    Q_OBJECT

public:
    SchedulesDialog(std::vector<Path> files, Questions &questions, catalog::Memory &memory, QWidget *parent = nullptr);
    ~SchedulesDialog() override;

    /// Where backups go.
    void setFolder(const Path &folder);

private:
    void setUpTable();
    void setUpForm();
    void list();
    void take(const Result<std::vector<models::ScheduleModel::Line>> &lines);
    void showUnits();
    void add();
    void remove();
    void finish(const Result<void> &done);
    void showState();
    bool isComplete() const;
    std::vector<std::string> backupOptions() const;
    catalog::Schedule schedule() const;

    Questions &m_questions;
    catalog::Memory &m_memory;
    std::vector<Path> m_files;
    Path m_folder;
    std::unique_ptr<Ui::SchedulesDialog> m_ui;
    models::ScheduleModel m_schedules;
    bool m_busy = false; ///< systemd or cron is being told something
};

}
