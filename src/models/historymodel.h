// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/history.h"

#include <QAbstractTableModel>

namespace lk::models {

/// What Litekeeper did, newest first. Columns: when, what, which file, what came of it.
class HistoryModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        WhenColumn,
        WhatColumn,
        FileColumn,
        OutcomeColumn,
        ColumnNumbers,
    };
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons
    };

    explicit HistoryModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Newest first. Entries that were there keep their indexes.
    void setEntries(std::vector<catalog::Entry> entries);
    const catalog::Entry &entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }

private:
    std::vector<catalog::Entry> m_entries;
};

}
