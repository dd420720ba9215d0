// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/doctormodel.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace lk::window {

/// How the project around a database sets up its connections, and a patch to copy. Nothing of it is written or run.
class ProjectPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ProjectPage(QWidget *parent = nullptr);

    /// While its files are read.
    void setReading();
    void setDiagnoses(std::vector<advice::Diagnosis> diagnoses);
    void clear();

private:
    void setUpTable();
    void showRow();

    models::DoctorModel m_model;
    QLabel *m_programs;
    QTableView *m_table;
    QLabel *m_explanation;
    QPlainTextEdit *m_patch;
    QPushButton *m_copy;
};

}
