// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operation.h"

#include "sqlite/glance.h"
#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace lk;
using namespace lk::operations;

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray(expected))

static Report run(const Path &path, const Path &to, std::stop_token stop = {}, Progress &progress = Progress::none())
{
    JobContext context{std::move(stop), progress, std::chrono::milliseconds(0)};
    return find("recover")->run({.path = path, .seen = {}}, {{"to", to.native()}}, context);
}

static std::int64_t rowsOf(const Report &report, std::string_view table)
{
    const FieldValue *value = report.field("rows");
    for (const auto &[name, rows] : value ? std::get<Counts>(*value) : Counts()) {
        if (name == table)
            return rows;
    }
    return 0;
}

static QByteArray detailOf(const Report &report)
{
    return report.error ? QByteArray::fromStdString(report.error->detail) +
                              QByteArray::number(static_cast<int>(report.error->reason))
                        : QByteArray();
}

static bool sqlite3IsHere()
{
    JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
    test::TempTree tree;
    const Path path = tree.path() / "a.db";
    test::makeDatabase(path);
    const Report report =
        find("recover")->preflight({.path = path, .seen = {}}, {{"to", (tree.path() / "b.db").native()}}, context);
    return report.status == Status::Done;
}

class TestRecover : public QObject
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

private Q_SLOTS:
    void initTestCase()
    {
        if (!sqlite3IsHere())
            QSKIP("NOT TESTED: the program sqlite3 is not installed");
    }

    void whatIsSoundIsSavedWhole_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : {"rollback", "wal", "crashed", "hot", "utf16", "64k"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void whatIsSoundIsSavedWhole()
    {
        QFETCH(QByteArray, kind);
        const Path path = folder() / "a.db";
        if (kind == "crashed")
            test::makeCrashedWal(path, {.rows = 50}, 30, true);
        else if (kind == "hot")
            test::makeHotJournal(path);
        else
            test::makeDatabase(path, {.pageSize = kind == "64k" ? 65536 : 4096,
                                      .journalMode = kind == "wal" ? "wal" : "delete",
                                      .encoding = kind == "utf16" ? "UTF-16le" : "UTF-8",
                                      .rows = 500});
        std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        const Path target = folder() / "saved.db";
        const test::TreeSnapshot before(path.parent_path());
        const Report report = run(path, target);
        QVERIFY2(report.status == Status::Done, detailOf(report));
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
        COMPARE_TEXT(std::get<std::string>(*report.field("verdict")), "ok");
        COMPARE_TEXT(test::queryCopy(target, "SELECT count(*) || hex(group_concat(id || k || hex(v))) FROM t"),
                     QByteArray::fromStdString(
                         test::queryCopy(path, "SELECT count(*) || hex(group_concat(id || k || hex(v))) FROM t")));
        QCOMPARE(QByteArray::number(qint64(rowsOf(report, "t"))),
                 QByteArray::fromStdString(test::queryCopy(path, "SELECT count(*) FROM t")));
        QCOMPARE(std::get<std::int64_t>(*report.field("lost_and_found")), 0);
        QCOMPARE(platform::status(target)->mode & 0777, 0600u);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(target.parent_path()), {}), 1);
    }

    void aDamagedPageCostsOnlyItsRows()
    {
        const Path path = database({.rows = 2000});
        test::patch(path, 9 * 4096, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        const test::TreeSnapshot before(path.parent_path());
        const Path target = folder() / "saved.db";
        const Report report = run(path, target);
        QVERIFY2(report.status == Status::Done, detailOf(report));
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
        QVERIFY2(rowsOf(report, "t") > 1900 && rowsOf(report, "t") < 2000,
                 qPrintable(QString::number(rowsOf(report, "t"))));
        COMPARE_TEXT(test::queryCopy(target, "PRAGMA integrity_check"), "ok");
    }

    void aCutFileGivesWhatIsLeft()
    {
        const Path path = database({.rows = 2000});
        test::cutTo(path, std::filesystem::file_size(path) / 2);
        const Report report = run(path, folder() / "saved.db");
        QVERIFY2(report.status == Status::Done, detailOf(report));
        QVERIFY(rowsOf(report, "t") > 500 && rowsOf(report, "t") < 2000);
    }

    void rowsOfAForgottenTableAreLostAndFound()
    {
        const Path path = database({.rows = 500});
        test::runSql(path, "PRAGMA writable_schema=1; DELETE FROM sqlite_schema");
        const Report report = run(path, folder() / "saved.db");
        QVERIFY2(report.status == Status::Done, detailOf(report));
        QVERIFY(std::get<std::int64_t>(*report.field("lost_and_found")) >= 500);
        QVERIFY(std::ranges::find(report.notes, Note::LostAndFound, &NoteText::note) != report.notes.end());
    }

    void whatTheFileSaysIsNotRun()
    {
        const Path mark = m_tree.path() / "mark";
        const std::string command = "\n.shell touch " + mark.native() + "\n.output " + mark.native() + "\n";
        const Path path = database({.rows = 1});
        test::runSql(path, "UPDATE t SET k = '" + command + "'; CREATE TABLE \"x\n.shell touch " + mark.native() +
                               "\n\"(a DEFAULT '" + command + "'); INSERT INTO \"x\n.shell touch " + mark.native() +
                               "\n\" VALUES('" + command + "')");
        const Path target = folder() / "saved.db";
        const Report report = run(path, target);
        QVERIFY2(report.status == Status::Done, detailOf(report));
        QVERIFY(!std::filesystem::exists(mark));
        COMPARE_TEXT(test::queryCopy(target, "SELECT k FROM t"), QByteArray::fromStdString(command));
    }

    void whereNothingIsNothingIsSaved()
    {
        const Path path = database({.rows = 0});
        const Path target = folder() / "saved.db";
        const Report report = run(path, target);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::NothingSaved);
        QVERIFY(std::filesystem::is_empty(target.parent_path()));
    }

    void nothingThatIsThereIsReplaced()
    {
        const Path path = database();
        const Path there = folder() / "there.db";
        test::writeFile(there, "mine");
        const Report report = run(path, there);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::TargetExists);
        COMPARE_TEXT(test::readFile(there), "mine");
        QCOMPARE(run(path, path).error->reason, Reason::TargetIsSource);
        QCOMPARE(run(path, m_tree.path() / "missing" / "b.db").error->reason, Reason::TargetFolderMissing);
    }

    void aBackupIsOfferedFirst()
    {
        const Path path = database();
        JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
        const Report backup =
            find("backup")->run({.path = path, .seen = {}}, {{"to", path.parent_path().native()}}, context);
        QCOMPARE(backup.status, Status::Done);
        const Report report = run(path, folder() / "saved.db");
        const auto note = std::ranges::find(report.notes, Note::BackupExists, &NoteText::note);
        QVERIFY(note != report.notes.end());
        QCOMPARE(note->arguments.front(), std::get<std::string>(*backup.field("backup")));
    }

    void aStopLeavesNothing()
    {
        struct Stopper final : Progress
        {
            std::stop_source stop;
            void report(const ProgressReport &report) override
            {
                if (report.phase == Phase::Reading)
                    stop.request_stop();
            }
        } progress;
        const Path path = database({.rows = 20000});
        const Path target = folder() / "saved.db";
        const Report report = run(path, target, progress.stop.get_token(), progress);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->code, ErrorCode::Cancelled);
        QVERIFY(std::filesystem::is_empty(target.parent_path()));
    }

    void aProgramThatCantDoItIsMissing()
    {
        const Path bin = folder();
        test::writeFile(bin / "sqlite3", "#!/bin/sh\nexit 1\n");
        std::filesystem::permissions(bin / "sqlite3", std::filesystem::perms::owner_all);
        const QByteArray before = qgetenv("PATH");
        qputenv("PATH", QByteArray::fromStdString(bin.native()) + ':' + before);
        const Report report = run(database(), folder() / "saved.db");
        qputenv("PATH", before);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::ProgramMissing);
        COMPARE_TEXT(report.error->arguments.front(), "sqlite3");
    }

    void malformedFilesEndInOneWayOrTheOther()
    {
        LK_NEEDS_SHARED(corpus, "corpus/malformed");
        const Path copies = folder();
        test::copyFolder(corpus, copies);
        const test::TreeSnapshot before(copies);
        int saved = 0;
        int number = 0;
        for (const auto &entry : std::filesystem::directory_iterator(copies)) {
            // A sample in the usual run: each takes some starts of a program.
            if (entry.path().extension() != ".db" || ++number % 8 != 0)
                continue;
            const Path target = folder() / "saved.db";
            const Report report = run(entry.path(), target);
            QCOMPARE(report.status == Status::Done, std::filesystem::exists(target));
            if (report.status == Status::Done) {
                ++saved;
                QVERIFY(std::get<std::string>(*report.field("verdict")) != "damaged");
            } else {
                QVERIFY2(report.error->code != ErrorCode::Internal, detailOf(report));
            }
        }
        COMPARE_TEXT(before.difference(test::TreeSnapshot(copies)), "");
        QVERIFY2(saved >= 5, qPrintable(QString::number(saved)));
    }
};

QTEST_GUILESS_MAIN(TestRecover)
#include "tst_recover.moc"
