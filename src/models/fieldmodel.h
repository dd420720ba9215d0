// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"

#include <QAbstractItemModel>

namespace lk::models {

/// What is known of one database, as a tree of two levels: what the file itself stores, what lies beside it, and what
/// no file can tell because it belongs to each program's connection. Columns: what it is, what it means, as stored.
class FieldModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        MeaningColumn,
        StoredColumn,
        ColumnNumbers,
    };

    explicit FieldModel(QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setFacts(const inspect::DatabaseFacts &facts);
    void clear();
    /// The field's whole value and what it is for, in sentences; empty for a group.
    QString explanation(const QModelIndex &index) const;

    struct Field
    {
        QString name;
        QString meaning;
        QString stored;
        QString explanation;
    };

private:
    struct Group
    {
        QString title;
        std::vector<Field> fields;
    };
    const Field *field(const QModelIndex &index) const;

    std::vector<Group> m_groups;
};

}
