// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lagmodel.h"

#include "base/text.h"

#include <QDateTime>
#include <QLocale>

namespace lk::models {

LagModel::LagModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int LagModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_points.size());
}

int LagModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

static QVariant number(const LagModel::Point &point, int column)
{
    if (column == LagModel::TimeColumn)
        return static_cast<qlonglong>(point.at.time_since_epoch().count());
    if (column == LagModel::SecondsColumn)
        return point.lag ? QVariant(std::chrono::duration<double>(*point.lag).count()) : QVariant();
    return point.bytes ? QVariant(static_cast<qulonglong>(*point.bytes)) : QVariant();
}

static QString text(const LagModel::Point &point, int column)
{
    const QVariant value = number(point, column);
    if (!value.isValid())
        return QStringLiteral("–");
    if (column == LagModel::TimeColumn)
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(value.toLongLong()).time(), QLocale::LongFormat);
    if (column == LagModel::SecondsColumn)
        return QLocale().toString(value.toDouble(), 'f', 1);
    return QString::fromStdString(text::bytes(value.toULongLong()));
}

QVariant LagModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::EditRole))
        return {};
    const Point &point = m_points[static_cast<std::size_t>(index.row())];
    return role == Qt::EditRole ? number(point, index.column()) : text(point, index.column());
}

QVariant LagModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("When");
    case SecondsColumn:
        return tr("Seconds behind");
    case BytesColumn:
        return tr("Bytes behind");
    default:
        return {};
    }
}

void LagModel::setPoints(std::vector<Point> points)
{
    beginResetModel();
    m_points = std::move(points);
    endResetModel();
}

}
