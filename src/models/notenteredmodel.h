// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/scanner.h"

#include <QAbstractTableModel>

namespace lk::models {

/// The folders and files that a scan did not enter. Columns: path, why.
class NotEnteredModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit NotEnteredModel(std::vector<scan::NotEntered> entries, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const scan::NotEntered &entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }
    /// Whether asking for it would make a difference.
    static bool canBeScanned(const scan::NotEntered &entry);

private:
    std::vector<scan::NotEntered> m_entries;
};

}
