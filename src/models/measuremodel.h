// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "measure/measurement.h"

#include <QAbstractTableModel>

namespace lk::models {

/// What was measured, a row for each set-up: the ratio to the first, then the figures. Qt::EditRole is the bare number.
class MeasureModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        CommitRatioColumn,
        ErrorsColumn,
        CommitsColumn, ///< per second
        MedianColumn,  ///< this to BusyColumn: of transactions, or of reading where nobody writes
        P99Column,
        LongestColumn,
        BusyColumn,
        FairnessColumn, ///< of the slowest and the fastest process
        ReadRatioColumn,
        ReadsColumn, ///< queries per second
        SpreadColumn,
        ColumnNumbers,
    };

    explicit MeasureModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Nothing of \a cells is measured yet.
    void begin(std::vector<measure::Cell> cells);
    void setResult(const measure::CellResult &result);

    const std::vector<measure::Cell> &cells() const { return m_cells; }
    const measure::CellResult &result(int row) const { return m_results[static_cast<std::size_t>(row)]; }
    /// Whether each was measured at least once.
    bool isMeasured() const;
    /// The last against the first, in one sentence; empty before each was measured.
    QString verdict() const;

private:
    /// What the waits are about.
    const measure::Side &waiting(int row) const;

    std::vector<measure::Cell> m_cells;
    std::vector<measure::CellResult> m_results; ///< of each cell; no rounds: not measured yet
};

}
