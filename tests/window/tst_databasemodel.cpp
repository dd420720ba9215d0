// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasecolumns.h"
#include "models/databasefilter.h"
#include "models/facetmodel.h"
#include "sampledata.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace lk;
using namespace lk::models;
using lk::test::Sample;

class tst_DatabaseModel : public QObject
{
    Q_OBJECT

private:
    static QStringList names(const QAbstractItemModel &model)
    {
        QStringList names;
        for (int row = 0; row < model.rowCount(); ++row)
            names += model.index(row, 0).data().toString();
        return names;
    }
    static int facetRow(const FacetModel &facets, const QString &text)
    {
        for (int row = 0; row < facets.rowCount(); ++row) {
            if (facets.index(row).data().toString() == text)
                return row;
        }
        return -1;
    }
    static QString facetCount(const FacetModel &facets, const QString &text)
    {
        return facets.index(facetRow(facets, text)).data(FacetModel::CountRole).toString();
    }

    struct Models
    {
        DatabaseModel databases;
        DatabaseFilter filter{databases};
        FacetModel facets{filter};
        QAbstractItemModelTester databasesTester{&databases, QAbstractItemModelTester::FailureReportingMode::QtTest};
        QAbstractItemModelTester filterTester{&filter, QAbstractItemModelTester::FailureReportingMode::QtTest};
        QAbstractItemModelTester facetsTester{&facets, QAbstractItemModelTester::FailureReportingMode::QtTest};

        Models()
        {
            databases.setRoots({"/home/anna"});
            databases.add(test::facts(std::vector<Sample>{
                {.path = "/home/anna/mail/inbox.db", .size = 9000, .wal = true, .walSize = 5},
                {.path = "/home/anna/mail/Archive.db", .size = 1000000},
                {.path = "/home/anna/photos/thumbs.sqlite", .size = 20, .state = sqlite::State::Damaged},
                {.path = "/home/anna/zürich.db", .size = 300, .wal = true},
            }));
        }
    };

private Q_SLOTS:
    void applicationsAreAColumnAndAFacet()
    {
        inspect::DatabaseFacts known = test::facts(Sample{.path = "/home/anna/a.db"});
        known.application = {&inspect::applications().front(), inspect::Confidence::BelongsTo};
        DatabaseModel model;
        DatabaseFilter filter(model);
        FacetModel facets(filter);
        QAbstractItemModelTester tester(&facets, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add({known, test::facts(Sample{.path = "/home/anna/b.db"})});
        const int column = columnIndex("application");
        QCOMPARE(model.index(0, column).data().toString(),
                 QString::fromStdString(inspect::applications().front().title()));
        QCOMPARE(model.index(1, column).data().toString(), QStringLiteral("–"));
        const QString name = QString::fromStdString(inspect::applications().front().name);
        QTRY_VERIFY(facetRow(facets, name) >= 0);
        QCOMPARE(facetCount(facets, name), QStringLiteral("1"));
        QCOMPARE(facetRow(facets, QStringLiteral("Application")), facetRow(facets, name) - 1);
        facets.activate(facets.index(facetRow(facets, name)));
        QCOMPARE(filter.rowCount(), 1);
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyColumnHasAValueOrderAndText_data()
    {
        QTest::addColumn<int>("column");
        for (int i = 0; i < static_cast<int>(databaseColumns().size()); ++i)
            QTest::newRow(databaseColumns()[static_cast<std::size_t>(i)].id) << i;
    }
    void everyColumnHasAValueOrderAndText()
    {
        QFETCH(int, column);
        Models models;
        for (int row = 0; row < models.databases.rowCount(); ++row)
            QVERIFY(!models.databases.index(row, column).data().toString().isEmpty());
        models.filter.sort(column, Qt::AscendingOrder);
        const QStringList up = names(models.filter);
        models.filter.sort(column, Qt::DescendingOrder);
        QCOMPARE(models.filter.rowCount(), up.size());
        const Order &order = databaseColumns()[static_cast<std::size_t>(column)].order;
        QVERIFY((order.number == nullptr) != (order.text == nullptr));
        for (int row = 1; order.number && row < models.filter.rowCount(); ++row)
            QVERIFY(order.number(models.filter.rowAt(row - 1)) >= order.number(models.filter.rowAt(row)));
    }
    void textsSortAsAPlainComparisonWould()
    {
        // Long common beginnings, texts that end inside a group of eight bytes, cases, doubles.
        std::vector<Sample> samples;
        for (const char *name : {"a", "A", "ab", "abcdefgh", "abcdefghi", "ABCDEFGH", "abcdefg", "abcdefgh-1", "b", "a",
                                 "ABCDEFGHi", "abcdefghabcdefgh", "abcdefghabcdefg", "\xc3\xbc", "~"})
            samples.push_back({.path = std::string("/home/anna/a very long beginning/") + name});
        DatabaseModel databases;
        databases.add(test::facts(samples));
        DatabaseFilter filter(databases);
        const auto folded = [](std::string_view text) {
            std::string all(text);
            std::ranges::transform(all, all.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
            return all;
        };
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            std::vector<int> expected(samples.size());
            std::iota(expected.begin(), expected.end(), 0);
            std::ranges::stable_sort(expected, [&](int a, int b) {
                const auto key = [&](int i) {
                    return std::pair(folded(databases.row(i).name()), std::string(databases.row(i).name()));
                };
                return order == Qt::AscendingOrder ? key(a) < key(b) : key(b) < key(a);
            });
            filter.sort(columnIndex("name"), order);
            for (int row = 0; row < filter.rowCount(); ++row)
                QCOMPARE(filter.number(row), expected[static_cast<std::size_t>(row)]);
        }
    }
    void sizesSortByValueNotByText()
    {
        Models models;
        models.filter.sort(columnIndex("size"), Qt::AscendingOrder);
        QCOMPARE(names(models.filter), (QStringList{QStringLiteral("thumbs.sqlite"), QStringLiteral("zürich.db"),
                                                    QStringLiteral("inbox.db"), QStringLiteral("Archive.db")}));
    }
    void namesSortWithoutRegardToCase()
    {
        Models models;
        models.filter.sort(columnIndex("name"), Qt::AscendingOrder);
        QCOMPARE(names(models.filter).first(), QStringLiteral("Archive.db"));
        QCOMPARE(names(models.filter).last(), QStringLiteral("zürich.db"));
    }
    void sortingByNoColumnGivesTheOrderOfArrival()
    {
        Models models;
        const QStringList arrived = names(models.databases);
        models.filter.sort(columnIndex("size"), Qt::DescendingOrder);
        models.filter.sort(-1);
        QCOMPARE(names(models.filter), arrived);
    }
    void whatComesWhileSortedIsAppendedUntilSortedAgain()
    {
        Models models;
        models.filter.sort(columnIndex("size"), Qt::AscendingOrder);
        models.databases.add({test::facts(Sample{.path = "/home/anna/new.db", .size = 1})});
        QCOMPARE(names(models.filter).last(), QStringLiteral("new.db"));
        models.filter.sortAgain();
        QCOMPARE(names(models.filter).first(), QStringLiteral("new.db"));
    }
    void aSelectionFollowsItsRowsThroughSorting()
    {
        Models models;
        QItemSelectionModel selection(&models.filter);
        selection.select(models.filter.index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        models.filter.sort(columnIndex("size"), Qt::AscendingOrder);
        QCOMPARE(selection.selectedRows().size(), 1);
        QCOMPARE(selection.selectedRows().first().data().toString(), QStringLiteral("Archive.db"));
    }
    void filterText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("shown");
        QTest::newRow("nothing shows all") << QString() << 4;
        QTest::newRow("part of a name in another case") << QStringLiteral("ARCH") << 1;
        QTest::newRow("part of a folder") << QStringLiteral("photos") << 1;
        QTest::newRow("two words must both occur") << QStringLiteral("mail inbox") << 1;
        QTest::newRow("a letter beyond ASCII in another case") << QStringLiteral("ZÜR") << 1;
        QTest::newRow("what does not occur") << QStringLiteral("nothing like it") << 0;
    }
    void filterText()
    {
        QFETCH(QString, text);
        QFETCH(int, shown);
        Models models;
        models.filter.setText(text);
        QCOMPARE(models.filter.rowCount(), shown);
        QCOMPARE(models.filter.hidden(), 4 - shown);
    }
    void facetsOfOneGroupWidenAndOfTwoNarrow()
    {
        Models models;
        models.filter.choose({FacetGroup::Journal, std::uint32_t(Journal::Wal)}, true);
        QCOMPARE(models.filter.rowCount(), 2);
        models.filter.choose({FacetGroup::Journal, std::uint32_t(Journal::Rollback)}, true);
        QCOMPARE(models.filter.rowCount(), 3);
        models.facets.activate(models.facets.index(facetRow(models.facets, QStringLiteral("mail"))));
        QCOMPARE(models.filter.rowCount(), 2);
        models.facets.activate(models.facets.index(0)); // All
        QCOMPARE(models.filter.rowCount(), 4);
    }
    void countsTellWhatAClickWouldShow()
    {
        Models models;
        QCOMPARE(facetCount(models.facets, QStringLiteral("WAL")), QStringLiteral("2"));
        models.filter.setText(QStringLiteral("mail"));
        QCOMPARE(facetCount(models.facets, QStringLiteral("WAL")), QStringLiteral("1"));
        models.filter.choose({FacetGroup::Journal, std::uint32_t(Journal::Wal)}, true);
        QCOMPARE(facetCount(models.facets, QStringLiteral("rollback")),
                 QStringLiteral("1")); // its own group's choice aside
        QCOMPARE(facetCount(models.facets, QStringLiteral("mail")), QStringLiteral("1"));
    }
    void placesAreTheFirstFolderBelowTheRoot_data()
    {
        QTest::addColumn<QByteArray>("root");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("place");
        QTest::newRow("below a folder") << QByteArray("/srv") << QByteArray("/srv/a/b/c.db") << QByteArray("/srv/a");
        QTest::newRow("in the folder itself") << QByteArray("/srv") << QByteArray("/srv/c.db") << QByteArray("/srv");
        QTest::newRow("two below the whole computer")
            << QByteArray("/") << QByteArray("/home/x/y/c.db") << QByteArray("/home/x");
        QTest::newRow("at the root of it all") << QByteArray("/") << QByteArray("/c.db") << QByteArray("/");
        QTest::newRow("a folder that begins alike")
            << QByteArray("/srv") << QByteArray("/srv2/a/c.db") << QByteArray("/srv2/a");
    }
    void placesAreTheFirstFolderBelowTheRoot()
    {
        QFETCH(QByteArray, root);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, place);
        DatabaseModel databases;
        databases.setRoots({Path(root.toStdString())});
        databases.add({test::facts(Sample{.path = path.toStdString()})});
        QCOMPARE(QByteArray::fromStdString(databases.places().front()), place);
    }
    void aRenewedRowKeepsItsPlaceAndItsVerdict()
    {
        Models models;
        QSignalSpy changed(&models.filter, &QAbstractItemModel::dataChanged);
        models.databases.setVerdict("/home/anna/mail/Archive.db", Verdict::Ok);
        models.databases.renew(test::facts(Sample{.path = "/home/anna/mail/Archive.db", .wal = true}));
        QCOMPARE(models.databases.rowCount(), 4);
        QCOMPARE(models.databases.row(1).journal, Journal::Wal);
        QCOMPARE(models.databases.row(1).verdict, Verdict::Ok);
        QCOMPARE(changed.size(), 2);
    }
    void whatIsFoundTwiceIsOneRow()
    {
        Models models;
        models.databases.setRoots({"/home/anna", "/mnt"});
        models.databases.add(
            test::facts(std::vector<Sample>{{.path = "/home/anna/zürich.db"}, {.path = "/mnt/new.db"}}));
        QCOMPARE(models.databases.rowCount(), 5);
    }
    void aHostileNameIsOneLineOfPlainText()
    {
        Models models;
        models.databases.add({test::facts(Sample{.path = "/home/anna/<b>a\n\xE2\x80\xAE.db"})});
        const QModelIndex index = models.databases.index(4, 0);
        QCOMPARE(index.data().toString(), QStringLiteral("<b>a\\n\\u202e.db"));
        QVERIFY(!index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
    }
    void clearingForgetsPlacesAndTheirChoice()
    {
        Models models;
        models.facets.activate(models.facets.index(facetRow(models.facets, QStringLiteral("mail"))));
        models.databases.clear();
        models.databases.add({test::facts(Sample{.path = "/srv/x/y.db"})});
        QCOMPARE(models.filter.rowCount(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_DatabaseModel)
#include "tst_databasemodel.moc"
