// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/overdue.h"

#include <QAbstractTableModel>

namespace lk::models {

/// What is done again and again. Columns: what, which files, how often, when next, when it last went well.
class ScheduleModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        WhatColumn,
        FilesColumn,
        EveryColumn,
        NextColumn,
        LastColumn,
        ColumnNumbers,
    };
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons
    };
    struct Line
    {
        catalog::Scheduler::Installed installed;
        catalog::ScheduleRuns runs;
    };

    explicit ScheduleModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setLines(std::vector<Line> lines);
    const catalog::Schedule &schedule(int row) const
    {
        return m_lines[static_cast<std::size_t>(row)].installed.schedule;
    }
    /// "every day" and the like.
    static QString everyText(catalog::Every every);

private:
    std::vector<Line> m_lines;
};

}
