// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/status.h"

#include <QAbstractTableModel>

namespace lk::models {

/// How far a replica was behind, moment by moment, the oldest first. Columns: when, seconds, bytes. Qt::EditRole has
/// the numbers; nothing where it was not known.
class LagModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        TimeColumn, ///< EditRole: ms since 1970
        SecondsColumn,
        BytesColumn,
        ColumnNumbers,
    };
    struct Point
    {
        litestream::Instant at{};
        std::optional<std::chrono::milliseconds> lag{};
        std::optional<std::uint64_t> bytes{};
    };

    explicit LagModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setPoints(std::vector<Point> points);

private:
    std::vector<Point> m_points;
};

}
