// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/measuremodel.h"
#include "window/operationactions.h"
#include "window/questions.h"

#include <QDialog>

class QComboBox;

namespace Ui {
class MeasureDialog;
}

namespace lk::window {

class MeasureChart;

/// What other settings would give on a disk: two set-ups are measured in turn by processes of their own on a scratch
/// copy; figures show as they come, and the difference in one sentence. Nothing is written to the person's file.
class MeasureDialog final : public QDialog
{
    Q_OBJECT

public:
    /// \a place: a database or a folder. \a unlocked: protected folders that may be written to all the same.
    /// \a questions must outlive this.
    MeasureDialog(Questions &questions, std::vector<Path> unlocked, const Path &place, QWidget *parent = nullptr);
    ~MeasureDialog() override;

    /// Instead of looking for litekeeper-cli beside this program.
    void setProgram(const Path &program) { m_program = program; }
    /// Then it is measured only if the person says so.
    void setOnBattery(bool onBattery);

Q_SIGNALS:
    /// The file is to have the journal mode of the second set-up.
    void operationRequested(const lk::window::OperationRequest &request,
                            const std::vector<lk::operations::Target> &targets);
    /// The code for the rest of it.
    void settingsRequested();

private:
    void setUpChoices();
    void setUpResults();
    void setPlace(const Path &place);
    void pickFolder();
    measure::Configuration own() const;
    std::vector<measure::Cell> cells() const;
    measure::Plan plan() const;
    void start();
    void stop();
    void showSurroundings(const measure::Surroundings &around);
    void take(const Result<measure::Outcome> &outcome);
    void showState();
    bool canApply() const;
    void apply();
    void exportTo();
    QByteArray exported(const QString &suffix) const;

    Questions &m_questions;
    const std::vector<Path> m_unlocked;
    Path m_place;
    bool m_isProtected = false; ///< no folder is made there, not even a scratch folder
    bool m_placeIsFile = false;
    Path m_program;
    std::unique_ptr<Ui::MeasureDialog> m_ui;
    models::MeasureModel m_model;
    MeasureChart *m_chart = nullptr;
    jobs::JobId m_running = 0;
    int m_run = 0; ///< what a run that was stopped still tells is not the next one's
};

}
