// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/scanrunner.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>
#include <QThread>

#include <algorithm>

using namespace lk;
using namespace lk::jobs;

/// What a runner tells, in order.
struct Heard
{
    explicit Heard(ScanRunner &runner)
    {
        QObject::connect(&runner, &ScanRunner::found, &runner,
                         [this](const std::vector<inspect::DatabaseFacts> &batch) {
                             onThread = QThread::currentThread();
                             ++batches;
                             for (const inspect::DatabaseFacts &facts : batch)
                                 found.push_back(facts);
                             foundAfterEnd = foundAfterEnd || summary || error;
                         });
        QObject::connect(&runner, &ScanRunner::finished, &runner,
                         [this](const scan::Summary &said) { summary = said; });
        QObject::connect(&runner, &ScanRunner::failed, &runner, [this](const Error &said) { error = said; });
        clock.start();
    }
    bool ended() const { return summary || error; }
    bool has(const Path &path) const
    {
        return std::ranges::any_of(found, [&](const auto &facts) { return facts.path == path; });
    }

    QElapsedTimer clock;
    QThread *onThread = nullptr;
    qint64 batches = 0;
    std::vector<inspect::DatabaseFacts> found;
    std::optional<scan::Summary> summary;
    std::optional<Error> error;
    bool foundAfterEnd = false;
};

class TestScanRunner : public QObject
{
    Q_OBJECT

    static scan::Options below(const Path &root)
    {
        scan::Options options;
        options.roots = {root};
        return options;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void whatIsFoundComesAsFactsOnTheOwnersThread()
    {
        const test::TempTree tree;
        test::makeDatabase(tree.folder("x") / "a.db", {.pageSize = 8192, .journalMode = "wal"});
        test::makeDatabase(tree.path() / "b.sqlite");
        tree.file("notes.txt", "no database");
        ScanRunner runner;
        const Heard heard(runner);
        QVERIFY(!runner.isRunning());
        runner.start(below(tree.path()));
        QVERIFY(runner.isRunning());
        QTRY_VERIFY(heard.ended());
        QVERIFY(!runner.isRunning());
        QVERIFY(heard.summary);
        QVERIFY(!heard.summary->stopped);
        QCOMPARE(heard.summary->counts.databases, std::uint64_t(2));
        QCOMPARE(heard.found.size(), std::size_t(2));
        QCOMPARE(heard.onThread, QThread::currentThread());
        QVERIFY(!heard.foundAfterEnd);
        const auto facts = std::ranges::find(heard.found, tree.path() / "x" / "a.db", &inspect::DatabaseFacts::path);
        QVERIFY(facts != heard.found.end());
        QVERIFY(facts->header());
        QCOMPARE(facts->header()->pageSize, 8192u);
        QVERIFY(facts->header()->isWal());
        QVERIFY(!facts->filesystem.empty());
    }

    void batchesComeAtMostTwentyTimesASecond()
    {
        const test::TempTree tree;
        const Path one = tree.path() / "0.db";
        test::makeDatabase(one, {.rows = 1});
        for (int i = 1; i < 3000; ++i)
            std::filesystem::copy_file(one, tree.folder("f" + std::to_string(i % 300)) / (std::to_string(i) + ".db"));
        ScanRunner runner;
        const Heard heard(runner);
        runner.start(below(tree.path()));
        QTRY_VERIFY(heard.ended());
        QCOMPARE(heard.found.size(), std::size_t(3000));
        QVERIFY(heard.batches <= heard.clock.elapsed() / 50 + 1);
    }

    void anotherScanTakesThePlaceOfTheFirst()
    {
        const test::TempTree first;
        const test::TempTree second;
        test::makeDatabase(first.path() / "first.db");
        test::makeDatabase(second.path() / "second.db");
        ScanRunner runner;
        const Heard heard(runner);
        for (int i = 0; i < 20; ++i)
            runner.start(below(first.path()));
        runner.start(below(second.path()));
        QTRY_VERIFY(heard.ended());
        QVERIFY(!runner.isRunning());
        QVERIFY(heard.has(second.path() / "second.db"));
        QVERIFY(!heard.has(first.path() / "first.db"));
        QVERIFY(!heard.foundAfterEnd);
    }

    void aStoppedScanSaysSo()
    {
        ScanRunner runner;
        const Heard heard(runner);
        auto options = below("/");
        options.thorough = true; // long enough to be stopped in the middle
        options.threads = 1;
        runner.start(options);
        runner.stop();
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY(heard.ended());
        QVERIFY(heard.summary);
        QVERIFY(heard.summary->stopped);
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }

    void aRootThatIsNotThereFails()
    {
        const test::TempTree tree;
        ScanRunner runner;
        const Heard heard(runner);
        runner.start(below(tree.path() / "nowhere"));
        QTRY_VERIFY(heard.ended());
        QVERIFY(heard.error);
        QCOMPARE(heard.error->code, ErrorCode::NotFound);
        QVERIFY(!runner.isRunning());
    }

    void nothingComesAfterTheDestructor()
    {
        const test::TempTree tree;
        test::makeDatabase(tree.path() / "a.db");
        int told = 0;
        {
            ScanRunner runner;
            connect(&runner, &ScanRunner::found, this, [&] { ++told; });
            connect(&runner, &ScanRunner::finished, this, [&] { ++told; });
            runner.start(below("/"));
        }
        QCoreApplication::processEvents();
        QCOMPARE(told, 0);
    }

    void whoIsToldMayScanAgain()
    {
        const test::TempTree tree;
        test::makeDatabase(tree.path() / "a.db");
        ScanRunner runner;
        int scans = 0;
        connect(&runner, &ScanRunner::finished, this, [&] {
            if (++scans < 5)
                runner.start(below(tree.path()));
        });
        runner.start(below(tree.path()));
        QTRY_COMPARE(scans, 5);
        QVERIFY(!runner.isRunning());
    }
};

QTEST_GUILESS_MAIN(TestScanRunner)
#include "tst_scanrunner.moc"
