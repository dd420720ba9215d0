// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/processes.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <limits>

#include <sys/wait.h>
#include <unistd.h>

using namespace lk;
using namespace lk::platform;
using test::Held;

/// Where SQLite's locks lie (os.h of its source, "PENDING_BYTE").
static constexpr std::uint64_t ReservedByte = 0x40000001;
static constexpr std::uint64_t FirstSharedByte = 0x40000002;

class TestProcesses : public QObject
{
    Q_OBJECT

    static bool has(const OpenBy &open, std::int64_t pid)
    {
        return std::ranges::any_of(open.processes, [&](const Process &process) { return process.pid == pid; });
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aProcessThatHasItOpenIsNamed()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path);
        const FileId id = platform::status(path)->id;
        QVERIFY(processesWith({id}).processes.empty());

        test::HeldLock other(path, Held::Idle);
        const OpenBy open = processesWith({id}, {path});
        QCOMPARE(open.processes.size(), std::size_t(1));
        QCOMPARE(open.processes[0].pid, other.pid());
        QCOMPARE(open.processes[0].name, std::string("lk_holder"));
        if (::geteuid() == 0)
            QCOMPARE(open.processes[0].user, std::string("root"));
        QVERIFY(!open.processes[0].user.empty());

        other.release();
        QVERIFY(processesWith({id}, {path}).processes.empty());
    }

    void itIsTheFileThatCountsNotItsName()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path);
        tree.hardLink("b.db", path);
        test::makeDatabase(tree.path() / "c.db");
        const test::HeldLock other(tree.path() / "b.db", Held::Idle);
        QVERIFY(has(processesWith({platform::status(path)->id}, {path}), other.pid()));
        QVERIFY(!has(processesWith({platform::status(tree.path() / "c.db")->id}, {tree.path() / "c.db"}), other.pid()));
    }

    void aSiblingCounts()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal"});
        const test::HeldLock other(path, Held::Idle);
        const Path shm = test::withSuffix(path, "-shm");
        QVERIFY(has(processesWith({platform::status(shm)->id}, {shm}), other.pid()));
    }

    /// On some file systems (btrfs) stat() tells another device than the system's own lists do.
    void theMountsDeviceCountsWhereThePathIsKnown()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path);
        const test::HeldLock other(path, Held::Writing);
        FileId id = platform::status(path)->id;
        id.device += 12345;
        QVERIFY(processesWith({id}).processes.empty());
        QVERIFY(locksOn({id}).empty());
        QVERIFY(has(processesWith({id}, {path}), other.pid()));
        const auto locks = locksOn({id}, {path});
        QCOMPARE(locks.size(), std::size_t(2)); // SHARED and RESERVED
        QVERIFY(locks[0].file == id);
    }

    void weOurselvesDoNotCount()
    {
        const test::TempTree tree;
        const Path path = tree.file("a.db", "open");
        QFile file(QFile::decodeName(path.c_str()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(processesWith({platform::status(path)->id}, {path}).processes.empty());
    }

    void whoMayNotLookSaysSo()
    {
        if (::geteuid() != 0)
            QSKIP("NOT TESTED: only root can become somebody else");
        const pid_t child = ::fork();
        if (child == 0) {
            const bool lost = ::setgid(65534) == 0 && ::setuid(65534) == 0;
            ::_exit(lost && processesWith({FileId{.device = 1, .inode = 1}}).hidden ? 0 : 1);
        }
        int result = -1;
        QCOMPARE(::waitpid(child, &result, 0), child);
        QVERIFY(WIFEXITED(result));
        QCOMPARE(WEXITSTATUS(result), 0);
    }

    void locks_data()
    {
        QTest::addColumn<Held>("how");
        QTest::addColumn<quint64>("first");
        QTest::addColumn<quint64>("last");
        QTest::addColumn<bool>("write");
        QTest::addColumn<bool>("isThere");

        QTest::newRow("an idle connection holds none") << Held::Idle << quint64(0) << quint64(0) << false << false;
        QTest::newRow("a reader holds SHARED")
            << Held::Reading << quint64(FirstSharedByte) << quint64(FirstSharedByte + 509) << false << true;
        QTest::newRow("a writer holds RESERVED")
            << Held::Writing << quint64(ReservedByte) << quint64(ReservedByte) << true << true;
        QTest::newRow("EXCLUSIVE is PENDING, RESERVED and all of SHARED")
            << Held::Exclusive << quint64(ReservedByte - 1) << quint64(FirstSharedByte + 509) << true << true;
    }
    void locks()
    {
        QFETCH(Held, how);
        QFETCH(quint64, first);
        QFETCH(quint64, last);
        QFETCH(bool, write);
        QFETCH(bool, isThere);
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path);
        const test::HeldLock other(path, how);
        const auto found = locksOn({platform::status(path)->id}, {path});
        const auto lock = std::ranges::find_if(
            found, [&](const FileLock &one) { return one.first == first && one.last == last && one.write == write; });
        QCOMPARE(lock != found.end(), isThere);
        QCOMPARE(found.empty(), !isThere);
        for (const FileLock &one : found) {
            QCOMPARE(one.pid, other.pid());
            QVERIFY(one.file == platform::status(path)->id);
        }
    }

    void aLockToTheEndOfTheFile()
    {
        const test::TempTree tree;
        const Path path = tree.file("a.db", "locked");
        QFile file(QFile::decodeName(path.c_str()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(::lockf(file.handle(), F_LOCK, 0) == 0);
        const auto found = locksOn({platform::status(path)->id}, {path});
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].first, std::uint64_t(0));
        QCOMPARE(found[0].last, std::numeric_limits<std::uint64_t>::max());
        QCOMPARE(found[0].pid, std::int64_t(::getpid()));
    }

    void otherFilesLocksAreNotShown()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path);
        const test::HeldLock other(path, Held::Writing);
        QVERIFY(locksOn({platform::status(tree.path())->id}).empty());
        QVERIFY(locksOn({}).empty());
    }

    void theUnitIsWhatItsCgroupSays_data()
    {
        QTest::addColumn<QString>("cgroup");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<bool>("ofPerson");
        QTest::newRow("a service of the system")
            << QStringLiteral("0::/system.slice/litestream.service\n") << QStringLiteral("litestream.service") << false;
        QTest::newRow("a service of the person")
            << QStringLiteral("0::/user.slice/user-1000.slice/user@1000.service/app.slice/litestream.service\n")
            << QStringLiteral("litestream.service") << true;
        QTest::newRow("a terminal") << QStringLiteral("0::/user.slice/user-1000.slice/session-2.scope\n") << QString()
                                    << false;
        QTest::newRow("the person's systemd itself")
            << QStringLiteral("0::/user.slice/user-1000.slice/user@1000.service\n") << QString() << false;
        QTest::newRow("nothing") << QString() << QString() << false;
        QTest::newRow("the root") << QStringLiteral("0::/\n") << QString() << false;
    }

    void theUnitIsWhatItsCgroupSays()
    {
        QFETCH(QString, cgroup);
        QFETCH(QString, unit);
        QFETCH(bool, ofPerson);
        const auto service = platform::serviceIn(cgroup.toStdString());
        QCOMPARE(service.has_value(), !unit.isEmpty());
        if (service) {
            QCOMPARE(QString::fromStdString(service->name), unit);
            QCOMPARE(service->ofPerson, ofPerson);
        }
    }
};

QTEST_GUILESS_MAIN(TestProcesses)
#include "tst_processes.moc"
