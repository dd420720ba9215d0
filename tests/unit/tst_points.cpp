// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/points.h"

#include "base/text.h"
#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QTest>

#include <filesystem>

using namespace lk;
using namespace lk::litestream;

namespace {

Moment at(int seconds)
{
    return Moment(std::chrono::seconds(1'795'000'000 + seconds));
}

constexpr const char *First = "aaaaaaaaaaaaaaaa";
constexpr const char *Second = "bbbbbbbbbbbbbbbb";

/// Two generations with a pause between, and an older file that no snapshot covers.
ReplicaContent content(std::string name = "file")
{
    const auto segment = [&](const char *generation, int when) {
        return SegmentEntry{.replica = name, .generation = generation, .created = at(when)};
    };
    return {
        .replica = name,
        .snapshots = {{.replica = name, .generation = First, .created = at(10)},
                      {.replica = name, .generation = Second, .created = at(100)}},
        .segments = {segment(First, 5), segment(First, 10), segment(First, 20), segment(First, 20),
                     segment(Second, 130)},
    };
}

Moment now()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// A real replication of a database with a table `t`, each commit of which has arrived before the next is made.
struct Replicated
{
    test::TempTree tree;
    Path database = tree.path() / "shop.db";
    Path file = tree.path() / "litestream.yml";
    Access access{.program = *Program::find(), .config = file};
    std::vector<std::string> hashes; ///< of the content, after each commit
    std::vector<Moment> moments;     ///< when it had arrived

    explicit Replicated(int commits)
    {
        test::makeDatabase(database, {.journalMode = "wal"});
        test::writeFile(file, "dbs:\n - path: " + database.native() + "\n   replicas:\n    - {type: file, path: " +
                                  (tree.path() / "copy").native() + ", sync-interval: 100ms}\n");
        test::Replication replication(file);
        int segments = 1;
        if (!replication.hasSaid("wal segment written", segments))
            throw std::runtime_error(replication.log());
        for (int i = 0; i < commits; ++i) {
            test::runSql(database, "INSERT INTO t(k) VALUES('commit " + std::to_string(i) + "')");
            if (!replication.hasSaid("wal segment written", ++segments))
                throw std::runtime_error(replication.log());
            hashes.push_back(hash(database));
            moments.push_back(now());
            while (now() == moments.back()) // Litestream's moments are seconds
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    /// Without what Litestream writes for itself.
    static std::string hash(const Path &database)
    {
        return test::queryCopy(database, "SELECT group_concat(id || k || hex(v)) FROM t");
    }

    const Database &configured()
    {
        config = *readConfig(file);
        return config.databases.front();
    }

    Config config;
};

}

class TestPoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pointsAreSecondsThatASnapshotCovers()
    {
        const std::vector<Point> expected{
            {.moment = at(130), .replica = "file", .generation = Second, .isLast = true},
            {.moment = at(100), .replica = "file", .generation = Second, .isSnapshot = true},
            {.moment = at(20), .replica = "file", .generation = First, .isLast = true},
            {.moment = at(10), .replica = "file", .generation = First, .isSnapshot = true},
        };
        QVERIFY(pointsOf({content()}) == expected);
    }

    void replicasOfOneSecondKeepTheirOrder()
    {
        const std::vector<Point> points = pointsOf({content("s3"), content("file")});
        QCOMPARE(points.size(), std::size_t(8));
        QCOMPARE(points[0].replica, std::string("s3"));
        QCOMPARE(points[1].replica, std::string("file"));
        QVERIFY(points[1].isLast);
    }

    void aMomentIsThePointBeforeIt_data()
    {
        QTest::addColumn<int>("asked");
        QTest::addColumn<int>("expected");
        QTest::newRow("a point itself") << 20 << 20;
        QTest::newRow("between two") << 15 << 10;
        QTest::newRow("while nothing was replicated") << 99 << 20;
        QTest::newRow("after the last change") << 5000 << 130;
    }

    void aMomentIsThePointBeforeIt()
    {
        QFETCH(int, asked);
        QFETCH(int, expected);
        const Result<Point> point = pointAt({content()}, at(asked), "", "/srv/shop.db");
        QVERIFY(point);
        QVERIFY(point->moment == at(expected));
    }

    void noMomentIsTheNewestPoint() { QVERIFY(pointAt({content()}, {}, "file", "/srv/shop.db")->moment == at(130)); }

    void whatIsNotThereIsSaid()
    {
        const auto reason = [](const std::vector<ReplicaContent> &contents, const std::string &replica) {
            return pointAt(contents, at(3), replica, "/srv/shop.db").error().reason;
        };
        QCOMPARE(reason({content()}, ""), Reason::NothingRestorable);
        QCOMPARE(reason({content()}, "s3"), Reason::UnknownReplica);
        QCOMPARE(reason({}, ""), Reason::UnknownReplica);
        ReplicaContent unread{.replica = "s3", .error = "access denied"};
        QCOMPARE(reason({content(), unread}, ""), Reason::ReplicaFailed);
        QCOMPARE(reason({content(), unread}, "file"), Reason::NothingRestorable);
    }

    void momentsAreReadAsPeopleWriteThem_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // in UTC, as which the test's place counts
        QTest::newRow("of Litestream") << QStringLiteral("2026-11-20T10:42:07Z")
                                       << QStringLiteral("2026-11-20T10:42:07Z");
        QTest::newRow("of another zone") << QStringLiteral("2026-11-20T10:42:07+02:00")
                                         << QStringLiteral("2026-11-20T08:42:07Z");
        QTest::newRow("date and time") << QStringLiteral("2026-11-20 10:42") << QStringLiteral("2026-11-20T10:42:00Z");
        QTest::newRow("with seconds") << QStringLiteral("2026-11-20 10:42:09")
                                      << QStringLiteral("2026-11-20T10:42:09Z");
        QTest::newRow("earlier today") << QStringLiteral("10:42") << QStringLiteral("2026-11-22T10:42:00Z");
        QTest::newRow("a time that today has not had yet")
            << QStringLiteral("23:30") << QStringLiteral("2026-11-21T23:30:00Z");
        QTest::newRow("a word") << QStringLiteral("yesterday") << QString();
        QTest::newRow("a date alone") << QStringLiteral("2026-11-20") << QString();
        QTest::newRow("no such day") << QStringLiteral("2026-02-30 10:42") << QString();
    }

    void momentsAreReadAsPeopleWriteThem()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        qputenv("TZ", "UTC");
        const Moment noon(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12));
        const std::optional<Moment> moment = momentFrom(text.toStdString(), noon);
        QCOMPARE(moment.has_value(), !expected.isEmpty());
        if (moment)
            QCOMPARE(text::isoTime(std::chrono::nanoseconds(moment->time_since_epoch()).count()),
                     expected.toStdString());
    }

    void aRestoreGivesExactlyTheRowsOfItsMoment()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        Replicated replicated(3);
        const Database &database = replicated.configured();
        const auto contents = contentsOf(replicated.access, database, {});
        QVERIFY(contents);
        for (std::size_t i = 0; i < replicated.moments.size(); ++i) {
            const Result<Point> point = pointAt(*contents, replicated.moments[i], "", database.path);
            QVERIFY(point);
            const Path to = replicated.tree.path() / ("restored" + std::to_string(i));
            const Result<void> fetched = fetch(replicated.access, database, *point, to, {});
            QVERIFY2(fetched, fetched ? "" : fetched.error().arguments.back().c_str());
            QCOMPARE(Replicated::hash(to), replicated.hashes[i]);
            QVERIFY(!std::filesystem::exists(to.native() + ".tmp-shm"));
            QVERIFY(!std::filesystem::exists(to.native() + ".tmp-wal"));
        }
    }

    void anOutageOfTheStorageDelaysAndLosesNothing()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        const test::TempTree tree;
        const Path database = tree.path() / "shop.db";
        test::makeDatabase(database, {.journalMode = "wal"});
        const int port = test::freePort();
        const Path file = tree.file(
            "litestream.yml", "dbs:\n - path: " + database.native() +
                                  "\n   replicas:\n    - {type: s3, bucket: b, path: shop, region: "
                                  "us-east-1, sync-interval: 100ms, access-key-id: " +
                                  test::S3Server::AccessKey + ", secret-access-key: " + test::S3Server::SecretKey +
                                  ", endpoint: \"http://127.0.0.1:" + std::to_string(port) + "\"}\n");
        auto storage = test::S3Server::start(tree.path() / "s3", port, "b");
        QVERIFY(storage);
        std::string before;
        Moment then;
        {
            test::Replication replication(file);
            QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
            before = Replicated::hash(database);
            then = now();
            storage.reset();
            test::runSql(database, "INSERT INTO t(k) VALUES('while it was away')");
            QVERIFY2(replication.hasSaid("monitor error"), replication.log().c_str());
            while (now() == then)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            storage = test::S3Server::start(tree.path() / "s3", port, "b");
            QVERIFY(storage);
            test::runSql(database, "INSERT INTO t(k) VALUES('it is back')"); // without, Litestream waits a minute
            QVERIFY2(replication.hasSaid("wal segment written", 2), replication.log().c_str());
        }
        const Access access{.program = *Program::find(), .config = file};
        const Config config = *readConfig(file);
        const auto contents = contentsOf(access, config.databases.front(), {});
        QVERIFY(contents);
        const auto restored = [&](std::optional<Moment> moment, const char *name) {
            const Path to = tree.path() / name;
            const Result<Point> point = pointAt(*contents, moment, "", database);
            return point && fetch(access, config.databases.front(), *point, to, {}) ? Replicated::hash(to) : "";
        };
        QCOMPARE(restored(then, "then"), before);
        QCOMPARE(restored({}, "newest"), Replicated::hash(database));
        QVERIFY(before != Replicated::hash(database));
    }

    void itIsBroughtBackAlsoWhenTheDatabaseIsGone()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        Replicated replicated(1);
        std::filesystem::remove(replicated.database);
        const Database &database = replicated.configured();
        const auto contents = contentsOf(replicated.access, database, {});
        const Path to = replicated.tree.path() / "restored";
        QVERIFY(fetch(replicated.access, database, *pointAt(*contents, {}, "", database.path), to, {}));
        QCOMPARE(Replicated::hash(to), replicated.hashes[0]);
    }

    void aFetchThatFailsLeavesNothing()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        Replicated replicated(1);
        const Database &database = replicated.configured();
        Point point = *pointAt(*contentsOf(replicated.access, database, {}), {}, "", database.path);
        const Path to = replicated.tree.path() / "restored";
        QCOMPARE(fetch(replicated.access, database, point, database.path, {}).error().reason, Reason::TargetExists);

        point.generation = Second;
        const Result<void> fetched = fetch(replicated.access, database, point, to, {});
        QCOMPARE(fetched.error().reason, Reason::ReplicaFailed);
        QVERIFY(!std::filesystem::exists(to));

        for (const auto &entry : std::filesystem::recursive_directory_iterator(replicated.tree.path() / "copy")) {
            if (entry.path().native().ends_with(".snapshot.lz4"))
                test::writeFile(entry.path(), "no snapshot");
        }
        point.generation = pointsOf(*contentsOf(replicated.access, database, {})).front().generation;
        QCOMPARE(fetch(replicated.access, database, point, to, {}).error().reason, Reason::ReplicaFailed);
        for (const auto &entry : std::filesystem::directory_iterator(replicated.tree.path()))
            QVERIFY(!entry.path().filename().native().starts_with("restored"));
    }
};

QTEST_GUILESS_MAIN(TestPoints)
#include "tst_points.moc"
