// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/sidecar.h"

#include <QAbstractTableModel>

namespace lk::models {

/// The backups of one database, the newest first.
class BackupModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        MadeColumn,
        SizeColumn,
        FormatColumn,
        StateColumn,
        FolderColumn,
        ColumnNumbers,
    };

    /// A backup, and whether its file is there as it was made.
    struct Entry
    {
        operations::BackupInfo info;
        bool there = true;
    };

    explicit BackupModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setBackups(std::vector<Entry> backups);
    const Entry &backup(int row) const { return m_backups[static_cast<std::size_t>(row)]; }

private:
    std::vector<Entry> m_backups;
};

}
