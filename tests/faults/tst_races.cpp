// SPDX-License-Identifier: GPL-3.0-or-later
// What others do to a file while litekeeper-cli works on it. strace makes it slow at one system call, so that there is
// time for them at that very moment.
#include "faults/deeds.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <filesystem>

#include <sys/stat.h>

using namespace lk;
using namespace lk::test;
using namespace Qt::StringLiterals;

/// litekeeper-cli, waiting in the middle of its work.
class Slowed
{
public:
    /// It waits two seconds before its \a number th \a call.
    Slowed(const Scene &scene, const QStringList &arguments, const QString &call, int number)
    {
        const QStringList plain = scene.commandLine(arguments);
        // env, its settings, the program
        const auto program = plain.indexOf(cliPath());
        const QString injection = call + u":delay_enter=2000000:when="_s + QString::number(number);
        const QStringList command = plain.mid(0, program) + hindered(injection) + plain.mid(program);
        m_process.start(command.first(), command.mid(1));
    }

    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    QJsonObject record()
    {
        m_process.waitForFinished(60'000);
        return QJsonDocument::fromJson(m_process.readAllStandardOutput()).array()[0].toObject();
    }

private:
    QProcess m_process;
};

class TestRaces : public QObject
{
    Q_OBJECT

    static QStringList backup(const Scene &scene)
    {
        return {u"backup"_s, u"--format"_s, u"json"_s, text(scene.source), u"--to"_s, text(scene.target)};
    }
    static QStringList journal(const Scene &scene, const QString &wait)
    {
        return {u"journal"_s, u"wal"_s, u"--format"_s, u"json"_s, u"--wait"_s, wait, text(scene.source)};
    }

    /// Of a folder, once there is one; polled, because the other process makes it.
    static QStringList waitForFiles(const Path &folder, const QString &pattern)
    {
        QStringList names;
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(!(names = QDir(text(folder)).entryList({pattern}, QDir::Files)).isEmpty(), 30'000);
        }();
        return names;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrace())
            QSKIP("NOT TESTED: strace is not here, or may not trace");
    }

    void theSecondLitekeeperSaysWhoIsAtWork()
    {
        const Scene scene;
        makeDatabase(scene.source);
        Slowed first(scene, journal(scene, u"0"_s), u"fdatasync"_s, 1);
        waitForFiles(scene.own / "litekeeper", u"*.lock"_s);
        const Outcome second = scene.run(journal(scene, u"0"_s));
        QCOMPARE(second.exitStatus, 1);
        const QJsonObject error = second.records()[0][u"error"_s].toObject();
        QCOMPARE(error[u"code"_s].toString(), u"busy"_s);
        QVERIFY2(error[u"message"_s].toString().contains(u"litekeeper-cli ("_s),
                 qPrintable(error[u"message"_s].toString()));
        QCOMPARE(first.record()[u"status"_s].toString(), u"done"_s);
    }

    void theSecondLitekeeperWaitsForItsTurn()
    {
        const Scene scene;
        makeDatabase(scene.source);
        Slowed first(scene, journal(scene, u"0"_s), u"fdatasync"_s, 1);
        waitForFiles(scene.own / "litekeeper", u"*.lock"_s);
        const Outcome second = scene.run(journal(scene, u"60"_s));
        QCOMPARE(second.records()[0][u"status"_s].toString(), u"unchanged"_s);
        QCOMPARE(first.record()[u"status"_s].toString(), u"done"_s);
    }

    void whatHappensToTheSourceMeanwhile_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QStringList>("codes");

        QTest::newRow("it is removed") << u"remove"_s << QStringList{u"not-found"_s, u"changed"_s};
        QTest::newRow("it is renamed") << u"rename"_s << QStringList{u"not-found"_s, u"changed"_s};
        QTest::newRow("another takes its place") << u"replace"_s << QStringList{u"changed"_s};
        QTest::newRow("it is cut") << u"cut"_s << QStringList{u"damaged"_s, u"changed"_s, u"busy"_s, u"io"_s};
    }

    void whatHappensToTheSourceMeanwhile()
    {
        QFETCH(QString, what);
        QFETCH(QStringList, codes); // which, depends on the moment
        const Scene scene;
        makeDatabase(scene.source, {.rows = 2000, .valueSize = 1000});
        const Path other = scene.tree.path() / "other.db";
        makeDatabase(other, {.rows = 5});
        // The partial file is made, and nothing is copied yet.
        Slowed copying(scene, backup(scene), u"fchmod"_s, 1);
        waitForFiles(scene.target, u"*.partial"_s);
        if (what == u"remove"_s)
            std::filesystem::remove(scene.source);
        else if (what == u"rename"_s)
            std::filesystem::rename(scene.source, scene.source.native() + ".old");
        else if (what == u"replace"_s)
            std::filesystem::rename(other, scene.source);
        else
            cutTo(scene.source, 4096 * 3);
        QVERIFY(copying.isRunning());
        const QJsonObject record = copying.record();
        QVERIFY2(record[u"status"_s].toString() != u"done"_s, "it was said to be done");
        const QString code = record[u"error"_s][u"code"_s].toString();
        QVERIFY2(codes.contains(code), qPrintable(code));
        QVERIFY(std::filesystem::is_empty(scene.target));
    }

    void aBackupIsNeverWiderThanItsSource()
    {
        const Scene scene;
        makeDatabase(scene.source, {.rows = 2000});
        QCOMPARE(::chmod(scene.source.c_str(), 0600), 0);
        QCOMPARE(::chmod(scene.target.c_str(), 0777), 0);
        Slowed copying(scene, backup(scene), u"fsync"_s, 1);
        for (const QString &name : waitForFiles(scene.target, u"*"_s)) {
            struct stat stat;
            QCOMPARE(::stat((scene.target / name.toStdString()).c_str(), &stat), 0);
            QVERIFY2((stat.st_mode & 077) == 0, qPrintable(name));
        }
        QCOMPARE(copying.record()[u"status"_s].toString(), u"done"_s);
        for (const auto &entry : std::filesystem::directory_iterator(scene.target)) {
            struct stat stat;
            QCOMPARE(::stat(entry.path().c_str(), &stat), 0);
            QVERIFY2((stat.st_mode & 077) == 0, entry.path().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestRaces)
#include "tst_races.moc"
