// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/watcher.h"

#include <QAbstractTableModel>

namespace lk::models {

/// Litestream's replicas and how each follows its database. Columns: state, database, replica, lag, last change that
/// was copied, age of the snapshot, size.
class LitestreamModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        StateColumn,
        DatabaseColumn,
        ReplicaColumn,
        LagColumn,
        LastSyncColumn,
        SnapshotColumn,
        SizeColumn,
        ColumnNumbers,
    };
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons
    };
    struct Line
    {
        Path config;
        litestream::ReplicaStatus replica;

        /// Whether both are of the same replica.
        bool isSameAs(const Line &other) const;
    };

    explicit LitestreamModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Where the replicas stay the same, their rows do too, and so does what is selected.
    void setLines(std::vector<Line> lines);
    const Line &line(int row) const { return m_lines[static_cast<std::size_t>(row)]; }

private:
    std::vector<Line> m_lines;
};

}
