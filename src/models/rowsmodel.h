// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/rows.h"

#include <QAbstractTableModel>

namespace lk::models {

/// A page of a table's rows. NULL is told from an empty text by its style and by its tool tip; a BLOB is its size and
/// its first bytes.
class RowsModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit RowsModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setPage(inspect::RowsPage page);
    void clear() { setPage({}); }
    const inspect::RowsPage &page() const { return m_page; }
    /// The whole value as far as it was read, in as many lines as it has.
    QString value(const QModelIndex &index) const;

private:
    const inspect::Cell *cell(const QModelIndex &index) const;

    inspect::RowsPage m_page;
};

}
