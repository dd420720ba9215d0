// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/doctor.h"

#include <QAbstractTableModel>

namespace lk::models {

/// How the programs of a project set up their connections. Columns: setting, what is in force, where that is said, what
/// would be better.
class DoctorModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        SettingColumn,
        InForceColumn,
        WhereColumn,
        RecommendedColumn,
        ProgramColumn,
        ColumnNumbers,
    };
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons: how weighty what is wrong is
    };

    explicit DoctorModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setDiagnoses(std::vector<advice::Diagnosis> diagnoses);
    const std::vector<advice::Diagnosis> &diagnoses() const { return m_diagnoses; }
    /// Why that would be better, and what is wrong with what is there; may be empty.
    QString explanation(int row) const;
    /// The programs, a line each, with what else is to be said of them; that there is none.
    QString programs() const;
    /// What a person may apply; empty if there is nothing to do.
    QString patch() const;
    /// The first row with something wrong; the first one if there is none.
    int worthwhileRow() const;

private:
    struct Line
    {
        std::size_t diagnosis;
        std::size_t row;
    };
    const advice::Diagnosis &diagnosis(int row) const;
    const advice::DoctorRow &row(int row) const;
    const advice::Finding *finding(int row) const;

    std::vector<advice::Diagnosis> m_diagnoses;
    std::vector<Line> m_lines;
};

}
