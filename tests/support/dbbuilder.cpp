// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dbbuilder.h"

#include "support/temptree.h"

#include <QCryptographicHash>

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace lk::test {

namespace {

class Database
{
public:
    explicit Database(const Path &path)
    {
        check(sqlite3_open_v2(path.c_str(), &m_handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr), "open");
    }
    ~Database() { sqlite3_close(m_handle); }
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    void run(const std::string &sql) { check(sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr), sql); }

    /// The rows, each as its columns' texts joined by NULs.
    std::vector<std::string> rows(const std::string &sql)
    {
        sqlite3_stmt *statement = nullptr;
        check(sqlite3_prepare_v2(m_handle, sql.c_str(), -1, &statement, nullptr), sql);
        const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt *)> owner(statement, &sqlite3_finalize);
        std::vector<std::string> rows;
        int result = SQLITE_ROW;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            std::string row;
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, i));
                row += std::to_string(sqlite3_column_type(statement, i)) + ':';
                row.append(bytes ? bytes : "", std::size_t(sqlite3_column_bytes(statement, i)));
                row += '\0';
            }
            rows.push_back(std::move(row));
        }
        check(result == SQLITE_DONE ? SQLITE_OK : result, sql);
        return rows;
    }

private:
    void check(int result, const std::string &what)
    {
        if (result != SQLITE_OK)
            throw std::runtime_error(what + ": " + sqlite3_errmsg(m_handle));
    }

    sqlite3 *m_handle = nullptr;
};

std::string insertRows(int first, int count, int valueSize)
{
    return "WITH RECURSIVE n(i) AS (SELECT " + std::to_string(first) + " WHERE " + std::to_string(count) +
           ">0 UNION ALL SELECT i+1 FROM n WHERE i+1<" + std::to_string(first + count) +
           ") INSERT INTO t SELECT i, 'key ' || (i * 7919 % 100003), CAST(printf('%0" + std::to_string(valueSize) +
           "d', i) AS BLOB) FROM n";
}

void build(Database &database, const DatabaseSpec &spec)
{
    database.run("PRAGMA page_size=" + std::to_string(spec.pageSize));
    database.run("PRAGMA encoding='" + spec.encoding + "'");
    database.run("PRAGMA auto_vacuum=" + spec.autoVacuum);
    database.run("PRAGMA journal_mode=" + spec.journalMode);
    database.run("PRAGMA synchronous=off");
    database.run("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v BLOB); CREATE INDEX t_k ON t(k)");
    database.run(insertRows(1, spec.rows, spec.valueSize));
    database.run("PRAGMA user_version=" + std::to_string(spec.userVersion));
    database.run("PRAGMA application_id=" + std::to_string(spec.applicationId));
    database.run(spec.moreSql);
}

std::string sqlName(std::string_view name)
{
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

std::string firstColumn(const std::string &row)
{
    const std::size_t begin = row.find(':') + 1;
    return row.substr(begin, row.find('\0', begin) - begin);
}

}

void makeDatabase(const Path &path, const DatabaseSpec &spec)
{
    Database database(path);
    build(database, spec);
}

void makeCrashedWal(const Path &path, DatabaseSpec spec, int extraRows, bool tornTail, bool keepShm)
{
    spec.journalMode = "wal";
    const TempTree workshop;
    const Path building = workshop.path() / "building";
    makeDatabase(building, spec);
    Database database(building);
    database.run("PRAGMA wal_autocheckpoint=0");
    database.run(insertRows(spec.rows + 1, extraRows, spec.valueSize));
    if (tornTail) // a cache this small has to spill pages before the commit
        database.run("PRAGMA cache_size=5; BEGIN; UPDATE t SET v = zeroblob(length(v)), k = k || 'x'");
    copyWithSiblings(building, path);
    if (!keepShm)
        std::filesystem::remove(withSuffix(path, "-shm"));
}

void makeHotJournal(const Path &path, DatabaseSpec spec)
{
    spec.journalMode = "delete";
    const TempTree workshop;
    const Path building = workshop.path() / "building";
    makeDatabase(building, spec);
    Database database(building);
    database.run("PRAGMA cache_size=5; BEGIN; UPDATE t SET v = zeroblob(length(v)), k = k || 'x'");
    copyWithSiblings(building, path);
    if (readFile(withSuffix(path, "-journal")).size() < 512)
        throw std::runtime_error("the transaction was too small to reach the disk: use more rows");
}

void runSql(const Path &path, std::string_view sql)
{
    Database(path).run(std::string(sql));
}

std::string queryCopy(const Path &path, std::string_view sql)
{
    const TempTree workshop;
    copyWithSiblings(path, workshop.path() / "copy");
    const auto rows = Database(workshop.path() / "copy").rows(std::string(sql));
    return rows.empty() ? std::string() : firstColumn(rows.front());
}

std::string contentHash(const Path &path)
{
    const TempTree workshop;
    copyWithSiblings(path, workshop.path() / "copy");
    Database database(workshop.path() / "copy");
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&](const std::vector<std::string> &rows) {
        for (const std::string &row : rows)
            hash.addData(QByteArrayView(row.data(), qsizetype(row.size())));
    };
    add(database.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2, 3"));
    for (const std::string &table : database.rows("SELECT name FROM sqlite_schema WHERE type='table' AND "
                                                  "sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY 1"))
        add(database.rows("SELECT * FROM " + sqlName(firstColumn(table))));
    return hash.result().toHex().toStdString();
}

std::string readFile(const Path &path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

void writeFile(const Path &path, std::string_view content)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(content.data(), std::streamsize(content.size()));
    if (!file.flush())
        throw std::runtime_error("can't write " + path.native());
}

void patch(const Path &path, std::uint64_t offset, std::initializer_list<unsigned> bytes)
{
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(std::streamoff(offset));
    for (const unsigned byte : bytes)
        file.put(static_cast<char>(byte));
    if (!file.flush())
        throw std::runtime_error("can't patch " + path.native());
}

void cutTo(const Path &path, std::uint64_t size)
{
    std::filesystem::resize_file(path, size);
}

void copyWithSiblings(const Path &from, const Path &to)
{
    for (const char *suffix : {"", "-wal", "-shm", "-journal"}) {
        if (std::filesystem::exists(withSuffix(from, suffix)))
            std::filesystem::copy_file(withSuffix(from, suffix), withSuffix(to, suffix));
    }
}

}
