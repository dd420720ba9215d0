// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/schema.h"

#include <QAbstractItemModel>

namespace lk::models {

/// What is in a schema: tables and views, with their indexes, triggers and, behind a virtual table, the tables that
/// hold its data. Columns: name, kind.
class SchemaModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        KindColumn,
        ColumnNumbers,
    };

    explicit SchemaModel(QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setSchema(inspect::Schema schema);
    void clear() { setSchema({}); }
    /// Null for an index that is none.
    const inspect::SchemaObject *object(const QModelIndex &index) const;

private:
    struct Node
    {
        std::size_t object = 0; ///< into the schema
        int parent = -1;        ///< into m_nodes
        int row = 0;
        std::vector<int> children;
    };
    void arrange();
    int add(std::size_t object, int parent);
    const Node &node(const QModelIndex &index) const { return m_nodes[index.internalId()]; }

    inspect::Schema m_schema;
    std::vector<Node> m_nodes; ///< index by internal id
    std::vector<int> m_top;
};

/// "table, STRICT, WITHOUT ROWID", "virtual table (fts5)", "index, made by SQLite itself".
QString schemaKind(const inspect::SchemaObject &object);

/// What may be many lines, made safe: control characters but for line breaks and tabs are escaped.
QString displayLines(std::string_view bytes);

}
