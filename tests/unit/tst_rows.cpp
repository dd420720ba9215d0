// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/rows.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <sys/resource.h>

using namespace lk;
using namespace lk::inspect;

class TestRows : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::TempTree> m_tree;
    Path m_path;

    void make(const std::string &sql) { test::runSql(m_path, "PRAGMA synchronous=off; " + sql); }

    /// The table t(\a columns) with values of its first column. SQLite itself would compute the others at once.
    void makeWith(const std::string &columns, const std::string &values)
    {
        make("CREATE TABLE t(a); INSERT INTO t VALUES " + values +
             "; PRAGMA writable_schema=on; UPDATE sqlite_schema SET sql = 'CREATE TABLE t(" + columns + ")'");
    }

    RowsPage page(const RowsRequest &request) const
    {
        auto rows = readRows(m_path, request);
        if (!rows)
            throw std::runtime_error("no rows: " + rows.error().detail);
        return std::move(*rows);
    }

    /// The first column of each row.
    static QString firsts(const RowsPage &page)
    {
        QStringList texts;
        for (const auto &row : page.rows)
            texts.append(QString::fromStdString(row.at(0).text));
        return texts.join(u' ');
    }

    static long peakMemory() ///< in KiB
    {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        m_tree = std::make_unique<test::TempTree>();
        m_path = m_tree->path() / "a.db";
    }

    void paging_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::newRow("by rowid") << "CREATE TABLE t(a); INSERT INTO t SELECT value FROM n";
        QTest::newRow("by INTEGER PRIMARY KEY")
            << "CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t SELECT value FROM n";
        QTest::newRow("rowid is a column")
            << "CREATE TABLE t(a, rowid, OID); INSERT INTO t(a, rowid) SELECT value, 9 FROM n";
        QTest::newRow("by a text")
            << "CREATE TABLE t(a TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t SELECT value FROM n";
        QTest::newRow("by a real")
            << "CREATE TABLE t(a, b REAL PRIMARY KEY) WITHOUT ROWID; INSERT INTO t SELECT value, value / 7.0 FROM n";
        QTest::newRow("by a blob") << "CREATE TABLE t(a, b BLOB PRIMARY KEY) WITHOUT ROWID; INSERT INTO t SELECT "
                                      "value, CAST(value || zeroblob(2) AS BLOB) FROM n";
        QTest::newRow("by several, in another order than the columns")
            << "CREATE TABLE t(a, b, c, PRIMARY KEY(c, b)) WITHOUT ROWID; INSERT INTO t SELECT value, value % 13, "
               "value "
               "/ 13 FROM n";
        QTest::newRow("by one that falls") << "CREATE TABLE t(a, b, PRIMARY KEY(b DESC, a)) WITHOUT ROWID; INSERT INTO "
                                              "t SELECT value, value / 4 FROM n";
        QTest::newRow("whatever letters are")
            << "CREATE TABLE t(a, b COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID; INSERT INTO t SELECT value, char(60 + "
               "value) FROM n WHERE value < 37 OR value > 68";
        QTest::newRow("an odd name") << "CREATE TABLE \"t\"(\"a\"\"; --\", b); INSERT INTO t SELECT value, 1 FROM n";
    }
    /// Every row once, forwards and backwards, whatever the pages' size.
    void paging()
    {
        QFETCH(QString, sql);
        make("CREATE TABLE n(value); WITH RECURSIVE i(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM i WHERE x < 99) "
             "INSERT "
             "INTO n SELECT x FROM i; " +
             sql.toStdString());
        const RowsPage whole = page({.table = "t", .count = 1000});
        QVERIFY(!whole.moreBefore && !whole.moreBehind && !whole.outOfTime);
        QCOMPARE(std::to_string(whole.rows.size()), test::queryCopy(m_path, "SELECT count(*) FROM t"));
        const int rows = int(whole.rows.size());

        QStringList forwards;
        RowsPage last = page({.table = "t", .count = 7});
        QVERIFY(!last.moreBefore && last.moreBehind);
        for (forwards.append(firsts(last)); last.moreBehind; forwards.append(firsts(last))) {
            last = page({.table = "t", .from = last.lastKey, .count = 7});
            QVERIFY(last.moreBefore);
        }
        QCOMPARE(forwards.join(u' '), firsts(whole));

        QStringList backwards;
        last = page({.table = "t", .backwards = true, .count = 11});
        QVERIFY(last.moreBefore && !last.moreBehind);
        QCOMPARE(last.rows.size(), std::size_t(11));
        for (backwards.prepend(firsts(last)); last.moreBefore; backwards.prepend(firsts(last))) {
            last = page({.table = "t", .from = last.firstKey, .backwards = true, .count = 11});
            QVERIFY(last.moreBehind);
        }
        QCOMPARE(backwards.join(u' '), firsts(whole));
        QCOMPARE(page({.table = "t", .count = rows}).moreBehind, false); // exactly full
    }

    void cells()
    {
        make(
            "CREATE TABLE t(a, b, c, d, e, f, g, h AS (b + 1)); INSERT INTO t VALUES (NULL, -9223372036854775808, 0.1, "
            "'é' || char(10) || '=1', x'00ff', printf('%.5000c', 'x'), zeroblob(100))");
        const RowsPage rows = page({.table = "t"});
        QVERIFY((rows.columns == std::vector<std::string>{"a", "b", "c", "d", "e", "f", "g", "h"}));
        const std::vector<Cell> expected{
            {.kind = Cell::Null},
            {.kind = Cell::Integer, .text = "-9223372036854775808"},
            {.kind = Cell::Real, .text = "0.1"},
            {.kind = Cell::Text, .text = "\u00e9\n=1", .size = 5},
            {.kind = Cell::Blob, .text = std::string("\0\xff", 2), .size = 2},
            {.kind = Cell::Text, .text = std::string(Cell::LongestText, 'x'), .size = 5000},
            {.kind = Cell::Blob, .text = std::string(Cell::BlobStart, '\0'), .size = 100},
            {.kind = Cell::Integer, .text = "-9223372036854775807"}};
        QVERIFY(rows.rows.at(0) == expected);
    }

    void aCharacterIsNotCutInTwo()
    {
        make("CREATE TABLE t(a); INSERT INTO t VALUES ('x' || replace(printf('%.3000c', 'x'), 'x', '€'))");
        const Cell cell = page({.table = "t"}).rows.at(0).at(0);
        QCOMPARE(cell.size, std::uint64_t(9001));
        QCOMPARE(cell.text.size() % 3, std::size_t(1));
        QVERIFY(cell.text.size() > Cell::LongestText - 4 && cell.text.size() <= Cell::LongestText);
    }

    void aLargeBlobIsNotRead()
    {
        make("CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(40000000)), (1)");
        const long before = peakMemory();
        const RowsPage rows = page({.table = "t"});
        QCOMPARE(rows.rows.size(), std::size_t(2));
        QCOMPARE(rows.rows[0][0], (Cell{.kind = Cell::Blob, .text = {}, .size = 40000000}));
        QVERIFY(peakMemory() - before < 20 << 10);
    }

    void whatIsNoTableIsRefused_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"v", "docs", "nothing", "t_i", "", "\"t\"", "t\" UNION SELECT 1 --"})
            QTest::addRow("'%s'", name) << QString::fromLatin1(name);
    }
    void whatIsNoTableIsRefused()
    {
        QFETCH(QString, name);
        make("CREATE TABLE t(a); CREATE INDEX t_i ON t(a); CREATE VIEW v AS SELECT 1; CREATE VIRTUAL TABLE docs USING "
             "fts4(a)");
        const auto rows = readRows(m_path, {.table = name.toStdString()});
        QVERIFY(!rows);
        QCOMPARE(rows.error().reason, Reason::NotATable);
        QCOMPARE(rows.error().arguments.at(0), name.toStdString());
        QVERIFY(readRows(m_path, {.table = "docs_content"})); // an ordinary one, though it is somebody's
    }

    void aKeyOfAnotherTableIsRefused()
    {
        make("CREATE TABLE t(a)");
        QCOMPARE(readRows(m_path, {.table = "t", .from = {{}, {}}}).error().code, ErrorCode::Refused);
    }

    /// Years of work, in a column.
    void theDeadlineEndsAPage()
    {
        std::string sum = "0";
        for (int i = 0; i < 20; ++i)
            sum += "+length(hex(zeroblob(1000000 + a)))";
        std::string columns;
        for (int i = 0; i < 60; ++i)
            columns += ", g" + std::to_string(i) + " AS (" + sum + ')';
        makeWith("a" + columns, "(1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)");
        const RowsPage rows = page({.table = "t"});
        QVERIFY(rows.outOfTime && rows.moreBehind);
        QVERIFY(rows.rows.size() < 11);
    }

    void aBombIsTooExpensive()
    {
        makeWith("a, b AS (length(hex(zeroblob(a))))", "(400000000)");
        const long before = peakMemory();
        const auto rows = readRows(m_path, {.table = "t"});
        QVERIFY(!rows);
        QCOMPARE(rows.error().reason, Reason::TooExpensive);
        QVERIFY(peakMemory() - before < 250 << 10);
    }

    void aWideTableIsNotReadWithoutEnd()
    {
        std::string columns = "c0";
        std::string values = "printf('%.5000c', 'x')";
        for (int i = 1; i < 200; ++i) {
            columns += ", c" + std::to_string(i);
            values += ", printf('%.5000c', 'x')";
        }
        make("CREATE TABLE t(" + columns +
             "); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45) "
             "INSERT INTO t SELECT " +
             values + " FROM n");
        const RowsPage rows = page({.table = "t", .count = 100});
        QVERIFY(rows.rows.size() < 45 && rows.moreBehind);
        QVERIFY(page({.table = "t", .from = rows.lastKey, .count = 1}).rows.size() == 1);
    }

    void whatOnlyTheApplicationHasIsStoodInFor()
    {
        make("CREATE TABLE t(a, b); INSERT INTO t VALUES ('x', 1); PRAGMA writable_schema=on; UPDATE sqlite_schema SET "
             "sql = "
             "'CREATE TABLE t(a COLLATE unicase, b, c AS (title_sort(a)))' WHERE name = 't'");
        const RowsPage rows = page({.table = "t"});
        QCOMPARE(rows.rows.at(0).at(0).text, std::string("x"));
        QCOMPARE(rows.rows.at(0).at(2).kind, Cell::Null);
    }

    void aStopEndsIt()
    {
        make("CREATE TABLE t(a)");
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(readRows(m_path, {.table = "t"}, stop.get_token()).error().code, ErrorCode::Cancelled);
    }

    void rowsOfTheWalAreThere()
    {
        test::makeCrashedWal(m_path, {.rows = 5}, 3);
        const test::TreeSnapshot before(m_tree->path());
        QCOMPARE(firsts(page({.table = "t"})), QStringLiteral("1 2 3 4 5 6 7 8"));
        const std::string difference = before.difference(test::TreeSnapshot(m_tree->path()));
        QVERIFY2(difference.empty(), difference.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRows)
#include "tst_rows.moc"
