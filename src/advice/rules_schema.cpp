// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and indexes: what costs time or leads to errors. Style is nobody's business here.
#include "advice/rules.h"

#include <algorithm>
#include <cctype>

namespace lk::advice {

using inspect::Column;
using inspect::ForeignKey;
using inspect::ObjectType;
using inspect::Schema;
using inspect::SchemaObject;

namespace {

/// In smaller files reading everything is quick, too.
constexpr std::uint64_t WorthAnIndex = 1 * MiB;
constexpr std::size_t ManyIndexes = 12;

/// As SQLite compares names: ASCII letters in either case are equal.
bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

bool hasWord(std::string_view text, std::string_view word)
{
    return !std::ranges::search(text, word, [](char a, char b) {
                return std::toupper(static_cast<unsigned char>(a)) == b;
            }).empty();
}

bool isSmall(const DatabaseFacts &facts)
{
    return facts.seen.file.size < WorthAnIndex;
}

/// A table that somebody made to put rows into: not SQLite's own, not virtual, not the inside of a virtual one.
bool isOrdinaryTable(const SchemaObject &object)
{
    return object.type == ObjectType::Table && object.module.empty() && object.shadowOf.empty() &&
           !object.name.starts_with("sqlite_");
}

std::vector<const SchemaObject *> indexesOf(const Schema &schema, std::string_view table)
{
    std::vector<const SchemaObject *> indexes;
    for (const SchemaObject &object : schema.objects) {
        if (object.type == ObjectType::Index && sameName(object.table, table))
            indexes.push_back(&object);
    }
    return indexes;
}

const SchemaObject *tableNamed(const Schema &schema, std::string_view name)
{
    const auto table = std::ranges::find_if(schema.objects, [&](const SchemaObject &object) {
        return object.type == ObjectType::Table && sameName(object.name, name);
    });
    return table == schema.objects.end() ? nullptr : &*table;
}

/// "orders(customer, day)"
std::string shown(const std::string &table, const std::vector<std::string> &columns)
{
    std::string text = table + '(';
    for (const std::string &column : columns)
        text += (text.ends_with('(') ? "" : ", ") + column;
    return text + ')';
}

/// How many there are and the first of them; nothing if there are none.
class Tally
{
public:
    void add(std::vector<Value> example)
    {
        if (m_count++ == 0)
            m_first = std::move(example);
    }
    std::optional<Finding> result() const
    {
        if (m_count == 0)
            return {};
        std::vector<Value> values{number(m_count)};
        values.insert(values.end(), m_first.begin(), m_first.end());
        return found(std::move(values));
    }

private:
    std::uint64_t m_count = 0;
    std::vector<Value> m_first;
};

// Statistics
// -----------------------------------------------------------------------------------------------------------

std::optional<Finding> noStatistics(const DatabaseFacts &facts)
{
    const Schema &schema = *facts.structure;
    const auto indexes = std::ranges::count_if(schema.objects, [](const SchemaObject &object) {
        return object.type == ObjectType::Index && !object.sql.empty();
    });
    if (indexes == 0 || isSmall(facts) || tableNamed(schema, "sqlite_stat1"))
        return {};
    return found({Value(std::int64_t(indexes))});
}

// Foreign keys
// ---------------------------------------------------------------------------------------------------------

/// Whether \a wanted are, in any order, the first of \a columns.
bool beginsWith(const std::vector<std::string> &columns, const std::vector<std::string> &wanted)
{
    return columns.size() >= wanted.size() && std::ranges::all_of(wanted, [&](const std::string &name) {
               return std::any_of(columns.begin(), columns.begin() + std::ptrdiff_t(wanted.size()),
                                  [&](const std::string &column) { return sameName(column, name); });
           });
}

std::vector<std::string> primaryKey(const SchemaObject &table)
{
    std::vector<const Column *> columns;
    for (const Column &column : table.columns) {
        if (column.primaryKey > 0)
            columns.push_back(&column);
    }
    std::ranges::sort(columns, {}, &Column::primaryKey);
    std::vector<std::string> names;
    for (const Column *column : columns)
        names.push_back(column->name);
    return names;
}

bool isFound(const Schema &schema, const SchemaObject &table, const ForeignKey &key)
{
    return beginsWith(primaryKey(table), key.columns) ||
           std::ranges::any_of(indexesOf(schema, table.name), [&](const SchemaObject *index) {
               return !index->partial && beginsWith(index->indexColumns, key.columns);
           });
}

std::optional<Finding> foreignKeyWithoutIndex(const DatabaseFacts &facts)
{
    if (isSmall(facts))
        return {};
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        for (const ForeignKey &key : table.foreignKeys) {
            if (!isFound(*facts.structure, table, key))
                tally.add({shown(table.name, key.columns), key.table});
        }
    }
    return tally.result();
}

std::optional<Finding> foreignKeyWithoutTable(const DatabaseFacts &facts)
{
    if (facts.structure->cutShort)
        return {};
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        for (const ForeignKey &key : table.foreignKeys) {
            if (!tableNamed(*facts.structure, key.table))
                tally.add({shown(table.name, key.columns), key.table});
        }
    }
    return tally.result();
}

// Superfluous indexes
// --------------------------------------------------------------------------------------------------

/// An index that is told from others by its columns alone: no part of the table, no expression, no order or collation
/// of its own.
bool isPlain(const SchemaObject &index)
{
    return !index.partial && !index.indexColumns.empty() &&
           std::ranges::find(index.indexColumns, std::string()) == index.indexColumns.end() &&
           !hasWord(index.sql, "COLLATE") && !hasWord(index.sql, " DESC");
}

bool equalColumns(const std::vector<std::string> &a, const std::vector<std::string> &b)
{
    return std::ranges::equal(a, b, sameName);
}

/// Of two equal indexes, whether \a index is the one that can go: never SQLite's own, a unique one only for a unique
/// one, and of two alike the later.
bool yieldsTo(const SchemaObject &index, const SchemaObject &other)
{
    if (index.sql.empty() || (index.unique && !other.unique))
        return false;
    return other.sql.empty() || (other.unique && !index.unique) || &index > &other;
}

std::optional<Finding> duplicateIndex(const DatabaseFacts &facts)
{
    Tally tally;
    for (const SchemaObject &index : facts.structure->objects) {
        if (index.type != ObjectType::Index || !isPlain(index))
            continue;
        const auto indexes = indexesOf(*facts.structure, index.table);
        const auto same = std::ranges::find_if(indexes, [&](const SchemaObject *other) {
            return other != &index && isPlain(*other) && equalColumns(index.indexColumns, other->indexColumns) &&
                   yieldsTo(index, *other);
        });
        if (same != indexes.end())
            tally.add({index.name, (*same)->name, shown(index.table, index.indexColumns)});
    }
    return tally.result();
}

std::optional<Finding> prefixIndex(const DatabaseFacts &facts)
{
    Tally tally;
    for (const SchemaObject &index : facts.structure->objects) {
        if (index.type != ObjectType::Index || index.unique || index.sql.empty() || !isPlain(index))
            continue;
        const auto indexes = indexesOf(*facts.structure, index.table);
        const auto longer = std::ranges::find_if(indexes, [&](const SchemaObject *other) {
            return isPlain(*other) && other->indexColumns.size() > index.indexColumns.size() &&
                   std::equal(index.indexColumns.begin(), index.indexColumns.end(), other->indexColumns.begin(),
                              sameName);
        });
        if (longer != indexes.end())
            tally.add({index.name, (*longer)->name, shown(index.table, (*longer)->indexColumns)});
    }
    return tally.result();
}

/// The column that is another name of the rowid; null if there is none (sqlite.org/lang_createtable.html#rowid).
const Column *rowidOf(const SchemaObject &table)
{
    const auto isKey = [](const Column &column) { return column.primaryKey > 0; };
    const auto key = std::ranges::find_if(table.columns, isKey);
    const bool isRowid =
        !table.withoutRowid && std::ranges::count_if(table.columns, isKey) == 1 && sameName(key->type, "INTEGER");
    return isRowid ? &*key : nullptr;
}

std::optional<Finding> indexOnRowid(const DatabaseFacts &facts)
{
    Tally tally;
    for (const SchemaObject &index : facts.structure->objects) {
        if (index.type != ObjectType::Index || index.sql.empty() || !isPlain(index) || index.indexColumns.size() != 1)
            continue;
        const SchemaObject *table = tableNamed(*facts.structure, index.table);
        const Column *rowid = table ? rowidOf(*table) : nullptr;
        if (rowid && sameName(rowid->name, index.indexColumns.front()))
            tally.add({index.name, shown(table->name, index.indexColumns)});
    }
    return tally.result();
}

std::optional<Finding> manyIndexes(const DatabaseFacts &facts)
{
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        if (!isOrdinaryTable(table))
            continue;
        const std::size_t count = indexesOf(*facts.structure, table.name).size();
        if (count >= ManyIndexes)
            tally.add({table.name, number(count)});
    }
    return tally.result();
}

std::optional<Finding> descendingIgnored(const DatabaseFacts &facts)
{
    const std::uint32_t format = facts.header()->schemaFormat;
    if (format == 0 || format >= 4)
        return {};
    Tally tally;
    for (const SchemaObject &index : facts.structure->objects) {
        if (index.type == ObjectType::Index && hasWord(index.sql, " DESC"))
            tally.add({index.name, number(format)});
    }
    return tally.result();
}

std::optional<Finding> noPrimaryKey(const DatabaseFacts &facts)
{
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        if (isOrdinaryTable(table) && !table.columns.empty() && primaryKey(table).empty())
            tally.add({table.name});
    }
    return tally.result();
}

}

std::span<const Rule> schemaRules()
{
    static constexpr const char *MakeItAgain = LK_RULE("Make the index again with its former statement, under Schema.");
    static constexpr Rule Rules[] = {
        {.id = "no-statistics",
         .severity = Severity::Advice,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("No statistics for the query planner"),
         .seen = LK_RULE("Indexes: %1. There is no table sqlite_stat1, so ANALYZE was never run."),
         .why = LK_RULE("Without statistics SQLite guesses which of several indexes is best, and some guesses make a "
                        "query a hundred times slower."),
         .gain = LK_RULE("Plans that fit the rows there are."),
         .risk = LK_RULE("A query that was lucky may change its plan. It writes a small table."),
         .fix = {.kind = Fix::Settings,
                 .text = LK_RULE("Let the program run PRAGMA optimize when it closes a connection, or daily.")},
         .undo = LK_RULE("DROP TABLE sqlite_stat1, and connect again."),
         .link = "https://sqlite.org/lang_analyze.html",
         .judge = noStatistics},
        {.id = "foreign-key-without-index",
         .severity = Severity::Advice,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Foreign key without an index"),
         .seen = LK_RULE("Foreign keys without an index: %1, for example %2, which refers to %3."),
         .why =
             LK_RULE("Whenever a row of %3 is deleted or gets another key, SQLite reads the whole other table to look "
                     "for rows that refer to it; so do joins."),
         .gain = LK_RULE("Deletes and joins that look up a few rows instead of all."),
         .risk = LK_RULE("Each index takes up space and makes inserts a little slower."),
         .fix = {.text = LK_RULE("Create an index on %2, and rehearse it with a query that matters to you.")},
         .undo = LK_RULE("Drop the index."),
         .link = "https://sqlite.org/foreignkeys.html#fk_indexes",
         .judge = foreignKeyWithoutIndex},
        {.id = "foreign-key-without-table",
         .severity = Severity::Warning,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Foreign key to a table that is not there"),
         .seen = LK_RULE("Foreign keys to missing tables: %1, for example %2, which refers to %3."),
         .why = LK_RULE("As soon as a connection turns foreign keys on, every insert into that table fails."),
         .gain = LK_RULE("Foreign keys can be turned on."),
         .risk = LK_RULE("None, if the reference is not used."),
         .fix = {.text = LK_RULE("Create the table %3, or make the other one again without that reference.")},
         .undo = LK_RULE("Drop the new table."),
         .link = "https://sqlite.org/foreignkeys.html#fk_schemacommands",
         .judge = foreignKeyWithoutTable},
        {.id = "duplicate-index",
         .severity = Severity::Advice,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Index that is there twice"),
         .seen = LK_RULE("Indexes that are there twice: %1, for example %2, which is the same as %3 on %4."),
         .why = LK_RULE("Every insert, update and delete keeps both up to date, and no query needs the second."),
         .gain = LK_RULE("Faster writes and a smaller file, with the same plans."),
         .risk = LK_RULE("A query that names the index with INDEXED BY fails."),
         .fix = {.text = LK_RULE("Drop %2.")},
         .undo = MakeItAgain,
         .link = "https://sqlite.org/lang_createindex.html",
         .judge = duplicateIndex},
        {.id = "prefix-index",
         .severity = Severity::Advice,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Index that a longer one makes superfluous"),
         .seen = LK_RULE("Indexes that are the beginning of another: %1, for example %2, the beginning of %3 on %4."),
         .why = LK_RULE("The longer one answers the same queries, and every write keeps both up to date."),
         .gain = LK_RULE("Faster writes and a smaller file."),
         .risk = LK_RULE("Reading the longer index takes a little more; a query that names the index fails."),
         .fix = {.text = LK_RULE("Drop %2, unless the queries that use it matter most: rehearse one of them first.")},
         .undo = MakeItAgain,
         .link = "https://sqlite.org/queryplanner.html",
         .judge = prefixIndex},
        {.id = "index-on-rowid",
         .severity = Severity::Advice,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Index on the rowid"),
         .seen = LK_RULE("Indexes on an INTEGER PRIMARY KEY: %1, for example %2 on %3."),
         .why = LK_RULE("Such a column is the rowid, by which the table itself is ordered: no query is faster with the "
                        "index."),
         .gain = LK_RULE("Faster writes and a smaller file, with the same speed of reading."),
         .risk = LK_RULE("A query that names the index with INDEXED BY fails."),
         .fix = {.text = LK_RULE("Drop %2.")},
         .undo = MakeItAgain,
         .link = "https://sqlite.org/lang_createtable.html#rowid",
         .judge = indexOnRowid},
        {.id = "many-indexes",
         .severity = Severity::Info,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Table with very many indexes"),
         .seen = LK_RULE("Tables with very many indexes: %1, for example %2, which has %3."),
         .why = LK_RULE("Each insert writes to all of them."),
         .gain = LK_RULE("Faster writes and a smaller file."),
         .risk = LK_RULE("A query that needs an index reads the whole table without it."),
         .fix = {.text = LK_RULE("Look with EXPLAIN QUERY PLAN which of them your queries use, and drop the others.")},
         .undo = MakeItAgain,
         .link = "https://sqlite.org/queryplanner.html",
         .judge = manyIndexes},
        {.id = "descending-ignored",
         .severity = Severity::Advice,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("DESC without effect"),
         .seen = LK_RULE("Indexes with DESC: %1, for example %2, in a file of schema format %3."),
         .why =
             LK_RULE("Before format 4 SQLite reads DESC in an index and ignores it: queries with mixed orders have to "
                     "sort."),
         .gain = LK_RULE("The order that the index was made for."),
         .risk = LK_RULE("VACUUM needs up to twice the file's size, and programs with SQLite before 3.3 can't read the "
                         "result."),
         .fix = {.text =
                     LK_RULE("With the program closed, run VACUUM with legacy_file_format off, as it is by default.")},
         .undo = LK_RULE("Run VACUUM with legacy_file_format on."),
         .link = "https://sqlite.org/fileformat2.html",
         .judge = descendingIgnored},
        {.id = "no-primary-key",
         .severity = Severity::Info,
         .need = Need::Structure,
         .scope = Scope::Undecided,
         .title = LK_RULE("Table without a primary key"),
         .seen = LK_RULE("Tables without a primary key: %1, for example %2."),
         .why =
             LK_RULE("VACUUM may give their rows other rowids, so nothing outside may remember them; and no row can be "
                     "named for certain by a program that replicates or edits."),
         .gain = LK_RULE("Rows that keep their identity."),
         .risk = LK_RULE("The table has to be made anew and its rows copied."),
         .fix = {.text =
                     LK_RULE("If anything remembers rowids, give the table an INTEGER PRIMARY KEY; else leave it, and "
                             "know it before running VACUUM.")},
         .undo = LK_RULE("Make the table again without it."),
         .link = "https://sqlite.org/lang_vacuum.html",
         .judge = noPrimaryKey},
    };
    return Rules;
}

}
