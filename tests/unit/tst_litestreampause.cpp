// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/keepaway.h"
#include "litestream/supervisor.h"
#include "operations/litestreampause.h"
#include "operations/preflight.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QTest>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

using namespace lk;
using namespace lk::operations;
using namespace std::chrono_literals;

namespace {

Report act(const char *id, const Path &database, Arguments arguments, std::chrono::milliseconds wait = 0ms)
{
    JobContext context{.stop = {}, .progress = Progress::none(), .wait = wait};
    return operations::act(*find(id), {.path = database, .seen = {}}, arguments, context);
}

const Arguments Paused{{"pause-litestream", true}};

}

class TestLitestreamPause : public QObject
{
    Q_OBJECT

    std::optional<test::TempTree> m_tree;
    Path m_database;
    Path m_meta;
    Path m_config;

private Q_SLOTS:
    void init()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        m_tree.emplace();
        qputenv("XDG_RUNTIME_DIR", m_tree->folder("run").c_str());
        m_database = m_tree->path() / "shop.db";
        m_meta = m_tree->path() / ".shop.db-litestream";
        test::makeDatabase(m_database, {.journalMode = "wal", .rows = 500});
        m_config = m_tree->file("litestream.yml", "dbs:\n - path: " + m_database.native() +
                                                      "\n   replicas:\n    - {type: file, path: " +
                                                      (m_tree->path() / "copy").native() + "}\n");
    }

    void whileLitestreamRunsNothingIsDone()
    {
        test::Replication replication(m_config);
        QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        QCOMPARE(act("compact", m_database, {}).error->reason, Reason::ManagedByLitestream);
        const Report report = act("compact", m_database, Paused, 300ms);
        QCOMPARE(report.error->reason, Reason::StillReplicating);
        QVERIFY(report.error->arguments.front().find(std::to_string(replication.pid())) != std::string::npos);
        QVERIFY(std::filesystem::exists(m_meta));
        QVERIFY(!litestream::hasToKeepAway(m_database));
        test::runSql(m_database, "INSERT INTO t(k) VALUES('goes on')");
        QVERIFY2(replication.hasSaid("wal segment written", 2), replication.log().c_str());
    }

    void whenThePersonStopsItItIsDoneAndLitestreamBeginsAnew()
    {
        {
            test::Replication replication(m_config);
            QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
            test::runSql(m_database, "DELETE FROM t WHERE id > 10");
            // Stops it once it is asked to keep away.
            const std::jthread person([&, pid = replication.pid()] {
                while (!litestream::hasToKeepAway(m_database))
                    std::this_thread::sleep_for(5ms);
                ::kill(static_cast<pid_t>(pid), SIGTERM);
            });
            const Report report = act("compact", m_database, Paused, 20s);
            QVERIFY2(!report.error, report.error ? std::to_string(int(report.error->reason)).c_str() : "");
            QVERIFY(std::ranges::find(report.notes, Note::StartLitestream, &NoteText::note) != report.notes.end());
        }
        QVERIFY(!std::filesystem::exists(m_meta));
        QVERIFY(!litestream::hasToKeepAway(m_database));

        test::Replication replication(m_config);
        QVERIFY2(replication.hasSaid("snapshot written"), replication.log().c_str());
        QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
    }

    void whatFailsLeavesThePositionAsItWas()
    {
        {
            test::Replication replication(m_config);
            QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        }
        const std::string generation = test::readFile(m_meta / "generation");
        const test::HeldLock other(m_database, test::Held::Reading);
        QCOMPARE(act("compact", m_database, Paused).error->reason, Reason::InUseByOthers);
        QCOMPARE(test::readFile(m_meta / "generation"), generation);
        QVERIFY(!std::filesystem::exists(m_meta.native() + ".paused"));
    }

    void aCheckpointIsDoneAsWell()
    {
        {
            test::Replication replication(m_config);
            QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        }
        QCOMPARE(act("checkpoint", m_database, {}).error->reason, Reason::ManagedByLitestream);
        const Report report = act("checkpoint", m_database, Paused);
        QVERIFY2(!report.error, report.error ? std::to_string(int(report.error->reason)).c_str() : "");
    }

    void aConfigurationAloneTellsThatItIsReplicated()
    {
        const QByteArray before = qgetenv("LITESTREAM_CONFIG");
        qputenv("LITESTREAM_CONFIG", m_config.c_str());
        QCOMPARE(act("compact", m_database, {}).error->reason, Reason::ManagedByLitestream);
        QVERIFY(!managedByLitestream(m_tree->path() / "gone.db"));
        qputenv("LITESTREAM_CONFIG", "/not/there.yml");
        QCOMPARE(act("compact", m_database, {}).status, Status::Done);
        qputenv("LITESTREAM_CONFIG", before);
    }

    void aDatabaseThatNobodyReplicatesIsDoneWithoutAWord()
    {
        const Report report = act("compact", m_database, Paused);
        QCOMPARE(report.status, Status::Done);
        QVERIFY(std::ranges::find(report.notes, Note::StartLitestream, &NoteText::note) == report.notes.end());
    }

    void itDoesNotLeaveWalToWhichLitestreamWouldBringItBack()
    {
        {
            test::Replication replication(m_config);
            QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        }
        QCOMPARE(act("journal", m_database, {{"mode", "delete"}, {"pause-litestream", true}}).error->reason,
                 Reason::LitestreamNeedsWal);
    }

    void oneBelowLitekeeperKeepsAwayAndComesBack()
    {
        const litestream::Access access{.program = *litestream::Program::find(), .config = m_config};
        std::atomic<int> starts = 0;
        std::atomic<int> segments = 0;
        const std::jthread runner([&](const std::stop_token &stop) {
            const auto count = [&](const litestream::SupervisorEvent &event) {
                starts += event.kind == litestream::SupervisorEvent::Started ? 1 : 0;
                segments += event.line.text.find("wal segment written") != std::string::npos ? 1 : 0;
            };
            QVERIFY(litestream::supervise(access, count, stop, {.first = 10ms}));
        });
        QTRY_VERIFY_WITH_TIMEOUT(segments > 0, 30'000);
        const int before = segments; // nobody writes: what comes now comes from its return
        const Report report = act("compact", m_database, Paused, 20s);
        QVERIFY2(!report.error, report.error ? std::to_string(int(report.error->reason)).c_str() : "");
        QVERIFY(std::ranges::find(report.notes, Note::LitestreamStarted, &NoteText::note) != report.notes.end());
        QTRY_VERIFY_WITH_TIMEOUT(segments > before, 30'000); // it begins with a new copy
        QVERIFY(starts == 2);
    }
};

QTEST_GUILESS_MAIN(TestLitestreamPause)
#include "tst_litestreampause.moc"
