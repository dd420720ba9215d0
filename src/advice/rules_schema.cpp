// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and indexes: what costs time or leads to errors. Style is nobody's business here.
#include "advice/rules.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

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
/// Of a foreign key; those with more are not judged.
constexpr std::size_t MostKeyColumns = 8;

/// SQLite takes ASCII letters in either case for equal in names.
std::string lower(std::string_view name)
{
    std::string text(name);
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return text;
}

using Names = std::vector<std::string>;

Names lower(const Names &names)
{
    Names all;
    for (const std::string &name : names)
        all.push_back(lower(name));
    return all;
}

/// \a word is in lower case.
bool hasWord(std::string_view sql, std::string_view word)
{
    return lower(sql).find(word) != std::string::npos;
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

/// Made by somebody: not what SQLite keeps for a UNIQUE or PRIMARY KEY.
bool isMadeIndex(const SchemaObject &object)
{
    return object.type == ObjectType::Index && !object.sql.empty();
}

/// A file may have any number of tables and indexes: what is looked up, is looked up by name.
using Tables = std::map<std::string, const SchemaObject *>;

Tables tablesOf(const Schema &schema)
{
    Tables tables;
    for (const SchemaObject &object : schema.objects) {
        if (object.type == ObjectType::Table)
            tables.emplace(lower(object.name), &object);
    }
    return tables;
}

const SchemaObject *tableNamed(const Tables &tables, std::string_view name)
{
    const auto table = tables.find(lower(name));
    return table == tables.end() ? nullptr : table->second;
}

/// "orders(customer, day)"
std::string shown(const std::string &table, const Names &columns)
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
    const auto indexes = std::ranges::count_if(schema.objects, isMadeIndex);
    if (indexes == 0 || isSmall(facts) || tableNamed(tablesOf(schema), "sqlite_stat1"))
        return {};
    return found({Value(std::int64_t(indexes))});
}

// Foreign keys
// ---------------------------------------------------------------------------------------------------------

Names primaryKey(const SchemaObject &table)
{
    std::map<int, std::string> columns;
    for (const Column &column : table.columns) {
        if (column.primaryKey > 0)
            columns.emplace(column.primaryKey, column.name);
    }
    Names names;
    for (const auto &[place, name] : columns)
        names.push_back(name);
    return names;
}

/// The first columns of each primary key and index, by table: what SQLite can look up without reading the whole table.
/// Their order does not matter to it, so they are sorted.
class Beginnings
{
public:
    explicit Beginnings(const Schema &schema)
    {
        for (const SchemaObject &object : schema.objects) {
            if (object.type == ObjectType::Table)
                add(object.name, primaryKey(object));
            else if (object.type == ObjectType::Index && !object.partial)
                add(object.table, object.indexColumns);
        }
    }

    bool has(const std::string &table, Names columns) const
    {
        columns = lower(columns);
        std::ranges::sort(columns);
        const auto found = m_beginnings.find(lower(table));
        return found != m_beginnings.end() && found->second.contains(columns);
    }

private:
    void add(const std::string &table, const Names &columns)
    {
        Names beginning;
        for (const std::string &column : lower(columns)) {
            if (beginning.size() == MostKeyColumns)
                break;
            beginning.insert(std::ranges::lower_bound(beginning, column), column);
            m_beginnings[lower(table)].insert(beginning);
        }
    }

    std::map<std::string, std::set<Names>> m_beginnings;
};

std::optional<Finding> foreignKeyWithoutIndex(const DatabaseFacts &facts)
{
    if (isSmall(facts))
        return {};
    const Beginnings beginnings(*facts.structure);
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        for (const ForeignKey &key : table.foreignKeys) {
            if (!key.columns.empty() && key.columns.size() <= MostKeyColumns &&
                !beginnings.has(table.name, key.columns))
                tally.add({shown(table.name, key.columns), key.table});
        }
    }
    return tally.result();
}

std::optional<Finding> foreignKeyWithoutTable(const DatabaseFacts &facts)
{
    if (facts.structure->cutShort)
        return {};
    const Tables tables = tablesOf(*facts.structure);
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        for (const ForeignKey &key : table.foreignKeys) {
            if (!tableNamed(tables, key.table))
                tally.add({shown(table.name, key.columns), key.table});
        }
    }
    return tally.result();
}

// Superfluous indexes
// --------------------------------------------------------------------------------------------------

/// An index that is told from others by its columns alone: no part of the table, no expression, no order or collation
/// of its own.
bool isPlain(const SchemaObject &object)
{
    return object.type == ObjectType::Index && !object.partial && !object.indexColumns.empty() &&
           std::ranges::find(object.indexColumns, std::string()) == object.indexColumns.end() &&
           !hasWord(object.sql, "collate") && !hasWord(object.sql, " desc");
}

/// The plain indexes of one table by their columns. In this order those that begin like another stand right behind it.
using Indexes = std::map<Names, std::vector<const SchemaObject *>>;

std::map<std::string, Indexes> plainIndexes(const Schema &schema)
{
    std::map<std::string, Indexes> byTable;
    for (const SchemaObject &object : schema.objects) {
        if (isPlain(object))
            byTable[lower(object.table)][lower(object.indexColumns)].push_back(&object);
    }
    return byTable;
}

/// Of equal indexes the one that has to stay: SQLite's own, else a unique one, else the first.
const SchemaObject *keeperOf(const std::vector<const SchemaObject *> &equal)
{
    return *std::ranges::max_element(
        equal, {}, [](const SchemaObject *index) { return std::pair(index->sql.empty(), index->unique); });
}

std::optional<Finding> duplicateIndex(const DatabaseFacts &facts)
{
    Tally tally;
    for (const auto &[table, indexes] : plainIndexes(*facts.structure)) {
        for (const auto &[columns, equal] : indexes) {
            const SchemaObject *keeper = keeperOf(equal);
            for (const SchemaObject *index : equal) {
                if (index != keeper && isMadeIndex(*index))
                    tally.add({index->name, keeper->name, shown(keeper->table, keeper->indexColumns)});
            }
        }
    }
    return tally.result();
}

bool beginsWith(const Names &names, const Names &start)
{
    return names.size() >= start.size() && std::equal(start.begin(), start.end(), names.begin());
}

std::optional<Finding> prefixIndex(const DatabaseFacts &facts)
{
    Tally tally;
    for (const auto &[table, indexes] : plainIndexes(*facts.structure)) {
        for (auto entry = indexes.begin(); entry != indexes.end(); ++entry) {
            const auto next = std::next(entry);
            if (next == indexes.end() || !beginsWith(next->first, entry->first))
                continue;
            const SchemaObject &longer = *next->second.front();
            for (const SchemaObject *index : entry->second) {
                if (isMadeIndex(*index) && !index->unique)
                    tally.add({index->name, longer.name, shown(longer.table, longer.indexColumns)});
            }
        }
    }
    return tally.result();
}

std::optional<Finding> indexOnRowid(const DatabaseFacts &facts)
{
    const Tables tables = tablesOf(*facts.structure);
    Tally tally;
    for (const SchemaObject &index : facts.structure->objects) {
        if (!isPlain(index) || !isMadeIndex(index) || index.indexColumns.size() != 1)
            continue;
        const SchemaObject *table = tableNamed(tables, index.table);
        const Column *rowid = table ? inspect::rowidColumn(*table) : nullptr;
        if (rowid && lower(rowid->name) == lower(index.indexColumns.front()))
            tally.add({index.name, shown(table->name, index.indexColumns)});
    }
    return tally.result();
}

std::optional<Finding> manyIndexes(const DatabaseFacts &facts)
{
    std::map<std::string, std::size_t> counts;
    for (const SchemaObject &object : facts.structure->objects) {
        if (object.type == ObjectType::Index)
            ++counts[lower(object.table)];
    }
    Tally tally;
    for (const SchemaObject &table : facts.structure->objects) {
        const auto count = counts.find(lower(table.name));
        if (isOrdinaryTable(table) && count != counts.end() && count->second >= ManyIndexes)
            tally.add({table.name, number(count->second)});
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
        if (isMadeIndex(index) && hasWord(index.sql, " desc"))
            tally.add({index.name, number(format)});
    }
    return tally.result();
}

std::optional<Finding> noPrimaryKey(const DatabaseFacts &facts)
{
    // The tables of a known format are as their specification has them.
    if (facts.application && facts.application->application->kind != inspect::UseKind::Framework)
        return {};
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
                        "query very much slower."),
         .gain = LK_RULE("Plans that fit the rows there are."),
         .risk = LK_RULE("A query that was lucky may change its plan. It writes a small table."),
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Optimize it, and let the program run PRAGMA optimize when it closes a connection, or "
                                 "daily."),
                 .operation = "optimize"},
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
