// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/spacemodel.h"

#include "base/text.h"
#include "models/display.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace lk::models {

static constexpr quintptr TopLevel = 0; // a child's internal id is its parent's row + 1

static QString count(std::uint64_t number)
{
    return QString::fromStdString(text::count(number));
}
static QString size(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}

SpaceModel::SpaceModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

SpaceModel::Node SpaceModel::nodeOf(const inspect::SpaceItem &item)
{
    const bool own = item.name == item.table;
    return {.kind = item.index ? Kind::Index
                    : own      ? Kind::Rows
                               : Kind::Behind,
            .name = item.name,
            .bytes = item.bytes - std::min(item.unused, item.bytes),
            .pages = item.pages,
            .payload = item.payload,
            .unused = item.unused,
            .rows = item.rows,
            .children = {}};
}

/// One line for a table and all that belongs to it; nothing below it where it is the table alone.
SpaceModel::Node SpaceModel::together(std::vector<Node> nodes, const std::string &table)
{
    std::ranges::sort(nodes, std::ranges::greater{}, &Node::bytes);
    const auto sum = [&](auto member) {
        return std::accumulate(nodes.begin(), nodes.end(), std::uint64_t(0),
                               [&](std::uint64_t so, const Node &node) { return so + node.*member; });
    };
    Node whole{.kind = Kind::Table,
               .name = table,
               .bytes = sum(&Node::bytes),
               .pages = sum(&Node::pages),
               .payload = sum(&Node::payload),
               .unused = sum(&Node::unused),
               .rows = {},
               .children = {}};
    const auto own = std::ranges::find(nodes, Kind::Rows, &Node::kind);
    if (own != nodes.end())
        whole.rows = own->rows;
    if (nodes.size() > 1 || own == nodes.end())
        whole.children = std::move(nodes);
    return whole;
}

/// Free pages, what is unused within pages, and pages that belong to nothing (pointer maps, the lock's page, and those
/// that damage kept from being measured).
void SpaceModel::addRest(const inspect::Space &space)
{
    const auto add = [this](Kind kind, std::uint64_t bytes, std::uint64_t pages) {
        if (bytes > 0)
            m_nodes.push_back({.kind = kind, .name = {}, .bytes = bytes, .pages = pages, .rows = {}, .children = {}});
    };
    std::uint64_t unused = 0;
    std::uint64_t pages = space.freelistPages;
    for (const Node &node : m_nodes) {
        unused += node.unused;
        pages += node.pages;
    }
    const std::uint64_t others = space.pageCount - std::min(pages, space.pageCount);
    add(Kind::Free, space.freelistPages * space.pageSize, space.freelistPages);
    add(Kind::Unused, unused, 0);
    add(Kind::Other, others * space.pageSize, others);
}

void SpaceModel::setSpace(const inspect::Space &space)
{
    std::map<std::string, std::vector<Node>> tables;
    for (const inspect::SpaceItem &item : space.items)
        tables[item.table].push_back(nodeOf(item));
    beginResetModel();
    m_nodes.clear();
    for (auto &[table, nodes] : tables)
        m_nodes.push_back(together(std::move(nodes), table));
    addRest(space);
    std::ranges::stable_sort(m_nodes, std::ranges::greater{}, &Node::bytes);
    m_total = space.pageCount * space.pageSize;
    m_pageSize = space.pageSize;
    endResetModel();
}

void SpaceModel::clear()
{
    beginResetModel();
    m_nodes.clear();
    endResetModel();
}

QModelIndex SpaceModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : TopLevel);
}

QModelIndex SpaceModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == TopLevel)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, TopLevel);
}

int SpaceModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_nodes.size());
    if (parent.internalId() != TopLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(node(parent).children.size());
}

int SpaceModel::columnCount(const QModelIndex &) const
{
    return ColumnNumbers;
}

const SpaceModel::Node &SpaceModel::node(const QModelIndex &index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    return index.internalId() == TopLevel ? m_nodes[row] : m_nodes[index.internalId() - 1].children[row];
}

QString SpaceModel::name(const Node &node) const
{
    switch (node.kind) {
    case Kind::Rows:
        return tr("rows of %1").arg(display(node.name));
    case Kind::Index:
        return tr("index %1").arg(display(node.name));
    case Kind::Free:
        return tr("Free pages");
    case Kind::Unused:
        return tr("Unused within pages");
    case Kind::Other:
        return tr("Other pages");
    case Kind::Table:
    case Kind::Behind:
        break;
    }
    return display(node.name);
}

QString SpaceModel::share(const Node &node) const
{
    if (m_total == 0)
        return {};
    const double percent = 100.0 * static_cast<double>(node.bytes) / static_cast<double>(m_total);
    return percent < 0.1 ? tr("< 0.1 %") : tr("%1 %").arg(percent, 0, 'f', 1);
}

QVariant SpaceModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &of = node(index);
    switch (role) {
    case BytesRole:
        return QVariant::fromValue<quint64>(of.bytes);
    case KindRole:
        return static_cast<int>(of.kind);
    case Qt::ToolTipRole:
        return plainToolTip(explanation(index));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(index.column() == NameColumn ? Qt::AlignLeading : Qt::AlignTrailing) |
                                   Qt::AlignVCenter);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case NameColumn:
        return name(of);
    case SizeColumn:
        return size(of.bytes);
    case ShareColumn:
        return share(of);
    default:
        return of.rows ? count(*of.rows) : QStringLiteral("–");
    }
}

QVariant SpaceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(section == NameColumn ? Qt::AlignLeading : Qt::AlignTrailing) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("What");
    case SizeColumn:
        return tr("Size");
    case ShareColumn:
        return tr("Share");
    case RowsColumn:
        return tr("Rows");
    default:
        return {};
    }
}

QString SpaceModel::explanation(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const Node &of = node(index);
    const QString first = tr("%1: %2, %3 of the file.").arg(name(of), size(of.bytes), share(of));
    switch (of.kind) {
    case Kind::Free:
        return first + QLatin1Char(' ') +
               tr("%1 pages hold nothing and will be used again; compacting gives them back.").arg(count(of.pages));
    case Kind::Unused:
        return first + QLatin1Char(' ') + tr("Room for growth within the pages of tables and indexes.");
    case Kind::Other:
        return first + QLatin1Char(' ') +
               tr("%1 pages that no table or index has: SQLite's own, or not measured.").arg(count(of.pages));
    default:
        break;
    }
    return first + QLatin1Char(' ') +
           tr("%1 pages of %2, %3 content, %4 unused within them.")
               .arg(count(of.pages), size(m_pageSize), size(of.payload), size(of.unused));
}

}
