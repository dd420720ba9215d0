// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/schemamodel.h"

#include "models/display.h"

#include <QStringList>

#include <map>
#include <string_view>

namespace lk::models {

using inspect::ObjectType;
using inspect::SchemaObject;

static QString typeText(const SchemaObject &object)
{
    switch (object.type) {
    case ObjectType::Table:
        return object.module.empty() ? SchemaModel::tr("table")
                                     : SchemaModel::tr("virtual table (%1)").arg(display(object.module));
    case ObjectType::Index:
        return object.unique ? SchemaModel::tr("unique index") : SchemaModel::tr("index");
    case ObjectType::View:
        return SchemaModel::tr("view");
    case ObjectType::Trigger:
        return SchemaModel::tr("trigger");
    }
    return {};
}

QString schemaKind(const SchemaObject &object)
{
    QStringList parts{typeText(object)};
    if (object.strict)
        parts += QStringLiteral("STRICT");
    if (object.withoutRowid)
        parts += QStringLiteral("WITHOUT ROWID");
    if (object.partial)
        parts += SchemaModel::tr("partial");
    if (!object.shadowOf.empty())
        parts += SchemaModel::tr("holds the data of %1").arg(display(object.shadowOf));
    if (object.type == ObjectType::Index && object.sql.empty())
        parts += SchemaModel::tr("made by SQLite itself");
    return parts.join(QStringLiteral(", "));
}

QString displayLines(std::string_view bytes)
{
    QStringList lines;
    for (std::size_t at = 0; at <= bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        QStringList parts;
        for (std::size_t from = at; from <= end;) {
            const std::size_t tab = std::min(bytes.substr(0, end).find('\t', from), end);
            std::string_view part = bytes.substr(from, tab - from);
            if (tab == end && part.ends_with('\r'))
                part.remove_suffix(1);
            parts += display(part);
            from = tab + 1;
        }
        lines += parts.join(QLatin1Char('\t'));
        at = end + 1;
    }
    return lines.join(QLatin1Char('\n'));
}

SchemaModel::SchemaModel(QObject *parent)
    : QAbstractItemModel(parent)
{
}

void SchemaModel::setSchema(inspect::Schema schema)
{
    beginResetModel();
    m_schema = std::move(schema);
    m_nodes.clear();
    m_top.clear();
    arrange();
    endResetModel();
}

int SchemaModel::add(std::size_t object, int parent)
{
    const int id = static_cast<int>(m_nodes.size());
    std::vector<int> &siblings = parent < 0 ? m_top : m_nodes[static_cast<std::size_t>(parent)].children;
    const int row = static_cast<int>(siblings.size());
    siblings.push_back(id);
    m_nodes.push_back({.object = object, .parent = parent, .row = row, .children = {}});
    return id;
}

/// Tables before views, each with what belongs to it. What names a parent that isn't there stands by itself: a damaged
/// schema must be seen, too.
void SchemaModel::arrange()
{
    const std::vector<SchemaObject> &objects = m_schema.objects;
    std::map<std::string_view, int> parents;
    const auto isTop = [](const SchemaObject &object) {
        return (object.type == ObjectType::Table && object.shadowOf.empty()) || object.type == ObjectType::View;
    };
    for (const ObjectType type : {ObjectType::Table, ObjectType::View}) {
        for (std::size_t i = 0; i < objects.size(); ++i) {
            if (objects[i].type == type && isTop(objects[i]))
                parents.emplace(objects[i].name, add(i, -1));
        }
    }
    const auto parentOf = [&](std::string_view name) {
        const auto found = parents.find(name);
        return found == parents.end() ? -1 : found->second;
    };
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (objects[i].type == ObjectType::Table && !objects[i].shadowOf.empty())
            parents.emplace(objects[i].name, add(i, parentOf(objects[i].shadowOf)));
    }
    for (const ObjectType type : {ObjectType::Index, ObjectType::Trigger}) {
        for (std::size_t i = 0; i < objects.size(); ++i) {
            if (objects[i].type == type)
                add(i, parentOf(objects[i].table));
        }
    }
}

QModelIndex SchemaModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const std::vector<int> &siblings = parent.isValid() ? node(parent).children : m_top;
    return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<std::size_t>(row)]));
}

QModelIndex SchemaModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || node(child).parent < 0)
        return {};
    const int parent = node(child).parent;
    return createIndex(m_nodes[static_cast<std::size_t>(parent)].row, 0, static_cast<quintptr>(parent));
}

int SchemaModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_top.size());
    return parent.column() == 0 ? static_cast<int>(node(parent).children.size()) : 0;
}

int SchemaModel::columnCount(const QModelIndex &) const
{
    return ColumnNumbers;
}

const SchemaObject *SchemaModel::object(const QModelIndex &index) const
{
    return index.isValid() ? &m_schema.objects[node(index).object] : nullptr;
}

QVariant SchemaModel::data(const QModelIndex &index, int role) const
{
    const SchemaObject *of = object(index);
    if (!of)
        return {};
    if (role == Qt::ToolTipRole)
        return plainToolTip(display(of->name) + QStringLiteral(": ") + schemaKind(*of));
    if (role != Qt::DisplayRole)
        return {};
    return index.column() == NameColumn ? display(of->name) : schemaKind(*of);
}

QVariant SchemaModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Name") : tr("Kind");
}

}
