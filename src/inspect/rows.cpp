// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/rows.h"

#include "inspect/moment.h"
#include "inspect/schema.h"
#include "sqlite/connection.h"
#include "sqlite/heapbound.h"
#include "sqlite/standins.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace lk::inspect {

using sqlite::Connection;
using sqlite::Statement;
using sqlite::ValueType;
using Clock = std::chrono::steady_clock;

/// What a page of rows may cost: a generated column can ask for hours and gigabytes (safety.md, fact 21).
static constexpr std::chrono::seconds LongestLook{2};
static constexpr std::int64_t MostHeap = 192 << 20; ///< in bytes, of SQLite
static constexpr std::size_t MostBytes = 32 << 20;  ///< of a page, as it is handed over
static constexpr int MostRows = 1000;
/// A longer blob is not read for its first bytes' sake.
static constexpr int LargestBlobRead = 1'000'000;

namespace {

std::string cutText(std::string_view text)
{
    if (text.size() <= Cell::LongestText)
        return std::string(text);
    std::size_t end = Cell::LongestText;
    while (end > Cell::LongestText - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end; // not within a character
    return std::string(text.substr(0, end));
}

std::string bytesAsText(sqlite::Bytes bytes)
{
    return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

template <class Number>
std::string decimal(Number number)
{
    std::array<char, 64> buffer;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return std::string(buffer.data(), end);
}

/// A cell of a key is \a whole: it has to find its row again.
Cell cellOf(const Statement &row, int column, bool whole)
{
    switch (row.type(column)) {
    case ValueType::Null:
        break;
    case ValueType::Integer:
        return {.kind = Cell::Integer, .text = decimal(row.number(column))};
    case ValueType::Real:
        return {.kind = Cell::Real, .text = decimal(row.real(column))};
    case ValueType::Text: {
        const std::string_view text = row.text(column);
        return {.kind = Cell::Text, .text = whole ? std::string(text) : cutText(text), .size = text.size()};
    }
    case ValueType::Blob: {
        // The size first: of a blob that was left unread it is all there is.
        const std::size_t size = row.size(column);
        if (size > LargestBlobRead && !whole)
            return {.kind = Cell::Blob, .text = {}, .size = size};
        const sqlite::Bytes bytes = row.blob(column);
        return {.kind = Cell::Blob,
                .text = bytesAsText(whole ? bytes : bytes.first(std::min(size, Cell::BlobStart))),
                .size = size};
    }
    }
    return {};
}

template <class Number>
Number numberOf(const Cell &cell)
{
    Number number{};
    std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), number);
    return number;
}

void bindCell(Statement &statement, int index, const Cell &cell)
{
    switch (cell.kind) {
    case Cell::Null:
        return statement.bindNull(index);
    case Cell::Integer:
        return statement.bind(index, numberOf<std::int64_t>(cell));
    case Cell::Real:
        return statement.bindReal(index, numberOf<double>(cell));
    case Cell::Text:
        return statement.bind(index, std::string_view(cell.text));
    case Cell::Blob:
        return statement.bindBlob(index, std::as_bytes(std::span(cell.text)));
    }
}

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string joined(const std::vector<std::string> &parts, std::string_view behindEach = {})
{
    std::string text;
    for (const std::string &part : parts)
        text += (text.empty() ? "" : ", ") + part + std::string(behindEach);
    return text;
}

/// A table as SQL names it.
struct Table
{
    std::string name;
    std::vector<std::string> columns; ///< as they are called
    std::vector<std::string> values;  ///< what to select for each
    std::vector<std::string> key;     ///< what orders the rows
};

Result<Table> describe(Connection &connection, const std::string &name)
{
    const Result<Schema> schema = readSchema(connection);
    if (!schema)
        return std::unexpected(schema.error());
    const SchemaObject *object = schema->find(ObjectType::Table, name);
    if (!object || !object->module.empty() || object->rootPage == 0)
        return fail(ErrorCode::Refused, Reason::NotATable, connection.path(), {name});

    Table table{.name = sqlite::quoteName(name), .columns = {}, .values = {}, .key = {}};
    Result<Statement> statement = connection.prepare("SELECT name, pk, hidden FROM pragma_table_xinfo(?1)");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(1, name);
    std::vector<std::pair<std::int64_t, std::string>> primaryKey;
    for (;;) {
        const Result<bool> row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        const std::string column = sqlite::quoteName(statement->text(0));
        table.columns.emplace_back(statement->text(0));
        // The size of a stored blob is known without reading it; what is computed has to be computed.
        const bool stored = statement->number(2) == 0;
        table.values.push_back(stored ? "CASE WHEN typeof(" + column + ") = 'blob' AND length(" + column + ") > " +
                                            std::to_string(LargestBlobRead) + " THEN zeroblob(length(" + column +
                                            ")) ELSE " + column + " END"
                                      : column);
        if (statement->number(1) > 0)
            primaryKey.emplace_back(statement->number(1), column);
    }
    std::ranges::sort(primaryKey);
    if (object->withoutRowid) {
        for (const auto &[place, column] : primaryKey)
            table.key.push_back(column);
        return table;
    }
    // Each of its names may be taken by a column.
    for (const char *rowid : {"rowid", "_rowid_", "oid"}) {
        const auto taken = [&](const std::string &column) { return sameName(column, rowid); };
        if (std::ranges::none_of(table.columns, taken)) {
            table.key = {rowid};
            return table;
        }
    }
    return fail(ErrorCode::Unsupported, connection.path(), "no name is left for the rowid");
}

/// Compared as a row, so that a key of several columns goes on where it was.
std::string selectFrom(const Table &table, const RowsRequest &request, int limit)
{
    std::string sql = "SELECT " + joined(table.key) + ", " + joined(table.values) + " FROM " + table.name;
    if (!request.from.empty()) {
        const std::vector<std::string> places(table.key.size(), "?");
        sql += " WHERE (" + joined(table.key) + ") " + (request.backwards ? "<" : ">") + " (" + joined(places) + ')';
    }
    return sql + " ORDER BY " + joined(table.key, request.backwards ? " DESC" : "") + " LIMIT " + std::to_string(limit);
}

/// With something in the place of what only the file's application has.
Result<Statement> prepare(Connection &connection, sqlite::StandIns &standIns, const std::string &sql)
{
    for (;;) {
        Result<Statement> statement = connection.prepare(sql);
        if (statement || !standIns.provideFor(statement.error()))
            return statement;
    }
}

/// Takes rows until the page is full.
class PageFiller
{
public:
    PageFiller(const Table &table, std::size_t count)
        : m_keySize(static_cast<int>(table.key.size()))
        , m_count(count)
    {
    }

    /// False: one more row is there, and has no room.
    bool take(const Statement &row)
    {
        if (rows.size() >= m_count || m_bytes > MostBytes)
            return false;
        std::vector<Cell> key;
        for (int i = 0; i < m_keySize; ++i)
            key.push_back(cellOf(row, i, true));
        std::vector<Cell> cells;
        for (int i = m_keySize; i < row.columns(); ++i) {
            cells.push_back(cellOf(row, i, false));
            m_bytes += sizeof(Cell) + cells.back().text.size();
        }
        rows.push_back(std::move(cells));
        if (rows.size() == 1)
            firstKey = key;
        lastKey = std::move(key);
        return true;
    }

    std::vector<std::vector<Cell>> rows; ///< in the order they came
    std::vector<Cell> firstKey;
    std::vector<Cell> lastKey;

private:
    int m_keySize;
    std::size_t m_count;
    std::size_t m_bytes = 0;
};

Result<RowsPage> readPage(const Path &path, const RowsRequest &request, const std::stop_token &stop)
{
    const Clock::time_point deadline = Clock::now() + LongestLook;
    auto connection = Connection::open(path, {.stop = stop, .budget = {.time = LongestLook, .longestValue = 1 << 30}});
    if (!connection)
        return std::unexpected(connection.error());
    const Result<Table> table = describe(*connection, request.table);
    if (!table)
        return std::unexpected(table.error());
    if (!request.from.empty() && request.from.size() != table->key.size())
        return fail(ErrorCode::Refused, path, "a key of another table");
    const int count = std::clamp(request.count, 1, MostRows);
    sqlite::StandIns standIns(*connection);
    Result<Statement> statement = prepare(*connection, standIns, selectFrom(*table, request, count + 1));
    if (!statement)
        return std::unexpected(statement.error());
    for (std::size_t i = 0; i < request.from.size(); ++i)
        bindCell(*statement, static_cast<int>(i) + 1, request.from[i]);

    PageFiller filler(*table, static_cast<std::size_t>(count));
    bool more = false;
    bool outOfTime = false;
    for (;;) {
        const Result<bool> row = statement->step();
        outOfTime = !row && row.error().reason == Reason::TooExpensive && Clock::now() >= deadline;
        if (!row && !outOfTime)
            return std::unexpected(row.error());
        more = outOfTime || (*row && !filler.take(*statement));
        if (more || !*row)
            break;
    }
    RowsPage page{.columns = table->columns,
                  .rows = std::move(filler.rows),
                  .firstKey = std::move(filler.firstKey),
                  .lastKey = std::move(filler.lastKey),
                  .moreBefore = !request.from.empty(),
                  .moreBehind = more,
                  .outOfTime = outOfTime};
    if (request.backwards) {
        std::ranges::reverse(page.rows);
        std::swap(page.firstKey, page.lastKey);
        std::swap(page.moreBefore, page.moreBehind);
    }
    return page;
}

}

Result<RowsPage> readRows(const Path &path, const RowsRequest &request, std::stop_token stop)
{
    const sqlite::HeapBound bound(MostHeap);
    return std::move(atOneMoment<RowsPage>(path, std::chrono::milliseconds(500), [&](const sqlite::Glance &) {
                         return readPage(path, request, stop);
                     }).value);
}

}
