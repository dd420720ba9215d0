// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hexmodel.h"
#include "models/pagemodel.h"
#include "models/rowsmodel.h"
#include "models/schemamodel.h"
#include "sqlite/pages.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace lk;
using namespace lk::models;
using inspect::Cell;
using inspect::ObjectType;
using inspect::SchemaObject;

/// What is in a database: schema, rows, bytes, pages.
class tst_ContentModels : public QObject
{
    Q_OBJECT

private:
    static SchemaObject object(ObjectType type, const char *name, const char *table, const char *sql = "CREATE …")
    {
        SchemaObject one;
        one.type = type;
        one.name = name;
        one.table = table;
        one.sql = sql;
        return one;
    }
    static QStringList names(const SchemaModel &model, const QModelIndex &parent = {})
    {
        QStringList names;
        for (int row = 0; row < model.rowCount(parent); ++row)
            names += model.index(row, 0, parent).data().toString();
        return names;
    }
    /// The header of a database with 8 pages of 4096 bytes in WAL mode.
    static std::vector<std::byte> header()
    {
        std::vector<std::byte> bytes(100);
        const char magic[] = "SQLite format 3";
        std::ranges::transform(magic, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
        bytes[16] = std::byte{0x10};
        bytes[18] = bytes[19] = std::byte{2};
        bytes[31] = std::byte{8};
        bytes[59] = std::byte{1};
        return bytes;
    }
    static QString meaning(const std::vector<Field> &fields, const char *name)
    {
        const auto found = std::ranges::find(fields, QLatin1String(name), &Field::name);
        return found == fields.end() ? QString() : found->meaning;
    }

private Q_SLOTS:
    void aSchemaIsATreeOfWhatBelongsToWhat()
    {
        inspect::Schema schema;
        schema.objects = {object(ObjectType::Index, "by_k", "t"),
                          object(ObjectType::View, "v", "v"),
                          object(ObjectType::Table, "words_data", "words_data"),
                          object(ObjectType::Table, "t", "t"),
                          object(ObjectType::Table, "words", "words"),
                          object(ObjectType::Trigger, "tr", "v"),
                          object(ObjectType::Index, "lost", "no such table")};
        schema.objects[2].shadowOf = "words";
        schema.objects[4].module = "fts5";
        SchemaModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSchema(schema);
        QCOMPARE(names(model), (QStringList{QStringLiteral("t"), QStringLiteral("words"), QStringLiteral("v"),
                                            QStringLiteral("lost")}));
        QCOMPARE(names(model, model.index(0, 0)), QStringList{QStringLiteral("by_k")});
        QCOMPARE(names(model, model.index(1, 0)), QStringList{QStringLiteral("words_data")}); // folded
        QCOMPARE(names(model, model.index(2, 0)), QStringList{QStringLiteral("tr")});
        QCOMPARE(model.object(model.index(3, 0))->name, std::string("lost"));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.object({}));
    }
    void tablesOfOneNameDoNoHarm()
    {
        inspect::Schema schema;
        schema.objects = {object(ObjectType::Table, "t", "t"), object(ObjectType::Table, "t", "t"),
                          object(ObjectType::Index, "i", "t"), object(ObjectType::Table, "s", "s")};
        schema.objects[3].shadowOf = "s"; // of itself
        SchemaModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSchema(schema);
        QCOMPARE(model.rowCount(), 3);
    }
    void badgesSayWhatKindItIs_data()
    {
        QTest::addColumn<QString>("expected");

        QTest::newRow("strict") << QStringLiteral("table, STRICT, WITHOUT ROWID");
        QTest::newRow("virtual") << QStringLiteral("virtual table (fts5)");
        QTest::newRow("shadow") << QStringLiteral("table, holds the data of words");
        QTest::newRow("automatic") << QStringLiteral("unique index, made by SQLite itself");
        QTest::newRow("partial") << QStringLiteral("index, partial");
    }
    void badgesSayWhatKindItIs()
    {
        QFETCH(QString, expected);
        const QByteArray tag = QTest::currentDataTag();
        const bool index = tag == "automatic" || tag == "partial";
        SchemaObject one = object(index ? ObjectType::Index : ObjectType::Table, "x", "x");
        one.strict = one.withoutRowid = tag == "strict";
        one.module = tag == "virtual" ? "fts5" : "";
        one.shadowOf = tag == "shadow" ? "words" : "";
        one.partial = tag == "partial";
        one.unique = tag == "automatic";
        if (one.unique)
            one.sql.clear();
        QCOMPARE(schemaKind(one), expected);
    }
    void linesStayLinesAndControlCharactersAreShown()
    {
        QCOMPARE(displayLines("a\r\n\tb\033[31m\n"), QStringLiteral("a\n\tb\\x1b[31m\n"));
        QCOMPARE(displayLines(""), QString());
        QCOMPARE(displayLines("\t\t"), QStringLiteral("\t\t"));
    }

    void valuesAreToldApart()
    {
        inspect::RowsPage page;
        page.columns = {"id\n", "k", "v", "n"};
        page.rows = {{{Cell::Integer, "7", 0},
                      {Cell::Text, "two\nlines", 9},
                      {Cell::Blob, std::string("\0\xff", 2), 70'000},
                      {}},
                     {{Cell::Integer, "8", 0}}}; // fewer values than columns
        RowsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPage(page);
        QCOMPARE(model.headerData(0, Qt::Horizontal).toString(), QStringLiteral("id\\n"));
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("two\\nlines"));
        QCOMPARE(model.value(model.index(0, 1)), QStringLiteral("two\nlines"));
        QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("BLOB, 68 KiB: 00 ff …"));
        QCOMPARE(model.index(0, 3).data().toString(), QStringLiteral("NULL"));
        QVERIFY(model.index(0, 3).data(Qt::FontRole).value<QFont>().italic());
        QVERIFY(!model.index(0, 1).data(Qt::FontRole).isValid()); // a text "NULL" looks otherwise
        QVERIFY(!model.index(1, 2).data().isValid());
        QVERIFY(model.value(model.index(1, 2)).isEmpty());
        model.clear();
        QCOMPARE(model.columnCount(), 0);
    }
    void aValueThatWasCutSaysHowLongItIs()
    {
        inspect::RowsPage page;
        page.columns = {"k"};
        page.rows = {{{Cell::Text, std::string(4096, 'x'), 1 << 20}}};
        RowsModel model;
        model.setPage(page);
        QVERIFY(model.value(model.index(0, 0)).endsWith(QStringLiteral("\n… (1.0 MiB in all)")));
        QCOMPARE(model.index(0, 0).data().toString().size(), 200);
    }

    void bytesKnowTheirField()
    {
        HexModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setBytes(header());
        QCOMPARE(model.rowCount(), 7);
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("10"));
        QCOMPARE(HexModel::fieldOf(model.index(0, 5)), 0);
        QCOMPARE(HexModel::fieldOf(model.index(1, 1)), 1);
        QCOMPARE(HexModel::fieldOf(model.index(6, 3)), static_cast<int>(sqlite::headerFields().size()) - 1);
        QCOMPARE(HexModel::fieldOf(model.index(6, 4)), -1);
        QCOMPARE(model.flags(model.index(6, 4)), Qt::NoItemFlags);
        QCOMPARE(model.indexOf(17), model.index(1, 1));
        model.setBytes(std::vector<std::byte>(5000));
        QCOMPARE(model.rowCount(), 7); // the header's 100 bytes at most
        model.setBytes({});
        QCOMPARE(model.rowCount(), 0);
    }
    void everyFieldOfTheHeaderIsExplained()
    {
        const std::vector<Field> fields = headerFieldRows(header());
        QCOMPARE(fields.size(), sqlite::headerFields().size());
        QCOMPARE(meaning(fields, "Page size"), QStringLiteral("4.0 KiB"));
        QCOMPARE(meaning(fields, "Write version"), QStringLiteral("WAL"));
        QCOMPARE(meaning(fields, "Pages"), QStringLiteral("8 pages"));
        QCOMPARE(meaning(fields, "Text encoding"), QStringLiteral("UTF-8"));
        QCOMPARE(meaning(fields, "For later"), QStringLiteral("all zero"));
        QCOMPARE(meaning(fields, "Magic text"), QStringLiteral("SQLite format 3\\x00"));
        QCOMPARE(fields.at(1).stored, QStringLiteral("10 00"));
        QVERIFY(fields.at(1).explanation.startsWith(QStringLiteral("Bytes 16 to 17. ")));
        QVERIFY(headerFieldRows(std::vector<std::byte>(99)).empty());
    }
    void pagesAreListedByNumber()
    {
        PageModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPages({{1, inspect::PageKind::InteriorTable, 12, 300, 7}, {2, inspect::PageKind::FreeLeaf, 0, 0, 0}});
        QCOMPARE(model.index(0, PageModel::KindColumn).data().toString(), QStringLiteral("table, interior"));
        QCOMPARE(model.index(0, PageModel::LinkColumn).data().toString(), QStringLiteral("7"));
        QCOMPARE(model.index(1, PageModel::CellsColumn).data().toString(), QStringLiteral("–"));
        for (int kind = 0; kind <= static_cast<int>(inspect::PageKind::Overflow); ++kind)
            QVERIFY(!pageKindText(static_cast<inspect::PageKind>(kind)).isEmpty());
    }
};

QTEST_GUILESS_MAIN(tst_ContentModels)
#include "tst_contentmodels.moc"
