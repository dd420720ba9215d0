// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/rehearsal.h"

#include <QAbstractTableModel>

namespace lk::models {

/// What compacting would lead to, a row for each page size that was rehearsed.
/// Columns: page size, size after, what it gives back.
class CompactModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        PageSizeColumn,
        AfterColumn,
        SavedColumn,
        ColumnNumbers,
    };

    explicit CompactModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// In bytes, of the outcome in \a row.
    std::uint32_t pageSize(int row) const { return m_outcomes[static_cast<std::size_t>(row)].after.pageSize; }
    /// \a pageSize in bytes: the database's own.
    void setOutcomes(std::vector<operations::CompactOutcome> outcomes, std::uint32_t pageSize);

private:
    std::vector<operations::CompactOutcome> m_outcomes;
    std::uint32_t m_pageSize = 0; ///< in bytes
};

/// "Compacting would give back 1.2 MiB: 48 MiB instead of 49 MiB."
QString compactSentence(const operations::CompactOutcome &outcome);

}
