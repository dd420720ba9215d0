// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/points.h"

#include <QAbstractTableModel>

namespace lk::models {

/// The moments that a database can be taken back to, the newest first.
class PointModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        MomentColumn,
        ReplicaColumn,
        KindColumn,
        ColumnNumbers,
    };

    explicit PointModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setPoints(std::vector<litestream::Point> points);
    const litestream::Point &point(int row) const { return m_points[static_cast<std::size_t>(row)]; }
    /// The row of what the database was at \a moment: the newest that is not later. -1 if all are.
    int rowAt(litestream::Moment moment) const;

private:
    std::vector<litestream::Point> m_points;
};

}
