// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lk::sqlite {
class Connection;
}

namespace lk::inspect {

enum class ObjectType
{
    Table,
    Index,
    View,
    Trigger,
};

struct Column
{
    std::string name;
    std::string type; ///< as declared; may be empty
    bool notNull = false;
    int primaryKey = 0; ///< its place in the primary key from 1; 0: not part of it
    bool generated = false;

    bool operator==(const Column &) const = default;
};

struct ForeignKey
{
    std::string table; ///< that is referred to
    std::vector<std::string> columns;

    bool operator==(const ForeignKey &) const = default;
};

/// One row of sqlite_schema, with what belongs to it. All texts are untrusted.
struct SchemaObject
{
    ObjectType type{};
    std::string name;
    std::string table; ///< that it belongs to; of a table its own name
    std::string sql;   ///< empty for an index that SQLite made for itself
    std::uint32_t rootPage = 0;
    bool strict = false;
    bool withoutRowid = false;
    std::string module;   ///< "fts5": of a virtual table
    std::string shadowOf; ///< the virtual table whose data it holds

    // Filled by readStructure() only.
    std::vector<Column> columns;           ///< of a table
    std::vector<ForeignKey> foreignKeys;   ///< of a table
    std::vector<std::string> indexColumns; ///< of an index, in order; an expression is ""
    bool unique = false;                   ///< of an index
    bool partial = false;                  ///< of an index
};

struct Schema
{
    std::vector<SchemaObject> objects; ///< in the file's order
    bool cutShort = false;             ///< there were more than we read (MostObjects)
    bool structure = false;            ///< columns, references and index columns are there

    const SchemaObject *find(ObjectType type, std::string_view name) const;
};

/// The column of \a table, with its structure, that is another name of the rowid; null if there is none
/// (sqlite.org/lang_createtable.html#rowid).
const Column *rowidColumn(const SchemaObject &table);

const char *objectTypeName(ObjectType type); ///< "table", "index", "view", "trigger"

/// Every object and its SQL. Nothing in it is run, no view evaluated.
Result<Schema> readSchema(sqlite::Connection &connection);
/// The same with columns, references and index columns.
Result<Schema> readStructure(sqlite::Connection &connection);

}
