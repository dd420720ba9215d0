// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fieldmodel.h"

#include "models/display.h"

#include <QFont>

#include <algorithm>

namespace lk::models {

static constexpr quintptr GroupLevel = 0; // a field's internal id is its group's row + 1

FieldModel::FieldModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

static bool sameNames(const FieldGroup &a, const FieldGroup &b)
{
    return a.title == b.title && std::ranges::equal(a.fields, b.fields, {}, &Field::name, &Field::name);
}

void FieldModel::setGroups(std::vector<FieldGroup> groups)
{
    std::erase_if(groups, [](const FieldGroup &group) { return group.fields.empty(); });
    if (!groups.empty() && std::ranges::equal(groups, m_groups, sameNames)) {
        m_groups = std::move(groups);
        for (int group = 0; group < rowCount(); ++group) {
            const QModelIndex parent = index(group, NameColumn);
            Q_EMIT dataChanged(index(0, NameColumn, parent), index(rowCount(parent) - 1, StoredColumn, parent));
        }
        return;
    }
    beginResetModel();
    m_groups = std::move(groups);
    endResetModel();
}

QModelIndex FieldModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : GroupLevel);
}

QModelIndex FieldModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == GroupLevel)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, GroupLevel);
}

int FieldModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != GroupLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].fields.size());
}

int FieldModel::columnCount(const QModelIndex &) const
{
    return ColumnNumbers;
}

const Field *FieldModel::field(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == GroupLevel)
        return nullptr;
    return &m_groups[index.internalId() - 1].fields[static_cast<std::size_t>(index.row())];
}

QVariant FieldModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Field *of = field(index);
    if (!of) {
        const bool title = role == Qt::DisplayRole && index.column() == NameColumn;
        if (role == Qt::FontRole) {
            QFont bold;
            bold.setBold(true);
            return bold;
        }
        return title ? m_groups[static_cast<std::size_t>(index.row())].title : QVariant();
    }
    if (role == Qt::ToolTipRole)
        return plainToolTip(explanation(index));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case NameColumn:
        return of->name;
    case MeaningColumn:
        return of->meaning;
    default:
        return of->stored;
    }
}

QVariant FieldModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Field");
    case MeaningColumn:
        return tr("Meaning");
    case StoredColumn:
        return tr("As stored");
    default:
        return {};
    }
}

QString FieldModel::explanation(const QModelIndex &index) const
{
    const Field *of = field(index);
    if (!of)
        return {};
    return QStringLiteral("%1: %2. %3").arg(of->name, of->meaning, of->explanation);
}

}
