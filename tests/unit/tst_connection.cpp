// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/connection.h"

#include "sqlite/observervfs.h"
#include "sqlite/ownlocks.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QTest>

#include <future>

using namespace lk;
using namespace lk::sqlite;
using test::HeldLock;

/// Everything that SQLite may do to a database while it is only looked at.
static const char *const Rehearsals[] = {
    "VACUUM",
    "PRAGMA journal_mode=delete",
    "PRAGMA journal_mode=wal",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "UPDATE t SET v = zeroblob(300)",
    "DELETE FROM t",
    "CREATE INDEX another ON t(v)",
    "ANALYZE",
    "PRAGMA user_version=99",
    "BEGIN; CREATE TABLE x(a); INSERT INTO x VALUES(1); ROLLBACK",
    "PRAGMA page_size=8192; VACUUM",
};

class TestConnection : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }

private Q_SLOTS:
    void rehearsalsLeaveNoTrace_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("sql");
        for (const char *kind : {"rollback", "wal", "crashed", "torn", "hot"}) {
            for (const char *sql : Rehearsals)
                QTest::addRow("%s: %s", kind, sql) << QString::fromLatin1(kind) << QString::fromLatin1(sql);
        }
    }
    void rehearsalsLeaveNoTrace()
    {
        QFETCH(QString, kind);
        QFETCH(QString, sql);
        const Path place = folder();
        const Path path = place / "a.db";
        if (kind == QLatin1String("crashed") || kind == QLatin1String("torn"))
            test::makeCrashedWal(path, {}, 50, kind == QLatin1String("torn"));
        else if (kind == QLatin1String("hot"))
            test::makeHotJournal(path);
        else
            test::makeDatabase(path, {.journalMode = kind == QLatin1String("wal") ? "wal" : "delete"});
        const test::TreeSnapshot before(place);
        {
            auto look = Connection::open(path);
            QVERIFY(look);
            const auto done = look->execute(sql.toStdString());
            QVERIFY2(done, done ? "" : done.error().detail.c_str());
            QCOMPARE(QByteArray::fromStdString(*look->text("PRAGMA integrity_check")), QByteArray("ok"));
        }
        const test::TreeSnapshot after(place);
        QCOMPARE(QByteArray::fromStdString(before.difference(after)), QByteArray());
        QCOMPARE(QByteArray::fromStdString(before.accessTimeDifference(after)), QByteArray());
    }

    void aRehearsalShowsWhatTheRealThingWouldDo()
    {
        const Path path = folder() / "v.db";
        test::makeDatabase(path, {.rows = 2000, .moreSql = "DELETE FROM t WHERE id % 2"});
        auto look = Connection::open(path);
        QVERIFY(look->execute("VACUUM"));
        const std::int64_t rehearsed = *look->number("PRAGMA page_count");
        test::runSql(path, "VACUUM");
        QCOMPARE(rehearsed, *Connection::open(path)->number("PRAGMA page_count"));
    }

    void committedFramesOfACrashedWalAreSeen()
    {
        const Path path = folder() / "c.db";
        test::makeCrashedWal(path, {.rows = 10}, 7, true);
        QCOMPARE(*Connection::open(path)->number("SELECT count(*) FROM t"), 17);
    }

    void aHotJournalIsUndoneInTheOverlay()
    {
        const Path path = folder() / "h.db";
        test::makeHotJournal(path, {.rows = 500});
        QCOMPARE(*Connection::open(path)->number("SELECT count(*) FROM t"), 500);
    }

    void nobodyWaitsForALook()
    {
        const Path path = folder() / "w.db";
        test::makeDatabase(path);
        auto look = Connection::open(path);
        QVERIFY(look->execute("BEGIN; SELECT count(*) FROM t"));
        HeldLock writer(path, test::Held::Exclusive); // would fail if the look held a lock
        writer.run("UPDATE t SET k = 'new'");
        writer.run("COMMIT");
    }

    void anExclusiveLockOfOthersDoesNotStopALook()
    {
        const Path path = folder() / "x.db";
        test::makeDatabase(path, {.rows = 5});
        HeldLock owner(path, test::Held::Exclusive);
        QCOMPARE(*Connection::open(path)->number("SELECT count(*) FROM t"), 5);
    }

    void anEmptyFileIsNeverGivenToSqlite()
    {
        const Path place = folder();
        const Path path = place / "0.db";
        test::writeFile(path, "");
        test::writeFile(test::withSuffix(path, "-wal"), "something");
        const test::TreeSnapshot before(place);
        for (const Mode mode : {Mode::Look, Mode::Act, Mode::Join}) {
            const auto opened = Connection::open(path, {.mode = mode});
            QVERIFY(!opened);
            QCOMPARE(opened.error().reason, Reason::EmptyFile);
        }
        QCOMPARE(QByteArray::fromStdString(before.difference(test::TreeSnapshot(place))), QByteArray());
    }

    void pathsThatSqliteCantOpenCanBeLookedAt_data()
    {
        QTest::addColumn<int>("folders");
        QTest::newRow("over 512 bytes") << 4;
        QTest::newRow("over PATH_MAX") << 30;
    }
    void pathsThatSqliteCantOpenCanBeLookedAt()
    {
        QFETCH(int, folders);
        const Path place = folder();
        Path top = m_tree.folder(place.filename().native() + "/inner");
        test::makeCrashedWal(top / "deep.db", {.rows = 3}, 2);
        // Put one folder around it after the other, so that no call needs the long path.
        Path path = top.filename() / "deep.db";
        for (int i = 0; i < folders; ++i) {
            const std::string name(200, static_cast<char>('a' + i % 20));
            const Path around = m_tree.folder(place.filename().native() + "/around");
            std::filesystem::rename(top, around / top.filename());
            top = place / name;
            std::filesystem::rename(around, top);
            path = name / path;
        }
        path = place / path;
        auto look = Connection::open(path);
        QVERIFY2(look, look ? "" : look.error().detail.c_str());
        QCOMPARE(*look->number("SELECT count(*) FROM t"), 5);
        const auto act = Connection::open(path, {.mode = Mode::Act});
        QVERIFY(!act);
    }

    void namesThatLookLikeSomethingElseAreJustNames_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char *name :
             {"file:x.db", "a?mode=ro", "a#b", "100%25.db", "new\nline", "'quote\".db", ":memory:", "\xff\xfe", "-rf"})
            QTest::newRow(name) << QByteArray(name);
    }
    void namesThatLookLikeSomethingElseAreJustNames()
    {
        QFETCH(QByteArray, name);
        const Path plain = folder() / "plain.db";
        test::makeDatabase(plain, {.rows = 4});
        const Path path = plain.parent_path() / name.toStdString();
        test::writeFile(path, test::readFile(plain));
        for (const Mode mode : {Mode::Look, Mode::Act})
            QCOMPARE(*Connection::open(path, {.mode = mode})->number("SELECT count(*) FROM t"), 4);
    }

    void aStopRequestEndsARunningStatement()
    {
        const Path path = folder() / "s.db";
        test::makeDatabase(path);
        // Asks in the middle of the statement, from its first read of the table.
        struct Stopper final : ReadWatcher
        {
            void databaseRead(std::uint64_t, Bytes) override
            {
                if (armed)
                    stop.request_stop();
            }
            void walRead(std::uint64_t, Bytes) override {}
            std::stop_source stop;
            bool armed = false;
        } stopper;
        auto look = Connection::open(path, {.stop = stopper.stop.get_token(), .watcher = &stopper});
        QVERIFY(look->number("SELECT count(*) FROM sqlite_schema"));
        stopper.armed = true;
        const auto endless = look->number(
            "WITH RECURSIVE n(i) AS (SELECT max(id) FROM t UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
        QVERIFY(!endless);
        QCOMPARE(endless.error().code, ErrorCode::Cancelled);
    }

    void aStopRequestEndsTheWaitForALock()
    {
        const Path path = folder() / "l.db";
        test::makeDatabase(path);
        HeldLock owner(path, test::Held::Exclusive);
        std::stop_source stop;
        auto act = Connection::open(path, {.mode = Mode::Act, .stop = stop.get_token(), .wait = std::chrono::hours(1)});
        auto waiting = std::async(std::launch::async, [&] { return act->execute("UPDATE t SET k = 'x'"); });
        stop.request_stop();
        QVERIFY(waiting.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
        QCOMPARE(waiting.get().error().code, ErrorCode::Cancelled);
    }

    void theWaitForALockEndsInTime()
    {
        const Path path = folder() / "t.db";
        test::makeDatabase(path);
        HeldLock owner(path, test::Held::Exclusive);
        auto act = Connection::open(path, {.mode = Mode::Act, .wait = std::chrono::milliseconds(30)});
        const auto done = act->execute("UPDATE t SET k = 'x'");
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Busy);
    }

    void aBudgetEndsWhatWouldNeverEnd()
    {
        const Path path = folder() / "b.db";
        test::makeDatabase(path, {.moreSql = "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                                             "i + 1 FROM n) SELECT i FROM n"});
        auto look =
            Connection::open(path, {.budget = {.time = std::chrono::milliseconds(50), .longestValue = 1'000'000}});
        const auto count = look->number("SELECT count(*) FROM endless");
        QVERIFY(!count);
        QCOMPARE(count.error().reason, Reason::TooExpensive);
        const auto large = Connection::open(path, {.budget = {.time = {}, .longestValue = 1'000'000}})
                               ->number("SELECT length(hex(zeroblob(900000)))");
        QVERIFY(!large);
        QCOMPARE(large.error().reason, Reason::TooExpensive);
    }

    void aRawReadDoesNotDropOurLocks()
    {
        const Path path = folder() / "o.db";
        test::makeDatabase(path);
        auto act = Connection::open(path, {.mode = Mode::Act});
        QVERIFY(act->execute("BEGIN IMMEDIATE"));
        const auto status = platform::status(path);
        bool opened = false;
        const auto read = OwnLocks::instance().read(
            status->id,
            [&] {
                opened = true;
                return platform::FileReader::open(path);
            },
            [](const platform::FileReader &reader) -> Result<void> {
                std::byte first{};
                return reader.read(0, {&first, 1}) == 1u ? Result<void>() : fail(ErrorCode::Io);
            });
        QVERIFY(read);
        QVERIFY(!opened);
        // Another process must still find it locked.
        HeldLock other(path, test::Held::Idle);
        QVERIFY_EXCEPTION_THROWN(other.run("BEGIN IMMEDIATE"), std::exception);
    }

    void afterTheLastConnectionAFileIsOpenedAgain()
    {
        const Path path = folder() / "r.db";
        test::makeDatabase(path);
        const auto id = platform::status(path)->id;
        {
            auto one = Connection::open(path, {.mode = Mode::Act});
            auto two = Connection::open(path, {.mode = Mode::Join});
            QVERIFY(OwnLocks::instance().holds(id));
        }
        QVERIFY(!OwnLocks::instance().holds(id));
        QVERIFY(!OwnLocks::instance().holds(platform::status(m_tree.path())->id));
    }

    void extensionsAreNotLoaded()
    {
        const Path path = folder() / "e.db";
        test::makeDatabase(path);
        QVERIFY(!Connection::open(path)->number("SELECT load_extension('x')"));
    }

    void malformedImagesNeitherCrashNorChange()
    {
        LK_NEEDS_SHARED(corpus, "corpus/malformed");
        const Path place = folder();
        test::copyFolder(corpus, place);
        const test::TreeSnapshot before(place);
        for (const auto &entry : std::filesystem::directory_iterator(place)) {
            auto look = Connection::open(entry.path(),
                                         {.budget = {.time = std::chrono::seconds(5), .longestValue = 1'000'000}});
            if (!look)
                continue;
            for (const char *sql : {"PRAGMA integrity_check", "SELECT count(*) FROM sqlite_schema", "VACUUM"})
                (void)look->execute(sql);
        }
        QCOMPARE(QByteArray::fromStdString(before.difference(test::TreeSnapshot(place))), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
