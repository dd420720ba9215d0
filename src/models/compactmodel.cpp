// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compactmodel.h"

#include "base/text.h"

namespace lk::models {

using operations::CompactOutcome;

static QString size(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}

static QString saved(const CompactOutcome &outcome)
{
    if (outcome.after.bytes == outcome.before.bytes)
        return CompactModel::tr("nothing");
    return outcome.after.bytes < outcome.before.bytes
               ? size(outcome.before.bytes - outcome.after.bytes)
               : CompactModel::tr("%1 more").arg(size(outcome.after.bytes - outcome.before.bytes));
}

QString compactSentence(const CompactOutcome &outcome)
{
    if (outcome.after.bytes >= outcome.before.bytes)
        return CompactModel::tr("Compacting would give nothing back: it would be %1.").arg(size(outcome.after.bytes));
    return CompactModel::tr("Compacting would give back %1: it would be %2 instead of %3.")
        .arg(size(outcome.before.bytes - outcome.after.bytes), size(outcome.after.bytes), size(outcome.before.bytes));
}

CompactModel::CompactModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int CompactModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_outcomes.size());
}

int CompactModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QVariant CompactModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole && index.column() != PageSizeColumn)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignTrailing) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const CompactOutcome &outcome = m_outcomes[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case PageSizeColumn:
        return outcome.after.pageSize == m_pageSize ? tr("%1 (as it is)").arg(size(outcome.after.pageSize))
                                                    : size(outcome.after.pageSize);
    case AfterColumn:
        return size(outcome.after.bytes);
    default:
        return saved(outcome);
    }
}

QVariant CompactModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PageSizeColumn:
        return tr("Page size");
    case AfterColumn:
        return tr("Size after");
    case SavedColumn:
        return tr("Gives back");
    default:
        return {};
    }
}

void CompactModel::setOutcomes(std::vector<CompactOutcome> outcomes, std::uint32_t pageSize)
{
    beginResetModel();
    m_outcomes = std::move(outcomes);
    m_pageSize = pageSize;
    endResetModel();
}

}
