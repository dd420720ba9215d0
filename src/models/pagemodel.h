// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/pages.h"

#include <QAbstractTableModel>

namespace lk::models {

/// Pages of a database by number. Columns: number, kind, rows or keys, bytes free in it, the page it leads to.
class PageModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NumberColumn,
        KindColumn,
        CellsColumn,
        GapColumn,
        LinkColumn,
        ColumnNumbers,
    };

    explicit PageModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setPages(std::vector<inspect::PageFacts> pages);

private:
    std::vector<inspect::PageFacts> m_pages;
};

/// "table, leaf".
QString pageKindText(inspect::PageKind kind);

}
