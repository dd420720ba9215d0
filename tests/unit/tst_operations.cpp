// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operation.h"
#include "operations/verdict.h"

#include "sqlite/connection.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace lk;
using namespace lk::operations;
using test::Held;
using test::HeldLock;

Q_DECLARE_METATYPE(lk::Reason)

/// Runs an operation as a job would.
static Report run(const char *id, const Path &path, const Arguments &arguments, int waitMs = 0,
                  std::stop_token stop = {}, Progress &progress = Progress::none())
{
    JobContext context{std::move(stop), progress, std::chrono::milliseconds(waitMs)};
    return find(id)->run({.path = path, .seen = {}}, arguments, context);
}

static Report preflightOf(const char *id, const Path &path, const Arguments &arguments)
{
    JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
    return find(id)->preflight({.path = path, .seen = {}}, arguments, context);
}

static std::string textOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    return value ? std::get<std::string>(*value) : std::string("(no such field)");
}

static int journalVersion(const Path &path)
{
    return test::readFile(path).at(18);
}

static bool hasNote(const Report &report, Note note)
{
    return std::ranges::find(report.notes, note, &NoteText::note) != report.notes.end();
}

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray(expected))

class TestOperations : public QObject
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
    // ---- all of them
    void everyOperationDescribesItself()
    {
        QVERIFY(all().size() >= 3);
        for (const Operation *operation : all()) {
            QCOMPARE(find(operation->id), operation);
            QVERIFY(*operation->title && *operation->summary && operation->run && operation->preflight);
            for (const Parameter &parameter : operation->parameters) {
                QVERIFY(*parameter.id && *parameter.title && *parameter.help);
                const bool choosing =
                    parameter.kind == Parameter::Kind::Choice || parameter.kind == Parameter::Kind::Option;
                QCOMPARE(parameter.choices.empty(), !choosing);
            }
        }
        QVERIFY(!find("nothing"));
    }

    void preflightTouchesNothing_data() { eachOperation(); }
    void preflightTouchesNothing()
    {
        QFETCH(QByteArray, id);
        for (const char *kind : {"rollback", "crashed", "hot"}) {
            const Path place = folder();
            const Path path = place / "a.db";
            if (QByteArray(kind) == "crashed")
                test::makeCrashedWal(path);
            else if (QByteArray(kind) == "hot")
                test::makeHotJournal(path);
            else
                test::makeDatabase(path);
            const test::TreeSnapshot before(place);
            (void)preflightOf(id.constData(), path, {{"mode", "wal"}, {"to", place.native()}});
            COMPARE_TEXT(before.difference(test::TreeSnapshot(place)), "");
        }
    }

    void whatIsNoDatabaseIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<Reason>("reason");
        for (const Operation *operation : all()) {
            if (operation->subject != Subject::Database)
                continue;
            QTest::addRow("%s an empty file", operation->id)
                << QByteArray(operation->id) << QByteArray() << Reason::EmptyFile;
            QTest::addRow("%s a text", operation->id)
                << QByteArray(operation->id) << QByteArray(600, 't') << Reason::None;
            QTest::addRow("%s SQLite 2", operation->id)
                << QByteArray(operation->id)
                << QByteArray("** This file contains an SQLite 2.1 database **").leftJustified(1024, '\0')
                << Reason::Sqlite2File;
        }
    }
    void whatIsNoDatabaseIsRefusedByName()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, content);
        const Path path = m_tree.file("n" + std::to_string(++m_count) + "/a.db", content.toStdString());
        const Report report = run(id.constData(), path, {{"mode", "wal"}, {"to", path.parent_path().native()}});
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->code, ErrorCode::NotADatabase);
        QTEST(report.error->reason, "reason");
        COMPARE_TEXT(test::readFile(path), content);
    }

    void anotherFileOfThatNameIsNotActedOn_data() { eachOperation(); }
    void anotherFileOfThatNameIsNotActedOn()
    {
        QFETCH(QByteArray, id);
        const Path path = database();
        const auto seen = platform::status(path);
        const Path other = database({.rows = 3});
        std::filesystem::rename(other, path);
        JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
        const Report report =
            find(id.constData())
                ->run({.path = path, .seen = *seen}, {{"mode", "wal"}, {"to", m_tree.path().native()}}, context);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->code, ErrorCode::Changed);
        QCOMPARE(journalVersion(path), 1);
    }

    void aStoppedJobIsCancelledAndLeavesNothing_data() { eachOperation(); }
    void aStoppedJobIsCancelledAndLeavesNothing()
    {
        QFETCH(QByteArray, id);
        const Path path = database();
        const std::string content = test::readFile(path);
        // Of a database in rollback mode there is no -wal to empty.
        const Arguments arguments{{"mode", "wal"}, {"to", path.parent_path().native()}};
        const Report expected = preflightOf(id.constData(), path, arguments);
        std::stop_source stop;
        stop.request_stop();
        const Report report = run(id.constData(), path, arguments, 0, stop.get_token());
        if (report.status == Status::Failed || expected.status == Status::Done) {
            QCOMPARE(report.status, Status::Failed);
            QCOMPARE(report.error->code, ErrorCode::Cancelled);
        }
        QVERIFY(test::readFile(path) == content);
        QCOMPARE(journalVersion(path), 1);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
    }

    // ---- journal mode
    void walIsSwitchedOnAndOff()
    {
        const Path path = database();
        const std::string content = test::contentHash(path);
        Report report = run("journal", path, {{"mode", "wal"}});
        QCOMPARE(report.status, Status::Done);
        COMPARE_TEXT(textOf(report, "before"), "rollback");
        COMPARE_TEXT(textOf(report, "after"), "wal");
        QCOMPARE(journalVersion(path), 2);
        report = run("journal", path, {{"mode", "wal"}});
        QCOMPARE(report.status, Status::Unchanged);
        report = run("journal", path, {{"mode", "delete"}});
        QCOMPARE(report.status, Status::Done);
        QCOMPARE(journalVersion(path), 1);
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1); // no siblings left
    }

    void leavingWalKeepsWhatACrashLeftInTheWal()
    {
        const Path path = folder() / "a.db";
        test::makeCrashedWal(path, {.rows = 10}, 15, true);
        const std::string content = test::contentHash(path);
        const Report report = run("journal", path, {{"mode", "delete"}});
        QCOMPARE(report.status, Status::Done);
        QVERIFY(!std::filesystem::exists(test::withSuffix(path, "-wal")));
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
    }

    void eachReasonNotToHasItsOwnSentence()
    {
        const auto reasonFor = [](const Path &path, const char *mode) {
            const Report report = run("journal", path, {{"mode", mode}}, 20);
            return report.error ? report.error->reason : Reason::None;
        };
        const Path hot = folder() / "a.db";
        test::makeHotJournal(hot);
        QCOMPARE(reasonFor(hot, "wal"), Reason::HotJournal);

        const Path linked = database();
        std::filesystem::create_hard_link(linked, linked.parent_path() / "b.db");
        QCOMPARE(reasonFor(linked, "wal"), Reason::ManyLinks);

        const Path other = folder() / "o.db";
        test::makeCrashedWal(other);
        const Path foreign = database();
        test::writeFile(test::withSuffix(foreign, "-wal"), test::readFile(test::withSuffix(other, "-wal")));
        QCOMPARE(reasonFor(foreign, "wal"), Reason::ForeignWal);

        const Path managed = database(
            {.journalMode = "wal", .moreSql = "CREATE TABLE _litestream_seq(id INTEGER PRIMARY KEY, seq INTEGER)"});
        QCOMPARE(reasonFor(managed, "delete"), Reason::LitestreamNeedsWal);
        const Path beside = database({.journalMode = "wal"});
        std::filesystem::create_directory(beside.parent_path() / ".a.db-litestream");
        QCOMPARE(reasonFor(beside, "delete"), Reason::LitestreamNeedsWal);

        const Path read = database();
        HeldLock reader(read, Held::Reading);
        QCOMPARE(reasonFor(read, "wal"), Reason::InUseByOthers);
        QCOMPARE(journalVersion(read), 1);

        const Path idle = database({.journalMode = "wal"});
        HeldLock holder(idle, Held::Idle);
        QCOMPARE(reasonFor(idle, "delete"), Reason::InUseWhileLeavingWal);
        QCOMPARE(journalVersion(idle), 2);
        const Report named = run("journal", idle, {{"mode", "delete"}});
        QVERIFY(
            QByteArray::fromStdString(named.error->arguments.at(0)).contains(QByteArray::number(qint64(holder.pid()))));
    }

    void idleConnectionsDoNotPreventWal()
    {
        const Path path = database();
        HeldLock holder(path, Held::Idle);
        const Report report = run("journal", path, {{"mode", "wal"}});
        QCOMPARE(report.status, Status::Done);
        QCOMPARE(journalVersion(path), 2);
    }

    void aForeignWalThatWouldDestroyTheDatabaseIsNoticed()
    {
        // In WAL mode nothing tells whose -wal it is, but what it leads to.
        const Path other = folder() / "o.db";
        test::makeCrashedWal(other, {.rows = 500}, 3);
        const Path path = database({.journalMode = "wal", .rows = 3000});
        test::writeFile(test::withSuffix(path, "-wal"), test::readFile(test::withSuffix(other, "-wal")));
        const test::TreeSnapshot before(path.parent_path());
        const Report report = run("journal", path, {{"mode", "delete"}});
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->code, ErrorCode::Damaged);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
    }

    // ---- check
    void aSoundDatabaseIsOk_data()
    {
        QTest::addColumn<QByteArray>("option");
        for (const char *option : {"", "quick", "foreign-keys", "live", "snapshot"})
            QTest::newRow(*option ? option : "full") << QByteArray(option);
    }
    void aSoundDatabaseIsOk()
    {
        QFETCH(QByteArray, option);
        const Path path = database({.rows = 1000});
        const test::TreeSnapshot before(path.parent_path());
        const Report report = run("check", path, {{option.toStdString(), true}});
        QCOMPARE(report.status, Status::Done);
        COMPARE_TEXT(textOf(report, "verdict"), "ok");
        QVERIFY(!report.damageFound);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
    }

    void damageIsFoundAndToldInMessages()
    {
        const Path path = database({.rows = 1000});
        test::patch(path, 4096 * 5, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        const Report report = run("check", path, {});
        QCOMPARE(report.status, Status::Done);
        COMPARE_TEXT(textOf(report, "verdict"), "damaged");
        QVERIFY(report.damageFound);
        QVERIFY(!std::get<std::vector<std::string>>(*report.field("messages")).empty());
    }

    void anIndexThatMissesRowsIsDamageOnlyForAFullCheck()
    {
        const Path path = database({.rows = 1000});
        test::runSql(
            path, "PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql = replace(sql, '(k)', '(k COLLATE NOCASE)') "
                  "WHERE type = 'index'; UPDATE t SET k = 'A' || k WHERE id % 2");
        test::runSql(path, "UPDATE t SET k = lower(k) WHERE id % 3 = 0");
        COMPARE_TEXT(textOf(run("check", path, {{"quick", true}}), "verdict"), "ok");
    }

    void messagesOfOneKindAreGrouped()
    {
        const std::vector<std::string> lines =
            grouped({"row 1 missing from index a", "row 22 missing from index a", "row 3 missing from index b"});
        QCOMPARE(lines.size(), 2u);
        COMPARE_TEXT(lines[0], "2 × row … missing from index a");
        COMPARE_TEXT(lines[1], "row 3 missing from index b");
    }

    void brokenForeignKeysAreToldOnRequest()
    {
        const Path path = database(
            {.moreSql =
                 "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(p REFERENCES p); INSERT INTO c VALUES(7)"});
        COMPARE_TEXT(textOf(run("check", path, {}), "verdict"), "ok");
        const Report report = run("check", path, {{"foreign-keys", true}});
        COMPARE_TEXT(textOf(report, "verdict"), "damaged");
        QVERIFY(QByteArray::fromStdString(std::get<std::vector<std::string>>(*report.field("messages")).at(0))
                    .contains("foreign key"));
    }

    void anApplicationsCollationIsNotDamage()
    {
        const Path path = database({.rows = 50});
        test::runSql(path, "PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql = replace(sql, 'k TEXT', 'k TEXT "
                           "COLLATE unicase') WHERE type = 'table'");
        const Report report = run("check", path, {});
        COMPARE_TEXT(textOf(report, "verdict"), "unchecked");
        QVERIFY(!report.damageFound);
        QVERIFY(hasNote(report, Note::MissingExtension));
    }

    void anApplicationsFunctionIsNotDamage()
    {
        const Path path = database({.rows = 50});
        test::runSql(path, "PRAGMA writable_schema=1; UPDATE sqlite_schema SET sql = replace(sql, 'k TEXT', 'k TEXT "
                           "CHECK(title_sort(k))') WHERE type = 'table'");
        const Report report = run("check", path, {});
        COMPARE_TEXT(textOf(report, "verdict"), "unchecked");
        QVERIFY(hasNote(report, Note::MissingExtension));
    }

    void moreThanAHundredMessagesAreSaidToBeMore()
    {
        const Path path =
            database({.rows = 500, .moreSql = "CREATE TABLE n(a, b INTEGER CHECK(b > 0)); CREATE INDEX ni ON n(a)"});
        test::runSql(path, "PRAGMA ignore_check_constraints=1; WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x+1 "
                           "FROM i WHERE x<300) INSERT INTO n SELECT x, -1 FROM i");
        const Report report = run("check", path, {});
        COMPARE_TEXT(textOf(report, "verdict"),
                     "damaged"); // CHECK constraints are verified, as on a read-write connection
        QVERIFY(hasNote(report, Note::MessagesLimited));
        QCOMPARE(std::get<std::vector<std::string>>(*report.field("messages")).size(), 100u);
        QCOMPARE(std::get<std::vector<std::string>>(*report.field("groups")).size(), 1u);
    }

    void besideASteadyWriterTheVerdictIsOk_data() { bothModes(); }
    void besideASteadyWriterTheVerdictIsOk()
    {
        QFETCH(QByteArray, mode);
        const Path path = database({.journalMode = mode.toStdString(), .rows = 2000});
        HeldLock writer(path, Held::Idle);
        writer.startWriting();
        for (int i = 0; i < 5; ++i) {
            const Report report = run("check", path, {}, 20000);
            QVERIFY2(report.status == Status::Done, report.error ? report.error->detail.c_str() : "");
            COMPARE_TEXT(textOf(report, "verdict"), "ok");
        }
        QVERIFY(writer.stopWriting().commits > 0);
    }

    void aCheckWithItsOwnProgressNeverGoesBack()
    {
        struct Forward final : Progress
        {
            void report(const ProgressReport &report) override
            {
                backwards = backwards || report.fraction < last;
                last = report.fraction;
                ++reports;
            }
            double last = 0;
            bool backwards = false;
            int reports = 0;
        } progress;
        const Path path = database({.pageSize = 512, .rows = 5000});
        run("check", path, {}, 0, {}, progress);
        QVERIFY(progress.reports > 1);
        QVERIFY(!progress.backwards);
        QVERIFY(progress.last <= 1);
    }

    // ---- backup
    void aBackupIsCompleteVerifiedAndDescribed_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : {"rollback", "wal", "crashed", "hot", "utf16", "64k"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void aBackupIsCompleteVerifiedAndDescribed()
    {
        QFETCH(QByteArray, kind);
        const Path path = folder() / "my data.sqlite";
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
        const Path target = folder();
        const test::TreeSnapshot before(path.parent_path());
        const Report report = run("backup", path, {{"to", target.native()}});
        QVERIFY2(report.status == Status::Done, report.error ? report.error->detail.c_str() : "");
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");

        const Path backup = textOf(report, "backup");
        QVERIFY(backup.parent_path() == target);
        COMPARE_TEXT(test::contentHash(backup), QByteArray::fromStdString(test::contentHash(path)));
        QCOMPARE(platform::status(backup)->mode & 0777, 0600u);
        const QByteArray bytes = QByteArray::fromStdString(test::readFile(backup));
        const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
        COMPARE_TEXT(textOf(report, "sha256"), hash);
        QCOMPARE(std::get<std::int64_t>(*report.field("bytes")), bytes.size());
        const QJsonObject sidecar =
            QJsonDocument::fromJson(QByteArray::fromStdString(test::readFile(test::withSuffix(backup, ".json"))))
                .object();
        QCOMPARE(sidecar[QStringLiteral("sha256")].toString().toLatin1(), hash);
        QCOMPARE(sidecar[QStringLiteral("source")].toString().toStdString(), path.native());
        QCOMPARE(std::distance(std::filesystem::directory_iterator(target), {}), 2); // the backup and its sidecar
    }

    void twoInOneSecondGetTwoNames()
    {
        const Path path = database();
        const Path target = folder();
        const std::string one = textOf(run("backup", path, {{"to", target.native()}}), "backup");
        const std::string two = textOf(run("backup", path, {{"to", target.native()}}), "backup");
        QVERIFY(one != two);
        QVERIFY(std::filesystem::exists(one) && std::filesystem::exists(two));
    }

    void aDamagedDatabaseGivesNoBackup()
    {
        const Path path = database({.rows = 1000});
        test::patch(path, 4096 * 5, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        const Path target = folder();
        const Report report = run("backup", path, {{"to", target.native()}});
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::CopyDamaged);
        QVERIFY(std::filesystem::is_empty(target));
    }

    void aHeaderThatClaimsATerabyteIsRefusedBeforeAByteIsWritten()
    {
        const Path path = database();
        test::patch(path, 28, {0x7f, 0xff, 0xff, 0xff});
        test::runSql(folder() / "x.db", "SELECT 1");
        std::filesystem::resize_file(path, std::uintmax_t(4096) * 0x7fffffff);
        const Path target = folder();
        const Report report = run("backup", path, {{"to", target.native()}});
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::NotEnoughSpace);
        QVERIFY(std::filesystem::is_empty(target));
    }

    void aFolderThatIsNotThereIsToldBeforehand()
    {
        const Report report = run("backup", database(), {{"to", (m_tree.path() / "missing").native()}});
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::TargetFolderMissing);
    }

    void whatAKilledRunLeftIsCleanedUpAndNothingElse()
    {
        const Path target = folder();
        const Path dead = target / "a-20260101T000000Z.db.partial";
        const Path others = target / "download.iso.partial";
        test::writeFile(dead, "half");
        test::writeFile(others, "somebody else's");
        run("backup", database(), {{"to", target.native()}});
        QVERIFY(!std::filesystem::exists(dead));
        QVERIFY(std::filesystem::exists(others));
    }

    void besideASteadyWriterABackupIsOneMoment_data() { bothModes(); }
    void besideASteadyWriterABackupIsOneMoment()
    {
        QFETCH(QByteArray, mode);
        const Path path = database({.journalMode = mode.toStdString(), .rows = 3000});
        HeldLock writer(path, Held::Idle);
        writer.startWriting();
        for (int i = 0; i < 3; ++i) {
            const Report report = run("backup", path, {{"to", folder().native()}}, 20000);
            QVERIFY2(report.status == Status::Done, report.error ? report.error->detail.c_str() : "");
            COMPARE_TEXT(*sqlite::Connection::open(textOf(report, "backup"))->text("PRAGMA integrity_check"), "ok");
        }
        const test::WriterTally tally = writer.stopWriting();
        QVERIFY(tally.commits > 0);
        if (mode == "wal")
            QCOMPARE(tally.busy, 0);
    }

private:
    void eachOperation()
    {
        QTest::addColumn<QByteArray>("id");
        for (const Operation *operation : all()) {
            if (operation->subject == Subject::Database)
                QTest::newRow(operation->id) << QByteArray(operation->id);
        }
    }
    void bothModes()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("WAL") << QByteArray("wal");
        QTest::newRow("rollback") << QByteArray("delete");
    }
};

QTEST_GUILESS_MAIN(TestOperations)
#include "tst_operations.moc"
