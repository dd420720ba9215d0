// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/program.h"

#include "support/temptree.h"

#include <QTest>

#include <csignal>
#include <filesystem>
#include <thread>

using namespace lk;
using namespace lk::platform;
using namespace std::chrono_literals;

namespace {

Launch shell(std::string script)
{
    return {.command = {.program = "/bin/sh", .arguments = {"-c", std::move(script)}}};
}

bool exists(pid_t process)
{
    return ::kill(process, 0) == 0;
}

/// The process whose number a shell printed.
pid_t printedProcess(Child &child)
{
    std::string said;
    while (said.find('\n') == std::string::npos && !child.status()) {
        child.listen(50ms);
        said += child.takePrinted();
    }
    return static_cast<pid_t>(std::stol(said));
}

}

class TestProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatItPrintsAndHowItEndsIsTold()
    {
        const Result<Ran> ran = run(shell("echo out; echo oops >&2; exit 3"), 20s);
        QVERIFY(ran);
        QCOMPARE(ran->printed, std::string("out\n"));
        QCOMPARE(ran->complained, std::string("oops\n"));
        QCOMPARE(ran->status, 3);
    }

    void aSignalIsAStatus() { QCOMPARE(run(shell("kill -9 $$"), 20s)->status, 128 + SIGKILL); }

    void argumentsAreBytes()
    {
        const std::string odd("a\xff $HOME '\"\n");
        const Result<Ran> ran =
            run({.command = {.program = "/bin/sh", .arguments = {"-c", "printf %s \"$1\"", "sh", odd}}}, 20s);
        QCOMPARE(ran->printed, odd);
    }

    void itGetsItsInputItsFolderAndItsEnvironment()
    {
        Launch launch = shell("cat; pwd; echo $SECRET; echo $HOME");
        launch.input = "in\n";
        launch.folder = "/usr";
        launch.environment = {{"SECRET", "s"}, {"HOME", "/nowhere"}};
        QCOMPARE(run(launch, 20s)->printed, std::string("in\n/usr\ns\n/nowhere\n"));
    }

    void asMuchAsIsPrintedIsRead()
    {
        QCOMPARE(run(shell("head -c 3000000 /dev/zero"), 20s)->printed.size(), std::size_t(3'000'000));
        QCOMPARE(run(shell("head -c 9000000 /dev/zero"), 20s)->printed.size(), Ran::MostPrinted);
    }

    void oneThatIsNotThereIsMissing()
    {
        const Result<Ran> ran = run({.command = {.program = "/nowhere/x"}}, 20s);
        QCOMPARE(ran.error().reason, Reason::ProgramMissing);
    }

    void oneThatCannotBeRunSaysWhy()
    {
        const test::TempTree tree;
        const Path plain = tree.file("plain", "text");
        QCOMPARE(run({.command = {.program = plain}}, 20s).error().code, ErrorCode::NoPermission);
    }

    void oneThatDoesNotAnswerIsEnded()
    {
        Launch launch = shell("exec sleep 1000");
        const Result<Ran> ran = run(launch, 100ms);
        QCOMPARE(ran.error().reason, Reason::ProgramFailed);
    }

    void stoppingEndsIt()
    {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(run(shell("exec sleep 1000"), 20s, stop.get_token()).error().code, ErrorCode::Cancelled);
    }

    void whomItLeftBehindIsNotWaitedFor()
    {
        QCOMPARE(run(shell("sleep 3 & echo done"), 20s)->printed, std::string("done\n"));
    }

    void aChildCanBeListenedTo()
    {
        Result<Child> child = Child::start(shell("echo one; exec sleep 1000"));
        QVERIFY(child);
        std::string said;
        while (said.empty()) {
            child->listen(50ms);
            said = child->takePrinted();
        }
        QCOMPARE(said, std::string("one\n"));
        QVERIFY(!child->status());
        QCOMPARE(child->stop(), 128 + SIGTERM);
        QVERIFY(!exists(child->process()));
    }

    void oneThatIgnoresItsEndIsKilledWithWhatItStarted()
    {
        Result<Child> child = Child::start(shell("trap '' TERM; sleep 1000 & echo $!; wait; wait"));
        QVERIFY(child);
        const pid_t grandchild = printedProcess(*child);
        QCOMPARE(child->stop(50ms), 128 + SIGKILL);
        QTRY_VERIFY(!exists(grandchild));
    }

    void itEndsWithItsOwner()
    {
        pid_t process = 0;
        {
            Result<Child> child = Child::start(shell("exec sleep 1000"));
            process = child->process();
            QVERIFY(exists(process));
        }
        QVERIFY(!exists(process));
    }

    void itEndsWithTheThreadThatStartedIt()
    {
        std::optional<Child> child;
        std::thread([&] { child.emplace(*Child::start(shell("exec sleep 1000"))); }).join();
        QTRY_COMPARE(child->status(), std::optional<int>(128 + SIGTERM));
    }
};

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
