// SPDX-License-Identifier: GPL-3.0-or-later
// What is measured and what the figures say; that it is really measured, tests/cli/tst_cli_measure sees.
#include "measure/measurement.h"
#include "measure/worker.h"
#include "platform/power.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cmath>

using namespace lk;
using namespace lk::measure;
using namespace std::chrono_literals;

using Numbers = std::vector<double>;
Q_DECLARE_METATYPE(Numbers)
Q_DECLARE_METATYPE(Verdict)

class TestMeasure : public QObject
{
    Q_OBJECT

    static Plan planFor(const Path &place, Journal journal = Journal::Wal)
    {
        return {.place = place, .cells = {{.name = "a", .configuration = {.journal = journal}, .load = usualLoad()}}};
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void durationsAreKeptWithinTwoPercent_data()
    {
        QTest::addColumn<qint64>("nanoseconds");
        for (const qint64 one : {0LL, 1LL, 31LL, 32LL, 33LL, 63LL, 64LL, 1000LL, 65535LL, 65536LL, 26000LL, 1000000LL,
                                 4999999999LL, 3600000000000LL})
            QTest::addRow("%lld ns", static_cast<long long>(one)) << one;
    }
    void durationsAreKeptWithinTwoPercent()
    {
        QFETCH(qint64, nanoseconds);
        Histogram histogram;
        histogram.add(Nanoseconds(nanoseconds));
        histogram.add(Nanoseconds(nanoseconds));
        histogram.add(10h);
        const auto difference = std::abs(static_cast<double>(histogram.median().count() - nanoseconds));
        QVERIFY2(difference <= 0.016 * static_cast<double>(nanoseconds), qPrintable(QString::number(difference)));
        QCOMPARE(histogram.longest(), Nanoseconds(10h));
    }

    void quantilesCountFromTheShortest()
    {
        Histogram histogram;
        for (int i = 1; i <= 100; ++i)
            histogram.add(Nanoseconds(i < 100 ? 10 : 20));
        QCOMPARE(histogram.median(), Nanoseconds(10));
        QCOMPARE(histogram.quantile(0.99), Nanoseconds(10));
        QCOMPARE(histogram.quantile(0.995), Nanoseconds(20));
        QCOMPARE(histogram.quantile(1), Nanoseconds(20));
        QCOMPARE(Histogram().median(), Nanoseconds(0));
    }

    void whatSeveralSawIsAddedUp()
    {
        Histogram one;
        one.add(10ns);
        Histogram other;
        other.add(20ns);
        other.add(5ms);
        one.add(other);
        QCOMPARE(one.count(), std::uint64_t(3));
        QCOMPARE(one.median(), Nanoseconds(20));
        QCOMPARE(one.longest(), Nanoseconds(5ms));
    }

    void aHistogramGoesThroughAPipe()
    {
        Histogram histogram;
        for (int i = 0; i < 1000; ++i)
            histogram.add(Nanoseconds(i * i * i));
        const auto read = Histogram::parse(histogram.text());
        QVERIFY(read);
        QCOMPARE(read->count(), histogram.count());
        QCOMPARE(read->longest(), histogram.longest());
        for (const double share : {0.01, 0.5, 0.99})
            QCOMPARE(read->quantile(share), histogram.quantile(share));
    }

    void noHistogramIsReadFromNonsense_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("words") << QByteArray("abc");
        QTest::newRow("a bucket without its count") << QByteArray("10,3");
        QTest::newRow("a bucket that is none") << QByteArray("10,99999999:1");
        QTest::newRow("a count that is none") << QByteArray("10,3:x");
        QTest::newRow("something behind it") << QByteArray("10,3:1;");
    }
    void noHistogramIsReadFromNonsense()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!Histogram::parse(text.toStdString()));
    }

    void medianAndSpread_data()
    {
        QTest::addColumn<Numbers>("numbers");
        QTest::addColumn<double>("middle");
        QTest::addColumn<double>("apart");
        QTest::newRow("none") << Numbers{} << 0.0 << 0.0;
        QTest::newRow("one") << Numbers{5} << 5.0 << 0.0;
        QTest::newRow("two") << Numbers{4, 6} << 5.0 << 0.4;
        QTest::newRow("three, not in order") << Numbers{30, 10, 20} << 20.0 << 1.0;
        QTest::newRow("nothing happened") << Numbers{0, 0, 9} << 0.0 << 0.0;
    }
    void medianAndSpread()
    {
        QFETCH(Numbers, numbers);
        QFETCH(double, middle);
        QFETCH(double, apart);
        QCOMPARE(median(numbers), middle);
        QCOMPARE(spread(numbers), apart);
    }

    void roundsAreCompared_data()
    {
        QTest::addColumn<Numbers>("first");
        QTest::addColumn<Numbers>("second");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<double>("ratio");

        const auto row = [](const char *name, const Numbers &first, const Numbers &second, Verdict verdict,
                            double ratio) { QTest::newRow(name) << first << second << verdict << ratio; };
        row("much faster", {10, 10, 10}, {380, 400, 360}, Verdict::Faster, 38);
        row("much faster, and very noisy", {10, 10, 10}, {200, 600, 380}, Verdict::Faster, 38);
        row("a little faster each time", {100, 100, 100}, {110, 111, 112}, Verdict::Faster, 1.11);
        row("slower", {100, 100, 100}, {50, 52, 51}, Verdict::Slower, 0.51);
        row("a slow machine slows both", {100, 10, 100}, {200, 20, 201}, Verdict::Faster, 2);
        row("the same", {100, 102, 98}, {101, 100, 99}, Verdict::NoDifference, 1.0102);
        row("less than five percent", {100, 100, 100}, {104, 104, 104}, Verdict::NoDifference, 1.04);
        row("less than the rounds differ", {100, 100, 100}, {100, 110, 121}, Verdict::NoDifference, 1.1);
        row("rounds that contradict each other", {100, 100, 100}, {50, 110, 300}, Verdict::TooNoisy, 1.1);
        row("nothing done by the first", {0, 10, 10}, {10, 10, 10}, Verdict::Nothing, 0);
        row("nothing done by the second", {10, 10, 10}, {10, 10, 0}, Verdict::Nothing, 0);
        row("nothing measured", {}, {10}, Verdict::Nothing, 0);
        row("one round, and a large difference", {10}, {20}, Verdict::Faster, 2);
        row("one round shows no small difference", {10}, {14}, Verdict::TooNoisy, 1.4);
    }
    void roundsAreCompared()
    {
        QFETCH(Numbers, first);
        QFETCH(Numbers, second);
        QFETCH(Verdict, verdict);
        QFETCH(double, ratio);
        const Comparison comparison = compare(first, second);
        QCOMPARE(comparison.verdict, verdict);
        QVERIFY2(std::abs(comparison.ratio - ratio) < 0.001, qPrintable(QString::number(comparison.ratio)));
        QVERIFY(comparison.lowest <= comparison.ratio && comparison.ratio <= comparison.highest);
    }

    void presetsAreFoundByTheirNames()
    {
        QSet<QString> ids;
        for (const Preset &preset : presets()) {
            ids.insert(QString::fromLatin1(preset.id));
            QCOMPARE(findPreset(preset.id), &preset);
            QVERIFY(*preset.title && *preset.about);
        }
        QCOMPARE(ids.size(), qsizetype(presets().size()));
        QCOMPARE(findPreset("no such"), nullptr);
    }

    void theServerPresetIsWhatSeveralProcessesNeed()
    {
        QCOMPARE(findPreset("server")->configuration, (Configuration{.journal = Journal::Wal,
                                                                     .synchronous = Synchronous::Normal,
                                                                     .begin = Begin::Immediate,
                                                                     .busyTimeout = 5s}));
        QCOMPARE(findPreset("default")->configuration, Configuration());
    }

    void presetsAreComparedUnderOneLoad()
    {
        const std::vector<const Preset *> chosen{findPreset("server"), findPreset("django-sqlite-load-tests")};
        const Load five{.writers = 5, .write = Work::ReadThenWrite};
        const Load own{.writers = 2, .write = Work::Append, .readers = 3};
        for (const Cell &cell : cellsOf(chosen, std::nullopt))
            QCOMPARE(cell.load, five);
        for (const Cell &cell : cellsOf(chosen, own))
            QCOMPARE(cell.load, own);
        QCOMPARE(cellsOf({findPreset("wal")}, std::nullopt).front().load, usualLoad());
    }

    void journalModesAreFour()
    {
        const std::vector<Cell> cells = journalModes({.begin = Begin::Immediate}, usualLoad());
        QSet<QString> names;
        for (const Cell &cell : cells) {
            names.insert(QString::fromStdString(cell.name));
            QCOMPARE(cell.configuration.begin, Begin::Immediate);
        }
        QCOMPARE(names, (QSet<QString>{QStringLiteral("DELETE + FULL"), QStringLiteral("DELETE + NORMAL"),
                                       QStringLiteral("WAL + FULL"), QStringLiteral("WAL + NORMAL")}));
    }

    void readersAreDoubledUpToTheMost_data()
    {
        QTest::addColumn<int>("most");
        QTest::addColumn<QList<int>>("counts");
        QTest::newRow("one") << 1 << QList<int>{1};
        QTest::newRow("a power of two") << 4 << QList<int>{1, 2, 4};
        QTest::newRow("another number") << 6 << QList<int>{1, 2, 4, 6};
        QTest::newRow("none makes no sense") << 0 << QList<int>{1};
    }
    void readersAreDoubledUpToTheMost()
    {
        QFETCH(int, most);
        QFETCH(QList<int>, counts);
        const std::vector<Cell> cells = readScaling(most);
        QList<int> found;
        for (const Cell &cell : cells) {
            QCOMPARE(cell.load.writers, 0);
            if (cell.configuration.mmapSize > 0)
                found.append(cell.load.readers);
        }
        QCOMPARE(found, counts);
        QCOMPARE(cells.size(), std::size_t(3 * counts.size()));
    }

    void namesAreReadBack()
    {
        for (const std::string &name : journalNames())
            QCOMPARE(nameOf(*journalOf(name)), name);
        for (const std::string &name : synchronousNames())
            QCOMPARE(nameOf(*synchronousOf(name)), name);
        for (const std::string &name : beginNames())
            QCOMPARE(nameOf(*beginOf(name)), name);
        for (const std::string &name : workNames())
            QCOMPARE(nameOf(*workOf(name)), name);
        QCOMPARE(nameOf(Journal::Wal), std::string("wal"));
        QCOMPARE(nameOf(Synchronous::Extra), std::string("extra"));
        QCOMPARE(nameOf(Begin::Immediate), std::string("immediate"));
        QCOMPARE(nameOf(Work::Page), std::string("page"));
        QVERIFY(!journalOf("off"));
    }

    void waitsOfSeveralWritersNeedTime()
    {
        QCOMPARE(shortestRound({.writers = 1}), 500ms);
        QCOMPARE(shortestRound({.writers = 2}), 2000ms);
        QCOMPARE(shortestRound({.readers = 8}), 500ms);
    }

    void batteryIsSeen_data()
    {
        QTest::addColumn<QList<QByteArray>>("supplies"); // type, status or online, scope
        QTest::addColumn<bool>("expected");
        using List = QList<QByteArray>;
        QTest::newRow("none at all") << List{} << false;
        QTest::newRow("a charger that is in use") << List{"Battery Charging System", "Mains 1 -"} << false;
        QTest::newRow("a battery alone") << List{"Battery Discharging System"} << true;
        QTest::newRow("a charger that is unplugged") << List{"Mains 0 -", "Battery Discharging System"} << true;
        QTest::newRow("charged over USB, and used up faster") << List{"Battery Discharging System", "USB 1 -"} << false;
        QTest::newRow("a mouse's battery") << List{"Battery Discharging Device"} << false;
        QTest::newRow("a full battery") << List{"Battery Full System"} << false;
    }
    void batteryIsSeen()
    {
        QFETCH(QList<QByteArray>, supplies);
        QFETCH(bool, expected);
        const test::TempTree tree;
        int number = 0;
        for (const QByteArray &supply : std::as_const(supplies)) {
            const QList<QByteArray> words = supply.split(' ');
            const std::string folder = "supply" + std::to_string(++number) + '/';
            const auto write = [&](const char *name, const QByteArray &word) {
                tree.file(folder + name, word.toStdString() + '\n');
            };
            write("type", words[0]);
            write(words[0] == "Battery" ? "status" : "online", words[1]);
            write("scope", words[2]);
        }
        QCOMPARE(platform::runsOnBattery(tree.path()), expected);
    }

    void aFolderIsMeasuredWithADatabaseOfItsOwn()
    {
        const test::TempTree tree;
        const auto around = surroundings(planFor(tree.path()));
        QVERIFY(around);
        QCOMPARE(around->folder, tree.path());
        QCOMPARE(around->pageSize, 4096U);
        QCOMPARE(around->databaseBytes, std::uint64_t(16) << 20);
        QVERIFY(around->bytesFree > 0);
        QVERIFY(around->bytesNeeded > 2 * around->databaseBytes);
        QVERIFY(!around->filesystem.empty());
    }

    void aFilesShapeIsTaken()
    {
        const test::TempTree tree;
        const Path file = tree.path() / "shop.db";
        test::makeDatabase(file, {.pageSize = 8192, .rows = 20000, .valueSize = 300});
        const test::TreeSnapshot before(tree.path());
        const auto around = surroundings(planFor(file));
        QVERIFY(around);
        QCOMPARE(around->folder, tree.path());
        QCOMPARE(around->pageSize, 8192U);
        QCOMPARE(around->databaseBytes, std::uint64_t(std::filesystem::file_size(file)));
        QCOMPARE(before.difference(test::TreeSnapshot(tree.path())), std::string());
    }

    void aLargeFileIsMeasuredWithASmallerOne()
    {
        const test::TempTree tree;
        const Path file = tree.path() / "large.db";
        test::makeDatabase(file);
        test::cutTo(file, 1 << 30);
        QCOMPARE(surroundings(planFor(file))->databaseBytes, std::uint64_t(64) << 20);
    }

    void whatIsNoDatabaseIsNotMeasured()
    {
        const test::TempTree tree;
        const auto text = surroundings(planFor(tree.file("notes.db", std::string(600, 't'))));
        QVERIFY(!text);
        QCOMPARE(text.error().code, ErrorCode::NotADatabase);
        const auto missing = surroundings(planFor(tree.path() / "missing.db"));
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void itIsRefusedWhereItWouldHarmOrMislead()
    {
        const test::TempTree tree;
        Plan plan = planFor(tree.path());
        Surroundings around = *surroundings(plan);
        around.runsOnBattery = false;
        QVERIFY(mayMeasure(plan, around));

        Surroundings full = around;
        full.bytesFree = full.bytesNeeded - 1;
        QCOMPARE(mayMeasure(plan, full).error().reason, Reason::NotEnoughSpace);

        Surroundings battery = around;
        battery.runsOnBattery = true;
        QCOMPARE(mayMeasure(plan, battery).error().code, ErrorCode::Refused);
        plan.onBattery = true;
        QVERIFY(mayMeasure(plan, battery));

        Surroundings remote = around;
        remote.filesystem = "nfs4";
        remote.filesystemKind = platform::FilesystemKind::Network;
        QCOMPARE(mayMeasure(plan, remote).error().reason, Reason::NetworkFilesystem);
        QVERIFY(mayMeasure(planFor(tree.path(), Journal::Delete), remote));

        const test::TempTree deep;
        Surroundings tooDeep = around;
        tooDeep.folder = deep.folder(std::string(240, 'a') + '/' + std::string(230, 'b'));
        QCOMPARE(mayMeasure(plan, tooDeep).error().reason, Reason::PathTooLong);

        Surroundings missing = around;
        missing.folder = tree.path() / "missing";
        QCOMPARE(mayMeasure(plan, missing).error().reason, Reason::FolderNotWritable);
    }

    void aWorkersLineIsRead()
    {
        const auto tally = parseTally("done 100 3 7 500000000 2000000 2000000,32:100");
        QVERIFY(tally);
        QCOMPARE(tally->done, std::uint64_t(100));
        QCOMPARE(tally->failed, std::uint64_t(3));
        QCOMPARE(tally->busy, std::uint64_t(7));
        QCOMPARE(tally->elapsed, Nanoseconds(500ms));
        QCOMPARE(tally->longest, Nanoseconds(2ms));
        QCOMPARE(tally->latency.count(), std::uint64_t(100));
    }

    void aWorkersErrorIsItsOwn()
    {
        const auto full = parseTally("error " + std::to_string(static_cast<int>(ErrorCode::NoSpace)) +
                                     " 13 COMMIT: database or disk is full (13)");
        QVERIFY(!full);
        QCOMPARE(full.error().code, ErrorCode::NoSpace);
        QCOMPARE(full.error().sqliteCode, 13);
        QVERIFY(full.error().detail.ends_with("is full (13)"));
    }

    void aLineWithoutSenseIsOurMistake_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"", "ready", "done", "done 1 2 3", "done 1 2 3 4 5 x", "error", "error 999 0 x"})
            QTest::addRow("'%s'", line) << QByteArray(line);
    }
    void aLineWithoutSenseIsOurMistake()
    {
        QFETCH(QByteArray, line);
        const auto tally = parseTally(line.toStdString());
        QVERIFY(!tally);
        QCOMPARE(tally.error().code, line == "error" ? ErrorCode::NotFound : ErrorCode::Internal);
    }
};

QTEST_GUILESS_MAIN(TestMeasure)
#include "tst_measure.moc"
