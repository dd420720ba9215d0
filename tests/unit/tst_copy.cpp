// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/copy.h"

#include "platform/filecopy.h"
#include "sqlite/connection.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QTest>

#include <functional>

using namespace lk;
using namespace lk::operations;
using test::Held;
using test::HeldLock;

Q_DECLARE_METATYPE(lk::operations::CopyWay)

/// Tells a test each time that a copy says how far it is.
class Watching final : public Progress
{
public:
    explicit Watching(std::function<void(const ProgressReport &)> react)
        : m_react(std::move(react))
    {
    }
    void report(const ProgressReport &report) override { m_react(report); }

private:
    std::function<void(const ProgressReport &)> m_react;
};

/// Every commit to `counter` writes the same number to `mirror`, and to one row of `spread`, whose rows take turns and
/// lie on many pages. Any two pages of two moments show.
static constexpr const char *Invariants =
    "CREATE TABLE counter(id INTEGER PRIMARY KEY, n INTEGER, junk BLOB); INSERT INTO counter VALUES(1, 0, NULL);"
    "CREATE TABLE mirror(n INTEGER); INSERT INTO mirror VALUES(0);"
    "CREATE TABLE spread(id INTEGER PRIMARY KEY, n INTEGER, filling BLOB);"
    "WITH RECURSIVE i(x) AS (SELECT 0 UNION ALL SELECT x+1 FROM i WHERE x<63) "
    "INSERT INTO spread SELECT x, 0, randomblob(1500) FROM i;"
    "CREATE TRIGGER both AFTER UPDATE ON counter BEGIN UPDATE mirror SET n = NEW.n;"
    "UPDATE spread SET n = NEW.n, filling = randomblob(1500) WHERE id = NEW.n % 64; END";

/// The counter's value; negative if the database is no state of one moment.
static std::int64_t momentOf(const Path &path)
{
    auto connection = sqlite::Connection::open(path);
    if (!connection || connection->text("PRAGMA integrity_check") != "ok")
        return -1;
    const auto n = connection->number("SELECT n FROM counter");
    const auto mirrored = connection->number("SELECT n FROM mirror");
    if (!n || !mirrored || *n != *mirrored)
        return -2;
    const auto wrong = connection->number(
        "SELECT count(*) FROM spread, counter WHERE counter.n - (counter.n - spread.id + 64) % 64 != "
        "spread.n AND counter.n - (counter.n - spread.id + 64) % 64 > 0");
    return wrong && *wrong == 0 ? *n : -3;
}

class TestCopy : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }
    Path database(const test::DatabaseSpec &spec = {})
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, spec);
        return path;
    }
    static Result<CopyReport> copy(const Path &from, const Path &to, CopyWay way = CopyWay::Bytes,
                                   Progress &progress = Progress::none(), std::stop_token stop = {})
    {
        JobContext context{std::move(stop), progress, std::chrono::seconds(20)};
        return copyDatabase({.path = from, .seen = {}}, to, context, way);
    }

private Q_SLOTS:
    // ---- beside a writer
    void besideAWriterInFullFlowACopyIsOneMoment_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<CopyWay>("way");
        QTest::addColumn<int>("checkpointAfter"); // pages in the -wal
        QTest::newRow("WAL, as files") << QByteArray("wal") << CopyWay::Bytes << 1000;
        QTest::newRow("WAL, by pages") << QByteArray("wal") << CopyWay::Pages << 1000;
        QTest::newRow("WAL, as files, the -wal always anew") << QByteArray("wal") << CopyWay::Bytes << 5;
        QTest::newRow("rollback, as files") << QByteArray("delete") << CopyWay::Bytes << 0;
        QTest::newRow("rollback, by pages") << QByteArray("delete") << CopyWay::Pages << 0;
    }
    void besideAWriterInFullFlowACopyIsOneMoment()
    {
        static constexpr int Rounds = 60; // 300 in all
        QFETCH(QByteArray, mode);
        QFETCH(CopyWay, way);
        QFETCH(int, checkpointAfter);
        const Path path = database({.journalMode = mode.toStdString(), .rows = 500, .moreSql = Invariants});
        const Path target = folder() / "copy";
        HeldLock writer(path, Held::Idle);
        writer.run("PRAGMA synchronous=off"); // waits for nothing but us
        writer.run("PRAGMA wal_autocheckpoint=" + std::to_string(checkpointAfter));
        writer.startWriting();
        std::int64_t last = 0;
        int joined = 0;
        for (int round = 0; round < Rounds; ++round) {
            const auto copied = copy(path, target, way);
            QVERIFY2(copied, copied ? "" : copied.error().detail.c_str());
            QCOMPARE(copied->way, way);
            joined += copied->joined ? 1 : 0;
            const std::int64_t moment = momentOf(target);
            QVERIFY2(moment >= last,
                     qPrintable(QStringLiteral("round %1: %2 after %3").arg(round).arg(moment).arg(last)));
            last = moment;
            QCOMPARE(std::distance(std::filesystem::directory_iterator(target.parent_path()), {}), 1);
            std::filesystem::remove(target);
        }
        const test::WriterTally tally = writer.stopWriting();
        QVERIFY(last <= tally.last);
        QVERIFY(joined > 0);
        if (mode == "wal")
            QCOMPARE(tally.busy, 0);
        else // it waits while the copy is made, and that is small
            QVERIFY2(tally.longestUs < 5'000'000, qPrintable(QString::number(tally.longestUs)));
    }

    void aWalThatBeginsAnewMeanwhileIsCopiedAgain()
    {
        // All that is in the -wal has been moved, so our transaction needs nothing of it, and can't keep it.
        const Path path = database({.journalMode = "wal", .moreSql = Invariants});
        HeldLock writer(path, Held::Idle);
        writer.run("PRAGMA wal_autocheckpoint=0");
        for (int i = 0; i < 120; ++i)
            writer.run("UPDATE counter SET n = n + 1, junk = randomblob(60000)");
        writer.run("PRAGMA wal_checkpoint(passive)");
        const std::uint64_t mainSize = std::filesystem::file_size(path);
        QVERIFY(std::filesystem::file_size(test::withSuffix(path, "-wal")) > 5 << 20);
        bool written = false;
        Watching progress([&](const ProgressReport &report) {
            if (report.done >= mainSize + (4 << 20) && !written) {
                written = true;
                writer.run("UPDATE counter SET n = n + 1, junk = randomblob(60000)");
            }
        });
        const Path target = folder() / "copy";
        const auto copied = copy(path, target, CopyWay::Bytes, progress);
        QVERIFY2(copied, copied ? "" : copied.error().detail.c_str());
        QVERIFY(copied->joined);
        QVERIFY(written);
        QCOMPARE(momentOf(target), 121);
    }

    // ---- alone
    void aloneACopyHasTheContentAndLeavesNoTrace_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<CopyWay>("way");
        QTest::addColumn<bool>("recovered");
        QTest::newRow("rollback") << QByteArray("delete") << CopyWay::Bytes << false;
        QTest::newRow("WAL") << QByteArray("wal") << CopyWay::Bytes << false;
        QTest::newRow("the -wal of a crash, with a torn tail") << QByteArray("crashed") << CopyWay::Bytes << true;
        QTest::newRow("a hot journal, through the looking glass") << QByteArray("hot") << CopyWay::Pages << true;
    }
    void aloneACopyHasTheContentAndLeavesNoTrace()
    {
        QFETCH(QByteArray, kind);
        const Path path = folder() / "a.db";
        if (kind == "crashed")
            test::makeCrashedWal(path, {.rows = 50}, 300, true);
        else if (kind == "hot")
            test::makeHotJournal(path);
        else
            test::makeDatabase(path, {.journalMode = kind.toStdString(), .rows = 500});
        const test::TreeSnapshot before(path.parent_path());
        const Path target = folder() / "copy";
        const auto copied = copy(path, target);
        QVERIFY2(copied, copied ? "" : copied.error().detail.c_str());
        QTEST(copied->way, "way");
        QTEST(copied->recovered, "recovered");
        QVERIFY(!copied->joined);
        QCOMPARE(before.difference(test::TreeSnapshot(path.parent_path())), std::string());
        QCOMPARE(test::contentHash(target), test::contentHash(path));
        QCOMPARE(std::uint64_t(copied->pages) * copied->pageSize, std::filesystem::file_size(target));
        QCOMPARE(test::readFile(target).at(18), test::readFile(path).at(18)); // the journal mode stays
        QCOMPARE(std::distance(std::filesystem::directory_iterator(target.parent_path()), {}), 1);
    }

    void whatIsReplacedMeanwhileIsToldAsChanged_data()
    {
        QTest::addColumn<std::function<void(const Path &)>>("change");
        QTest::addColumn<bool>("held");
        const auto replace = [](const Path &path) {
            test::makeDatabase(path.parent_path() / "other", {.rows = 3});
            std::filesystem::rename(path.parent_path() / "other", path);
        };
        const auto remove = [](const Path &path) { std::filesystem::remove(path); };
        for (const bool held : {false, true}) {
            const char *by = held ? ", while it is held" : "";
            QTest::addRow("replaced%s", by) << std::function<void(const Path &)>(replace) << held;
            QTest::addRow("removed%s", by) << std::function<void(const Path &)>(remove) << held;
        }
    }
    void whatIsReplacedMeanwhileIsToldAsChanged()
    {
        QFETCH(std::function<void(const Path &)>, change);
        QFETCH(bool, held);
        const Path path = database({.rows = 300});
        const auto holder = held ? std::make_unique<HeldLock>(path, Held::Reading) : nullptr;
        bool changed = false;
        Watching progress([&](const ProgressReport &) {
            if (!std::exchange(changed, true))
                change(path);
        });
        const auto copied = copy(path, folder() / "copy", CopyWay::Bytes, progress);
        QVERIFY(!copied);
        QCOMPARE(copied.error().code, ErrorCode::Changed);
    }

    void whatIsCutMeanwhileGivesNoGoodCopy()
    {
        const Path path = database({.rows = 3000});
        bool changed = false;
        Watching progress([&](const ProgressReport &) {
            if (!std::exchange(changed, true))
                test::cutTo(path, 8192);
        });
        const Path target = folder() / "copy";
        const auto copied = copy(path, target, CopyWay::Bytes, progress);
        QVERIFY(!copied || momentOf(target) < 0);
    }

    void aStopEndsItWithinAChunk()
    {
        const Path path = database({.rows = 3000});
        std::stop_source stop;
        int reports = 0;
        Watching progress([&](const ProgressReport &) {
            ++reports;
            stop.request_stop();
        });
        const auto copied = copy(path, folder() / "copy", CopyWay::Bytes, progress, stop.get_token());
        QVERIFY(!copied);
        QCOMPARE(copied.error().code, ErrorCode::Cancelled);
        QCOMPARE(reports, 1);
    }

    // ---- platform/filecopy
    void holesStayHoles()
    {
        const Path path = m_tree.file("sparse", "begin");
        std::filesystem::resize_file(path, 64 << 20);
        const auto reader = platform::FileReader::open(path);
        const Path target = folder() / "copy";
        auto writer = platform::FileWriter::open(target);
        const auto copied = writer->copy(*reader, 1 << 30, [](std::uint64_t) { return true; });
        QCOMPARE(*copied, std::uint64_t(64 << 20));
        QCOMPARE(test::readFile(target), test::readFile(path));
        const auto status = platform::status(target);
        QVERIFY(status->allocated <= std::max<std::uint64_t>(reader->status().allocated, 64 << 10));
        QCOMPARE(status->mode & 0777, 0600u);
    }

    void noMoreIsCopiedThanIsAskedFor()
    {
        const Path path = m_tree.file("long", std::string(100'000, 'x'));
        const auto reader = platform::FileReader::open(path);
        const Path target = folder() / "copy";
        auto writer = platform::FileWriter::open(target);
        QCOMPARE(*writer->copy(*reader, 70'001, [](std::uint64_t) { return true; }), std::uint64_t(70'001));
        QCOMPARE(std::filesystem::file_size(target), std::uintmax_t(70'001));
    }

    void aFileOnAnotherFileSystemIsCopiedByHand()
    {
        const Path memory = "/dev/shm";
        const auto here = platform::status(m_tree.path());
        const auto there = platform::status(memory);
        if (!there || !here || there->id.device == here->id.device)
            QSKIP("NOT TESTED: there is no second file system here");
        const std::string content(9 << 20, 'y');
        const Path path = m_tree.file("here", content);
        const Path target = memory / ("litekeeper-tst_copy-" + m_tree.path().filename().native());
        const auto reader = platform::FileReader::open(path);
        std::optional<platform::FileWriter> writer(std::move(*platform::FileWriter::open(target)));
        const auto copied = writer->copy(*reader, content.size(), [](std::uint64_t) { return true; });
        const std::string found = test::readFile(target);
        std::filesystem::remove(target);
        QCOMPARE(*copied, std::uint64_t(content.size()));
        QVERIFY(found == content);
    }

    void aLinkIsNeverWrittenThrough()
    {
        const Path victim = m_tree.file("victim", "precious");
        const Path link = m_tree.link("link", victim);
        QVERIFY(!platform::FileWriter::open(link));
        QCOMPARE(test::readFile(victim), std::string("precious"));
    }
};

QTEST_GUILESS_MAIN(TestCopy)
#include "tst_copy.moc"
