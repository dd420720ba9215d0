// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/glance.h"
#include "sqlite/names.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QTest>

#include <algorithm>

using namespace lk;
using namespace lk::sqlite;

Q_DECLARE_METATYPE(lk::sqlite::State)
Q_DECLARE_METATYPE(lk::sqlite::Problem)

static bool hasProblem(const Glance &glance, Problem kind)
{
    return std::ranges::any_of(glance.problems, [&](const ProblemNote &note) { return note.kind == kind; });
}

class TestGlance : public QObject
{
    Q_OBJECT

    Path database(const std::string &name, const test::DatabaseSpec &spec = {})
    {
        const Path path = m_tree.folder(std::to_string(++m_count)) / name;
        test::makeDatabase(path, spec);
        return path;
    }

    test::TempTree m_tree;
    int m_count = 0;

private Q_SLOTS:
    void settingsAreThoseTheDatabaseWasMadeWith_data()
    {
        QTest::addColumn<int>("pageSize");
        QTest::addColumn<QString>("journal");
        QTest::addColumn<QString>("autoVacuum");
        for (const int size : {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}) {
            QTest::addRow("%d rollback", size) << size << QStringLiteral("delete") << QStringLiteral("none");
            QTest::addRow("%d WAL", size) << size << QStringLiteral("wal") << QStringLiteral("incremental");
        }
    }
    void settingsAreThoseTheDatabaseWasMadeWith()
    {
        QFETCH(int, pageSize);
        QFETCH(QString, journal);
        QFETCH(QString, autoVacuum);
        const Path path = database("s.db", {.pageSize = pageSize,
                                            .journalMode = journal.toStdString(),
                                            .autoVacuum = autoVacuum.toStdString(),
                                            .userVersion = 12,
                                            .applicationId = 34});
        const auto seen = glance(path);
        QVERIFY(seen);
        QCOMPARE(seen->state, State::Database);
        QCOMPARE(seen->current->pageSize, quint32(pageSize));
        QCOMPARE(seen->current->isWal(), journal == QLatin1String("wal"));
        QCOMPARE(seen->current->incrementalVacuum != 0, autoVacuum == QLatin1String("incremental"));
        QCOMPARE(seen->current->userVersion, 12u);
        QCOMPARE(seen->current->applicationId, 34u);
        QCOMPARE(seen->pageCount, quint32(seen->file.size / quint32(pageSize)));
        QVERIFY(seen->problems.empty());
    }

    void whatIsNoWholeDatabaseIsToldApart_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<State>("state");

        const std::string whole = test::readFile(database("whole.db"));
        const QByteArray bytes = QByteArray::fromStdString(whole);
        QByteArray patched = bytes;
        const auto with = [&](qsizetype offset, char value) {
            patched = bytes;
            patched[offset] = value;
            return patched;
        };
        QByteArray noise(4096, '\0');
        quint32 seed = 1;
        for (char &c : noise)
            c = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);

        QTest::newRow("nothing, under a database's name") << QByteArray("e.db") << QByteArray() << State::Empty;
        QTest::newRow("nothing, under another name") << QByteArray("e.txt") << QByteArray() << State::Other;
        QTest::newRow("the magic alone") << QByteArray("m") << bytes.left(16) << State::Damaged;
        QTest::newRow("the header alone") << QByteArray("h") << bytes.left(100) << State::Damaged;
        QTest::newRow("cut inside the last page") << QByteArray("c") << bytes.chopped(100) << State::Damaged;
        QTest::newRow("the last page missing") << QByteArray("p") << bytes.chopped(4096) << State::Damaged;
        QTest::newRow("bytes behind the end") << QByteArray("t") << bytes + "xxxx" << State::Damaged;
        QTest::newRow("zeros behind the header")
            << QByteArray("z") << bytes.left(100).leftJustified(bytes.size(), '\0') << State::Damaged;
        QTest::newRow("page size 1000") << QByteArray("s") << with(16, '\3').replace(17, 1, "\xe8") << State::Damaged;
        QTest::newRow("a read version of the future") << QByteArray("v") << with(19, '\3') << State::Damaged;
        QTest::newRow("payload fraction 65") << QByteArray("f") << with(21, 65) << State::Damaged;
        QTest::newRow("more pages than stored: preallocated")
            << QByteArray("a") << bytes + QByteArray(8192, '\0') << State::Database;
        QTest::newRow("SQLite 2")
            << QByteArray("old.db")
            << QByteArray("** This file contains an SQLite 2.1 database **").leftJustified(1024, '\0')
            << State::Sqlite2;
        QTest::newRow("noise under a database's name") << QByteArray("n.db") << noise << State::MaybeEncrypted;
        QTest::newRow("noise under another name") << QByteArray("n.bin") << noise << State::Other;
        QTest::newRow("noise that is no whole number of sectors") << QByteArray("o.db") << noise + "x" << State::Other;
        QTest::newRow("a zip archive called .db")
            << QByteArray("z.db") << ("PK\x03\x04" + noise.mid(4)) << State::Other;
        QTest::newRow("text called .db") << QByteArray("t.db") << QByteArray(1024, 'a') << State::Other;
        QTest::newRow("the magic, not at the start") << QByteArray("x.db") << ("-" + bytes.left(511)) << State::Other;
    }
    void whatIsNoWholeDatabaseIsToldApart()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, content);
        const Path path = m_tree.file("apart/" + name.toStdString(), content.toStdString());
        const auto seen = glance(path);
        QVERIFY(seen);
        QTEST(seen->state, "state");
        QVERIFY((seen->state == State::Damaged) == !seen->problems.empty());
    }

    void theWalsContentWinsOverTheHeader()
    {
        const Path path = m_tree.path() / "crashed.db";
        test::makeCrashedWal(path, {.rows = 10}, 200);
        const auto seen = glance(path);
        QVERIFY(seen && seen->wal);
        QCOMPARE(QByteArray::number(seen->pageCount),
                 QByteArray::fromStdString(test::queryCopy(path, "PRAGMA page_count")));
        QVERIFY(seen->pageCount > seen->stored->pageCount);
        QCOMPARE(seen->state, State::Database);
    }

    void aHotJournalIsToldAndUndoneInThought()
    {
        const Path path = m_tree.path() / "hot.db";
        test::makeHotJournal(path);
        const auto seen = glance(path);
        QVERIFY(seen);
        QVERIFY(seen->hotJournal);
        QCOMPARE(QByteArray::number(seen->pageCount),
                 QByteArray::fromStdString(test::queryCopy(path, "PRAGMA page_count")));
    }

    void aJournalThatPersistsIsNotHot()
    {
        const Path path = database("persist.db", {.journalMode = "persist"});
        const auto seen = glance(path);
        QVERIFY(seen && seen->siblings.journal > 0);
        QVERIFY(!seen->hotJournal);
    }

    void theJournalOfATransactionUnderWayIsNotHot()
    {
        const Path path = database("under-way.db");
        test::HeldLock writer(path, test::Held::Writing);
        writer.run("UPDATE t SET k = k || 'x'");
        writer.run("PRAGMA cache_spill = 1");
        const auto seen = glance(path);
        QVERIFY(seen);
        QVERIFY(!seen->hotJournal);
    }

    void aWalBesideARollbackDatabaseIsAnAnomaly()
    {
        const Path other = m_tree.path() / "other.db";
        test::makeCrashedWal(other);
        const Path path = database("foreign.db");
        test::writeFile(test::withSuffix(path, "-wal"), test::readFile(test::withSuffix(other, "-wal")));
        const auto seen = glance(path);
        QVERIFY(seen);
        QVERIFY(hasProblem(*seen, Problem::WalBesideRollback));
        QCOMPARE(seen->pageCount, seen->stored->pageCount);
    }

    void garbageBesideADatabaseIsNoHarm()
    {
        const Path path = database("garbage.db", {.journalMode = "wal"});
        test::writeFile(test::withSuffix(path, "-wal"), std::string(5000, 'w'));
        test::writeFile(test::withSuffix(path, "-journal"), std::string(5000, 'j'));
        const auto seen = glance(path);
        QVERIFY(seen);
        QCOMPARE(seen->state, State::Database);
        QVERIFY(hasProblem(*seen, Problem::WalNotReadable));
        QVERIFY(!seen->hotJournal);
        QCOMPARE(seen->siblings.wal, 5000u);
        QCOMPARE(seen->siblings.shm, 0u);
    }

    void onlyRegularFilesAreOpened()
    {
        const Path fifo = m_tree.fifo("pipe.db");
        const auto seen = glance(fifo);
        QVERIFY(!seen);
        QCOMPARE(seen.error().reason, Reason::NotARegularFile);
    }

    void namesThatDatabasesHave_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("expected");
        QTest::newRow("a usual suffix") << QByteArray("a.sqlite3") << true;
        QTest::newRow("in capitals") << QByteArray("APP.DB") << true;
        QTest::newRow("a browser's") << QByteArray("Login Data") << true;
        QTest::newRow("a suffix that only ends like one") << QByteArray("a.notdb") << false;
        QTest::newRow("no suffix") << QByteArray("db") << false;
        QTest::newRow("a very long suffix") << QByteArray("a.") + QByteArray(200, 'd') << false;
        QTest::newRow("nothing") << QByteArray("") << false;
    }
    void namesThatDatabasesHave()
    {
        QFETCH(QByteArray, name);
        QTEST(isDatabaseName(name.toStdString()), "expected");
    }

    void siblingsAreKnownByTheirSuffix()
    {
        QCOMPARE(siblingSuffix("a.db-wal"), 4u);
        QCOMPARE(siblingSuffix("a.db-shm"), 4u);
        QCOMPARE(siblingSuffix("a.db-journal"), 8u);
        QCOMPARE(siblingSuffix("a.db"), 0u);
        QCOMPARE(siblingSuffix("-wal"), 0u);
    }
};

QTEST_GUILESS_MAIN(TestGlance)
#include "tst_glance.moc"
