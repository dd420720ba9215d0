// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/historymodel.h"

#include "base/text.h"
#include "models/display.h"
#include "words/describe.h"
#include "words/history.h"

#include <algorithm>

namespace lk::models {

HistoryModel::HistoryModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int HistoryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

static const char *iconOf(const catalog::Entry &entry)
{
    const operations::FieldValue *verdict = entry.field("verdict");
    if (verdict && *verdict == operations::FieldValue(std::string("damaged")))
        return "damaged";
    switch (entry.status) {
    case operations::Status::Done:
        return "done";
    case operations::Status::Unchanged:
    case operations::Status::Skipped:
        return "info";
    case operations::Status::Failed:
        break;
    }
    return entry.error == errorCodeName(ErrorCode::Cancelled) ? "stop" : "warning";
}

static QString outcome(const catalog::Entry &entry)
{
    const QString said = QString::fromStdString(entry.said);
    return entry.undoneBy == 0 ? said : HistoryModel::tr("Taken back. %1").arg(said);
}

static QString text(const catalog::Entry &entry, int column)
{
    switch (column) {
    case HistoryModel::WhenColumn:
        return localTime(entry.endedNs);
    case HistoryModel::WhatColumn:
        return words::title(entry);
    case HistoryModel::FileColumn:
        return words::displayName(entry.path);
    default:
        return outcome(entry);
    }
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const catalog::Entry &entry = m_entries[static_cast<std::size_t>(index.row())];
    if (role == IconNameRole && index.column() == WhatColumn)
        return QString::fromLatin1(iconOf(entry));
    if (role == Qt::DisplayRole)
        return text(entry, index.column());
    if (role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case WhenColumn:
        return QString::fromStdString(text::isoTime(entry.endedNs));
    case FileColumn:
        return plainToolTip(words::display(entry.path));
    default:
        return plainToolTip(text(entry, index.column()));
    }
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case WhenColumn:
        return tr("When");
    case WhatColumn:
        return tr("What");
    case FileColumn:
        return tr("File");
    case OutcomeColumn:
        return tr("What came of it");
    default:
        return {};
    }
}

void HistoryModel::setEntries(std::vector<catalog::Entry> entries)
{
    // The usual case: the same ones, and new ones before them.
    const std::int64_t newest = m_entries.empty() ? 0 : m_entries.front().id;
    const auto old = std::ranges::find(entries, newest, &catalog::Entry::id);
    const auto added = static_cast<int>(old - entries.begin());
    const auto same = [](const catalog::Entry &a, const catalog::Entry &b) { return a.id == b.id; };
    if (m_entries.empty() || !std::equal(old, entries.end(), m_entries.begin(), m_entries.end(), same)) {
        beginResetModel();
        m_entries = std::move(entries);
        endResetModel();
        return;
    }
    if (added > 0)
        beginInsertRows({}, 0, added - 1);
    m_entries = std::move(entries);
    if (added > 0)
        endInsertRows();
    // One may have been taken back meanwhile.
    if (added < rowCount())
        Q_EMIT dataChanged(index(added, 0), index(rowCount() - 1, ColumnNumbers - 1));
}

}
