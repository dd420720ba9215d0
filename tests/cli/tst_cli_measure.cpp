// SPDX-License-Identifier: GPL-3.0-or-later
// Measuring with real processes. Facts are looked at, never times: a machine that builds beside it is slow.
#include "cli/program.h"
#include "measure/measurement.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <memory>
#include <thread>

using namespace lk;
using namespace lk::test;
using namespace std::chrono_literals;

class CliMeasureTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;
    Path m_folder;
    Path m_file;

    static std::vector<std::string> names(const Path &folder)
    {
        std::vector<std::string> names;
        for (const auto &entry : std::filesystem::directory_iterator(folder))
            names.push_back(entry.path().filename());
        std::ranges::sort(names);
        return names;
    }
    /// What was there before the measuring, and nothing else.
    bool isTidy() const { return names(m_folder) == std::vector<std::string>{"shop.db"}; }
    Path record() const { return m_tree->path() / "share/litekeeper/measuring"; }

    measure::Plan plan(std::vector<measure::Cell> cells, std::chrono::milliseconds perRound = 200ms) const
    {
        const int rounds = 2;
        return {.place = m_file,
                .cells = std::move(cells),
                .time = perRound * rounds * static_cast<int>(cells.size() + 1),
                .rounds = rounds,
                .onBattery = true,
                .program = programPath()};
    }
    static measure::Cell cell(measure::Configuration configuration, measure::Load load)
    {
        return {.name = "a cell", .configuration = configuration, .load = load};
    }
    static QJsonObject object(const QJsonObject &record, const char *name)
    {
        return record.value(QLatin1String(name)).toObject();
    }
    static QString text(const QJsonObject &record, const char *name)
    {
        return record.value(QLatin1String(name)).toString();
    }
    /// A measurement under way: the scratch folder is there.
    std::unique_ptr<Program> started(const Path &place) const
    {
        auto program = std::make_unique<Program>(
            std::vector<std::string>{"measure", "--on-battery", "--seconds", "60", place.native()});
        while (names(m_folder).size() < 2)
            std::this_thread::sleep_for(5ms);
        return program;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        m_tree = std::make_unique<TempTree>();
        m_folder = m_tree->folder("data");
        m_file = m_folder / "shop.db";
        makeDatabase(m_file, {.pageSize = 1024, .journalMode = "wal", .rows = 5000});
        const QByteArray root = QByteArray::fromStdString(m_tree->path().native());
        qputenv("XDG_DATA_HOME", root + "/share");
        qputenv("XDG_RUNTIME_DIR", root);
    }

    void whoReadsAndThenWritesFailsDeferredAndNotImmediate()
    {
        using namespace measure;
        const Load load{.writers = 4, .write = Work::ReadThenWrite};
        Configuration deferred{.journal = Journal::Wal, .synchronous = Synchronous::Normal};
        Configuration immediate = deferred;
        immediate.begin = Begin::Immediate;
        Listener none;
        const auto outcome =
            measure::measure(plan({cell(deferred, load), cell(immediate, load)}, 400ms), none, {}, Progress::none());
        QVERIFY2(outcome, outcome ? "" : outcome.error().detail.c_str());
        const Side &fails = outcome->cells[0].writes;
        const Side &waits = outcome->cells[1].writes;
        QVERIFY(fails.failed > 0);
        QVERIFY(fails.errorRate() > 0 && fails.errorRate() < 1);
        QCOMPARE(waits.failed, std::uint64_t(0));
        QVERIFY(waits.busy > 0); // they met locks as well, and waited
        QVERIFY(waits.done > 0);
        QCOMPARE(waits.tried, waits.done);
        QCOMPARE(waits.latency.count(), waits.done);
        QVERIFY(waits.fewest <= waits.most);
        QVERIFY(waits.longest >= waits.latency.quantile(0.99) / 2);
        QVERIFY(isTidy());
    }

    void everyWorkIsDone_data()
    {
        QTest::addColumn<QString>("work");
        QTest::addColumn<QString>("journal");
        for (const std::string &work : measure::workNames()) {
            for (const std::string &journal : measure::journalNames())
                QTest::addRow("%s, %s", work.c_str(), journal.c_str())
                    << QString::fromStdString(work) << QString::fromStdString(journal);
        }
    }
    void everyWorkIsDone()
    {
        using namespace measure;
        QFETCH(QString, work);
        QFETCH(QString, journal);
        const Work kind = *workOf(work.toStdString());
        const Load load = writes(kind) ? Load{.writers = 1, .write = kind} : Load{.readers = 1, .read = kind};
        Plan small = plan({cell({.journal = *journalOf(journal.toStdString())}, load)}, 20ms);
        small.rounds = 1;
        const auto outcome = measure::measure(small, {}, {}, Progress::none());
        QVERIFY2(outcome, outcome ? "" : outcome.error().detail.c_str());
        const CellResult &result = outcome->cells.front();
        const Side &side = writes(kind) ? result.writes : result.reads;
        QVERIFY(side.done > 0);
        QCOMPARE(side.done, side.tried * queriesOf(kind));
        QCOMPARE((writes(kind) ? result.reads : result.writes).tried, std::uint64_t(0));
        QCOMPARE(side.rates.size(), std::size_t(1));
        QVERIFY(side.perSecond > 0);
        QCOMPARE(result.perQuery(small.cells.front()).count() > 0, !writes(kind));
        QVERIFY(result.hurried);
    }

    void resultsAreToldAsTheyComeInTurn()
    {
        using namespace measure;
        const Load load{.writers = 1};
        std::vector<std::pair<std::size_t, int>> told;
        bool began = false;
        const Listener listener{.began =
                                    [&](const Surroundings &around) {
                                        began = true;
                                        QVERIFY(told.empty());
                                        QVERIFY(around.flush.count() > 0);
                                        QCOMPARE(around.pageSize, 1024U);
                                    },
                                .measured =
                                    [&](const CellResult &result) {
                                        told.emplace_back(result.cell, result.rounds);
                                        QCOMPARE(result.writes.rates.size(), std::size_t(result.rounds));
                                    }};
        const auto outcome =
            measure::measure(plan({cell({}, load), cell({}, load)}, 20ms), listener, {}, Progress::none());
        QVERIFY(outcome);
        QVERIFY(began);
        QCOMPARE(told, (std::vector<std::pair<std::size_t, int>>{{0, 1}, {1, 1}, {0, 2}, {1, 2}}));
    }

    void aStopEndsItAndTidiesUp()
    {
        using namespace measure;
        std::stop_source stop;
        const Listener listener{.measured = [&](const CellResult &) { stop.request_stop(); }};
        Plan lasting = plan({cell({}, {.writers = 2})}, 100ms);
        lasting.rounds = 1000;
        const auto outcome = measure::measure(lasting, listener, stop.get_token(), Progress::none());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
        QVERIFY(isTidy());
        QVERIFY(!std::filesystem::exists(record()));
    }

    void aProgramThatIsNoWorkerIsNotBelieved_data()
    {
        QTest::addColumn<QString>("program");
        QTest::newRow("it ends at once") << QStringLiteral("/bin/false");
        QTest::newRow("it says something else") << QStringLiteral("/bin/echo");
    }
    void aProgramThatIsNoWorkerIsNotBelieved()
    {
        QFETCH(QString, program);
        measure::Plan wrong = plan({cell({}, {.writers = 1})});
        wrong.program = program.toStdString();
        const auto outcome = measure::measure(wrong, {}, {}, Progress::none());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Internal);
        QCOMPARE(outcome.error().path, m_file);
        QVERIFY(isTidy());
    }

    void theFileIsNotTouched()
    {
        const TreeSnapshot before(m_folder);
        const Ran ran = runCli({"measure", "--on-battery", "--seconds", "1", "--rounds", "1", "--preset", "default",
                                "--preset", "server", "--format", "json", m_file.native()});
        QVERIFY2(ran.status == 0, ran.err.constData());
        // Of the folder itself, the times alone changed: the scratch folder came and went.
        const std::string difference = before.difference(TreeSnapshot(m_folder));
        QVERIFY2(difference.find("shop.db") == std::string::npos, difference.c_str());
        QVERIFY(isTidy());
        QVERIFY(!std::filesystem::exists(record()));

        const QJsonObject all = ran.object();
        QCOMPARE(text(all, "folder"), QString::fromStdString(m_folder.native()));
        QCOMPARE(all.value(QLatin1String("page_size")).toInt(), 1024);
        QVERIFY(object(all, "flush").value(QLatin1String("median_us")).toDouble() > 0);
        const QJsonArray cells = all.value(QLatin1String("measurements")).toArray();
        QCOMPARE(cells.size(), 2);
        const QJsonObject first = cells.at(0).toObject();
        const QJsonObject second = cells.at(1).toObject();
        QCOMPARE(text(first, "name"), QStringLiteral("Default"));
        QCOMPARE(text(first, "journal_mode"), QStringLiteral("delete"));
        QCOMPARE(text(second, "journal_mode"), QStringLiteral("wal"));
        QCOMPARE(text(second, "begin"), QStringLiteral("immediate"));
        QVERIFY(object(second, "writes").value(QLatin1String("per_second")).toDouble() > 0);
        QVERIFY(object(object(second, "writes"), "against_first").value(QLatin1String("ratio")).toDouble() >= 0);
        QVERIFY(ran.err.startsWith("A flush to this disk takes "));
        QVERIFY2(ran.err.contains("Default") && ran.err.contains("Server"), ran.err.constData());
        QCOMPARE(ran.err.count('\n'), 3); // the flush, the verdict, what a page costs
    }

    void aTableShowsRatiosFirst()
    {
        const Ran ran = runCli({"measure", "--on-battery", "--seconds", "1", "--rounds", "1", "--writers", "1",
                                "--readers", "0", m_folder.native()});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QString out = QString::fromUtf8(ran.out);
        QVERIFY2(out.startsWith(QStringLiteral("SETTINGS")), ran.out.constData());
        QVERIFY2(out.contains(QRegularExpression(QStringLiteral("\nDELETE \\+ FULL +1 × +– +0 %\n"))),
                 ran.out.constData());
        QVERIFY2(!out.contains(QStringLiteral("slowest process")), ran.out.constData()); // there is only one
        QVERIFY2(out.contains(QStringLiteral("    WAL · NORMAL · IMMEDIATE · 5 s; 1 writer (update)\n")),
                 ran.out.constData());
        QVERIFY2(out.contains(QRegularExpression(QStringLiteral("\n    .* commits/s ± .*; median .*, longest .*\n"))),
                 ran.out.constData());
    }

    void onesOwnSettingsAreComparedWithTheDefault()
    {
        const QJsonArray lines =
            runCli({"measure", "--on-battery", "--seconds", "1", "--rounds", "1", "--writers", "1", "--workload",
                    "append", "--journal", "truncate", "--cache-size", "-500", "--format", "jsonl", m_folder.native()})
                .lines();
        QCOMPARE(lines.size(), 2);
        QCOMPARE(text(lines.at(0).toObject(), "name"), QStringLiteral("Default"));
        const QJsonObject own = lines.at(1).toObject();
        QCOMPARE(text(own, "name"), QStringLiteral("own"));
        QCOMPARE(text(own, "journal_mode"), QStringLiteral("truncate"));
        QCOMPARE(text(own, "write"), QStringLiteral("append"));
        QCOMPARE(own.value(QLatin1String("cache_size")).toInt(), -500);
    }

    void moreReadersAreTried()
    {
        const QJsonArray lines = runCli({"measure", "--on-battery", "--seconds", "1", "--rounds", "1", "--readers", "2",
                                         "--read-scaling", "--format", "jsonl", m_folder.native()})
                                     .lines();
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines.at(0).toObject().value(QLatin1String("writes")).isNull());
        QVERIFY(lines.at(0).toObject().value(QLatin1String("query_us")).toDouble() > 0);
    }

    void wrongUsageSaysWhatWasMeant_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const char *words, const char *expected) {
            QTest::newRow(name) << QString::fromLatin1(words).split(u' ') << QByteArray(expected);
        };
        row("a misspelt preset", "--preset sever", "server");
        row("a misspelt workload", "--workload updaet", "update");
        row("a journal mode that breaks databases", "--journal off", "delete, truncate");
        row("a misspelt level", "--synchronous ful", "full");
        row("a misspelt begin", "--begin immediat", "immediate");
        row("nobody at all", "--writers 0 --readers 0", "--readers");
        row("a number that is none", "--seconds soon", "--seconds");
        row("too many", "--writers 1000", "--writers");
        row("no time", "--seconds 0", "--seconds");
        row("more readers, and presets", "--read-scaling --preset wal", "--read-scaling");
        row("two places", "a b", "one folder or file");
    }
    void wrongUsageSaysWhatWasMeant()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, expected);
        std::vector<std::string> arguments{"measure", "--on-battery"};
        for (const QString &word : std::as_const(words))
            arguments.push_back(word.toStdString());
        const Ran ran = runCli(arguments, m_folder);
        QCOMPARE(ran.status, 2);
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY2(ran.err.contains(expected), ran.err.constData());
        QVERIFY(isTidy());
    }

    void aFolderThatCantBeMeasuredSaysWhy_data()
    {
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("missing") << QByteArray("missing") << QByteArray("is not there");
        QTest::newRow("no database") << QByteArray("notes.db") << QByteArray("not a readable SQLite database");
    }
    void aFolderThatCantBeMeasuredSaysWhy()
    {
        QFETCH(QByteArray, place);
        QFETCH(QByteArray, expected);
        m_tree->file("notes.db", std::string(600, 't'));
        const Ran ran = runCli({"measure", "--on-battery", (m_tree->path() / place.toStdString()).native()});
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.err.contains(expected), ran.err.constData());
    }

    void stoppedItShowsWhatIsKnownAndTidiesUp_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("by Ctrl-C") << SIGINT;
        QTest::newRow("by SIGTERM") << SIGTERM;
    }
    void stoppedItShowsWhatIsKnownAndTidiesUp()
    {
        QFETCH(int, signal);
        const auto program = started(m_file);
        program->signal(signal);
        const Ran ran = program->finish();
        QCOMPARE(ran.status, 130);
        QVERIFY(isTidy());
        QVERIFY(!std::filesystem::exists(record()));
    }

    void whatAKilledRunLeftGoesWithTheNextOne()
    {
        const auto program = started(m_file);
        program->signal(SIGKILL);
        program->finish();
        QCOMPARE(names(m_folder).size(), std::size_t(2));
        QVERIFY(std::filesystem::exists(record()));
        // The next one is somewhere else.
        const Path other = m_tree->folder("other");
        const Ran ran = runCli({"measure", "--on-battery", "--seconds", "1", "--rounds", "1", "--writers", "1",
                                "--preset", "wal", other.native()});
        QVERIFY2(ran.status == 0, ran.err.constData());
        QVERIFY(isTidy());
        QCOMPARE(names(other), std::vector<std::string>());
        QVERIFY(!std::filesystem::exists(record()));
    }

    void whatCantBeWrittenEndsItAndTidiesUp()
    {
        // No file may grow beyond 5 MB, as on a disk that is nearly full; the measured database needs 16.
        QProcess shell;
        shell.start(QStringLiteral("/bin/sh"),
                    {QStringLiteral("-c"), QStringLiteral("ulimit -f 10000; exec \"$0\" measure --on-battery \"$1\""),
                     QString::fromStdString(programPath()), QString::fromStdString(m_folder.native())});
        QVERIFY(shell.waitForFinished(120'000));
        QCOMPARE(shell.exitStatus(), QProcess::NormalExit);
        QCOMPARE(shell.exitCode(), 1);
        QVERIFY(!shell.readAllStandardError().isEmpty());
        QVERIFY(isTidy());
        QVERIFY(!std::filesystem::exists(record()));
    }

    void twoAtOnceWouldMeasureEachOther()
    {
        const auto program = started(m_file);
        const Ran second = runCli({"measure", "--on-battery", "--seconds", "1", m_folder.native()});
        QCOMPARE(second.status, 1);
        QVERIFY2(second.err.contains("is at work"), second.err.constData());
        program->signal(SIGTERM);
        program->finish();
        QVERIFY(isTidy());
    }
};

QTEST_GUILESS_MAIN(CliMeasureTest)
#include "tst_cli_measure.moc"
