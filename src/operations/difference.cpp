// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/difference.h"

#include "operations/proof.h"
#include "platform/scratchfile.h"
#include "sqlite/connection.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace lk::operations {

Counts rowCounts(const Path &database, const std::stop_token &stop)
{
    static constexpr std::chrono::seconds Most{2};
    Counts counts;
    Result<sqlite::Connection> connection =
        sqlite::Connection::open(database, {.stop = stop, .budget = {.time = Most, .longestValue = 1 << 20}});
    for (const std::string &table : connection ? tableNames(database) : std::vector<std::string>()) {
        if (const Result<std::int64_t> rows = connection->number("SELECT count(*) FROM " + sqlite::quoteName(table)))
            counts.emplace_back(table, *rows);
    }
    return counts;
}

namespace {

using inspect::Column;
using inspect::ObjectType;
using inspect::SchemaObject;

/// One of the two databases that are compared.
class Side
{
public:
    static Result<Side> open(const Path &path, const std::stop_token &stop)
    {
        static constexpr std::chrono::seconds Most{5};
        Result<sqlite::Connection> connection =
            sqlite::Connection::open(path, {.stop = stop, .budget = {.time = Most}});
        if (!connection)
            return std::unexpected(connection.error());
        Result<inspect::Schema> schema = inspect::readStructure(*connection);
        if (!schema)
            return std::unexpected(schema.error());
        return Side(std::move(*connection), std::move(*schema));
    }

    const inspect::Schema &schema() const { return m_schema; }
    sqlite::Connection &connection() { return m_connection; }

    /// Null: no such table, or one whose rows are not a person's.
    const SchemaObject *table(const std::string &name) const
    {
        const SchemaObject *object = m_schema.find(ObjectType::Table, name);
        return object && object->module.empty() && object->shadowOf.empty() ? object : nullptr;
    }

    std::optional<std::int64_t> count(const std::string &table)
    {
        if (!this->table(table))
            return {};
        const Result<std::int64_t> rows = m_connection.number("SELECT count(*) FROM " + sqlite::quoteName(table));
        return rows ? std::optional(*rows) : std::nullopt;
    }

private:
    Side(sqlite::Connection connection, inspect::Schema schema)
        : m_connection(std::move(connection))
        , m_schema(std::move(schema))
    {
    }

    sqlite::Connection m_connection;
    inspect::Schema m_schema;
};

/// The columns that are compared: first those of the key, then the others.
struct Columns
{
    std::vector<std::string> names;
    std::size_t inKey = 0; ///< 0: there is no key that both sides have
};

std::vector<std::string> keyOf(const SchemaObject &table)
{
    std::map<int, std::string> byPlace;
    for (const Column &column : table.columns) {
        if (column.primaryKey > 0)
            byPlace[column.primaryKey] = column.name;
    }
    std::vector<std::string> key;
    for (auto &[place, name] : byPlace)
        key.push_back(std::move(name));
    return key;
}

/// What is generated follows from the rest, and reading it would run what the file says.
Columns commonColumns(const SchemaObject &then, const SchemaObject &now)
{
    std::set<std::string> had;
    for (const Column &column : then.columns) {
        if (!column.generated)
            had.insert(column.name);
    }
    Columns columns;
    if (const std::vector<std::string> key = keyOf(now); key == keyOf(then)) {
        columns.names = key;
        columns.inKey = key.size();
    }
    for (const Column &column : now.columns) {
        const bool inKey = std::ranges::find(columns.names, column.name) != columns.names.end();
        if (!column.generated && had.contains(column.name) && !inKey)
            columns.names.push_back(column.name);
    }
    return columns;
}

void append(std::string &bytes, const sqlite::Statement &row, int column)
{
    const auto addNumber = [&](auto number) { bytes.append(reinterpret_cast<const char *>(&number), sizeof number); };
    const sqlite::ValueType type = row.type(column);
    bytes += static_cast<char>(type);
    switch (type) {
    case sqlite::ValueType::Null:
        break;
    case sqlite::ValueType::Integer:
        addNumber(row.number(column));
        break;
    case sqlite::ValueType::Real:
        addNumber(row.real(column));
        break;
    case sqlite::ValueType::Text:
    case sqlite::ValueType::Blob: {
        const sqlite::Bytes value = row.blob(column);
        addNumber(value.size());
        bytes.append(reinterpret_cast<const char *>(value.data()), value.size());
        break;
    }
    }
}

/// A row as two hashes: of what tells it from others, and of all its values. Two that meet by chance among a million
/// rows would be one in some ten millions of comparisons; it is a figure for people, no proof.
struct RowHash
{
    std::size_t key;
    std::size_t all;

    auto operator<=>(const RowHash &) const = default;
};

/// Sorted.
Result<std::vector<RowHash>> hashes(Side &side, const std::string &table, const Columns &columns)
{
    std::string sql = "SELECT ";
    for (const std::string &name : columns.names)
        sql += (sql.back() == ' ' ? "" : ",") + sqlite::quoteName(name);
    Result<sqlite::Statement> statement = side.connection().prepare(sql + " FROM " + sqlite::quoteName(table));
    if (!statement)
        return std::unexpected(statement.error());
    const std::hash<std::string> hash;
    std::vector<RowHash> list;
    std::string bytes;
    Result<bool> row = statement->step();
    for (; row && *row; row = statement->step()) {
        bytes.clear();
        RowHash hashed{};
        for (std::size_t column = 0; column < columns.names.size(); ++column) {
            append(bytes, *statement, static_cast<int>(column));
            if (column + 1 == columns.inKey)
                hashed.key = hash(bytes);
        }
        hashed.all = hash(bytes);
        if (columns.inKey == 0)
            hashed.key = hashed.all;
        list.push_back(hashed);
    }
    if (!row)
        return std::unexpected(row.error());
    std::ranges::sort(list);
    return list;
}

RowChanges changes(const std::vector<RowHash> &then, const std::vector<RowHash> &now)
{
    RowChanges result;
    auto before = then.begin();
    auto after = now.begin();
    while (before != then.end() && after != now.end()) {
        if (before->key < after->key) {
            ++result.removed;
            ++before;
        } else if (after->key < before->key) {
            ++result.added;
            ++after;
        } else {
            result.changed += before->all != after->all;
            ++before;
            ++after;
        }
    }
    result.removed += then.end() - before;
    result.added += now.end() - after;
    return result;
}

std::optional<RowChanges> compareRows(Side &then, Side &now, const std::string &table)
{
    const SchemaObject *before = then.table(table);
    const SchemaObject *after = now.table(table);
    if (!before || !after)
        return {};
    const Columns columns = commonColumns(*before, *after);
    if (columns.names.empty())
        return {};
    const Result<std::vector<RowHash>> old = hashes(then, table, columns);
    const Result<std::vector<RowHash>> current = old ? hashes(now, table, columns) : std::unexpected(old.error());
    return current ? std::optional(changes(*old, *current)) : std::nullopt;
}

std::vector<TableDifference> compareTables(Side &then, Side &now)
{
    std::set<std::string> names;
    for (const Side *side : {&then, &now}) {
        for (const SchemaObject &object : side->schema().objects) {
            if (object.type == ObjectType::Table && side->table(object.name))
                names.insert(object.name);
        }
    }
    std::vector<TableDifference> tables;
    // All are counted before the first is compared: counting is what there is always time for.
    for (const std::string &name : names)
        tables.push_back({.table = name, .then = then.count(name), .now = now.count(name)});
    for (TableDifference &table : tables)
        table.rows = compareRows(then, now, table.table);
    return tables;
}

std::vector<ObjectDifference> compareObjects(const inspect::Schema &then, const inspect::Schema &now)
{
    using Key = std::pair<ObjectType, std::string>;
    const auto byKey = [](const inspect::Schema &schema) {
        std::map<Key, const SchemaObject *> objects;
        for (const SchemaObject &object : schema.objects) {
            if (!object.sql.empty() && object.shadowOf.empty()) // SQLite's own indexes follow from their table
                objects[{object.type, object.name}] = &object;
        }
        return objects;
    };
    const auto before = byKey(then);
    const auto after = byKey(now);
    std::map<Key, ObjectDifference::Kind> kinds;
    for (const auto &[key, object] : before) {
        if (const auto same = after.find(key); same == after.end())
            kinds[key] = ObjectDifference::Removed;
        else if (same->second->sql != object->sql)
            kinds[key] = ObjectDifference::Changed;
    }
    for (const auto &[key, object] : after) {
        if (!before.contains(key))
            kinds[key] = ObjectDifference::Added;
    }
    std::vector<ObjectDifference> list;
    for (const auto &[key, kind] : kinds)
        list.push_back({.kind = kind, .type = key.first, .name = key.second});
    return list;
}

}

Result<Difference> difference(const Path &then, const Path &now, const std::stop_token &stop)
{
    Result<Side> before = Side::open(then, stop);
    if (!before)
        return std::unexpected(before.error());
    Result<Side> after = Side::open(now, stop);
    if (!after)
        return std::unexpected(after.error());
    Difference result;
    result.tables = compareTables(*before, *after);
    result.objects = compareObjects(before->schema(), after->schema());
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, now);
    return result;
}

Result<Difference> differenceToNow(const BackupInfo &backup, const Path &database, JobContext &context)
{
    if (backup.format == BackupFormat::Plain)
        return difference(backup.backup, database, context.stop);
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return std::unexpected(folder.error());
    const Path then = folder->path() / "backup.sqlite";
    if (const Result<void> out = bringOut(backup, then, context); !out)
        return std::unexpected(out.error());
    return difference(then, database, context.stop);
}

}
