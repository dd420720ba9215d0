// SPDX-License-Identifier: GPL-3.0-or-later
// Old or new, never half: the program is killed, and the disk fails or is full, at one system call after the other.
// What is then on the disk is opened and compared. Some points of each deed; all of them with LITEKEEPER_FAULTS=full.
#include "faults/deeds.h"
#include "support/dbbuilder.h"

#include <QJsonObject>
#include <QTest>

using namespace lk;
using namespace lk::test;
using namespace Qt::StringLiterals;

class TestKill : public QObject
{
    Q_OBJECT

    static constexpr int Sample = 10;      ///< points of a deed
    static constexpr int MostOfACall = 60; ///< where all are tried: a call in a loop has many that are alike

    /// What makes, moves and changes files.
    static QStringList writing()
    {
        return {u"pwrite64"_s,  u"write"_s,     u"ftruncate"_s, u"fallocate"_s,      u"fsync"_s,
                u"fdatasync"_s, u"renameat2"_s, u"renameat"_s,  u"rename"_s,         u"unlink"_s,
                u"unlinkat"_s,  u"fchmod"_s,    u"fchown"_s,    u"openat"_s,         u"flock"_s,
                u"linkat"_s,    u"mkdir"_s,     u"sendfile"_s,  u"ioctl"_s,          u"copy_file_range"_s,
                u"mkdirat"_s,   u"fsetxattr"_s, u"utimensat"_s, u"sync_file_range"_s};
    }
    /// What fails on a full or a broken disk.
    static QStringList failing()
    {
        return {u"pwrite64"_s,  u"fsync"_s,    u"fdatasync"_s,       u"ftruncate"_s, u"fallocate"_s, u"rename"_s,
                u"renameat2"_s, u"renameat"_s, u"copy_file_range"_s, u"linkat"_s,    u"close"_s};
    }

    int m_kills = 0;
    int m_errors = 0;

    static void allDeeds()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < deeds().size(); ++i)
            QTest::newRow(deeds()[i].name) << int(i);
    }

    static QString statusOf(const Outcome &outcome)
    {
        const QJsonArray records = outcome.records();
        return records.isEmpty() ? QString() : records[0][u"status"_s].toString();
    }

    /// What is wrong once the same was asked for again, and nobody hindered it.
    static QString flawAfterRepeating(const Stage &stage, const Scene &scene)
    {
        const Outcome again = scene.run(stage.deed().command(scene));
        const QString code = again.records()[0][u"error"_s][u"code"_s].toString();
        const bool refused = !code.isEmpty() && code == stage.deed().mayRefuse;
        if (again.exitStatus != 0 && !refused)
            return u"the next run fails: "_s + QString::fromUtf8(again.output);
        if (const QString flaw = scene.flawOfMemory(); !flaw.isEmpty())
            return flaw;
        const std::vector<std::string> left = scene.leftovers();
        return left.empty() ? QString() : u"left lying: "_s + QString::fromStdString(left.front());
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrace())
            QSKIP("NOT TESTED: strace is not here, or may not trace");
    }

    void aKilledDeedLosesNothing_data() { allDeeds(); }
    void aKilledDeedLosesNothing()
    {
        QFETCH(int, index);
        const Stage stage(deeds()[std::size_t(index)]);
        int kills = 0;
        for (const Point &point : points(stage, writing(), Sample, MostOfACall)) {
            const QString at = point.call + u" no. "_s + QString::number(point.number);
            const std::unique_ptr<Scene> scene = stage.scene();
            const Outcome outcome =
                scene->run(stage.deed().command(*scene),
                           hindered(point.call + u":signal=SIGKILL:when="_s + QString::number(point.number)));
            kills += outcome.killed ? 1 : 0;
            const bool done = statusOf(outcome) == u"done"_s;
            const QString flaw = stage.deed().flaw(*scene, stage.reference(), done);
            QVERIFY2(flaw.isEmpty(), qPrintable(at + u": "_s + flaw));
            const QString later = flawAfterRepeating(stage, *scene);
            QVERIFY2(later.isEmpty(), qPrintable(at + u": "_s + later));
        }
        QVERIFY2(kills >= Sample / 2, qPrintable(QString::number(kills)));
        m_kills += kills;
    }

    void aDiskThatFailsLosesNothing_data() { allDeeds(); }
    void aDiskThatFailsLosesNothing()
    {
        QFETCH(int, index);
        const Stage stage(deeds()[std::size_t(index)]);
        const QStringList errors{u"ENOSPC"_s, u"EIO"_s, u"EDQUOT"_s};
        const QStringList lasting{QString(), u"+"_s}; // once, and from then on
        qsizetype turn = 0;
        QStringList calls = failing();
        if (stage.deed().hasPipes)
            calls.removeAll(u"close"_s);
        for (const Point &point : points(stage, calls, Sample, MostOfACall / 4)) {
            for (qsizetype i = 0; i < errors.size() * lasting.size(); ++i, ++turn) {
                // Unless all are tried, another of them at each point.
                if (!isFull() && i != (turn / 6) % 6)
                    continue;
                const QString error = errors[i % errors.size()];
                const QString when = QString::number(point.number) + lasting[i / errors.size()];
                const QString at = point.call + u' ' + error + u" no. "_s + when;
                const std::unique_ptr<Scene> scene = stage.scene();
                const Outcome outcome = scene->run(stage.deed().command(*scene),
                                                   hindered(point.call + u":error="_s + error + u":when="_s + when));
                if (outcome.errors.contains("error while loading shared libraries"))
                    continue; // it never began
                const QString status = statusOf(outcome);
                QVERIFY2(!outcome.killed && !status.isEmpty(),
                         qPrintable(at + u": "_s + QString::fromUtf8(outcome.errors)));
                QVERIFY2((status == u"done"_s) == (outcome.exitStatus == 0), qPrintable(at + u": "_s + status));
                const QString flaw = stage.deed().flaw(*scene, stage.reference(), status == u"done"_s);
                QVERIFY2(flaw.isEmpty(), qPrintable(at + u": "_s + flaw));
                const QString later = flawAfterRepeating(stage, *scene);
                QVERIFY2(later.isEmpty(), qPrintable(at + u": "_s + later));
                ++m_errors;
            }
        }
    }

    void aDiskThatIsFull()
    {
        const auto mounts = inOwnMounts();
        if (!mounts)
            QSKIP("NOT TESTED: this system permits no mounts of our own");
        const Scene scene;
        makeDatabase(scene.source, {.rows = 3000, .valueSize = 400});
        const QStringList small =
            *mounts + QStringList{u"mount -t tmpfs -o size=300k none \"$0\"; \"$@\"; s=$?; ls -A \"$0\" >&2; exit $s"_s,
                                  text(scene.target)};
        const Outcome outcome = scene.run(
            {u"backup"_s, u"--format"_s, u"json"_s, text(scene.source), u"--to"_s, text(scene.target)}, small);
        QCOMPARE(outcome.exitStatus, 1);
        QCOMPARE(outcome.records()[0][u"error"_s][u"code"_s].toString(), u"no-space"_s);
        QVERIFY2(!outcome.errors.contains("data-"), outcome.errors);
    }

    void aLimitOnTheSizeOfFiles()
    {
        const Scene scene;
        makeDatabase(scene.source, {.rows = 3000, .valueSize = 400});
        const Outcome outcome =
            scene.run({u"backup"_s, u"--format"_s, u"json"_s, text(scene.source), u"--to"_s, text(scene.target)},
                      {u"prlimit"_s, u"--fsize=300000"_s});
        QVERIFY(!outcome.killed);
        QCOMPARE(outcome.exitStatus, 1);
        QVERIFY(std::filesystem::is_empty(scene.target));
    }

    void cleanupTestCase() { qInfo("%d kills, %d failures of the disk: nothing lost", m_kills, m_errors); }
};

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
