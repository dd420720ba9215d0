// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compactmodel.h"
#include "models/spacemodel.h"
#include "models/squarify.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace lk;
using namespace lk::models;

/// Where the room in a database goes, and how it is drawn.
class tst_SpaceModels : public QObject
{
    Q_OBJECT

private:
    /// 100 pages of 1000 bytes: two tables, an index, a full-text index, 10 free pages, 3 of nobody.
    static inspect::Space sample()
    {
        inspect::Space space;
        space.items = {{.name = "messages",
                        .table = "messages",
                        .pages = 50,
                        .bytes = 50'000,
                        .payload = 40'000,
                        .unused = 8'000,
                        .rows = 1234},
                       {.name = "by_date",
                        .index = true,
                        .table = "messages",
                        .pages = 20,
                        .bytes = 20'000,
                        .payload = 19'000,
                        .unused = 1'000,
                        .rows = {}},
                       {.name = "words_data",
                        .table = "words",
                        .pages = 12,
                        .bytes = 12'000,
                        .payload = 11'000,
                        .unused = 0,
                        .rows = 5},
                       {.name = "words_idx",
                        .table = "words",
                        .pages = 2,
                        .bytes = 2'000,
                        .payload = 100,
                        .unused = 1'500,
                        .rows = 1},
                       {.name = "people",
                        .table = "people",
                        .pages = 3,
                        .bytes = 3'000,
                        .payload = 100,
                        .unused = 2'500,
                        .rows = {}}};
        space.pageSize = 1000;
        space.pageCount = 100;
        space.freelistPages = 10;
        space.unusedBytes = 13'000;
        return space;
    }
    static QStringList names(const SpaceModel &model, const QModelIndex &parent = {})
    {
        QStringList names;
        for (int row = 0; row < model.rowCount(parent); ++row)
            names += model.index(row, 0, parent).data().toString();
        return names;
    }
    static quint64 sum(const SpaceModel &model, const QModelIndex &parent = {})
    {
        quint64 bytes = 0;
        for (int row = 0; row < model.rowCount(parent); ++row)
            bytes += model.index(row, 0, parent).data(SpaceModel::BytesRole).toULongLong();
        return bytes;
    }

    /// In square pixels.
    static double overlap(const QRectF &a, const QRectF &b)
    {
        const QRectF both = a.intersected(b);
        return both.width() * both.height();
    }

private Q_SLOTS:
    void tablesHoldTheirIndexesAndTheLargestComesFirst()
    {
        SpaceModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSpace(sample());
        QCOMPARE(names(model), (QStringList{QStringLiteral("messages"), QStringLiteral("Unused within pages"),
                                            QStringLiteral("words"), QStringLiteral("Free pages"),
                                            QStringLiteral("Other pages"), QStringLiteral("people")}));
        QCOMPARE(names(model, model.index(0, 0)),
                 (QStringList{QStringLiteral("rows of messages"), QStringLiteral("index by_date")}));
        QCOMPARE(names(model, model.index(2, 0)),
                 (QStringList{QStringLiteral("words_data"), QStringLiteral("words_idx")}));
        QCOMPARE(model.rowCount(model.index(5, 0)), 0); // a table alone
        QCOMPARE(model.index(0, SpaceModel::RowsColumn).data().toString(), QStringLiteral("1\u2009234"));
        QCOMPARE(model.index(5, SpaceModel::RowsColumn).data().toString(), QStringLiteral("–"));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }
    void theSizesAddUpToTheFile()
    {
        SpaceModel model;
        model.setSpace(sample());
        QCOMPARE(sum(model), 100'000u);
        QCOMPARE(sum(model, model.index(0, 0)), model.index(0, 0).data(SpaceModel::BytesRole).toULongLong());
    }
    void numbersThatCannotBeDoNoHarm()
    {
        inspect::Space space = sample();
        space.items[0].unused = 60'000; // more than it has
        space.freelistPages = 500;      // more than there are
        space.items[1].table = "";
        SpaceModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSpace(space);
        QVERIFY(model.rowCount() > 0);
        model.setSpace({});
        QCOMPARE(model.rowCount(), 0);
    }
    void everyLineIsExplained()
    {
        SpaceModel model;
        model.setSpace(sample());
        for (int row = 0; row < model.rowCount(); ++row) {
            const QString text = model.explanation(model.index(row, 0));
            QVERIFY2(text.startsWith(model.index(row, 0).data().toString() + QStringLiteral(": ")), qPrintable(text));
        }
        QVERIFY(model.explanation({}).isEmpty());
    }
    void namesFromTheFileAreNoMarkup()
    {
        inspect::Space space = sample();
        space.items = {
            {.name = "<b>\n", .table = "<b>\n", .pages = 1, .bytes = 1'000, .payload = 1, .unused = 0, .rows = {}}};
        SpaceModel model;
        model.setSpace(space);
        const QStringList all = names(model);
        QVERIFY(all.contains(QStringLiteral("<b>\\n")));
        const auto row = static_cast<int>(all.indexOf(QStringLiteral("<b>\\n")));
        QVERIFY(model.index(row, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;")));
    }

    void rectanglesFillTheAreaByTheirWeight_data()
    {
        QTest::addColumn<QList<double>>("weights");

        QTest::newRow("one") << QList<double>{5};
        QTest::newRow("as in the paper") << QList<double>{6, 6, 4, 3, 2, 2, 1};
        QTest::newRow("equal") << QList<double>(100, 1.0);
        QTest::newRow("one dwarfs the rest") << QList<double>{1e9, 3, 2, 1};
    }
    void rectanglesFillTheAreaByTheirWeight()
    {
        QFETCH(QList<double>, weights);
        const QRectF area(10, 20, 600, 400);
        const std::vector<QRectF> rectangles = squarified(area, weights);
        QCOMPARE(rectangles.size(), std::size_t(weights.size()));
        const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
        for (std::size_t i = 0; i < rectangles.size(); ++i) {
            const double share = weights[static_cast<qsizetype>(i)] / total;
            const double part = rectangles[i].width() * rectangles[i].height() / (600.0 * 400.0);
            QVERIFY(std::abs(part - share) < 1e-6);
            QVERIFY(area.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(rectangles[i]));
            for (std::size_t k = 0; k < i; ++k)
                QVERIFY(overlap(rectangles[i], rectangles[k]) < 1e-6);
        }
    }
    void rectanglesAreNearlySquares()
    {
        const std::vector<double> weights(50, 1.0);
        for (const QRectF &one : squarified({0, 0, 600, 400}, weights))
            QVERIFY(std::max(one.width() / one.height(), one.height() / one.width()) < 2);
    }
    void whatIsTooSmallForADoubleIsEmpty()
    {
        const std::vector<double> weights{1e30, 1, 1, 1};
        const std::vector<QRectF> rectangles = squarified({0, 0, 100, 100}, weights);
        QCOMPARE(rectangles.size(), weights.size());
        for (const QRectF &one : rectangles)
            QVERIFY(std::isfinite(one.width()) && std::isfinite(one.height()));
    }
    void nothingHasNoRectangles()
    {
        QVERIFY(squarified({0, 0, 100, 100}, {}).empty());
        const std::vector<double> one{1};
        QVERIFY(squarified({0, 0, 0, 100}, one).empty());
    }

    void compactingIsToldForEachPageSize()
    {
        // What compacting 8 KiB in pages of 4 KiB came to.
        const auto outcome = [](std::uint32_t pageSize, std::uint64_t bytes) {
            return operations::CompactOutcome{.before = {.pageSize = 4096, .bytes = 8192},
                                              .after = {.pageSize = pageSize, .bytes = bytes}};
        };
        CompactModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setOutcomes({outcome(1024, 9216), outcome(4096, 4096), outcome(8192, 8192)}, 4096);
        QCOMPARE(model.index(0, CompactModel::SavedColumn).data().toString(), QStringLiteral("1.0 KiB more"));
        QCOMPARE(model.index(1, CompactModel::PageSizeColumn).data().toString(), QStringLiteral("4.0 KiB (as it is)"));
        QCOMPARE(model.index(1, CompactModel::SavedColumn).data().toString(), QStringLiteral("4.0 KiB"));
        QCOMPARE(model.index(2, CompactModel::SavedColumn).data().toString(), QStringLiteral("nothing"));
        QCOMPARE(compactSentence(outcome(4096, 4096)),
                 QStringLiteral("Compacting would give back 4.0 KiB: it would be 4.0 KiB instead of 8.0 KiB."));
        QVERIFY(compactSentence(outcome(4096, 8192)).contains(QStringLiteral("nothing")));
    }
};

QTEST_GUILESS_MAIN(tst_SpaceModels)
#include "tst_spacemodels.moc"
