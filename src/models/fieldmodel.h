// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>

#include <vector>

namespace lk::models {

/// Something that is known of a database: what it is, what it means, and as it is stored, where that says more.
struct Field
{
    QString name;
    QString meaning;
    QString stored;
    QString explanation; ///< sentences
};

struct FieldGroup
{
    QString title;
    std::vector<Field> fields;
};

/// Fields in groups: a tree of two levels. Columns: what it is, what it means, as stored.
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

    /// Keeps the indexes where only values have changed.
    void setGroups(std::vector<FieldGroup> groups);
    /// The field's whole value and what it is for, in sentences; empty for a group.
    QString explanation(const QModelIndex &index) const;

private:
    const Field *field(const QModelIndex &index) const;

    std::vector<FieldGroup> m_groups;
};

}
