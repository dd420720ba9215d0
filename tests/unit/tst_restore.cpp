// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/operation.h"
#include "operations/replace.h"

#include "platform/rangelock.h"
#include "sqlite/glance.h"
#include "sqlite/locks.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <sys/xattr.h>

using namespace lk;
using namespace lk::operations;
using test::Held;
using test::HeldLock;

Q_DECLARE_METATYPE(lk::Reason)

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

static Report run(const char *id, const Path &path, const Arguments &arguments, Progress &progress = Progress::none())
{
    JobContext context{{}, progress, std::chrono::milliseconds(100)};
    return act(*find(id), {.path = path, .seen = {}}, arguments, context);
}

static std::string textOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string("(no such text)");
}

static std::string why(const Report &report)
{
    return report.error ? std::string(errorCodeName(report.error->code)) + ": " + report.error->detail : std::string();
}

class TestRestore : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::TempTree> m_tree;
    Path m_database; ///< its backup has 300 rows
    Path m_backup;
    std::string m_backedUp; ///< content
    std::string m_now;      ///< content, later

    void make(const char *kind, bool packed = false)
    {
        const std::string mode = std::string(kind) == "rollback" || std::string(kind) == "hot" ? "delete" : "wal";
        m_database = m_tree->folder("data") / "a.sqlite";
        test::makeDatabase(m_database, {.journalMode = mode, .rows = 300});
        m_backedUp = test::contentHash(m_database);
        const Report made = run("backup", m_database, {{"to", m_tree->folder("backups").native()}, {"zstd", packed}});
        m_backup = textOf(made, "backup");
        std::filesystem::remove(m_database);
        // The same database, later.
        if (std::string(kind) == "crashed")
            test::makeCrashedWal(m_database, {.rows = 320}, 100, true, true);
        else if (std::string(kind) == "hot")
            test::makeHotJournal(m_database, {.rows = 320});
        else
            test::makeDatabase(m_database, {.journalMode = mode, .rows = 320});
        m_now = test::contentHash(m_database);
        QVERIFY(m_now != m_backedUp);
    }

    Report restore(Arguments more = {}, Progress &progress = Progress::none())
    {
        more.insert({{"to", m_database.native()}, {"replace", true}});
        return run("restore", m_backup, more, progress);
    }

    std::ptrdiff_t filesBesideIt() const
    {
        return std::distance(std::filesystem::directory_iterator(m_database.parent_path()), {});
    }

private Q_SLOTS:
    void init() { m_tree = std::make_unique<test::TempTree>(); }

    // ---- to a new place
    void aBackupComesBackAnywhere_data() { bothFormats(); }
    void aBackupComesBackAnywhere()
    {
        QFETCH(bool, packed);
        make("rollback", packed);
        std::filesystem::permissions(m_backup, std::filesystem::perms(0640));
        const Path to = m_tree->folder("new") / "b.sqlite";
        const Report report = run("restore", m_backup, {{"to", to.native()}});
        QVERIFY2(report.status == Status::Done, why(report).c_str());
        QCOMPARE(test::contentHash(to), m_backedUp);
        QCOMPARE(platform::status(to)->mode & 0777, 0640u);
        QCOMPARE(textOf(report, "verdict"), std::string("ok"));
        QVERIFY(!report.undo);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(to.parent_path()), {}), 1);
    }

    void besideALeftOverWalNothingIsRestored()
    {
        make("rollback");
        const Path to = m_tree->folder("new") / "b.sqlite";
        test::writeFile(test::withSuffix(to, "-wal"), "frames of another time");
        const Report report = run("restore", m_backup, {{"to", to.native()}});
        QCOMPARE(report.error->reason, Reason::TargetExists);
        QVERIFY(!std::filesystem::exists(to));
    }

    // ---- in place
    void theSetIsReplacedAndPutAside_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<bool>("packed");
        for (const char *kind : {"rollback", "wal", "crashed", "hot"}) {
            QTest::addRow("%s", kind) << QByteArray(kind) << false;
            QTest::addRow("%s, packed", kind) << QByteArray(kind) << true;
        }
    }
    void theSetIsReplacedAndPutAside()
    {
        QFETCH(QByteArray, kind);
        QFETCH(bool, packed);
        make(kind.constData(), packed);
        std::filesystem::permissions(m_database, std::filesystem::perms(0604));
        const bool hasAttributes = ::setxattr(m_database.c_str(), "user.litekeeper", "value", 5, 0) == 0;
        const Report report = restore();
        QVERIFY2(report.status == Status::Done, why(report).c_str());
        QCOMPARE(test::contentHash(m_database), m_backedUp);
        for (const char *suffix : {"-wal", "-journal", "-shm"})
            QVERIFY(!std::filesystem::exists(test::withSuffix(m_database, suffix)));
        const Path kept = textOf(report, "kept_as");
        QCOMPARE(test::contentHash(kept), m_now);
        QCOMPARE(std::filesystem::exists(test::withSuffix(kept, "-wal")), kind == "crashed");
        QCOMPARE(std::filesystem::exists(test::withSuffix(kept, "-journal")), kind == "hot");
        QCOMPARE(filesBesideIt(), kind == "crashed" || kind == "hot" ? 3 : 2);
        QCOMPARE(platform::status(m_database)->mode & 0777, 0604u);
        QCOMPARE(platform::status(m_database)->links, std::uint64_t(1));
        QCOMPARE(platform::status(kept)->links, std::uint64_t(1));
        std::array<char, 16> value{};
        if (hasAttributes)
            QCOMPARE(::getxattr(m_database.c_str(), "user.litekeeper", value.data(), value.size()), 5);
    }

    void itIsTakenBackAndBackAgain_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : {"rollback", "wal", "crashed", "hot"})
            QTest::addRow("%s", kind) << QByteArray(kind);
    }
    void itIsTakenBackAndBackAgain()
    {
        QFETCH(QByteArray, kind);
        make(kind.constData());
        Report report = restore();
        const Path kept = textOf(report, "kept_as");
        for (const std::string &expected : {m_now, m_backedUp, m_now}) {
            QVERIFY(report.undo);
            const Invocation undo = *report.undo;
            QCOMPARE(undo.path, m_database);
            report = run(undo.operation.c_str(), undo.path, undo.arguments);
            QVERIFY2(report.status == Status::Done, why(report).c_str());
            QCOMPARE(test::contentHash(m_database), expected);
            QCOMPARE(filesBesideIt(), 2);
        }
    }

    void whatWasPutAsideMayBeGone()
    {
        make("rollback");
        const Report report = restore();
        std::filesystem::remove(textOf(report, "kept_as"));
        const Report undone = run("unrestore", m_database, report.undo->arguments);
        QCOMPARE(undone.status, Status::Skipped);
        QCOMPARE(undone.error->reason, Reason::NoUndo);
        QCOMPARE(test::contentHash(m_database), m_backedUp);
        const Report other = run("unrestore", m_database, {{"kept", m_backup.native()}});
        QCOMPARE(other.error->reason, Reason::NoUndo);
    }

    void aDamagedDatabaseIsReplacedToo()
    {
        make("rollback");
        test::patch(m_database, 0, {0, 0, 0, 0, 0, 0, 0, 0, 0});
        const std::string damaged = test::readFile(m_database);
        const Report report = restore({{"another", true}});
        QVERIFY2(report.status == Status::Done, why(report).c_str());
        QCOMPARE(test::contentHash(m_database), m_backedUp);
        QVERIFY(test::readFile(textOf(report, "kept_as")) == damaged);
    }

    void besideAForeignWalItIsReplacedToo()
    {
        make("rollback");
        const Path other = m_tree->path() / "other.sqlite";
        test::makeCrashedWal(other, {.rows = 900}, 20);
        test::writeFile(test::withSuffix(m_database, "-wal"), test::readFile(test::withSuffix(other, "-wal")));
        const Report report = restore();
        QVERIFY2(report.status == Status::Done, why(report).c_str());
        QCOMPARE(test::contentHash(m_database), m_backedUp);
        QVERIFY(std::filesystem::exists(test::withSuffix(textOf(report, "kept_as"), "-wal")));
    }

    // ---- at no moment a mix
    void whateverStepItStopsAtOpensAsOldOrNew_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : {"wal", "crashed", "hot"})
            QTest::addRow("%s", kind) << QByteArray(kind);
    }
    void whateverStepItStopsAtOpensAsOldOrNew()
    {
        // The steps one by one, and what a program that opens it in between would see.
        QFETCH(QByteArray, kind);
        make(kind.constData());
        JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
        auto replacement = Replacement::prepare({.path = m_database, .seen = {}}, context);
        QVERIFY(replacement);
        QCOMPARE(test::contentHash(m_database), m_now);
        const Path merged = test::withSuffix(m_database, ".merged.partial");
        QCOMPARE(std::filesystem::exists(merged), kind != "wal");
        if (kind == "wal")
            return;
        // In the old one's place, with the old siblings beside it and without.
        const Path trial = m_tree->folder("trial") / "a.sqlite";
        test::copyWithSiblings(m_database, trial);
        std::filesystem::copy_file(merged, trial, std::filesystem::copy_options::overwrite_existing);
        QCOMPARE(test::contentHash(trial), m_now);
        for (const char *suffix : {"-wal", "-journal", "-shm"})
            std::filesystem::remove(test::withSuffix(trial, suffix));
        QCOMPARE(test::contentHash(trial), m_now);
    }

    // ---- what is refused, before the target is touched
    void nothingIsReplacedUnasked()
    {
        make("rollback");
        refused(Reason::OnlyWhenAsked, {{"replace", false}});
    }

    void aDatabaseInUseIsNotReplaced_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<int>("how");
        for (const char *kind : {"rollback", "wal"}) {
            QTest::addRow("%s, idle", kind) << QByteArray(kind) << int(Held::Idle);
            QTest::addRow("%s, reading", kind) << QByteArray(kind) << int(Held::Reading);
            QTest::addRow("%s, writing", kind) << QByteArray(kind) << int(Held::Writing);
        }
    }
    void aDatabaseInUseIsNotReplaced()
    {
        QFETCH(QByteArray, kind);
        QFETCH(int, how);
        make(kind.constData());
        HeldLock holder(m_database, Held(how));
        const Report report = restore();
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::InUseByOthers);
        QVERIFY(QByteArray::fromStdString(report.error->arguments.at(0))
                    .contains(QByteArray::number(qint64(holder.pid()))));
        holder.release();
        QCOMPARE(test::contentHash(m_database), m_now);
    }

    void whoComesMeanwhileIsMetByTheLock()
    {
        make("wal");
        std::unique_ptr<HeldLock> holder;
        Watching progress([&](const ProgressReport &report) {
            if (report.phase == Phase::Finishing && !holder)
                holder = std::make_unique<HeldLock>(m_database, Held::Idle);
        });
        const Report report = restore({}, progress);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::InUseByOthers);
        holder.reset();
        QCOMPARE(test::contentHash(m_database), m_now);
    }

    void whatIsWrittenMeanwhileIsNotLost()
    {
        make("rollback");
        std::string written;
        Watching progress([&](const ProgressReport &report) {
            if (report.phase == Phase::Finishing && written.empty()) {
                test::runSql(m_database, "DELETE FROM t WHERE id = 1");
                written = test::contentHash(m_database);
            }
        });
        const Report report = restore({}, progress);
        QCOMPARE(report.error->code, ErrorCode::Changed);
        QCOMPARE(test::contentHash(m_database), written);
        QCOMPARE(filesBesideIt(), 1);
    }

    void aLinkThatTookItsPlaceIsNotFollowed()
    {
        make("rollback");
        const Path victim = m_tree->path() / "victim";
        test::makeDatabase(victim, {.rows = 7});
        const std::string content = test::readFile(victim);
        std::filesystem::remove(m_database);
        std::filesystem::create_symlink(victim, m_database);
        refusedAsItIs(Reason::SymbolicLink);
        QVERIFY(test::readFile(victim) == content);
    }

    void aLinkThatTakesItsPlaceMeanwhileIsNotFollowed()
    {
        make("rollback");
        const Path victim = m_tree->path() / "victim";
        test::makeDatabase(victim, {.rows = 7});
        const std::string content = test::readFile(victim);
        bool done = false;
        Watching progress([&](const ProgressReport &report) {
            if (report.phase == Phase::Finishing && !std::exchange(done, true)) {
                std::filesystem::remove(m_database);
                std::filesystem::create_symlink(victim, m_database);
            }
        });
        const Report report = restore({}, progress);
        QVERIFY(report.status == Status::Failed);
        QVERIFY(test::readFile(victim) == content);
        QVERIFY(std::filesystem::is_symlink(m_database));
    }

    void aSecondNameOfTheDatabaseIsRefused()
    {
        make("rollback");
        std::filesystem::create_hard_link(m_database, m_tree->path() / "second");
        refused(Reason::ManyLinks);
    }

    void whatLitestreamReplicatesIsRefused()
    {
        make("wal");
        std::filesystem::create_directory(m_database.parent_path() / ".a.sqlite-litestream");
        refused(Reason::ManagedByLitestream);
    }

    void theBackupItselfIsNoTarget()
    {
        make("rollback");
        const Report report = run("restore", m_backup, {{"to", m_backup.native()}, {"replace", true}});
        QCOMPARE(report.error->reason, Reason::TargetIsSource);
    }

    void aMissingFolderIsTold()
    {
        make("rollback");
        const Report report = run("restore", m_backup, {{"to", (m_tree->path() / "no" / "a").native()}});
        QCOMPARE(report.error->reason, Reason::TargetFolderMissing);
    }

    void anotherDatabaseNeedsAWord_data()
    {
        QTest::addColumn<QByteArray>("sql"); // run on a new database of that name; "": a text
        QTest::addColumn<QByteArray>("what");
        QTest::newRow("of another application")
            << QByteArray("PRAGMA application_id=9") << QByteArray("application_id");
        QTest::newRow("with none of its tables")
            << QByteArray("DROP TABLE t; CREATE TABLE u(a)") << QByteArray("tables");
        QTest::newRow("no database at all") << QByteArray() << QByteArray("kind");
        QTest::newRow("a schema that went on is no other") << QByteArray("CREATE TABLE u(a)") << QByteArray();
    }
    void anotherDatabaseNeedsAWord()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, what);
        make("rollback");
        if (sql.isEmpty())
            test::writeFile(m_database, std::string(5000, 't'));
        else
            test::runSql(m_database, sql.toStdString());
        const Report report = restore();
        if (what.isEmpty()) {
            QCOMPARE(report.status, Status::Done);
            return;
        }
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::OtherDatabase);
        QCOMPARE(report.error->arguments.at(0), what.toStdString());
        QCOMPARE(restore({{"another", true}}).status, Status::Done);
        QCOMPARE(test::contentHash(m_database), m_backedUp);
    }

    void underAnotherNameTheTablesHaveToBeTheSame()
    {
        make("rollback");
        const Path to = m_tree->path() / "b.sqlite";
        test::makeDatabase(to, {.moreSql = "CREATE TABLE u(a)"});
        const Report report = run("restore", m_backup, {{"to", to.native()}, {"replace", true}});
        QCOMPARE(report.error->reason, Reason::OtherDatabase);
        test::runSql(to, "DROP TABLE u");
        QCOMPARE(run("restore", m_backup, {{"to", to.native()}, {"replace", true}}).status, Status::Done);
    }

    // ---- what is no good any more never reaches the target
    void aBadBackupIsFoundOutBefore_data() { bothFormats(); }
    void aBadBackupIsFoundOutBefore()
    {
        QFETCH(bool, packed);
        make("rollback", packed);
        std::string bytes = test::readFile(m_backup);
        bytes[bytes.size() / 2] = static_cast<char>(~bytes[bytes.size() / 2]);
        test::writeFile(m_backup, bytes);
        const test::TreeSnapshot before(m_database.parent_path());
        const Report report = restore();
        QCOMPARE(report.status, Status::Failed);
        QVERIFY(report.error->reason == Reason::BackupChanged || report.error->reason == Reason::BackupDamaged);
        QVERIFY(untouched(before));
    }

    void aSwappedSidecarIsFoundOutBefore_data() { bothFormats(); }
    void aSwappedSidecarIsFoundOutBefore()
    {
        QFETCH(bool, packed);
        make("rollback", packed);
        const Report second = run("backup", m_database, {{"to", m_backup.parent_path().native()}, {"zstd", packed}});
        test::writeFile(sidecarOf(m_backup), test::readFile(sidecarOf(textOf(second, "backup"))));
        const test::TreeSnapshot before(m_database.parent_path());
        const Report report = restore();
        QCOMPARE(report.status, Status::Failed);
        QVERIFY(report.error->reason == Reason::BackupChanged || report.error->reason == Reason::BackupDamaged);
        QVERIFY(untouched(before));
    }

    void whatAKilledRunLeftIsCleanedUp()
    {
        make("rollback");
        for (const char *left : {".restoring.partial", ".merged.partial"})
            test::writeFile(test::withSuffix(m_database, left), "half");
        const Path others = test::withSuffix(m_database, ".download.partial");
        test::writeFile(others, "somebody else's");
        QCOMPARE(restore().status, Status::Done);
        QCOMPARE(filesBesideIt(), 3);
        QVERIFY(std::filesystem::exists(others));
    }

    void aSecondNameLeftByAKilledRunIsTakenAway()
    {
        make("rollback");
        const Path left = test::withSuffix(m_database, ".before-restore-20260101T000000Z");
        std::filesystem::create_hard_link(m_database, left);
        QCOMPARE(restore().status, Status::Done);
        QVERIFY(!std::filesystem::exists(left));
    }

    // ---- the dry run
    void aRehearsalCountsBothAndTouchesNothing()
    {
        make("crashed");
        const test::TreeSnapshot before(m_tree->path());
        JobContext context{{}, Progress::none()};
        const Report report = find("restore")->rehearse({.path = m_backup, .seen = {}},
                                                        {{"to", m_database.native()}, {"replace", true}}, context);
        QVERIFY2(report.status == Status::Done, why(report).c_str());
        QVERIFY(std::get<Counts>(*report.field("rows")) == (Counts{{"t", 300}}));
        QVERIFY(std::get<Counts>(*report.field("rows_before")).at(0).second > 320);
        QCOMPARE(before.difference(test::TreeSnapshot(m_tree->path())), std::string());
    }

    // ---- platform/rangelock
    void aRangeLockKeepsOthersOut()
    {
        make("wal");
        const auto take = [&] {
            return platform::RangeLock::take(m_database, sqlite::PendingByte,
                                             sqlite::SharedFirst + sqlite::SharedSize - sqlite::PendingByte);
        };
        {
            HeldLock holder(m_database, Held::Idle);
            QCOMPARE(take().error().code, ErrorCode::Busy);
        }
        const auto lock = take();
        QVERIFY(lock);
        QCOMPARE(take().error().code, ErrorCode::Busy); // also for this process
        QVERIFY_EXCEPTION_THROWN(test::runSql(m_database, "SELECT count(*) FROM t"), std::exception);
    }

private:
    void bothFormats()
    {
        QTest::addColumn<bool>("packed");
        QTest::newRow("plain") << false;
        QTest::newRow("packed") << true;
    }

    /// But for the access times of what was looked at.
    bool untouched(const test::TreeSnapshot &before) const
    {
        const std::string difference = before.difference(test::TreeSnapshot(m_database.parent_path()));
        // Files came and went beside it, so the folder's own times moved.
        return test::contentHash(m_database) == m_now && filesBesideIt() == 1 &&
               difference.find("a.sqlite") == std::string::npos;
    }

    void refusedAsItIs(Reason reason, const Arguments &more = {})
    {
        const test::TreeSnapshot before(m_database.parent_path());
        const Report report = restore(more);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, reason);
        QCOMPARE(before.difference(test::TreeSnapshot(m_database.parent_path())), std::string());
    }

    void refused(Reason reason, const Arguments &more = {})
    {
        refusedAsItIs(reason, more);
        QCOMPARE(test::contentHash(m_database), m_now);
    }
};

QTEST_GUILESS_MAIN(TestRestore)
#include "tst_restore.moc"
