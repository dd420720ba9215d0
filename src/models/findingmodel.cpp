// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findingmodel.h"

#include "models/display.h"
#include "words/describe.h"

namespace lk::models {

using advice::Severity;

static constexpr quintptr TopLevel = 0; // a file's internal id is its group's row + 1

const char *severityIcon(Severity severity)
{
    switch (severity) {
    case Severity::Info:
    case Severity::Advice:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Critical:
        break;
    }
    return "damaged";
}

static QVariant columnTitle(int section, Qt::Orientation orientation, int role)
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == FindingModel::SeverityColumn ? FindingModel::tr("Weight") : FindingModel::tr("What was found");
}

FindingModel::FindingModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int FindingModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int FindingModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QVariant FindingModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const words::FindingText &what = text(index.row());
    const Severity weight = finding(index.row()).weight();
    if (role == Qt::ToolTipRole)
        return plainToolTip(what.seen);
    if (role == IconNameRole && index.column() == SeverityColumn)
        return QString::fromLatin1(severityIcon(weight));
    if (role != Qt::DisplayRole)
        return {};
    return index.column() == SeverityColumn ? words::describe(weight) : what.title;
}

QVariant FindingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return columnTitle(section, orientation, role);
}

void FindingModel::setFindings(std::vector<advice::Finding> findings)
{
    beginResetModel();
    m_findings = std::move(findings);
    m_texts.clear();
    for (const advice::Finding &one : m_findings)
        m_texts.push_back(words::describe(one));
    endResetModel();
}

FindingGroupModel::FindingGroupModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

QModelIndex FindingGroupModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : TopLevel);
}

QModelIndex FindingGroupModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == TopLevel)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, TopLevel);
}

int FindingGroupModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != TopLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].files.size());
}

int FindingGroupModel::columnCount(const QModelIndex &) const
{
    return FindingModel::ColumnNumbers;
}

const advice::Group *FindingGroupModel::group(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const auto row = index.internalId() == TopLevel ? static_cast<std::size_t>(index.row()) : index.internalId() - 1;
    return &m_groups[row];
}

const Path *FindingGroupModel::file(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == TopLevel)
        return nullptr;
    return &group(index)->files[static_cast<std::size_t>(index.row())];
}

QVariant FindingGroupModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const bool weight = index.column() == FindingModel::SeverityColumn;
    if (const Path *path = file(index)) {
        if (role == Qt::ToolTipRole)
            return plainToolTip(words::display(*path));
        return role == Qt::DisplayRole && !weight ? displayFolder(path->native()) : QVariant();
    }
    const advice::Group &of = *group(index);
    if (role == FindingModel::IconNameRole && weight)
        return QString::fromLatin1(severityIcon(of.weight));
    if (role != Qt::DisplayRole)
        return {};
    return weight ? words::describe(of.weight) : words::describe(of);
}

QVariant FindingGroupModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return columnTitle(section, orientation, role);
}

void FindingGroupModel::setGroups(std::vector<advice::Group> groups)
{
    beginResetModel();
    m_groups = std::move(groups);
    endResetModel();
}

}
