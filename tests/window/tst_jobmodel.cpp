// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/jobmodel.h"
#include "models/notenteredmodel.h"
#include "models/previewmodel.h"
#include "sampledata.h"
#include "words/describe.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <semaphore>

using namespace lk;
using namespace lk::models;
using operations::Report;
using operations::Status;
using operations::Target;

/// What the operation below does depends on the file's name, so that one table serves all tests.
static std::counting_semaphore<> goOn{0};

static Report runFake(const Target &target, const operations::Arguments &, operations::JobContext &context)
{
    const std::string name = target.path.filename();
    context.progress.report({.fraction = 0.5, .done = 1000, .phase = Phase::Checking});
    if (name == "waits.db") {
        while (!context.stop.stop_requested() && !goOn.try_acquire_for(std::chrono::milliseconds(5))) {
        }
        if (context.stop.stop_requested())
            return operations::failed(
                {.code = ErrorCode::Cancelled, .path = target.path, .arguments = {}, .detail = {}});
    }
    if (name == "busy.db")
        return operations::skipped({.code = ErrorCode::Busy, .path = target.path, .arguments = {}, .detail = {}});
    if (name == "damaged.db")
        return {.status = Status::Done, .damageFound = true};
    return {};
}

static const operations::Operation fake{.id = "check",
                                        .title = "Check",
                                        .summary = "Checks.",
                                        .risk = operations::Risk::Reads,
                                        .parameters = {},
                                        .preflight = runFake,
                                        .run = runFake};

static std::vector<Target> targets(std::initializer_list<const char *> names)
{
    std::vector<Target> all;
    for (const char *name : names)
        all.push_back({.path = Path("/nowhere") / name, .seen = {}});
    return all;
}

class tst_JobModel : public QObject
{
    Q_OBJECT

private:
    struct Models
    {
        jobs::JobRunner runner{2};
        catalog::Memory memory{std::nullopt, words::outcome};
        JobModel jobs{runner, memory};
        QAbstractItemModelTester tester{&jobs, QAbstractItemModelTester::FailureReportingMode::QtTest};
    };
    static QString result(const Models &models, int row)
    {
        return models.jobs.index(row, JobModel::ResultColumn).data().toString();
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aBatchEndsAsACountOfWhatCameOfItsFiles()
    {
        Models models;
        QSignalSpy finished(&models.jobs, &JobModel::batchFinished);
        models.jobs.start(QStringLiteral("Check: 4 databases"), fake, {},
                          targets({"a.db", "b.db", "busy.db", "damaged.db"}));
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(result(models, 0), QStringLiteral("3 done, 1 of them damaged, 1 left alone"));
        QCOMPARE(models.jobs.rowCount(models.jobs.index(0, 0)), 4);
        QCOMPARE(models.jobs.running(), 0);
    }
    void aRunningBatchShowsHowFarItIs()
    {
        Models models;
        models.jobs.start(QStringLiteral("Check: 1"), fake, {}, targets({"waits.db"}));
        const QModelIndex progress = models.jobs.index(0, JobModel::ProgressColumn);
        QTRY_COMPARE(progress.data(JobModel::FractionRole).toDouble(), 0.5);
        QVERIFY(result(models, 0).startsWith(QStringLiteral("50 %")));
        goOn.release();
        QTRY_COMPARE(models.jobs.running(), 0);
        QVERIFY(!progress.data(JobModel::FractionRole).isValid());
    }
    void stoppedIsAStateOfItsOwn()
    {
        Models models;
        models.jobs.start(QStringLiteral("Check: 3"), fake, {}, targets({"waits.db", "waits.db", "waits.db"}));
        models.jobs.stop(models.jobs.index(0, 0));
        QTRY_COMPARE(models.jobs.running(), 0);
        QCOMPARE(result(models, 0), QStringLiteral("3 stopped"));
    }
    void oneFileOfABatchCanBeStopped()
    {
        Models models;
        models.jobs.start(QStringLiteral("Check: 2"), fake, {}, targets({"waits.db", "a.db"}));
        models.jobs.stop(models.jobs.index(0, 0, models.jobs.index(0, 0)));
        QTRY_COMPARE(models.jobs.running(), 0);
        QCOMPARE(result(models, 0), QStringLiteral("1 done, 1 stopped"));
    }
    void theNewestBatchIsOnTopAndFinishedOnesCanBeRemoved()
    {
        Models models;
        models.jobs.start(QStringLiteral("first"), fake, {}, targets({"a.db"}));
        QTRY_COMPARE(models.jobs.running(), 0);
        models.jobs.start(QStringLiteral("second"), fake, {}, targets({"waits.db"}));
        QCOMPARE(models.jobs.index(0, 0).data().toString(), QStringLiteral("second"));
        models.jobs.removeFinished();
        QCOMPARE(models.jobs.rowCount(), 1);
        QCOMPARE(models.jobs.index(0, 0).data().toString(), QStringLiteral("second"));
        goOn.release();
        QTRY_COMPARE(models.jobs.running(), 0);
        models.jobs.removeFinished();
        QCOMPARE(models.jobs.rowCount(), 0);
    }
    void aFilesRowGivesItsPathAndReport()
    {
        Models models;
        models.jobs.start(QStringLiteral("Check"), fake, {}, targets({"busy.db"}));
        const QModelIndex file = models.jobs.index(0, 0, models.jobs.index(0, 0));
        QTRY_VERIFY(models.jobs.report(file));
        QCOMPARE(models.jobs.report(file)->status, Status::Skipped);
        QCOMPARE(*models.jobs.path(file), Path("/nowhere/busy.db"));
        QVERIFY(!models.jobs.path(models.jobs.index(0, 0)));
    }
    void thePreviewCountsWhatWouldBeDoneAndLeftAlone()
    {
        PreviewModel preview(fake, targets({"a.db", "busy.db", "c.db"}));
        QAbstractItemModelTester tester(&preview, QAbstractItemModelTester::FailureReportingMode::QtTest);
        preview.setReport(0, {});
        preview.setReport(1, operations::skipped({.code = ErrorCode::Busy, .path = {}, .arguments = {}, .detail = {}}));
        QCOMPARE(preview.counts().doable, 1);
        QCOMPARE(preview.counts().leftAlone, 1);
        QCOMPARE(preview.counts().unknown, 1);
        QCOMPARE(preview.doable().size(), std::size_t(1));
        preview.setReport(2, {});
        preview.arrange();
        QCOMPARE(preview.index(2, 0).data().toString(), QStringLiteral("busy.db")); // left alone: behind what is done
        preview.forget();
        QCOMPARE(preview.counts().unknown, 3);
    }
    void aRehearsalAddsItsFiguresAndItsFailureWins()
    {
        PreviewModel preview(fake, {{.path = "/a.db", .seen = {}}, {.path = "/b.db", .seen = {}}});
        QAbstractItemModelTester tester(&preview, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const Report plan{.fields = {{"before", "rollback"}, {"after", "wal"}}};
        preview.setReport(0, plan);
        preview.setReport(1, plan);
        QVERIFY(!preview.sentence(0).contains(QStringLiteral("Rehearsed")));
        preview.setRehearsal(0, {.fields = {{"bytes", std::int64_t(8192)}, {"pages", std::int64_t(2)}}});
        QCOMPARE(preview.sentence(0), QString::fromUtf8("rollback → WAL. Rehearsed: 8.0 KiB in 2 pages."));
        preview.setRehearsal(
            1, operations::failed(Error{.code = ErrorCode::Busy, .path = "/b.db", .arguments = {}, .detail = {}}));
        QVERIFY(preview.sentence(1).startsWith(QStringLiteral("Left alone: ")));
        QVERIFY(preview.isDoable(0));
        QVERIFY(!preview.isDoable(1));
        QCOMPARE(preview.counts().leftAlone, 1);
    }
    void whatWasNotEnteredCanBeScannedUnlessForbidden()
    {
        NotEnteredModel model(
            {{.path = "/mnt", .why = scan::WhyNot::OtherFilesystem, .filesystem = "ext4"},
             {.path = "/root", .why = scan::WhyNot::NoPermission, .systemError = 13, .filesystem = {}}});
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(NotEnteredModel::canBeScanned(model.entry(0)));
        QVERIFY(!NotEnteredModel::canBeScanned(model.entry(1)));
        QVERIFY(model.index(0, 1).data().toString().contains(QStringLiteral("ext4")));
    }
};

QTEST_GUILESS_MAIN(tst_JobModel)
#include "tst_jobmodel.moc"
