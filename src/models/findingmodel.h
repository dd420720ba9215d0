// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"
#include "words/findings.h"

#include <QAbstractTableModel>

namespace lk::models {

/// What is to be said of one database, the weightiest first. Columns: how weighty, what.
class FindingModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        SeverityColumn,
        TitleColumn,
        ColumnNumbers,
    };
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons
    };

    explicit FindingModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setFindings(std::vector<advice::Finding> findings);
    const advice::Finding &finding(int row) const { return m_findings[static_cast<std::size_t>(row)]; }
    const words::FindingText &text(int row) const { return m_texts[static_cast<std::size_t>(row)]; }

private:
    std::vector<advice::Finding> m_findings;
    std::vector<words::FindingText> m_texts; ///< of each
};

/// A name of resources/icons.
const char *severityIcon(advice::Severity severity);

/// What is to be said of many databases: a line for each rule, below it its files. Columns: how weighty, what.
class FindingGroupModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    using Role = FindingModel::Role;

    explicit FindingGroupModel(QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setGroups(std::vector<advice::Group> groups);
    /// That \a index is, or lies in; null for none.
    const advice::Group *group(const QModelIndex &index) const;
    /// Null for a group.
    const Path *file(const QModelIndex &index) const;

private:
    std::vector<advice::Group> m_groups;
};

}
