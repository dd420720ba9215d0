// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"

#include <QAbstractTableModel>

namespace lk::models {

/// Who has a database open: program, process, user, locks in words.
class HolderModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        PidColumn,
        UserColumn,
        LocksColumn,
        ColumnNumbers,
    };

    explicit HolderModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Asked for again and again: who is still there keeps the index.
    void setHolders(std::vector<inspect::Holder> holders);

private:
    std::vector<inspect::Holder> m_holders; ///< by process id
};

}
