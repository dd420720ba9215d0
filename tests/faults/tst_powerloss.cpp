// SPDX-License-Identifier: GPL-3.0-or-later
// The power fails: what the system had not yet written is gone, on a file system of ext4 and one of XFS, at random
// moments of each deed. What was said to be done is on the disk.
#include "faults/deeds.h"
#include "support/dbbuilder.h"

#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <chrono>
#include <random>

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

using namespace lk;
using namespace lk::test;
using namespace Qt::StringLiterals;

namespace {

/// A file system in a file, mounted where only this process and its children see it.
class Disk
{
public:
    Disk(const QString &type, int megabytes)
        : m_image(m_tree.file("image"))
        , m_folder(m_tree.folder("mounted"))
    {
        std::filesystem::resize_file(m_image, std::uintmax_t(megabytes) << 20);
        m_made = test::run({u"mkfs."_s + type, u"-q"_s, text(m_image)}).exitStatus == 0 && mount();
    }
    ~Disk() { ::umount2(m_folder.c_str(), MNT_DETACH); }

    bool isThere() const { return m_made; }
    const Path &folder() const { return m_folder; }

    void sync() const
    {
        const int folder = descriptor();
        ::syncfs(folder);
        ::close(folder);
    }
    /// From now on nothing reaches the disk any more, not even the journal's log (FS_IOC_SHUTDOWN, no log flush).
    bool cutPower() const
    {
        std::uint32_t noLogFlush = 2;
        const int folder = descriptor();
        const bool done = ::ioctl(folder, 0x8004587d, &noLogFlush) == 0;
        ::close(folder);
        return done;
    }
    bool startAgain() { return ::umount2(m_folder.c_str(), 0) == 0 && mount(); }

private:
    bool mount() { return test::run({u"mount"_s, u"-o"_s, u"loop"_s, text(m_image), text(m_folder)}).exitStatus == 0; }
    int descriptor() const { return ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

    TempTree m_tree;
    Path m_image;
    Path m_folder;
    bool m_made = false;
};

QString statusOf(const QByteArray &output)
{
    Outcome outcome;
    outcome.output = output;
    const QJsonArray records = outcome.records();
    return records.isEmpty() ? QString() : records[0][u"status"_s].toString();
}

}

class TestPowerLoss : public QObject
{
    Q_OBJECT

    static constexpr int Seed = 20261122;
    int m_rounds = 0;

    static int rounds() { return isFull() ? 50 : 3; }

private Q_SLOTS:
    void initTestCase()
    {
        if (::geteuid() != 0)
            QSKIP("NOT TESTED: only the administrator may mount a disk and cut its power");
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            QSKIP("NOT TESTED: this system permits no mounts of our own");
    }

    void whatWasSaidToBeDoneIsThereAfterAPowerCut_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("index");
        for (const char *type : {"ext4", "xfs"}) {
            for (std::size_t i = 0; i < deeds().size(); ++i)
                QTest::addRow("%s: %s", type, deeds()[i].name) << QString::fromLatin1(type) << int(i);
        }
    }

    void whatWasSaidToBeDoneIsThereAfterAPowerCut()
    {
        QFETCH(QString, type);
        QFETCH(int, index);
        Disk disk(type, type == u"xfs" ? 320 : 96);
        if (!disk.isThere())
            QSKIP("NOT TESTED: such a file system can't be made or mounted here");
        const Stage stage(deeds()[std::size_t(index)]);
        qputenv("TMPDIR", QByteArray::fromStdString(disk.folder().native()));
        const auto resetFolder = qScopeGuard([] { qunsetenv("TMPDIR"); });

        using Clock = std::chrono::steady_clock;
        const Clock::time_point begin = Clock::now();
        stage.scene()->run(stage.deed().command(*stage.scene()));
        const std::chrono::duration<double> whole = Clock::now() - begin;
        std::mt19937 random(static_cast<unsigned>(Seed + index));
        std::uniform_real_distribution<double> moment(0, 1.2 * whole.count());
        for (int round = 0; round < rounds(); ++round) {
            std::unique_ptr<Scene> scene = stage.scene();
            disk.sync();
            const double seconds = moment(random);
            const QString at = u"round %1, after %2 s"_s.arg(round).arg(seconds);
            const QStringList command = scene->commandLine(stage.deed().command(*scene));
            QProcess process;
            process.start(command.first(), command.mid(1));
            process.waitForFinished(static_cast<int>(seconds * 1000));
            QVERIFY(disk.cutPower());
            QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished());
            const bool done = statusOf(process.readAllStandardOutput()) == u"done"_s;
            QVERIFY2(disk.startAgain(), qPrintable(at));

            const QString flaw = stage.deed().flaw(*scene, stage.reference(), done);
            QVERIFY2(flaw.isEmpty(), qPrintable(at + u": "_s + flaw));
            const Outcome again = scene->run(stage.deed().command(*scene));
            const QString code = again.records()[0][u"error"_s][u"code"_s].toString();
            const bool refused = !code.isEmpty() && code == stage.deed().mayRefuse;
            QVERIFY2(again.exitStatus == 0 || refused, again.output.constData());
            QVERIFY2(scene->leftovers().empty(), qPrintable(at));
            ++m_rounds;
        }
    }

    void cleanupTestCase() { qInfo("%d times the power was cut: nothing lost", m_rounds); }
};

QTEST_GUILESS_MAIN(TestPowerLoss)
#include "tst_powerloss.moc"
