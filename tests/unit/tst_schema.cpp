// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/schema.h"

#include "inspect/sqltext.h"
#include "sqlite/connection.h"
#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <map>
#include <set>

using namespace lk;
using namespace lk::inspect;

class TestSchema : public QObject
{
    Q_OBJECT

    static Schema read(const Path &path, bool structure = false)
    {
        auto connection = sqlite::Connection::open(path);
        if (!connection)
            throw std::runtime_error(connection.error().detail);
        auto schema = structure ? readStructure(*connection) : readSchema(*connection);
        if (!schema)
            throw std::runtime_error(schema.error().detail);
        return std::move(*schema);
    }

    static Schema of(const std::string &sql, bool structure = false)
    {
        const test::TempTree tree;
        test::runSql(tree.path() / "a.db", sql);
        return read(tree.path() / "a.db", structure);
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void everyObjectIsThereAsItStandsInTheFile()
    {
        const Schema schema = of("CREATE TABLE t(a PRIMARY KEY, b); CREATE INDEX i ON t(b); CREATE VIEW v AS SELECT 1;"
                                 "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END");
        QCOMPARE(schema.objects.size(), std::size_t(5));
        QVERIFY(!schema.cutShort && !schema.structure);
        QCOMPARE(schema.objects[0].sql, std::string("CREATE TABLE t(a PRIMARY KEY, b)"));
        const SchemaObject *made = schema.find(ObjectType::Index, "sqlite_autoindex_t_1");
        QVERIFY(made && made->sql.empty() && made->table == "t" && made->rootPage == 3);
        QVERIFY(schema.find(ObjectType::View, "v") && schema.find(ObjectType::Trigger, "r"));
        QVERIFY(!schema.find(ObjectType::Table, "v"));
    }

    void whatATableIs_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<bool>("strict");
        QTest::addColumn<bool>("withoutRowid");
        QTest::newRow("ordinary") << "CREATE TABLE t(a)" << false << false;
        QTest::newRow("STRICT") << "CREATE TABLE t(a INT) STRICT" << true << false;
        QTest::newRow("WITHOUT ROWID") << "CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID" << false << true;
        QTest::newRow("both, in any case and spacing")
            << "CREATE TABLE t(a INT PRIMARY KEY)\n wIthout /* no */\trowid,Strict -- at last" << true << true;
        QTest::newRow("a table called strict") << "CREATE TABLE strict(a)" << false << false;
        QTest::newRow("columns called so")
            << "CREATE TABLE t(strict, without, rowid, \"without rowid\")" << false << false;
        QTest::newRow("a default with a bracket in it")
            << "CREATE TABLE t(a TEXT DEFAULT ') strict', b INT CHECK (b > (1))) STRICT" << true << false;
        QTest::newRow("names with every kind of quote")
            << "CREATE TABLE \"t\"(\"a)\"\" strict\" INT, [b) strict] INT, `c) strict` INT) STRICT" << true << false;
        QTest::newRow("words in comments")
            << "CREATE TABLE t(a -- ) STRICT\n, b /* ) WITHOUT ROWID */)" << false << false;
    }
    void whatATableIs()
    {
        QFETCH(QString, sql);
        QFETCH(bool, strict);
        QFETCH(bool, withoutRowid);
        const Schema schema = of(sql.toStdString());
        QCOMPARE(schema.objects[0].strict, strict);
        QCOMPARE(schema.objects[0].withoutRowid, withoutRowid);
        QVERIFY(schema.objects[0].module.empty());
    }

    void nonsenseEndsToo_data()
    {
        QTest::addColumn<QString>("sql");
        for (const char *sql :
             {"", "CREATE", "CREATE VIRTUAL", "CREATE TABLE 'x", "CREATE TABLE [x", "create table (((", ")))) strict",
              "CREATE VIRTUAL TABLE x USING", "/*", "--", "\"\"\"", "CREATE TABLE \x01\xff"})
            QTest::addRow("%s.", sql) << QString::fromLatin1(sql);
    }
    void nonsenseEndsToo()
    {
        QFETCH(QString, sql);
        QVERIFY(readCreateTable(sql.toLatin1().toStdString()).module.empty());
    }

    void tablesBehindAVirtualOneBelongToIt()
    {
        const Schema schema =
            of("CREATE VIRTUAL TABLE \"Docs_5\" USING FTS5(a); CREATE VIRTUAL TABLE docs4 USING \"fts4\"(a);"
               "CREATE VIRTUAL TABLE place USING rtree(id, a, b); CREATE TABLE docs4_notes(x);"
               "CREATE TABLE docs_data(x); CREATE TABLE other_content(x)");
        QCOMPARE(schema.find(ObjectType::Table, "Docs_5")->module, std::string("fts5"));
        QCOMPARE(schema.find(ObjectType::Table, "docs4")->module, std::string("fts4"));
        const std::map<std::string, std::string> expected{
            {"Docs_5_data", "Docs_5"},    {"Docs_5_idx", "Docs_5"},    {"Docs_5_content", "Docs_5"},
            {"Docs_5_docsize", "Docs_5"}, {"Docs_5_config", "Docs_5"}, {"docs4_content", "docs4"},
            {"docs4_segments", "docs4"},  {"docs4_segdir", "docs4"},   {"docs4_docsize", "docs4"},
            {"docs4_stat", "docs4"},      {"place_node", "place"},     {"place_parent", "place"},
            {"place_rowid", "place"}};
        std::map<std::string, std::string> found;
        for (const SchemaObject &object : schema.objects) {
            if (!object.shadowOf.empty())
                found[object.name] = object.shadowOf;
        }
        QCOMPARE(found, expected);
    }

    void theStructureIsWhatTheTablesSay()
    {
        const Schema schema = of("CREATE TABLE p(x INT, y TEXT, PRIMARY KEY(y, x)) WITHOUT ROWID;"
                                 "CREATE TABLE c(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT REFERENCES p,"
                                 "  g AS (b + 1), FOREIGN KEY(a, b) REFERENCES p(y, x));"
                                 "CREATE UNIQUE INDEX cu ON c(a, b) WHERE b > 0; CREATE INDEX ce ON c(b, lower(a));"
                                 "CREATE VIEW v AS SELECT * FROM no_such_table",
                                 true);
        QVERIFY(schema.structure);
        const SchemaObject &p = *schema.find(ObjectType::Table, "p");
        QCOMPARE(p.columns.size(), std::size_t(2));
        QCOMPARE(p.columns[0].primaryKey, 2);
        QCOMPARE(p.columns[1].primaryKey, 1);
        const SchemaObject &c = *schema.find(ObjectType::Table, "c");
        QCOMPARE(c.columns.size(), std::size_t(4));
        QVERIFY(c.columns[1].notNull && c.columns[1].type == "TEXT" && !c.columns[2].notNull);
        QVERIFY(c.columns[3].generated && !c.columns[2].generated);
        QVERIFY((c.foreignKeys ==
                 std::vector<ForeignKey>{{.table = "p", .columns = {"a", "b"}}, {.table = "p", .columns = {"b"}}}));
        const SchemaObject &unique = *schema.find(ObjectType::Index, "cu");
        QVERIFY(unique.unique && unique.partial);
        QVERIFY((unique.indexColumns == std::vector<std::string>{"a", "b"}));
        const SchemaObject &expression = *schema.find(ObjectType::Index, "ce");
        QVERIFY(!expression.unique && !expression.partial);
        QVERIFY((expression.indexColumns == std::vector<std::string>{"b", ""}));
        QVERIFY(schema.find(ObjectType::View, "v")->columns.empty());
    }

    /// A view that never ends is no view that is asked.
    void viewsAreNotEvaluated()
    {
        std::string sql = "CREATE TABLE t(a); CREATE VIEW v0 AS SELECT 1 AS x";
        for (int i = 1; i < 40; ++i)
            sql += "; CREATE VIEW v" + std::to_string(i) + " AS SELECT a.x AS x FROM v" + std::to_string(i - 1) +
                   " a, v" + std::to_string(i - 1) + " b"; // 2^40 tables to join
        QCOMPARE(of(sql, true).objects.size(), std::size_t(41));
    }

    void tooManyAreCutShort()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        // Written into the table of the schema: 20 000 times CREATE would take half a minute.
        test::runSql(path, "CREATE TABLE t(a); PRAGMA writable_schema=on; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                           "SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO sqlite_schema SELECT 'trigger', 'r' || i, "
                           "'t', 0, 'CREATE TRIGGER r' || i || ' AFTER INSERT ON t BEGIN SELECT 1; END' FROM n");
        const Schema schema = read(path);
        QVERIFY(schema.cutShort);
        QCOMPARE(schema.objects.size(), std::size_t(20'000));
    }

    void asSqliteSaysOnRealFiles()
    {
        LK_NEEDS_SHARED(real, "corpus/real");
        int compared = 0;
        for (const char *name :
             {"calibre-metadata", "chinook", "gpkg-10200", "chrome-webdata", "apple-reserved-rtree"}) {
            for (const auto &entry : std::filesystem::directory_iterator(real / name)) {
                if (!entry.is_regular_file() || test::readFile(entry.path()).rfind("SQLite format 3", 0) != 0)
                    continue;
                const test::TempTree tree;
                const Path path = tree.path() / "a.db";
                std::filesystem::copy_file(entry.path(), path);
                const Schema schema = read(path, true);
                std::set<std::string> tables;
                for (const SchemaObject &object : schema.objects) {
                    if (object.type == ObjectType::Table && object.module.empty())
                        tables.insert(object.name + '|' + (object.shadowOf.empty() ? "table" : "shadow") + '|' +
                                      std::to_string(object.columns.size()) + '|' + (object.withoutRowid ? '1' : '0') +
                                      (object.strict ? '1' : '0') + '\n');
                }
                std::string ours;
                for (const std::string &table : tables)
                    ours += table;
                QCOMPARE(ours, test::queryCopy(path, "SELECT group_concat(line, '') FROM (SELECT name || '|' || type "
                                                     "|| '|' || ncol || '|' || wr || strict || char(10) AS line FROM "
                                                     "pragma_table_list WHERE schema = 'main' AND name <> "
                                                     "'sqlite_schema' AND type IN ('table', 'shadow') ORDER BY 1)"));
                ++compared;
            }
        }
        QVERIFY(compared >= 5);
    }
};

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
