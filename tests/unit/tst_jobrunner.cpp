// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/jobrunner.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace lk;
using namespace lk::jobs;
using namespace std::chrono_literals;
using operations::Report;
using operations::Status;

Q_DECLARE_METATYPE(lk::ProgressReport)
Q_DECLARE_METATYPE(lk::operations::Report)

/// A door that jobs stand before until the test opens it, or their stop is asked for.
class Door
{
public:
    void open(int jobs = 1) { m_free.release(jobs); }
    /// How many stand before it.
    int waiting() const { return m_waiting; }
    void pass(const std::stop_token &stop)
    {
        ++m_waiting;
        while (!m_free.tryAcquire(1, 5) && !stop.stop_requested()) {
        }
        --m_waiting;
    }

private:
    QSemaphore m_free;
    std::atomic<int> m_waiting = 0;
};

class TestJobRunner : public QObject
{
    Q_OBJECT

    static Job atDoor(const Path &file, bool writes, Door &door)
    {
        return {.file = file, .writes = writes, .work = [&door](const std::stop_token &stop, Progress &) {
                    door.pass(stop);
                    Report report;
                    if (stop.stop_requested()) {
                        report.status = Status::Failed;
                        report.error = Error{.code = ErrorCode::Cancelled, .path = {}, .arguments = {}, .detail = {}};
                    }
                    return report;
                }};
    }
    static Job atOnce(const Path &file = "/a")
    {
        return {.file = file, .writes = false, .work = [](auto &&...) { return Report(); }};
    }

    /// The ids in the order in which the signal told them.
    static std::vector<JobId> ids(const QSignalSpy &spy)
    {
        std::vector<JobId> list;
        for (const QList<QVariant> &arguments : spy)
            list.push_back(arguments[0].value<JobId>());
        return list;
    }

private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<lk::ProgressReport>("lk::ProgressReport");
        qRegisterMetaType<lk::operations::Report>("lk::operations::Report");
        qRegisterMetaType<lk::jobs::JobId>("lk::jobs::JobId");
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aJobsReportArrivesOnTheOwnersThread()
    {
        JobRunner runner(2);
        QThread *workedOn = nullptr;
        QThread *toldOn = nullptr;
        std::vector<std::string> told;
        connect(&runner, &JobRunner::started, this, [&] { told.push_back("started"); });
        connect(&runner, &JobRunner::progressed, this, [&] { told.push_back("progressed"); });
        connect(&runner, &JobRunner::finished, this, [&](JobId, const Report &report) {
            told.push_back("finished");
            toldOn = QThread::currentThread();
            QCOMPARE(report.status, Status::Unchanged);
            QCOMPARE(runner.unfinished(), 0);
        });
        connect(&runner, &JobRunner::idle, this, [&] { told.push_back("idle"); });
        const JobId id = runner.start({.file = "/a", .work = [&](const std::stop_token &, Progress &progress) {
                                           workedOn = QThread::currentThread();
                                           progress.report({.fraction = 1});
                                           Report report;
                                           report.status = Status::Unchanged;
                                           return report;
                                       }});
        QCOMPARE(runner.unfinished(), 1);
        QCOMPARE(runner.state(id), JobState::Waiting);
        QTRY_COMPARE(told, (std::vector<std::string>{"started", "progressed", "finished", "idle"}));
        QCOMPARE(runner.state(id), JobState::Finished);
        QVERIFY(workedOn != QThread::currentThread());
        QCOMPARE(toldOn, QThread::currentThread());
    }

    void jobsOnDifferentFilesRunTogether()
    {
        JobRunner runner(3);
        Door door;
        QSignalSpy finished(&runner, &JobRunner::finished);
        for (const char *file : {"/a", "/b", "/c"})
            runner.start(atDoor(file, true, door));
        QTRY_COMPARE(door.waiting(), 3);
        door.open(3);
        QTRY_COMPARE(finished.count(), 3);
    }

    void noMoreRunThanThereAreThreads()
    {
        JobRunner runner(2);
        Door door;
        QSignalSpy started(&runner, &JobRunner::started);
        QSignalSpy finished(&runner, &JobRunner::finished);
        for (const char *file : {"/a", "/b", "/c"})
            runner.start(atDoor(file, true, door));
        QTRY_COMPARE(started.count(), 2);
        QCOMPARE(door.waiting(), 2);
        door.open(3);
        QTRY_COMPARE(finished.count(), 3);
    }

    void together_data()
    {
        QTest::addColumn<bool>("firstWrites");
        QTest::addColumn<bool>("secondWrites");
        QTest::addColumn<bool>("together");

        QTest::newRow("two that read a file run together") << false << false << true;
        QTest::newRow("what is written is not read") << true << false << false;
        QTest::newRow("what is read is not written") << false << true << false;
        QTest::newRow("two that write a file take turns") << true << true << false;
    }
    void together()
    {
        QFETCH(bool, firstWrites);
        QFETCH(bool, secondWrites);
        QFETCH(bool, together);
        JobRunner runner(3);
        Door door;
        QSignalSpy started(&runner, &JobRunner::started);
        QSignalSpy finished(&runner, &JobRunner::finished);
        const JobId first = runner.start(atDoor("/a", firstWrites, door));
        const JobId second = runner.start(atDoor("/a", secondWrites, door));
        const JobId other = runner.start(atOnce("/b")); // when it has run, the second was passed over or has begun
        QTRY_VERIFY(runner.state(other) == JobState::Finished);
        QTRY_COMPARE(door.waiting(), together ? 2 : 1);
        QCOMPARE(runner.state(second) == JobState::Waiting, !together);
        door.open(2);
        QTRY_COMPARE(finished.count(), 3);
        if (!together)
            QVERIFY(ids(finished) == (std::vector<JobId>{other, first, second}));
        QCOMPARE(started.count(), 3);
    }

    void aReaderDoesNotPassAWriterThatWaits()
    {
        JobRunner runner(3);
        Door door;
        QSignalSpy started(&runner, &JobRunner::started);
        QSignalSpy finished(&runner, &JobRunner::finished);
        const JobId reader = runner.start(atDoor("/a", false, door));
        const JobId writer = runner.start(atDoor("/a", true, door));
        const JobId late = runner.start(atDoor("/a", false, door));
        const JobId other = runner.start(atOnce("/b"));
        QTRY_VERIFY(runner.state(other) == JobState::Finished);
        QTRY_COMPARE(door.waiting(), 1);
        QCOMPARE(runner.state(late), JobState::Waiting);
        door.open(3);
        QTRY_COMPARE(finished.count(), 4);
        QVERIFY(ids(started) == (std::vector<JobId>{reader, other, writer, late}));
    }

    void aStoppedJobThatWaitedEndsAtOnce()
    {
        JobRunner runner(1);
        Door door;
        QSignalSpy started(&runner, &JobRunner::started);
        QSignalSpy finished(&runner, &JobRunner::finished);
        runner.start(atDoor("/a", true, door));
        bool ran = false;
        const JobId second = runner.start({.file = "/b", .work = [&](auto &&...) {
                                               ran = true;
                                               return Report();
                                           }});
        runner.stop(second);
        QCOMPARE(runner.state(second), JobState::Finished);
        QCOMPARE(runner.unfinished(), 1);
        QTRY_COMPARE(finished.count(), 1); // though the first one still runs
        QCOMPARE(finished[0][0].value<JobId>(), second);
        const Report report = finished[0][1].value<Report>();
        QCOMPARE(report.status, Status::Failed);
        QVERIFY(report.error);
        QCOMPARE(report.error->code, ErrorCode::Cancelled);
        QVERIFY(report.error->path == Path("/b"));
        door.open();
        QTRY_COMPARE(finished.count(), 2);
        QVERIFY(!ran);
        QCOMPARE(started.count(), 1);
    }

    void aStoppedJobThatRunsIsAsked()
    {
        JobRunner runner(1);
        Door door;
        QSignalSpy finished(&runner, &JobRunner::finished);
        const JobId id = runner.start(atDoor("/a", true, door));
        QTRY_VERIFY(runner.state(id) == JobState::Running);
        runner.stop(id);
        QCOMPARE(runner.state(id), JobState::Stopping);
        QCOMPARE(runner.unfinished(), 1);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished[0][1].value<Report>().error->code, ErrorCode::Cancelled);
        runner.stop(id); // of one that has ended: nothing
        QCOMPARE(runner.state(id), JobState::Finished);
    }

    void aStoppedOneLetsThoseBehindItGo()
    {
        JobRunner runner(2);
        Door door;
        QSignalSpy finished(&runner, &JobRunner::finished);
        runner.start(atDoor("/a", false, door));
        const JobId writer = runner.start(atDoor("/a", true, door));
        runner.start(atDoor("/a", false, door)); // waits for the writer only
        QTRY_COMPARE(door.waiting(), 1);
        runner.stop(writer);
        QTRY_COMPARE(door.waiting(), 2);
        door.open(2);
        QTRY_COMPARE(finished.count(), 3);
    }

    void allAreStopped()
    {
        JobRunner runner(2);
        Door door;
        QSignalSpy started(&runner, &JobRunner::started);
        QSignalSpy finished(&runner, &JobRunner::finished);
        QSignalSpy idle(&runner, &JobRunner::idle);
        for (int i = 0; i < 50; ++i)
            runner.start(atDoor("/" + std::to_string(i), true, door));
        QTRY_COMPARE(started.count(), 2);
        runner.stopAll();
        QTRY_COMPARE(finished.count(), 50);
        QCOMPARE(started.count(), 2);
        QCOMPARE(idle.count(), 1);
        for (const QList<QVariant> &arguments : finished)
            QCOMPARE(arguments[1].value<Report>().error->code, ErrorCode::Cancelled);
    }

    void nothingComesAfterTheDestructor()
    {
        int told = 0;
        Door door;
        std::atomic<int> ended = 0;
        {
            JobRunner runner(2);
            connect(&runner, &JobRunner::finished, this, [&] { ++told; });
            connect(&runner, &JobRunner::progressed, this, [&] { ++told; });
            for (int i = 0; i < 10; ++i) {
                runner.start({.file = "/a", .work = [&](const std::stop_token &stop, Progress &progress) {
                                  progress.report({.fraction = 0.5});
                                  door.pass(stop);
                                  ++ended;
                                  return Report();
                              }});
            }
            QTRY_COMPARE(door.waiting(), 2);
            told = 0;
        }
        QCOMPARE(ended.load(), 2); // joined, and none was begun for it
        QCoreApplication::processEvents();
        QCOMPARE(told, 0);
    }

    void progressComesTenTimesASecondAndTheLastOneAlways()
    {
        JobRunner runner(1);
        std::vector<double> fractions;
        connect(&runner, &JobRunner::progressed, this,
                [&](JobId, const ProgressReport &report) { fractions.push_back(report.fraction); });
        QSignalSpy finished(&runner, &JobRunner::finished);
        QElapsedTimer timer;
        timer.start();
        std::atomic<int> reports = 0;
        runner.start({.file = "/a", .work = [&](const std::stop_token &, Progress &progress) {
                          QElapsedTimer elapsed;
                          elapsed.start();
                          while (elapsed.elapsed() < 450)
                              progress.report({.fraction = double(++reports) / 1e12});
                          progress.report({.fraction = 1});
                          return Report();
                      }});
        QTRY_COMPARE(finished.count(), 1);
        const qint64 tenths = timer.elapsed() / 100 + 1;
        QVERIFY(reports > 100);
        QVERIFY2(fractions.size() >= 2 && fractions.size() <= std::size_t(tenths + 1),
                 qPrintable(QString::number(fractions.size())));
        QCOMPARE(fractions.back(), 1.0);
        QVERIFY(std::ranges::is_sorted(fractions));
    }

    void aQuietJobsLastProgressIsNotHeldBack()
    {
        JobRunner runner(1);
        Door door;
        QSignalSpy progressed(&runner, &JobRunner::progressed);
        runner.start({.file = "/a", .work = [&](const std::stop_token &stop, Progress &progress) {
                          for (const Phase phase : {Phase::Preparing, Phase::Copying, Phase::Waiting})
                              progress.report({.fraction = 0.5, .phase = phase});
                          door.pass(stop);
                          return Report();
                      }});
        QTRY_VERIFY(!progressed.isEmpty() &&
                    progressed.last()[1].value<ProgressReport>().phase == Phase::Waiting); // while it still runs
        QCOMPARE(door.waiting(), 1);
        door.open();
    }

    void anExceptionOfALibrarysIsAReport()
    {
        JobRunner runner(1);
        QSignalSpy finished(&runner, &JobRunner::finished);
        runner.start({.file = "/a", .work = [](auto &&...) -> Report { throw std::bad_alloc(); }});
        runner.start(atOnce());
        QTRY_COMPARE(finished.count(), 2);
        QCOMPARE(finished[0][1].value<Report>().error->code, ErrorCode::Internal);
        QCOMPARE(finished[1][1].value<Report>().status, Status::Done);
    }

    void whoIsToldMayStartAnother()
    {
        JobRunner runner(1);
        int left = 100;
        int idle = 0;
        connect(&runner, &JobRunner::idle, this, [&] { ++idle; });
        connect(&runner, &JobRunner::finished, this, [&] {
            if (--left > 0)
                runner.start(atOnce());
        });
        runner.start(atOnce());
        QTRY_COMPARE(idle, 1);
        QCOMPARE(left, 0);
    }

    void thousandsOfJobsAllComeBackInOrder()
    {
        JobRunner runner(1);
        QSignalSpy finished(&runner, &JobRunner::finished);
        std::vector<JobId> expected;
        for (int i = 0; i < 5000; ++i)
            expected.push_back(runner.start(atOnce()));
        QTRY_COMPARE(finished.count(), 5000);
        QVERIFY(ids(finished) == expected);
    }
};

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_jobrunner.moc"
