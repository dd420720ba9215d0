// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/measure.h"

#include <QRegularExpression>
#include <QTest>

using namespace lk;
using namespace lk::measure;
using namespace std::chrono_literals;

using Rates = std::vector<double>;
Q_DECLARE_METATYPE(Rates)

class TestMeasureWords : public QObject
{
    Q_OBJECT

    static Cell cell(const char *name, int writers = 1, int readers = 0)
    {
        return {.name = name, .load = {.writers = writers, .readers = readers}};
    }
    static CellResult wrote(const Rates &rates, std::uint64_t failed = 0)
    {
        CellResult result;
        result.writes.rates = rates;
        result.writes.tried = 100;
        result.writes.failed = failed;
        return result;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void durationsHaveTheirUnit_data()
    {
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("0 s");
        QTest::newRow("nanoseconds") << qint64(850) << QStringLiteral("850 ns");
        QTest::newRow("a flush") << qint64(26'000) << QStringLiteral("26 µs");
        QTest::newRow("a page") << qint64(1'330'000) << QStringLiteral("1.33 ms");
        QTest::newRow("a few milliseconds") << qint64(2'400'000) << QStringLiteral("2.4 ms");
        QTest::newRow("a long wait") << qint64(5'012'000'000) << QStringLiteral("5.0 s");
    }
    void durationsHaveTheirUnit()
    {
        QFETCH(qint64, nanoseconds);
        QFETCH(QString, expected);
        QCOMPARE(words::duration(Nanoseconds(nanoseconds)), expected);
    }

    void ratesHaveThreeDigits_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << 0.0 << QStringLiteral("0");
        QTest::newRow("a slow disk") << 7.26 << QStringLiteral("7.3");
        QTest::newRow("tens") << 83.7 << QStringLiteral("84");
        QTest::newRow("hundreds") << 857.4 << QStringLiteral("857");
        QTest::newRow("many") << 57'912.0 << QStringLiteral("57\u2009900");
        QTest::newRow("rounded up to the next digit") << 99'960.0 << QStringLiteral("100\u2009000");
    }
    void ratesHaveThreeDigits()
    {
        QFETCH(double, rate);
        QFETCH(QString, expected);
        QCOMPARE(words::perSecond(rate), expected);
    }

    void percentages_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << 0.0 << QStringLiteral("0 %");
        QTest::newRow("hardly any is not none") << 0.0001 << QStringLiteral("< 0.1 %");
        QTest::newRow("few") << 0.0123 << QStringLiteral("1.2 %");
        QTest::newRow("many") << 0.764 << QStringLiteral("76 %");
        QTest::newRow("nearly all are not all") << 0.9991 << QStringLiteral("> 99 %");
        QTest::newRow("all") << 1.0 << QStringLiteral("100 %");
    }
    void percentages()
    {
        QFETCH(double, share);
        QFETCH(QString, expected);
        QCOMPARE(words::percent(share), expected);
    }

    void settingsAreNamedInOneLine_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("expected");
        QTest::newRow("what is SQLite's own is not said")
            << QStringLiteral("default") << QStringLiteral("DELETE · FULL · DEFERRED · 5 s");
        QTest::newRow("a cache in pages, and mmap")
            << QStringLiteral("rails")
            << QStringLiteral("WAL · NORMAL · IMMEDIATE · 5 s · cache of 2000 pages · mmap 128 MiB");
        QTest::newRow("a cache in KiB") << QStringLiteral("kerkour")
                                        << QStringLiteral("WAL · NORMAL · IMMEDIATE · 5 s · cache 64 MiB");
    }
    void settingsAreNamedInOneLine()
    {
        QFETCH(QString, preset);
        QFETCH(QString, expected);
        QCOMPARE(words::describe(findPreset(preset.toStdString())->configuration), expected);
    }

    void whoDoesNotWaitIsNamed()
    {
        QVERIFY(words::describe(Configuration{.busyTimeout = 0ms}).contains(QStringLiteral("no waiting")));
    }

    void loadsAreNamed()
    {
        QCOMPARE(words::describe(usualLoad()), QStringLiteral("4 writers (update), 1 reader (point-reads)"));
        QCOMPARE(words::describe(Load{.readers = 2, .read = Work::Page}), QStringLiteral("2 readers (page)"));
    }

    void theDifferenceIsOneSentence_data()
    {
        QTest::addColumn<Rates>("before");
        QTest::addColumn<Rates>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("faster") << Rates{10, 10, 10} << Rates{380, 380, 380}
                                << QStringLiteral("On this disk WAL commits 38 × as fast as DELETE.");
        QTest::newRow("a large ratio has three digits, too")
            << Rates{1, 1, 1} << Rates{20'957, 20'957, 20'957}
            << QStringLiteral("On this disk WAL commits 21\u2009000 × as fast as DELETE.");
        QTest::newRow("slower: the faster comes first")
            << Rates{100, 100, 100} << Rates{50, 50, 50}
            << QStringLiteral("On this disk DELETE commits 2.0 × as fast as WAL.");
        QTest::newRow("the same") << Rates{100, 101, 99} << Rates{100, 100, 100}
                                  << QStringLiteral(
                                         "On this disk DELETE and WAL commit without a measurable difference.");
        QTest::newRow("too noisy") << Rates{100, 100, 100} << Rates{30, 100, 300}
                                   << QStringLiteral(
                                          "It was too noisy to say whether DELETE or WAL commits faster here.");
        QTest::newRow("nothing was committed") << Rates{0, 0, 0} << Rates{100, 100, 100}
                                               << QStringLiteral("The commits of DELETE and WAL can't be compared: one "
                                                                 "of them made none in some round.");
    }
    void theDifferenceIsOneSentence()
    {
        QFETCH(Rates, before);
        QFETCH(Rates, after);
        QFETCH(QString, expected);
        QCOMPARE(words::verdict(cell("DELETE"), wrote(before), cell("WAL"), wrote(after)), expected);
    }

    void errorsAreSaidToo()
    {
        QCOMPARE(words::verdict(cell("DELETE"), wrote({10, 10, 10}, 13), cell("WAL"), wrote({20, 20, 20})),
                 QStringLiteral("On this disk WAL commits 2.0 × as fast as DELETE; “database is locked” for 0 % "
                                "instead of 13 % of what was tried."));
    }

    void readersBesideWritersAreNamedIfTheyDiffer()
    {
        CellResult before = wrote({10, 10, 10});
        CellResult after = wrote({20, 20, 20});
        before.reads.rates = {100, 100, 100};
        after.reads.rates = {101, 100, 99};
        QVERIFY(!words::verdict(cell("DELETE"), before, cell("WAL"), after).contains(QStringLiteral("reads")));
        after.reads.rates = {50'000, 50'000, 50'000};
        QCOMPARE(words::verdict(cell("DELETE"), before, cell("WAL"), after),
                 QStringLiteral("On this disk WAL commits 2.0 × as fast as DELETE; WAL reads 500 × as fast."));
    }

    void whereNobodyWritesReadsAreCompared()
    {
        CellResult few;
        few.reads.rates = {100, 100, 100};
        CellResult many;
        many.reads.rates = {190, 190, 190};
        QCOMPARE(words::verdict(cell("1 reader", 0, 1), few, cell("2 readers", 0, 2), many),
                 QStringLiteral("On this disk 2 readers reads 1.90 × as fast as 1 reader."));
    }

    void aPageIsAHundredQueries()
    {
        Cell with = cell("WAL", 0, 1);
        with.load.read = Work::Page;
        CellResult result;
        QCOMPARE(words::pageCost(with, result), QString());
        result.reads.latency.add(500us); // 50 queries
        QCOMPARE(words::pageCost(with, result), QStringLiteral("With WAL, a page of 100 queries costs 1.00 ms."));
    }

    void aDiskThatSaysYesTooSoonIsNamed()
    {
        Surroundings quick;
        quick.flush.add(26us);
        QVERIFY(words::flush(quick).contains(QStringLiteral("acknowledges before it is on the medium")));
        Surroundings honest;
        honest.flush.add(8ms);
        QCOMPARE(words::flush(honest), QStringLiteral("A flush to this disk takes 8.0 ms (p99: 8.0 ms)."));
    }
};

QTEST_GUILESS_MAIN(TestMeasureWords)
#include "tst_measurewords.moc"
