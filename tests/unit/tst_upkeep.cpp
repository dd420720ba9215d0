// SPDX-License-Identifier: GPL-3.0-or-later
// The operations that keep a database fit, in one short write each.
#include "operations/operation.h"

#include "sqlite/connection.h"
#include "sqlite/glance.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace lk;
using namespace lk::operations;
using test::Held;
using test::HeldLock;

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray(expected))

static Report run(const char *id, const Path &path, const Arguments &arguments = {}, int waitMs = 0)
{
    JobContext context{{}, Progress::none(), std::chrono::milliseconds(waitMs)};
    return find(id)->run({.path = path, .seen = {}}, arguments, context);
}

static std::int64_t numberOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *number = value ? std::get_if<std::int64_t>(value) : nullptr;
    return number ? *number : -1;
}

static QByteArray detailOf(const Report &report)
{
    return report.error ? QByteArray::fromStdString(report.error->detail) : QByteArray();
}

static bool hasNote(const Report &report, Note note)
{
    return std::ranges::find(report.notes, note, &NoteText::note) != report.notes.end();
}

static Path walOf(const Path &path)
{
    return test::withSuffix(path, "-wal");
}

class TestUpkeep : public QObject
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
    Path crashed()
    {
        const Path path = folder() / "a.db";
        test::makeCrashedWal(path, {.rows = 50}, 40, true);
        return path;
    }

private Q_SLOTS:
    // ---- checkpoint
    void whatIsInTheWalComesIntoTheDatabase_data()
    {
        QTest::addColumn<bool>("truncate");
        QTest::newRow("passive") << false;
        QTest::newRow("truncate") << true;
    }
    void whatIsInTheWalComesIntoTheDatabase()
    {
        QFETCH(bool, truncate);
        const Path path = crashed();
        const std::string content = test::contentHash(path);
        const auto walSize = static_cast<std::int64_t>(std::filesystem::file_size(walOf(path)));
        const Report report = run("checkpoint", path, {{"truncate", truncate}});
        QVERIFY2(report.status == Status::Done, detailOf(report));
        QVERIFY(numberOf(report, "frames") > 0);
        QCOMPARE(numberOf(report, "moved"), numberOf(report, "frames"));
        QCOMPARE(numberOf(report, "wal_size"), truncate ? 0 : walSize);
        QCOMPARE(static_cast<std::int64_t>(std::filesystem::file_size(walOf(path))), truncate ? 0 : walSize);
        // The database has it all by itself now.
        const Path alone = folder() / "alone.db";
        test::writeFile(alone, test::readFile(path));
        COMPARE_TEXT(test::contentHash(alone), QByteArray::fromStdString(content));
        QVERIFY(sqlite::glance(path)->stored->isWal());
    }

    void withoutAWalThereIsNothingToMove()
    {
        const Path rollback = database();
        Report report = run("checkpoint", rollback);
        QCOMPARE(report.status, Status::Unchanged);
        QVERIFY(hasNote(report, Note::AlreadyInRollback));
        const Path closed = database({.journalMode = "wal"});
        const test::TreeSnapshot before(closed.parent_path());
        report = run("checkpoint", closed);
        QCOMPARE(report.status, Status::Unchanged);
        QVERIFY(!hasNote(report, Note::AlreadyInRollback));
        COMPARE_TEXT(before.difference(test::TreeSnapshot(closed.parent_path())), "");
    }

    void besideAnotherProgramItDependsOnTheLibrary()
    {
        const Path path = database({.journalMode = "wal"});
        HeldLock holder(path, Held::Idle);
        holder.run("INSERT INTO t(k) VALUES('more')");
        const std::string wal = test::readFile(walOf(path));
        QVERIFY(!wal.empty());
        const Report report = run("checkpoint", path, {{"truncate", true}});
        if (!sqlite::libraryHasWalResetBug()) {
            QVERIFY2(report.status == Status::Done, detailOf(report));
            QCOMPARE(numberOf(report, "wal_size"), 0);
            return;
        }
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::WalResetBug);
        COMPARE_TEXT(report.error->arguments.at(0), sqlite::libraryVersion());
        QVERIFY(QByteArray::fromStdString(report.error->arguments.at(1))
                    .contains(QByteArray::number(qint64(holder.pid()))));
        QVERIFY(test::readFile(walOf(path)) == wal);
    }

    void aWalThatLeadsToDamageIsNotMoved()
    {
        const Path other = folder() / "o.db";
        test::makeCrashedWal(other, {.rows = 500}, 3);
        const Path path = database({.journalMode = "wal", .rows = 3000});
        test::writeFile(walOf(path), test::readFile(walOf(other)));
        const test::TreeSnapshot before(path.parent_path());
        const Report report = run("checkpoint", path);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::CheckedDamaged);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
    }

    void whatLitestreamReplicatesIsLeftToIt()
    {
        const Path path = crashed();
        std::filesystem::create_directory(path.parent_path() / ".a.db-litestream");
        const Report report = run("checkpoint", path);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::ManagedByLitestream);
    }

    // ---- optimize
    void statisticsAreMadeOfEveryTable_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<bool>("full");
        for (const char *mode : {"delete", "wal"}) {
            QTest::addRow("%s", mode) << QByteArray(mode) << false;
            QTest::addRow("%s, full", mode) << QByteArray(mode) << true;
        }
    }
    void statisticsAreMadeOfEveryTable()
    {
        QFETCH(QByteArray, mode);
        QFETCH(bool, full);
        const Path path = database({.journalMode = mode.toStdString(),
                                    .rows = 2000,
                                    .moreSql = "CREATE TABLE u(a UNIQUE); INSERT INTO u VALUES(1); CREATE TABLE e(a)"});
        const Report report = run("optimize", path, {{"full", full}});
        QVERIFY2(report.status == Status::Done, detailOf(report));
        QCOMPARE(std::get<std::vector<std::string>>(*report.field("analyzed")), (std::vector<std::string>{"t", "u"}));
        const std::string stat = test::queryCopy(path, "SELECT stat FROM sqlite_stat1 WHERE tbl = 't'");
        QVERIFY2(stat.starts_with(full ? "2000 " : ""), stat.c_str());
        QCOMPARE(sqlite::glance(path)->stored->isWal(), mode == "wal");
        QVERIFY(!std::filesystem::exists(walOf(path)));
    }

    void besideOthersItWaitsForTheirLock_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("optimize") << QByteArray("optimize");
        QTest::newRow("reindex") << QByteArray("reindex");
        QTest::newRow("incremental-vacuum") << QByteArray("incremental-vacuum");
    }
    void besideOthersItWaitsForTheirLock()
    {
        QFETCH(QByteArray, id);
        const Path path = database({.journalMode = "wal",
                                    .autoVacuum = "incremental",
                                    .rows = 900,
                                    .moreSql = "DELETE FROM t WHERE id < 600"});
        HeldLock idle(path, Held::Reading);
        QCOMPARE(run(id.constData(), path).status, Status::Done); // in WAL mode readers are in nobody's way
        idle.release();
        const Path other =
            database({.autoVacuum = "incremental", .rows = 900, .moreSql = "DELETE FROM t WHERE id < 600"});
        HeldLock writer(other, Held::Writing);
        const Report report = run(id.constData(), other, {}, 30);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::InUseByOthers);
        QVERIFY(QByteArray::fromStdString(report.error->arguments.at(0)).contains(QByteArray::number(writer.pid())));
        writer.release();
        QCOMPARE(run(id.constData(), other).status, Status::Done);
        COMPARE_TEXT(test::queryCopy(path, "SELECT count(*) FROM t"), "301");
    }

    void whatOnlyItsApplicationHasIsLeftAlone_data() { besideOthersItWaitsForTheirLock_data(); }
    void whatOnlyItsApplicationHasIsLeftAlone()
    {
        QFETCH(QByteArray, id);
        const Path path = database({.autoVacuum = "incremental",
                                    .rows = 900,
                                    .moreSql = "DELETE FROM t WHERE id < 600; CREATE INDEX n ON t(k COLLATE NOCASE);"
                                               "PRAGMA writable_schema=on; UPDATE sqlite_schema SET "
                                               "sql=replace(sql, 'NOCASE', 'unicase')"});
        const std::string content = test::readFile(path);
        const Report report = run(id.constData(), path);
        QVERIFY(report.error);
        QCOMPARE(report.error->reason, Reason::MissingExtension);
        QVERIFY(test::readFile(path) == content);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
    }

    // ---- incremental-vacuum
    void freePagesAreGivenBack_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("pages");
        for (const char *mode : {"delete", "wal"}) {
            QTest::addRow("%s, all", mode) << QByteArray(mode) << QByteArray();
            QTest::addRow("%s, three", mode) << QByteArray(mode) << QByteArray("3");
        }
    }
    void freePagesAreGivenBack()
    {
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, pages);
        const Path path = database({.journalMode = mode.toStdString(),
                                    .autoVacuum = "incremental",
                                    .rows = 2000,
                                    .moreSql = "DELETE FROM t WHERE id < 1500"});
        const std::string content = test::contentHash(path);
        const auto before = static_cast<std::int64_t>(std::filesystem::file_size(path));
        const Report report = run("incremental-vacuum", path, {{"pages", pages.toStdString()}});
        QVERIFY2(report.status == Status::Done, detailOf(report));
        const auto after = static_cast<std::int64_t>(std::filesystem::file_size(path));
        QCOMPARE(numberOf(report, "bytes_before"), before);
        QCOMPARE(numberOf(report, "bytes_after"), after);
        QCOMPARE(numberOf(report, "freed"), before - after);
        QCOMPARE(numberOf(report, "pages"), (before - after) / 4096);
        QVERIFY(pages.isEmpty() ? after < before / 2 : numberOf(report, "pages") == 3);
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        COMPARE_TEXT(test::queryCopy(path, "PRAGMA integrity_check"), "ok");
    }

    void withoutFreePagesOrAutoVacuumThereIsNothingToGiveBack()
    {
        QCOMPARE(run("incremental-vacuum", database({.autoVacuum = "incremental"})).status, Status::Unchanged);
        for (const char *vacuum : {"none", "full"}) {
            const Report report = run("incremental-vacuum", database({.autoVacuum = vacuum}));
            QCOMPARE(report.status, Status::Skipped);
            QCOMPARE(report.error->reason, Reason::NotIncremental);
        }
    }

    // ---- reindex
    /// The index says of its order what it isn't: every row is missing from where it is looked for.
    Path withWrongIndex()
    {
        const Path path =
            database({.rows = 1000, .moreSql = "UPDATE t SET k = CASE id % 2 WHEN 0 THEN upper(k) ELSE k END"});
        test::runSql(path, "PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql = replace(sql, '(k)', '(k COLLATE "
                           "NOCASE)') WHERE type = 'index'");
        return path;
    }
    void aWrongIndexIsMadeAnew()
    {
        const Path path = withWrongIndex();
        QVERIFY(test::queryCopy(path, "PRAGMA integrity_check") != "ok");
        const std::string rows =
            test::queryCopy(path, "SELECT group_concat(id || k) FROM (SELECT id, k FROM t ORDER BY id)");
        const Report report = run("reindex", path);
        QVERIFY2(report.status == Status::Done, detailOf(report));
        COMPARE_TEXT(std::get<std::string>(*report.field("verdict")), "ok");
        QCOMPARE(numberOf(report, "indexes"), 1);
        QVERIFY(!report.damageFound);
        COMPARE_TEXT(test::queryCopy(path, "PRAGMA integrity_check"), "ok");
        COMPARE_TEXT(test::queryCopy(path, "SELECT group_concat(id || k) FROM (SELECT id, k FROM t ORDER BY id)"),
                     QByteArray::fromStdString(rows));
    }

    void rowsThatAnIndexForbidsAreToldAndKept()
    {
        const Path path = database({.moreSql = "CREATE TABLE u(a, b); CREATE INDEX ua ON u(a);"
                                               "INSERT INTO u VALUES(1, 1), (1, 2)"});
        test::runSql(path, "PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql = replace(sql, 'CREATE INDEX', "
                           "'CREATE UNIQUE INDEX') WHERE name = 'ua'");
        const Report report = run("reindex", path);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::RowsNotUnique);
        QVERIFY(QByteArray::fromStdString(report.error->arguments.at(0)).contains("u.a"));
        COMPARE_TEXT(test::queryCopy(path, "SELECT count(*) FROM u"), "2");
    }

    void aDamagedStructureIsNoCaseForIt_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::newRow("reindex") << QByteArray("reindex");
        QTest::newRow("incremental-vacuum") << QByteArray("incremental-vacuum");
    }
    void aDamagedStructureIsNoCaseForIt()
    {
        QFETCH(QByteArray, id);
        const Path path =
            database({.autoVacuum = "incremental", .rows = 2000, .moreSql = "DELETE FROM t WHERE id > 1900"});
        test::patch(path, 5 * 4096 + 1, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        const test::TreeSnapshot before(path.parent_path());
        const Report report = run(id.constData(), path);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::CheckedDamaged);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
    }
};

QTEST_GUILESS_MAIN(TestUpkeep)
#include "tst_upkeep.moc"
