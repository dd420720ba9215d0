// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/space.h"

#include <QAbstractItemModel>

namespace lk::models {

/// What takes up the room in a database: tables with their indexes, free pages, what is unused within pages, and what
/// is left. Two levels; the largest first. The sizes of the first level add up to the whole file.
/// Columns: what, size, share of the whole, rows.
class SpaceModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum ColumnNumber
    {
        NameColumn,
        SizeColumn,
        ShareColumn,
        RowsColumn,
        ColumnNumbers,
    };
    enum Role
    {
        BytesRole = Qt::UserRole + 1, ///< quint64: what it counts with
        KindRole,                     ///< int, a Kind
    };
    enum class Kind
    {
        Table, ///< with all that belongs to it
        Rows,  ///< a table's own pages, beside those of its indexes
        Index,
        Behind, ///< a table behind a full-text or R*Tree index
        Free,
        Unused,
        Other,
    };

    explicit SpaceModel(QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setSpace(const inspect::Space &space);
    void clear();
    /// In sentences: pages, content, what is unused.
    QString explanation(const QModelIndex &index) const;

private:
    struct Node
    {
        Kind kind = Kind::Table;
        std::string name;        ///< bytes; of tables and indexes
        std::uint64_t bytes = 0; ///< without what is unused within its pages
        std::uint64_t pages = 0;
        std::uint64_t payload = 0; ///< in bytes
        std::uint64_t unused = 0;  ///< in bytes
        std::optional<std::uint64_t> rows;
        std::vector<Node> children;
    };
    static Node nodeOf(const inspect::SpaceItem &item);
    static Node together(std::vector<Node> nodes, const std::string &table);
    void addRest(const inspect::Space &space);
    const Node &node(const QModelIndex &index) const;
    QString name(const Node &node) const;
    QString share(const Node &node) const;

    std::vector<Node> m_nodes;
    std::uint64_t m_total = 0;    ///< in bytes
    std::uint32_t m_pageSize = 0; ///< in bytes
};

}
