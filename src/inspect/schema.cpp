// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/schema.h"

#include "inspect/sqltext.h"
#include "sqlite/connection.h"

#include <algorithm>
#include <array>
#include <map>

namespace lk::inspect {

using sqlite::Connection;
using sqlite::Statement;

/// What a schema may cost us; real ones are far below.
static constexpr std::size_t MostObjects = 20'000;
static constexpr std::size_t MostBytes = 32 << 20; ///< of names and SQL

const SchemaObject *Schema::find(ObjectType type, std::string_view name) const
{
    for (const SchemaObject &object : objects) {
        if (object.type == type && object.name == name)
            return &object;
    }
    return nullptr;
}

static constexpr std::array TypeNames{"table", "index", "view", "trigger"};

const char *objectTypeName(ObjectType type)
{
    return TypeNames[static_cast<std::size_t>(type)];
}

namespace {

/// Sums up what was read and says when it is enough.
class Allowance
{
public:
    bool take(const Statement &row)
    {
        for (int i = 0; i < row.columns(); ++i)
            m_bytes += row.text(i).size();
        m_bytes += sizeof(SchemaObject);
        return m_bytes <= MostBytes;
    }

private:
    std::size_t m_bytes = 0;
};

/// Calls \a take (bool(const Statement &)) with each row, until it says no more.
template <class Take>
Result<void> eachRow(Statement &statement, Take &&take)
{
    for (;;) {
        const Result<bool> row = statement.step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row || !take(statement))
            return {};
    }
}

SchemaObject objectFrom(const Statement &row)
{
    SchemaObject object;
    const auto type =
        std::ranges::find(TypeNames, row.text(0), [](const char *name) { return std::string_view(name); });
    object.type = type == TypeNames.end() ? ObjectType::Trigger : ObjectType(type - TypeNames.begin());
    object.name = row.text(1);
    object.table = row.text(2);
    object.rootPage = static_cast<std::uint32_t>(row.number(3));
    object.sql = row.text(4);
    if (object.type == ObjectType::Table) {
        CreateText text = readCreateTable(object.sql);
        object.module = std::move(text.module);
        object.strict = text.strict;
        object.withoutRowid = text.withoutRowid;
    }
    return object;
}

/// The tables in which a module keeps its data are named by its table and a suffix. \a numbered: digits follow.
struct ShadowRule
{
    std::string_view module;
    std::string_view suffix;
    bool numbered = false;
};

/// Sources: sqlite.org/fts3.html §9.1, fts5.html §9 (and fts5_storage.c), rtree.html §2, geopoly.html; sqlite-vec.c.
constexpr std::array ShadowRules{
    ShadowRule{"fts3", "content"},
    ShadowRule{"fts3", "segments"},
    ShadowRule{"fts3", "segdir"},
    ShadowRule{"fts3", "docsize"},
    ShadowRule{"fts3", "stat"},
    ShadowRule{"fts4", "content"},
    ShadowRule{"fts4", "segments"},
    ShadowRule{"fts4", "segdir"},
    ShadowRule{"fts4", "docsize"},
    ShadowRule{"fts4", "stat"},
    ShadowRule{"fts5", "data"},
    ShadowRule{"fts5", "idx"},
    ShadowRule{"fts5", "content"},
    ShadowRule{"fts5", "docsize"},
    ShadowRule{"fts5", "config"},
    ShadowRule{"rtree", "node"},
    ShadowRule{"rtree", "parent"},
    ShadowRule{"rtree", "rowid"},
    ShadowRule{"rtree_i32", "node"},
    ShadowRule{"rtree_i32", "parent"},
    ShadowRule{"rtree_i32", "rowid"},
    ShadowRule{"geopoly", "node"},
    ShadowRule{"geopoly", "parent"},
    ShadowRule{"geopoly", "rowid"},
    ShadowRule{"vec0", "chunks"},
    ShadowRule{"vec0", "rowids"},
    ShadowRule{"vec0", "info"},
    ShadowRule{"vec0", "auxiliary"},
    ShadowRule{"vec0", "vector_chunks", true},
    ShadowRule{"vec0", "metadatachunks", true},
    ShadowRule{"vec0", "metadatatext", true},
};

bool isShadowSuffix(std::string_view module, std::string_view suffix)
{
    return std::ranges::any_of(ShadowRules, [&](const ShadowRule &rule) {
        if (rule.module != module || !suffix.starts_with(rule.suffix))
            return false;
        const std::string_view rest = suffix.substr(rule.suffix.size());
        return rest.empty() ? !rule.numbered
                            : rule.numbered && rest.find_first_not_of("0123456789") == std::string_view::npos;
    });
}

/// SQLite's names are the same whatever their ASCII letters' case.
struct IgnoringCase
{
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const
    {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
        return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
    }
};

void markShadows(std::vector<SchemaObject> &objects)
{
    std::map<std::string, const SchemaObject *, IgnoringCase> modules; ///< the virtual tables
    for (const SchemaObject &object : objects) {
        if (!object.module.empty())
            modules.emplace(object.name, &object);
    }
    if (modules.empty())
        return;
    for (SchemaObject &object : objects) {
        const std::string_view name = object.name;
        if (object.type != ObjectType::Table || !object.module.empty())
            continue;
        for (std::size_t at = name.find('_'); at != std::string_view::npos; at = name.find('_', at + 1)) {
            const auto owner = modules.find(name.substr(0, at));
            if (owner != modules.end() && isShadowSuffix(owner->second->module, name.substr(at + 1)))
                object.shadowOf = owner->second->name;
        }
    }
}

/// Columns, references and index columns, from pragmas that look at one table each. They are asked of ordinary tables
/// only: for a view SQLite would have to make sense of what it selects, for a virtual table its module would run.
class StructureReader
{
public:
    static Result<void> read(Connection &connection, Schema &schema)
    {
        StructureReader reader;
        for (auto &[statement, sql] :
             {std::pair{&reader.m_columns, "SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?1)"},
              std::pair{&reader.m_keys,
                        "SELECT id, \"table\", \"from\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq"},
              std::pair{&reader.m_indexes, "SELECT name, \"unique\", partial FROM pragma_index_list(?1)"},
              std::pair{&reader.m_indexColumns, "SELECT name FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno"}}) {
            Result<Statement> prepared = connection.prepare(sql);
            if (!prepared)
                return std::unexpected(prepared.error());
            statement->emplace(std::move(*prepared));
        }
        return reader.fill(schema);
    }

private:
    using Indexes = std::map<std::string, SchemaObject *, std::less<>>;

    Result<void> fill(Schema &schema)
    {
        Indexes indexes;
        for (SchemaObject &object : schema.objects) {
            if (object.type == ObjectType::Index)
                indexes.emplace(object.name, &object);
        }
        for (SchemaObject &object : schema.objects) {
            if (object.type != ObjectType::Table || !object.module.empty() || object.rootPage == 0)
                continue;
            Result<void> done = readColumns(object);
            if (done)
                done = readKeys(object);
            if (done)
                done = readIndexes(object, indexes);
            if (!done)
                return done;
        }
        schema.cutShort = schema.cutShort || m_full;
        schema.structure = true;
        return {};
    }

    template <class Take>
    Result<void> ask(std::optional<Statement> &statement, std::string_view name, Take &&take)
    {
        statement->reset();
        statement->bind(1, name);
        return eachRow(*statement, [&](const Statement &row) {
            m_full = m_full || !m_allowance.take(row);
            if (!m_full)
                take(row);
            return !m_full;
        });
    }

    Result<void> readColumns(SchemaObject &table)
    {
        return ask(m_columns, table.name, [&](const Statement &row) {
            const auto hidden = row.number(4);
            table.columns.push_back({.name = std::string(row.text(0)),
                                     .type = std::string(row.text(1)),
                                     .notNull = row.number(2) != 0,
                                     .primaryKey = static_cast<int>(row.number(3)),
                                     .generated = hidden == 2 || hidden == 3});
        });
    }

    Result<void> readKeys(SchemaObject &table)
    {
        std::int64_t last = -1;
        return ask(m_keys, table.name, [&](const Statement &row) {
            if (row.number(0) != last)
                table.foreignKeys.push_back({.table = std::string(row.text(1)), .columns = {}});
            last = row.number(0);
            table.foreignKeys.back().columns.emplace_back(row.text(2));
        });
    }

    Result<void> readIndexes(SchemaObject &table, const Indexes &indexes)
    {
        std::vector<SchemaObject *> own;
        Result<void> listed = ask(m_indexes, table.name, [&](const Statement &row) {
            const auto index = indexes.find(row.text(0));
            if (index == indexes.end())
                return; // that of a WITHOUT ROWID table's key is the table itself
            index->second->unique = row.number(1) != 0;
            index->second->partial = row.number(2) != 0;
            own.push_back(index->second);
        });
        for (SchemaObject *index : own) {
            if (listed)
                listed = ask(m_indexColumns, index->name,
                             [&](const Statement &row) { index->indexColumns.emplace_back(row.text(0)); });
        }
        return listed;
    }

    std::optional<Statement> m_columns;
    std::optional<Statement> m_keys;
    std::optional<Statement> m_indexes;
    std::optional<Statement> m_indexColumns;
    Allowance m_allowance;
    bool m_full = false;
};

}

Result<Schema> readSchema(Connection &connection)
{
    Result<Statement> statement = connection.prepare("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema");
    if (!statement)
        return std::unexpected(statement.error());
    Schema schema;
    Allowance allowance;
    const Result<void> read = eachRow(*statement, [&](const Statement &row) {
        schema.cutShort = schema.objects.size() >= MostObjects || !allowance.take(row);
        if (!schema.cutShort)
            schema.objects.push_back(objectFrom(row));
        return !schema.cutShort;
    });
    if (!read)
        return std::unexpected(read.error());
    markShadows(schema.objects);
    return schema;
}

Result<Schema> readStructure(Connection &connection)
{
    Result<Schema> schema = readSchema(connection);
    if (!schema)
        return schema;
    if (const Result<void> filled = StructureReader::read(connection, *schema); !filled)
        return std::unexpected(filled.error());
    return schema;
}

const Column *rowidColumn(const SchemaObject &table)
{
    const auto isKey = [](const Column &column) { return column.primaryKey > 0; };
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    const auto key = std::ranges::find_if(table.columns, isKey);
    const bool isRowid = !table.withoutRowid && std::ranges::count_if(table.columns, isKey) == 1 &&
                         std::ranges::equal(key->type, std::string_view("integer"), {}, lower, lower);
    return isRowid ? &*key : nullptr;
}

}
