// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/gather.h"
#include "sqlite/connection.h"
#include "sqlite/ownlocks.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <functional>
#include <iostream>

using namespace lk;
using namespace lk::inspect;
using test::Held;
using test::HeldLock;
using test::withSuffix;
using State = inspect::SiblingState;

class TestSiblings : public QObject
{
    Q_OBJECT

    static SiblingsFacts siblings(const Path &path)
    {
        auto facts = look(path);
        if (!facts)
            throw std::runtime_error("no look: " + facts.error().detail);
        return facts->siblings;
    }

    using Make = std::function<void(const Path &)>;

    /// A -wal with content, beside the database of another.
    static void foreignWal(const Path &path, const test::DatabaseSpec &own, const test::DatabaseSpec &other)
    {
        test::makeDatabase(path, own);
        const test::TempTree workshop;
        test::makeCrashedWal(workshop.path() / "other", other, 30);
        std::filesystem::copy_file(withSuffix(workshop.path() / "other", "-wal"), withSuffix(path, "-wal"));
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void states_data()
    {
        QTest::addColumn<Make>("make");
        QTest::addColumn<State>("wal");
        QTest::addColumn<State>("shm");
        QTest::addColumn<State>("journal");
        const auto row = [](const char *name, Make make, State wal, State shm, State journal) {
            QTest::newRow(name) << make << wal << shm << journal;
        };
        row(
            "a database alone", [](const Path &p) { test::makeDatabase(p); }, State::Missing, State::Missing,
            State::Missing);
        row(
            "WAL, cleanly closed", [](const Path &p) { test::makeDatabase(p, {.journalMode = "wal"}); }, State::Missing,
            State::Missing, State::Missing);
        row(
            "an empty -wal",
            [](const Path &p) {
                test::makeDatabase(p, {.journalMode = "wal"});
                test::writeFile(withSuffix(p, "-wal"), "");
                test::writeFile(withSuffix(p, "-shm"), "");
            },
            State::Empty, State::Empty, State::Missing);
        row(
            "left by a crash", [](const Path &p) { test::makeCrashedWal(p); }, State::LeftByCrash, State::Missing,
            State::Missing);
        row(
            "left by a crash with its -shm", [](const Path &p) { test::makeCrashedWal(p, {}, 10, true, true); },
            State::LeftByCrash, State::LeftByCrash, State::Missing);
        row(
            "a -wal without a commit",
            [](const Path &p) {
                test::makeCrashedWal(p);
                test::patch(withSuffix(p, "-wal"), 32 + 8, {0, 0, 0, 0});
            },
            State::Spent, State::Missing, State::Missing);
        row(
            "a -wal that all has been taken from",
            [](const Path &p) {
                const test::TempTree workshop;
                const Path building = workshop.path() / "b";
                test::makeDatabase(building, {.journalMode = "wal"});
                HeldLock other(building, Held::Idle);
                other.run("UPDATE t SET k = k || 'x'");
                other.run("PRAGMA wal_checkpoint");
                test::copyWithSiblings(building, p);
            },
            State::Spent, State::Spent, State::Missing);
        row(
            "a -wal that is none",
            [](const Path &p) {
                test::makeDatabase(p, {.journalMode = "wal"});
                test::writeFile(withSuffix(p, "-wal"), std::string(5000, 'x'));
            },
            State::Spent, State::Missing, State::Missing);
        row(
            "a -wal that is a folder counts as none",
            [](const Path &p) {
                test::makeDatabase(p, {.journalMode = "wal"});
                std::filesystem::create_directory(withSuffix(p, "-wal"));
            },
            State::Missing, State::Missing, State::Missing);
        row(
            "a -wal beside a rollback database", [](const Path &p) { foreignWal(p, {}, {}); }, State::BesideRollback,
            State::Missing, State::Missing);
        row(
            "a -wal with another page size",
            [](const Path &p) { foreignWal(p, {.journalMode = "wal"}, {.pageSize = 1024}); }, State::OtherDatabase,
            State::Missing, State::Missing);
        row(
            "a -wal with another encoding",
            [](const Path &p) {
                foreignWal(p, {.journalMode = "wal"}, {.encoding = "UTF-16le", .moreSql = "CREATE TABLE more(x)"});
            },
            State::OtherDatabase, State::Missing, State::Missing);
        row(
            "a -wal that makes no database of it",
            [](const Path &p) {
                // Page 1 fits, but the schema goes on at pages that are something else here.
                std::string tables;
                for (int i = 0; i < 100; ++i)
                    tables += "CREATE TABLE more" + std::to_string(i) + "(a, b, c, d, e, f);";
                foreignWal(p, {.journalMode = "wal", .rows = 3000}, {.rows = 2000, .moreSql = tables});
            },
            State::OtherDatabase, State::Missing, State::Missing);
        row(
            "a database that is damaged under its own -wal",
            [](const Path &p) {
                test::makeCrashedWal(p);
                test::patch(p, 16, {0x03, 0x03});
            },
            State::OtherDatabase, State::Missing, State::Missing);
        row(
            "a hot journal", [](const Path &p) { test::makeHotJournal(p, {.rows = 3000}); }, State::Missing,
            State::Missing, State::Hot);
        row(
            "journal_mode=persist", [](const Path &p) { test::makeDatabase(p, {.journalMode = "persist"}); },
            State::Missing, State::Missing, State::Spent);
        row(
            "journal_mode=truncate", [](const Path &p) { test::makeDatabase(p, {.journalMode = "truncate"}); },
            State::Missing, State::Missing, State::Empty);
    }
    void states()
    {
        QFETCH(Make, make);
        QFETCH(State, wal);
        QFETCH(State, shm);
        QFETCH(State, journal);
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        make(path);
        const test::TreeSnapshot before(tree.path());
        const SiblingsFacts facts = siblings(path);
        QCOMPARE(facts.wal, wal);
        QCOMPARE(facts.shm, shm);
        QCOMPARE(facts.journal, journal);
        const std::string difference = before.difference(test::TreeSnapshot(tree.path()));
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void whatIsLiveSaysHowFarItIs()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal"});
        HeldLock writer(path, Held::Idle);
        writer.run("PRAGMA wal_autocheckpoint=0");
        writer.run("UPDATE t SET k = k || 'x'");
        SiblingsFacts facts = siblings(path);
        QCOMPARE(facts.wal, State::Live);
        QCOMPARE(facts.shm, State::Live);
        QVERIFY(facts.index && facts.notCheckpointed);
        const std::uint32_t frames = facts.index->maxFrame;
        QVERIFY(frames > 0);
        QCOMPARE(*facts.notCheckpointed, frames);
        QVERIFY(!facts.oldestReader);
        QCOMPARE(facts.readMarksHeld, 0u);

        // A reader holds on to what it sees; what comes later can't be moved.
        HeldLock reader(path, Held::Reading);
        writer.run("UPDATE t SET k = k || 'y'");
        writer.run("PRAGMA wal_checkpoint");
        facts = siblings(path);
        QCOMPARE(facts.oldestReader, std::optional(frames));
        QCOMPARE(facts.readMarksHeld, 1u);
        QCOMPARE(*facts.notCheckpointed, facts.index->maxFrame - frames);
        QVERIFY(*facts.notCheckpointed > 0);

        reader.release();
        facts = siblings(path);
        QVERIFY(!facts.oldestReader); // its mark is still there
        QVERIFY(facts.index->readMarks[1] || facts.index->readMarks[2]);
        writer.run("PRAGMA wal_checkpoint");
        QCOMPARE(siblings(path).notCheckpointed, std::optional(0u));
    }

    void aReaderOfTheFileAloneCountsAsFrameZero()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal"});
        const HeldLock reader(path, Held::Reading);
        QCOMPARE(siblings(path).oldestReader, std::optional(0u));
    }

    void whatACrashLeftIsNotCheckpointed()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeCrashedWal(path, {}, 10, true, true);
        const auto facts = look(path);
        QVERIFY(facts && facts->seen.wal->committedFrames > 0);
        QCOMPARE(facts->siblings.notCheckpointed, std::optional(facts->seen.wal->committedFrames));
        QVERIFY(facts->siblings.index);
        test::makeDatabase(tree.path() / "b.db");
        QVERIFY(!siblings(tree.path() / "b.db").notCheckpointed); // in rollback mode there is no such thing
    }

    void aTransactionUnderWayIsLive()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.rows = 3000});
        HeldLock writer(path, Held::Idle);
        writer.run("PRAGMA cache_size=5");
        writer.run("BEGIN");
        writer.run("UPDATE t SET v = zeroblob(length(v)), k = k || 'x'");
        const SiblingsFacts facts = siblings(path);
        QCOMPARE(facts.journal, State::Live);
        QVERIFY(!facts.undo);
    }

    void undoingIsWhatSqliteDoes()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeHotJournal(path, {.rows = 3000});
        const SiblingsFacts facts = siblings(path);
        QVERIFY(facts.undo && facts.undo->complete);
        const std::string before = test::readFile(path);
        test::runSql(path, "SELECT count(*) FROM t"); // an ordinary open undoes it
        const std::string after = test::readFile(path);
        QCOMPARE(facts.undo->pagesBefore, before.size() / 4096);
        QCOMPARE(facts.undo->pagesAfter, after.size() / 4096);
        std::uint32_t changed = 0;
        for (std::size_t at = 0; at + 4096 <= after.size(); at += 4096)
            changed += before.compare(at, 4096, after, at, 4096) != 0;
        QVERIFY(changed > 10 && changed <= facts.undo->records);
        QVERIFY(facts.undo->records <= facts.undo->pagesAfter);
    }

    void anUnfinishedJournalUndoesNothing()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeHotJournal(path, {.rows = 3000});
        test::patch(withSuffix(path, "-journal"), 8, {0, 0, 0, 0}); // as before its first sync
        const SiblingsFacts facts = siblings(path);
        QCOMPARE(facts.journal, State::Hot);
        QCOMPARE(facts.undo->records, 0u);
        QCOMPARE(facts.undo->pagesAfter, facts.undo->pagesBefore);
    }

    /// Closing any descriptor of the -shm would drop the locks of our own connection (safety.md, fact 6).
    void aLookLeavesOurOwnConnectionsLocks()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal"});
        auto own = sqlite::Connection::open(path, {.mode = sqlite::Mode::Act});
        QVERIFY(own && own->execute("BEGIN IMMEDIATE"));
        const auto id = platform::status(withSuffix(path, "-shm"))->id;
        const auto locks = [&] { return platform::locksOn({id}, {withSuffix(path, "-shm")}).size(); };
        const auto descriptors = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); };
        const std::size_t held = locks();
        QVERIFY(held > 0);
        QCOMPARE(siblings(path).shm, State::Live);
        const auto open = descriptors();
        QCOMPARE(siblings(path).shm, State::Live);
        QCOMPARE(descriptors(), open); // one is kept, not one for each look
        QCOMPARE(locks(), held);
        QVERIFY(own->execute("COMMIT"));
    }

    void whatMayNotBeReadSaysSo()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeCrashedWal(path, {}, 10, false, true);
        for (const char *suffix : {"-wal", "-shm"}) {
            std::filesystem::rename(withSuffix(path, suffix), tree.path() / "kept");
            std::filesystem::create_symlink("kept", withSuffix(path, suffix));
            const SiblingsFacts facts = siblings(path); // a link is no regular file: for SQLite neither
            QCOMPARE(std::string_view(suffix) == "-wal" ? facts.wal : facts.shm, State::Missing);
            std::filesystem::rename(tree.path() / "kept", withSuffix(path, suffix));
        }
    }
};

QTEST_GUILESS_MAIN(TestSiblings)
#include "tst_siblings.moc"
