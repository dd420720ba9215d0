// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/rehearsal.h"

#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <thread>

using namespace lk;
using namespace lk::operations;

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray(expected))

/// The makers of the states that a database may be in.
static const std::map<std::string, void (*)(const Path &)> States{
    {"rollback", [](const Path &path) { test::makeDatabase(path, {.rows = 400}); }},
    {"wal", [](const Path &path) { test::makeDatabase(path, {.journalMode = "wal", .rows = 400}); }},
    {"crashed wal", [](const Path &path) { test::makeCrashedWal(path, {.rows = 400}, 30, true); }},
    {"hot journal", [](const Path &path) { test::makeHotJournal(path, {.rows = 400}); }},
    {"half empty",
     [](const Path &path) { test::makeDatabase(path, {.rows = 2000, .moreSql = "DELETE FROM t WHERE id % 2"}); }},
    {"auto-vacuum",
     [](const Path &path) {
         test::makeDatabase(path,
                            {.autoVacuum = "incremental", .rows = 900, .moreSql = "DELETE FROM t WHERE id < 600"});
     }},
};

class TestRehearsal : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }
    Path make(const QByteArray &state)
    {
        const Path path = folder() / "a.db";
        States.at(state.toStdString())(path);
        return path;
    }
    static JobContext context(std::stop_token stop = {}, Progress &progress = Progress::none())
    {
        return {std::move(stop), progress, std::chrono::milliseconds(0)};
    }
    static void eachState()
    {
        QTest::addColumn<QByteArray>("state");
        for (const auto &[name, maker] : States)
            QTest::addRow("%s", name.c_str()) << QByteArray::fromStdString(name);
    }

private Q_SLOTS:
    // ---- operations
    void aRehearsalGivesTheFiguresOfTheRealRunAndLeavesNoTrace_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("state");
        for (const Operation *operation : all()) {
            if (!operation->rehearse)
                continue;
            for (const auto &[state, maker] : States) {
                for (const char *mode : {"wal", "delete"}) {
                    QTest::addRow("%s %s, %s", operation->id, mode, state.c_str())
                        << QByteArray(operation->id) << QByteArray(mode) << QByteArray::fromStdString(state);
                }
            }
        }
    }
    void aRehearsalGivesTheFiguresOfTheRealRunAndLeavesNoTrace()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, state);
        const Path path = make(state);
        const Arguments arguments{{"mode", mode.toStdString()}, {"to", folder().native()}};
        const Operation &operation = *find(id.constData());
        JobContext job = context();

        const test::TreeSnapshot before(path.parent_path());
        const Report rehearsed = operation.rehearse({.path = path, .seen = {}}, arguments, job);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");

        const Report real = operation.run({.path = path, .seen = {}}, arguments, job);
        QCOMPARE(rehearsed.status, real.status);
        QCOMPARE(rehearsed.error.has_value(), real.error.has_value());
        if (real.error)
            QCOMPARE(rehearsed.error->reason, real.error->reason);
        for (const Field &field : rehearsed.fields) {
            const FieldValue *value = real.field(field.id);
            QVERIFY2(value, field.id.c_str());
            QVERIFY2(*value == field.value, field.id.c_str());
        }
        QVERIFY(!rehearsed.fields.empty() || real.error);
    }

    void aDamagedDatabaseIsNotBackedUpInARehearsalEither()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.rows = 2000});
        test::patch(path, 3 * 4096 + 1, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        JobContext job = context();
        const Report report = find("backup")->rehearse({.path = path, .seen = {}}, {{"to", folder().native()}}, job);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::CopyDamaged);
    }

    // ---- compact
    void compactingGivesWhatVacuumGives_data() { eachState(); }
    void compactingGivesWhatVacuumGives()
    {
        QFETCH(QByteArray, state);
        const Path path = make(state);
        const Path copy = folder() / "a.db";
        test::copyWithSiblings(path, copy);

        const test::TreeSnapshot before(path.parent_path());
        JobContext job = context();
        const Result<CompactOutcome> outcome = rehearseCompact(path, {}, job);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
        QVERIFY2(outcome, outcome ? "" : outcome.error().detail.c_str());

        test::runSql(copy, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
        QCOMPARE(outcome->after.bytes, std::filesystem::file_size(copy));
        QCOMPARE(outcome->after.pageSize, 4096u);
        QVERIFY(outcome->before.bytes >= outcome->after.bytes);
    }

    void everyPageSizeGivesWhatVacuumGives_data() { eachState(); }
    void everyPageSizeGivesWhatVacuumGives()
    {
        QFETCH(QByteArray, state);
        const Path path = make(state);
        const test::TreeSnapshot before(path.parent_path());
        JobContext job = context();
        const Result<std::vector<CompactOutcome>> outcomes = rehearsePageSizes(path, job);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
        QVERIFY(outcomes);
        QCOMPARE(outcomes->size(), std::size_t(7));
        for (const CompactOutcome &outcome : *outcomes) {
            const Path copy = folder() / "a.db";
            test::copyWithSiblings(path, copy);
            test::runSql(copy, "PRAGMA journal_mode=delete; PRAGMA page_size=" +
                                   std::to_string(outcome.after.pageSize) + "; VACUUM");
            QCOMPARE(outcome.after.bytes, std::filesystem::file_size(copy));
        }
        QCOMPARE(outcomes->front().after.pageSize, 1024u);
        QCOMPARE(outcomes->back().after.pageSize, 65536u);
    }

    void realDatabasesAreCompactedAsVacuumDoes()
    {
        LK_NEEDS_SHARED(corpus, "corpus/real");
        const Path copies = folder();
        test::copyFolder(corpus, copies);
        const test::TreeSnapshot before(copies);
        int compacted = 0;
        std::map<Path, CompactOutcome> outcomes;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(copies)) {
            if (!entry.is_regular_file() || entry.file_size() < 512)
                continue;
            JobContext job = context();
            if (const Result<CompactOutcome> outcome = rehearseCompact(entry.path(), {}, job))
                outcomes[entry.path()] = *outcome;
        }
        COMPARE_TEXT(before.difference(test::TreeSnapshot(copies)), "");
        for (const auto &[path, outcome] : outcomes) {
            test::runSql(path, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
            QVERIFY2(outcome.after.bytes == std::filesystem::file_size(path), path.c_str());
            ++compacted;
        }
        QVERIFY2(compacted >= 20, qPrintable(QString::number(compacted)));
    }

    void aDamagedDatabaseIsNotCompacted()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.rows = 2000});
        test::patch(path, 3 * 4096 + 1, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        JobContext job = context();
        const Result<CompactOutcome> outcome = rehearseCompact(path, {}, job);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().reason, Reason::CheckedDamaged);
    }

    void whatOnlyItsApplicationHasIsNoDamage()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.moreSql = "CREATE INDEX n ON t(k COLLATE NOCASE); PRAGMA writable_schema=on;"
                                             "UPDATE sqlite_schema SET sql=replace(sql, 'NOCASE', 'unicase')"});
        JobContext job = context();
        const Result<CompactOutcome> outcome = rehearseCompact(path, {}, job);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().reason, Reason::MissingExtension);
        COMPARE_TEXT(outcome.error().arguments.front(), "collation unicase");
    }

    void withoutRoomForTheTemporaryFilesItDoesNotBegin()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path);
        test::patch(path, 28, {0x10, 0, 0, 0});
        std::filesystem::resize_file(path, std::uintmax_t(1) << 40); // sparse
        JobContext job = context();
        const Result<CompactOutcome> outcome = rehearseCompact(path, {}, job);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::NoSpace);
        QCOMPARE(outcome.error().reason, Reason::NotEnoughSpace);
    }

    void aStopEndsIt()
    {
        const Path path = make("rollback");
        std::stop_source source;
        source.request_stop();
        JobContext job = context(source.get_token());
        const Result<CompactOutcome> outcome = rehearseCompact(path, {}, job);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Cancelled);
    }

    /// The rehearsal holds no lock, so its owner may write meanwhile; that is seen, and it is done again, once.
    void aFileThatChangesMeanwhileIsRehearsedAgain_data()
    {
        QTest::addColumn<int>("changes");
        QTest::addColumn<bool>("settles");
        QTest::newRow("once") << 1 << true;
        QTest::newRow("each time") << 1000 << false;
    }
    void aFileThatChangesMeanwhileIsRehearsedAgain()
    {
        QFETCH(int, changes);
        QFETCH(bool, settles);
        struct Writer final : Progress
        {
            Path path;
            int left = 0;
            void report(const ProgressReport &) override
            {
                if (left-- > 0)
                    test::runSql(path, "INSERT INTO t(k) VALUES('more')");
            }
        } writer;
        writer.path = folder() / "a.db";
        writer.left = changes;
        test::makeDatabase(writer.path, {.rows = 10000, .valueSize = 400});
        JobContext job = context({}, writer);
        const Result<CompactOutcome> outcome = rehearseCompact(writer.path, {}, job);
        QVERIFY(writer.left < changes);
        QCOMPARE(outcome.has_value(), settles);
        if (!settles)
            QCOMPARE(outcome.error().reason, Reason::ChangingTooFast);
    }

    void itGoesForwardsOnly()
    {
        struct Watch final : Progress
        {
            double last = 0;
            bool forwards = true;
            int reports = 0;
            void report(const ProgressReport &report) override
            {
                forwards = forwards && report.fraction >= last && report.fraction <= 1;
                last = report.fraction;
                ++reports;
            }
        } watch;
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.rows = 20000, .valueSize = 400});
        JobContext job = context({}, watch);
        QVERIFY(rehearsePageSizes(path, job));
        QVERIFY(watch.forwards);
        QVERIFY(watch.reports >= 7);
    }

    /// Beyond what an overlay keeps in memory it writes to a temporary file without a name.
    void aLargeOneDoesNotFillTheMemory()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.rows = 90000, .valueSize = 1000});
        const test::TreeSnapshot before(path.parent_path());
        JobContext job = context();
        const Result<CompactOutcome> outcome = rehearseCompact(path, {}, job);
        QVERIFY2(outcome, outcome ? "" : outcome.error().detail.c_str());
        QVERIFY(outcome->before.bytes > (80u << 20));
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
        test::runSql(path, "VACUUM");
        QCOMPARE(outcome->after.bytes, std::filesystem::file_size(path));
    }

    // ---- index
    void anIndexChangesThePlanAndTheFileStaysAsItIs_data() { eachState(); }
    void anIndexChangesThePlanAndTheFileStaysAsItIs()
    {
        QFETCH(QByteArray, state);
        const Path path = make(state);
        const test::TreeSnapshot before(path.parent_path());
        JobContext job = context();
        const Result<QueryPlan> plan =
            rehearseIndex(path, "SELECT id FROM t WHERE v = x'00'", "CREATE INDEX t_v ON t(v)", job);
        COMPARE_TEXT(before.difference(test::TreeSnapshot(path.parent_path())), "");
        QVERIFY2(plan, plan ? "" : plan.error().detail.c_str());
        COMPARE_TEXT(plan->before.front(), "SCAN t");
        COMPARE_TEXT(plan->after.front(), "SEARCH t USING COVERING INDEX t_v (v=?)");
        QCOMPARE(plan->msBefore.size(), plan->msAfter.size());
        QVERIFY(plan->msBefore.size() >= 5);
        QVERIFY(plan->indexBytes > 0);
        QVERIFY(plan->rowsEqual);
    }

    void stepsOfAPlanAreIndented()
    {
        const Path path = make("rollback");
        JobContext job = context();
        const Result<QueryPlan> plan =
            rehearseIndex(path, "SELECT * FROM (SELECT k FROM t UNION SELECT k FROM t) ORDER BY 1",
                          "CREATE INDEX t_k2 ON t(k, id)", job);
        QVERIFY(plan);
        QVERIFY(std::ranges::any_of(plan->before, [](const std::string &line) { return line.starts_with("  "); }));
    }

    void whatIsNotAskedForIsNotRun_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("index");
        QTest::addColumn<int>("reason");
        const QByteArray query("SELECT 1 FROM t");
        const QByteArray index("CREATE INDEX i ON t(k)");
        const int noSelect = static_cast<int>(Reason::NotASelect);
        const int noIndex = static_cast<int>(Reason::NotAnIndex);
        QTest::newRow("a DELETE") << QByteArray("DELETE FROM t") << index << noSelect;
        QTest::newRow("two statements") << QByteArray("SELECT 1; SELECT 2") << index << noSelect;
        QTest::newRow("no statement") << QByteArray("-- nothing") << index << noSelect;
        QTest::newRow("a table that isn't there") << QByteArray("SELECT * FROM x") << index << noSelect;
        QTest::newRow("an ATTACH") << QByteArray("ATTACH '/tmp/x' AS x") << index << noSelect;
        QTest::newRow("a PRAGMA") << QByteArray("PRAGMA journal_mode=wal") << index << noSelect;
        QTest::newRow("a table instead of an index") << query << QByteArray("CREATE TABLE i(a)") << noIndex;
        QTest::newRow("a query instead of an index") << query << query << noIndex;
        QTest::newRow("an index and more") << query << QByteArray("CREATE INDEX i ON t(k); DROP TABLE t") << noIndex;
        QTest::newRow("an index on nothing") << query << QByteArray("CREATE INDEX i ON x(k)") << noIndex;
        QTest::newRow("rows into the schema")
            << query << QByteArray("INSERT INTO sqlite_schema VALUES(1,2,3,4,5)") << noIndex;
        QTest::newRow("a view") << query << QByteArray("CREATE VIEW i AS SELECT 1") << noIndex;
    }
    void whatIsNotAskedForIsNotRun()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, index);
        QFETCH(int, reason);
        const Path path = make("rollback");
        JobContext job = context();
        const Result<QueryPlan> plan = rehearseIndex(path, query.toStdString(), index.toStdString(), job);
        QVERIFY(!plan);
        QCOMPARE(static_cast<int>(plan.error().reason), reason);
        QVERIFY(!plan.error().arguments.front().empty());
    }

    // ---- times
    void timesAreComparedByTheirMiddle_data()
    {
        QTest::addColumn<QList<double>>("a");
        QTest::addColumn<QList<double>>("b");
        QTest::addColumn<bool>("different");
        QTest::newRow("twice as fast") << QList<double>{10, 10.2, 9.9, 10.1, 10} << QList<double>{5, 5.1, 4.9, 5, 5}
                                       << true;
        QTest::newRow("within a tenth") << QList<double>{10, 10.1, 9.9, 10, 10}
                                        << QList<double>{10.4, 10.5, 10.3, 10.4, 10.4} << false;
        QTest::newRow("noisy runs") << QList<double>{5, 20, 10, 15, 8} << QList<double>{4, 18, 7, 13, 6} << false;
        QTest::newRow("one outlier") << QList<double>{10, 10, 500, 10, 10} << QList<double>{10, 10, 10, 10, 10}
                                     << false;
        QTest::newRow("too short for the clock")
            << QList<double>{0.002, 0.002, 0.002} << QList<double>{0.001, 0.001, 0.001} << false;
    }
    void timesAreComparedByTheirMiddle()
    {
        QFETCH(QList<double>, a);
        QFETCH(QList<double>, b);
        QFETCH(bool, different);
        const auto middle = [](const QList<double> &runs) { return timing({runs.begin(), runs.end()}); };
        QCOMPARE(measurablyDifferent(middle(a), middle(b)), different);
        QCOMPARE(measurablyDifferent(middle(b), middle(a)), different);
    }
};

QTEST_GUILESS_MAIN(TestRehearsal)
#include "tst_rehearsal.moc"
