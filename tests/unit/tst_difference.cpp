// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/difference.h"
#include "words/differences.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

using namespace lk;
using namespace lk::operations;

/// What changed between two databases.
class TestDifference : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    /// Both sides of \a make, with \a change made on the second.
    Difference of(const std::string &make, const std::string &change)
    {
        const Path place = m_tree.folder("f" + std::to_string(++m_count));
        const Path then = place / "then.db";
        const Path now = place / "now.db";
        for (const Path &path : {then, now}) {
            test::makeDatabase(path, {.rows = 0, .moreSql = "DROP TABLE t;" + make});
        }
        if (!change.empty())
            test::runSql(now, change);
        const test::TreeSnapshot before(place);
        const Result<Difference> found = difference(then, now, {});
        if (!found || !before.difference(test::TreeSnapshot(place)).empty())
            qFatal("compared with a trace, or not at all");
        return *found;
    }

private Q_SLOTS:
    void rowsAreToldApart_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("said");
        const QString keyed = QStringLiteral("CREATE TABLE a(id INTEGER PRIMARY KEY, v)");
        const QString byText =
            QStringLiteral("CREATE TABLE a(x TEXT DEFAULT 'x', id, v, PRIMARY KEY (id, x)) WITHOUT ROWID");
        const QString keyless = QStringLiteral("CREATE TABLE a(id, v)");
        const auto row = [](const char *name, const QString &table, const char *change, const char *said) {
            QTest::newRow(name) << table << QString::fromLatin1(change) << QString::fromLatin1(said);
        };
        const char *same = "The same rows and the same schema as now.";
        row("nothing", keyed, "", same);
        row("moved within the file only", keyed, "VACUUM", same);
        row("added", keyed, "INSERT INTO a(id, v) VALUES (7, 7), (8, NULL)", "a: 2 rows added");
        row("removed", keyed, "DELETE FROM a WHERE id = 2", "a: 1 row removed");
        row("changed", keyed, "UPDATE a SET v = 'new' WHERE id = 2", "a: 1 row changed");
        row("the type only", keyed, "UPDATE a SET v = CAST(v AS TEXT) WHERE id = 2", "a: 1 row changed");
        row("another key", keyed, "UPDATE a SET id = 9 WHERE id = 2", "a: 1 row added, 1 row removed");
        row("as many rows as before", keyed, "DELETE FROM a; INSERT INTO a(id, v) VALUES (4, 1), (5, 2), (6, 3)",
            "a: 3 rows added, 3 rows removed");
        row("a key of two columns, not the first ones", byText, "UPDATE a SET v = v + 1 WHERE id = 1",
            "a: 1 row changed");
        row("without a key, a changed row is another row", keyless, "UPDATE a SET v = 5 WHERE id = 1",
            "a: 1 row added, 1 row removed");
        row("without a key, the same row twice", keyless, "INSERT INTO a SELECT * FROM a WHERE id = 1",
            "a: 1 row added");
        row("without a key, another order", keyless,
            "CREATE TEMP TABLE b AS SELECT * FROM a ORDER BY id DESC; DELETE FROM a; INSERT INTO a SELECT * FROM b",
            same);
    }
    void rowsAreToldApart()
    {
        QFETCH(QString, table);
        QFETCH(QString, change);
        QFETCH(QString, said);
        const Difference found =
            of(table.toStdString() + "; INSERT INTO a(id, v) VALUES (1, 1), (2, 2), (3, 3)", change.toStdString());
        QCOMPARE(words::describe(found).join(QLatin1Char('\n')), said);
    }

    void aColumnThatIsNewLeavesTheRowsAsTheyWere()
    {
        const Difference found = of("CREATE TABLE a(id INTEGER PRIMARY KEY, v); INSERT INTO a VALUES (1, 1)",
                                    "ALTER TABLE a ADD COLUMN w DEFAULT 5; UPDATE a SET w = 6");
        QCOMPARE(found.tables.at(0).rows, std::optional(RowChanges{}));
        QCOMPARE(words::describe(found), QStringList{QStringLiteral("a: defined in another way")});
    }

    void theSchemaIsComparedToo()
    {
        const Difference found = of("CREATE TABLE a(v); CREATE TABLE gone(v); INSERT INTO gone VALUES (1);"
                                    "CREATE INDEX i ON a(v); CREATE VIEW w AS SELECT 1",
                                    "DROP TABLE gone; DROP INDEX i; CREATE TABLE new(v); DROP VIEW w;"
                                    "CREATE VIEW w AS SELECT 2; CREATE TRIGGER g DELETE ON a BEGIN SELECT 1; END");
        QCOMPARE(words::describe(found).join(QLatin1Char('\n')),
                 QStringLiteral("gone: no longer there, 1 row\nnew: new, 0 rows\nindex i: no longer there\n"
                                "view w: defined in another way\ntrigger g: new"));
    }

    void nothingOfTheFileIsRun()
    {
        // A generated column, a view and a virtual table, each of which would take forever, or fail, if it were read.
        const std::string forever = "(WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r)";
        const Difference found =
            of("CREATE TABLE a(id INTEGER PRIMARY KEY, z AS (length(hex(zeroblob(60000000 + id)))));"
               "INSERT INTO a(id) VALUES (1); CREATE VIEW w AS SELECT * FROM " +
                   forever + "; CREATE VIRTUAL TABLE f USING fts5(x); INSERT INTO f VALUES ('word')",
               "INSERT INTO a(id) VALUES (2)");
        QCOMPARE(words::describe(found), QStringList{QStringLiteral("a: 1 row added")});
    }

    void namesFromTheFileStayOnTheirLine()
    {
        const Difference found = of("CREATE TABLE \"a\n\x1b[31m%1\"(v)", "INSERT INTO \"a\n\x1b[31m%1\" VALUES (1)");
        const QStringList lines = words::describe(found);
        QCOMPARE(lines.size(), 1);
        QVERIFY(!lines.front().contains(QLatin1Char('\n')) && !lines.front().contains(QChar(0x1b)));
        QVERIFY(lines.front().contains(QStringLiteral("%1")) && lines.front().endsWith(QStringLiteral("1 row added")));
    }

    void whatCouldNotBeComparedIsSaid()
    {
        const Difference found{.tables = {{.table = "a", .then = 3, .now = 4}, {.table = "b", .then = {}, .now = 5}}};
        QCOMPARE(words::describe(found).join(QLatin1Char('\n')),
                 QStringLiteral("a: 3 rows then, 4 rows now, not compared one by one\n"
                                "b: too many rows to count then, 5 rows now, not compared one by one"));
    }

    void stoppingEndsIt()
    {
        const Path path = m_tree.folder("stopped") / "a.db";
        test::makeDatabase(path);
        std::stop_source source;
        source.request_stop();
        const Result<Difference> found = difference(path, path, source.get_token());
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestDifference)
#include "tst_difference.moc"
