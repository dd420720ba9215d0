// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

#include <QAbstractTableModel>

#include <optional>

namespace lk::models {

/// The review page before an operation: every file, and what would happen to it. Columns: file, folder, what happens.
class PreviewModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        ActionColumn,
        FolderColumn,
        ColumnNumbers,
    };
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons
    };
    struct Counts
    {
        int doable = 0;
        int unchanged = 0;
        int leftAlone = 0;
        int unknown = 0; ///< not looked at yet
    };

    PreviewModel(const operations::Operation &operation, std::vector<operations::Target> targets,
                 QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const std::vector<operations::Target> &targets() const { return m_targets; }
    void setReport(int row, operations::Report report);
    /// What really doing it on an overlay gave: its figures are added, its failure wins.
    void setRehearsal(int row, operations::Report report);
    bool isDoable(int row) const;
    /// Whether one is left alone for this.
    bool isRefusedFor(Reason reason) const;
    /// The arguments have changed: nothing is known any more.
    void forget();
    /// Whether answers are on their way; they aren't while an argument is missing.
    void setAsking(bool asking) { m_asking = asking; }
    /// Puts what would be done first, then what is left alone, then what is so already. Row numbers change.
    void arrange();
    Counts counts() const { return m_counts; }
    /// Those to which something would be done.
    std::vector<operations::Target> doable() const;
    /// What would happen in full, with every note.
    QString sentence(int row) const;

private:
    struct Known
    {
        operations::Report report;
        bool rehearsed = false;
    };
    static int rank(const std::optional<Known> &known);
    void set(int row, Known known);
    void count(const std::optional<Known> &known, int by);

    const operations::Operation &m_operation;
    std::vector<operations::Target> m_targets;
    std::vector<std::optional<Known>> m_known; ///< of each target
    Counts m_counts;
    bool m_asking = true;
};

}
