// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pointmodel.h"

#include "base/text.h"
#include "models/display.h"

#include <QDateTime>

#include <algorithm>

namespace lk::models {

using litestream::Point;

PointModel::PointModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int PointModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_points.size());
}

int PointModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

static std::int64_t nanoseconds(litestream::Moment moment)
{
    return std::chrono::nanoseconds(moment.time_since_epoch()).count();
}

static QString kindOf(const Point &point, bool isNewest)
{
    if (point.isLast && isNewest)
        return PointModel::tr("the last change that was copied");
    if (point.isLast)
        return PointModel::tr("the last change before a pause");
    return point.isSnapshot ? PointModel::tr("a whole copy") : PointModel::tr("a change");
}

QVariant PointModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Point &one = point(index.row());
    if (role == Qt::ToolTipRole && index.column() == MomentColumn)
        return plainToolTip(QString::fromStdString(text::isoTime(nanoseconds(one.moment))));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case MomentColumn:
        return QDateTime::fromSecsSinceEpoch(one.moment.time_since_epoch().count())
            .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")); // the seconds tell them apart
    case ReplicaColumn:
        return display(one.replica);
    default:
        return kindOf(one, index.row() == 0);
    }
}

QVariant PointModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case MomentColumn:
        return tr("As it was at");
    case ReplicaColumn:
        return tr("Replica");
    case KindColumn:
        return tr("What there is");
    default:
        return {};
    }
}

void PointModel::setPoints(std::vector<Point> points)
{
    beginResetModel();
    m_points = std::move(points);
    endResetModel();
}

int PointModel::rowAt(litestream::Moment moment) const
{
    const auto found = std::ranges::find_if(
        m_points, [&](litestream::Moment then) { return then <= moment; }, &Point::moment);
    return found == m_points.end() ? -1 : static_cast<int>(found - m_points.begin());
}

}
