// SPDX-License-Identifier: GPL-3.0-or-later
// Old or new, never half: the program is killed, and the disk fails or is full, at one system call after the other.
// What is then on the disk is opened and compared.
#include "faults/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <functional>

using namespace lk;
using namespace Qt::StringLiterals;

/// Where a source stands and its copies go to, both fresh for every try.
struct Scene
{
    test::TempTree tree;
    Path source = tree.folder("source") / "data.db";
    Path target = tree.folder("target");

    QStringList backup() const
    {
        return {u"backup"_s, u"--format"_s, u"json"_s, test::text(source), u"--to"_s, test::text(target)};
    }
    QStringList journal(const QString &mode) const
    {
        return {u"journal"_s, mode, u"--format"_s, u"json"_s, u"--wait"_s, u"0"_s, test::text(source)};
    }

    /// Files in the target that a person would take for a backup.
    std::vector<Path> backups() const
    {
        std::vector<Path> found;
        for (const auto &entry : std::filesystem::directory_iterator(target)) {
            const std::string name = entry.path().filename();
            if (name.find(".partial") == std::string::npos && !name.ends_with(".json"))
                found.push_back(entry.path());
        }
        return found;
    }
    bool hasPartial() const
    {
        for (const auto &entry : std::filesystem::directory_iterator(target)) {
            if (entry.path().filename().native().find(".partial") != std::string::npos)
                return true;
        }
        return false;
    }
};

using Make = std::function<void(const Path &)>;
Q_DECLARE_METATYPE(Make)

class TestKill : public QObject
{
    Q_OBJECT

    static constexpr int TriesPerCall = 6;

    /// What makes, moves and changes files; each is hindered where the command calls it.
    static QStringList calls()
    {
        return {u"pwrite64"_s,  u"write"_s,     u"ftruncate"_s, u"fallocate"_s, u"fsync"_s,
                u"fdatasync"_s, u"renameat2"_s, u"renameat"_s,  u"rename"_s,    u"unlink"_s,
                u"unlinkat"_s,  u"fchmod"_s,    u"fchown"_s,    u"openat"_s,    u"flock"_s,
                u"linkat"_s,    u"mkdir"_s,     u"pread64"_s,   u"newfstatat"_s};
    }

    /// Up to TriesPerCall numbers from 1 to \a count: the first, the last, and some between.
    static QList<int> steps(int count)
    {
        QList<int> list;
        const int tries = std::min(count, TriesPerCall);
        for (int i = 0; i < tries; ++i)
            list.append(tries == 1 ? 1 : 1 + i * (count - 1) / (tries - 1));
        return list;
    }

    static void makeSources()
    {
        QTest::addColumn<Make>("make");

        QTest::newRow("in rollback mode") << Make([](const Path &path) { test::makeDatabase(path, {.rows = 400}); });
        QTest::newRow("in WAL mode") << Make(
            [](const Path &path) { test::makeDatabase(path, {.journalMode = "wal", .rows = 400}); });
        QTest::newRow("with the -wal of a crash")
            << Make([](const Path &path) { test::makeCrashedWal(path, {.rows = 300}, 100); });
    }

    void verifyBackups(const Scene &scene, const std::string &content, const QString &at)
    {
        for (const Path &backup : scene.backups()) {
            QVERIFY2(test::queryCopy(backup, "PRAGMA integrity_check") == "ok", qPrintable(at));
            QVERIFY2(test::contentHash(backup) == content, qPrintable(at));
        }
    }

    /// 1 for rollback, 2 for WAL, 0 for neither: bytes 18 and 19 of the header.
    static int modeOf(const Path &path)
    {
        const std::string head = test::readFile(path).substr(0, 20);
        return head.size() == 20 && head[18] == head[19] ? head[18] : 0;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!test::canTrace())
            QSKIP("NOT TESTED: strace is not here, or may not trace");
    }

    void aBackupThatIsKilled_data() { makeSources(); }
    void aBackupThatIsKilled()
    {
        QFETCH(Make, make);
        const auto reference = std::make_unique<Scene>();
        make(reference->source);
        const std::string content = test::contentHash(reference->source);
        const std::vector<int> counts = test::countCalls(calls(), reference->backup());
        QCOMPARE(reference->backups().size(), std::size_t(1));
        int kills = 0;
        for (qsizetype call = 0; call < calls().size(); ++call) {
            for (const int number : steps(counts[std::size_t(call)])) {
                const QString at = calls()[call] + u" no. "_s + QString::number(number);
                const Scene scene;
                make(scene.source);
                const test::TreeSnapshot before(scene.source.parent_path());
                const test::Outcome outcome =
                    test::runCli(scene.backup(),
                                 test::hindered(calls()[call] + u":signal=SIGKILL:when="_s + QString::number(number)));
                kills += outcome.killed ? 1 : 0;
                const std::string difference = before.difference(test::TreeSnapshot(scene.source.parent_path()));
                QVERIFY2(difference.empty(), (at.toStdString() + '\n' + difference).c_str());
                verifyBackups(scene, content, at);
                const std::size_t whole = scene.backups().size();
                QVERIFY2(whole <= 1, qPrintable(at));

                // The next one takes no notice, and tidies up.
                QVERIFY2(test::runCli(scene.backup()).exitStatus == 0, qPrintable(at));
                QVERIFY2(!scene.hasPartial(), qPrintable(at));
                QVERIFY2(scene.backups().size() == whole + 1, qPrintable(at));
                verifyBackups(scene, content, at);
            }
        }
        QVERIFY2(kills > 20, qPrintable(QString::number(kills)));
    }

    void aBackupThatTheDiskFails_data() { makeSources(); }
    void aBackupThatTheDiskFails()
    {
        QFETCH(Make, make);
        const QStringList failing{u"pwrite64"_s, u"fsync"_s, u"renameat2"_s, u"renameat"_s};
        const auto reference = std::make_unique<Scene>();
        make(reference->source);
        const std::vector<int> counts = test::countCalls(failing, reference->backup());
        int failures = 0;
        for (qsizetype call = 0; call < failing.size(); ++call) {
            QVERIFY2(counts[std::size_t(call)] > 0, qPrintable(failing[call]));
            for (const QString &error : {u"ENOSPC"_s, u"EIO"_s}) {
                for (const int number : steps(counts[std::size_t(call)])) {
                    const QString at = failing[call] + u' ' + error + u" no. "_s + QString::number(number);
                    const Scene scene;
                    make(scene.source);
                    const test::TreeSnapshot before(scene.source.parent_path());
                    const test::Outcome outcome =
                        test::runCli(scene.backup(), test::hindered(failing[call] + u":error="_s + error + u":when="_s +
                                                                    QString::number(number)));
                    QVERIFY2(outcome.exitStatus == 1, qPrintable(at));
                    QCOMPARE(outcome.records().size(), 1);
                    const QJsonObject record = outcome.records()[0].toObject();
                    QVERIFY2(record[u"status"_s].toString() == u"failed"_s, qPrintable(at));
                    const QString code = record[u"error"_s][u"code"_s].toString();
                    QVERIFY2(code == (error == u"EIO"_s ? u"io"_s : u"no-space"_s), qPrintable(at + u": "_s + code));
                    QVERIFY2(scene.backups().empty(), qPrintable(at));
                    QVERIFY2(std::filesystem::is_empty(scene.target), qPrintable(at));
                    const std::string difference = before.difference(test::TreeSnapshot(scene.source.parent_path()));
                    QVERIFY2(difference.empty(), (at.toStdString() + '\n' + difference).c_str());
                    ++failures;
                }
            }
        }
        QVERIFY(failures > 10);
    }

    void aDiskThatIsFull()
    {
        const auto mounts = test::inOwnMounts();
        if (!mounts)
            QSKIP("NOT TESTED: this system permits no mounts of our own");
        const Scene scene;
        test::makeDatabase(scene.source, {.rows = 3000, .valueSize = 400});
        const QStringList small =
            *mounts + QStringList{u"mount -t tmpfs -o size=300k none \"$0\"; \"$@\"; s=$?; ls -A \"$0\" >&2; exit $s"_s,
                                  test::text(scene.target)};
        const test::Outcome outcome = test::runCli(scene.backup(), small);
        QCOMPARE(outcome.exitStatus, 1);
        QCOMPARE(outcome.records()[0][u"error"_s][u"code"_s].toString(), u"no-space"_s);
        QVERIFY2(!outcome.errors.contains("data-"), outcome.errors);
    }

    void aChangeOfModeThatIsKilled_data()
    {
        QTest::addColumn<Make>("make");
        QTest::addColumn<QString>("mode");

        QTest::newRow("into WAL") << Make([](const Path &path) { test::makeDatabase(path, {.rows = 400}); })
                                  << u"wal"_s;
        QTest::newRow("out of WAL") << Make([](const Path &path) {
            test::makeDatabase(path, {.journalMode = "wal", .rows = 400});
        }) << u"delete"_s;
        QTest::newRow("out of WAL, with content in the -wal")
            << Make([](const Path &path) { test::makeCrashedWal(path, {.rows = 300}, 100); }) << u"delete"_s;
    }
    void aChangeOfModeThatIsKilled()
    {
        QFETCH(Make, make);
        QFETCH(QString, mode);
        const int wanted = mode == u"wal"_s ? 2 : 1;
        const auto reference = std::make_unique<Scene>();
        make(reference->source);
        const std::string content = test::contentHash(reference->source);
        const std::vector<int> counts = test::countCalls(calls(), reference->journal(mode));
        QCOMPARE(modeOf(reference->source), wanted);
        int kills = 0;
        for (qsizetype call = 0; call < calls().size(); ++call) {
            for (const int number : steps(counts[std::size_t(call)])) {
                const QString at = calls()[call] + u" no. "_s + QString::number(number);
                const Scene scene;
                make(scene.source);
                const test::Outcome outcome =
                    test::runCli(scene.journal(mode),
                                 test::hindered(calls()[call] + u":signal=SIGKILL:when="_s + QString::number(number)));
                kills += outcome.killed ? 1 : 0;
                QVERIFY2(test::queryCopy(scene.source, "PRAGMA integrity_check") == "ok", qPrintable(at));
                QVERIFY2(test::contentHash(scene.source) == content, qPrintable(at));
                const std::string found = test::queryCopy(scene.source, "PRAGMA journal_mode");
                QVERIFY2(found == "wal" || found == "delete", qPrintable(at));

                // Whatever was begun can be brought to its end, unless a rule asks a person first.
                const test::Outcome again = test::runCli(scene.journal(mode));
                const QString code = again.records()[0][u"error"_s][u"code"_s].toString();
                QVERIFY2(again.exitStatus == 0 || code == u"refused"_s, qPrintable(at + u": "_s + code));
                QVERIFY2(again.exitStatus != 0 || modeOf(scene.source) == wanted, qPrintable(at));
                QVERIFY2(test::contentHash(scene.source) == content, qPrintable(at));
            }
        }
        QVERIFY2(kills > 10, qPrintable(QString::number(kills)));
    }

    void aChangeOfModeThatTheDiskFails_data() { aChangeOfModeThatIsKilled_data(); }
    void aChangeOfModeThatTheDiskFails()
    {
        QFETCH(Make, make);
        QFETCH(QString, mode);
        const int wanted = mode == u"wal"_s ? 2 : 1;
        const QStringList failing{u"pwrite64"_s, u"fdatasync"_s, u"ftruncate"_s, u"fallocate"_s};
        const auto reference = std::make_unique<Scene>();
        make(reference->source);
        const std::string content = test::contentHash(reference->source);
        const std::vector<int> counts = test::countCalls(failing, reference->journal(mode));
        for (qsizetype call = 0; call < failing.size(); ++call) {
            for (const QString &error : {u"ENOSPC"_s, u"EIO"_s}) {
                for (const int number : steps(counts[std::size_t(call)])) {
                    const QString at = failing[call] + u' ' + error + u" no. "_s + QString::number(number);
                    const Scene scene;
                    make(scene.source);
                    const test::Outcome outcome =
                        test::runCli(scene.journal(mode), test::hindered(failing[call] + u":error="_s + error +
                                                                         u":when="_s + QString::number(number)));
                    // What SQLite could do without may succeed; what is said has to be so.
                    const QString status = outcome.records()[0][u"status"_s].toString();
                    QVERIFY2((status == u"done"_s) == (outcome.exitStatus == 0), qPrintable(at + u": "_s + status));
                    QVERIFY2(status != u"done"_s || modeOf(scene.source) == wanted, qPrintable(at));
                    QVERIFY2(test::queryCopy(scene.source, "PRAGMA integrity_check") == "ok", qPrintable(at));
                    QVERIFY2(test::contentHash(scene.source) == content, qPrintable(at));
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
