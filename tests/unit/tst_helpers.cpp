// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/helpers.h"
#include "platform/scratchfile.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <filesystem>

#include <unistd.h>

using namespace lk;
using namespace lk::platform;
using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

class TestHelpers : public QObject
{
    Q_OBJECT

    static constexpr auto Patience = 60s;
    static constexpr std::string_view Prefix = ".litekeeper-test-";

    static auto soon() { return std::chrono::steady_clock::now() + Patience; }
    static void startScript(Helpers &helpers, const std::string &script)
    {
        const auto started = helpers.start("/bin/sh", {"-c", script});
        QVERIFY2(started, started ? "" : started.error().detail.c_str());
    }
    static std::vector<std::string> names(const Path &folder)
    {
        std::vector<std::string> names;
        for (const auto &entry : std::filesystem::directory_iterator(folder))
            names.push_back(entry.path().filename());
        return names;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
        std::signal(SIGPIPE, SIG_IGN); // as our programs have it
    }

    void linesComeInTheOrderOfTheStart()
    {
        Helpers helpers;
        startScript(helpers, "sleep 0.1; echo first; read x; echo \"1 $x\"");
        startScript(helpers, "echo second; read x; echo \"2 $x\"");
        QCOMPARE(helpers.count(), std::size_t(2));
        QCOMPARE(helpers.lines({}, soon()).value_or(Lines()), (Lines{"first", "second"}));
        helpers.tell("go\n");
        QCOMPARE(helpers.lines({}, soon()).value_or(Lines()), (Lines{"1 go", "2 go"}));
    }

    void linesThatComeTogetherAreTakenOneByOne()
    {
        Helpers helpers;
        startScript(helpers, "printf 'a\\nb\\n'");
        QCOMPARE(helpers.lines({}, soon()).value_or(Lines()), Lines{"a"});
        QCOMPARE(helpers.lines({}, soon()).value_or(Lines()), Lines{"b"});
        QCOMPARE(helpers.lines({}, soon()).error().code, ErrorCode::Internal);
    }

    void whoEndsTooSoonIsNoticed()
    {
        Helpers helpers;
        startScript(helpers, "read x; echo never asked");
        startScript(helpers, "exit 3");
        const auto lines = helpers.lines({}, soon());
        QVERIFY(!lines);
        QCOMPARE(lines.error().code, ErrorCode::Internal);
        helpers.tell("to one that is gone\n"); // and nobody dies of it
    }

    void whoSaysNothingIsWaitedForSoLong()
    {
        Helpers helpers;
        startScript(helpers, "read x");
        QCOMPARE(helpers.lines({}, std::chrono::steady_clock::now() + 10ms).error().code, ErrorCode::Internal);
    }

    void aStopEndsTheWaiting()
    {
        Helpers helpers;
        startScript(helpers, "read x");
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(helpers.lines(stop.get_token(), soon()).error().code, ErrorCode::Cancelled);
    }

    void whoLetsGoEndsThem()
    {
        pid_t process = 0;
        {
            Helpers helpers;
            startScript(helpers, "echo $$; trap '' TERM INT HUP; read x");
            process = std::stoi(helpers.lines({}, soon()).value_or(Lines{"0"}).front());
            QVERIFY(process > 0);
            QCOMPARE(::getpgid(process), process); // not ours: a terminal's Ctrl-C is not for it
        }
        QCOMPARE(::kill(process, 0), -1);
        QCOMPARE(errno, ESRCH);
    }

    void aProgramThatIsNotThereIsNotStarted()
    {
        Helpers helpers;
        QCOMPARE(helpers.start("/no/such/program", {}).error().code, ErrorCode::NotFound);
        QCOMPARE(helpers.count(), std::size_t(0));
    }

    void ourProgramIsSoughtBesideUsFirst()
    {
        const Path self = std::filesystem::read_symlink("/proc/self/exe");
        QCOMPARE(ownProgram(self.filename().native()).value_or(Path()), self);
        QCOMPARE(ownProgram("sh").value_or(Path()).filename().native().empty(), false);
        QCOMPARE(ownProgram("no-such-program").error().reason, Reason::ProgramMissing);
    }

    void aScratchFolderGoesWithAllThatIsInIt()
    {
        const test::TempTree tree;
        {
            const auto folder = ScratchFolder::createIn(tree.path(), Prefix);
            QVERIFY(folder);
            QVERIFY(folder->path().filename().native().starts_with(Prefix));
            QCOMPARE(folder->path().parent_path(), tree.path());
            QCOMPARE(std::filesystem::status(folder->path()).permissions(), std::filesystem::perms::owner_all);
            test::writeFile(folder->path() / "file", "content");
        }
        QCOMPARE(names(tree.path()), Lines());
    }

    void whatAKilledRunLeftGoesWithTheNextOne()
    {
        const test::TempTree tree;
        tree.file(std::string(Prefix) + "abcdef/round.db", "left");
        tree.file(std::string(Prefix) + "a-file", "not ours");
        tree.file("another/round.db", "not ours");
        const auto inUse = ScratchFolder::createIn(tree.path(), Prefix);
        QVERIFY(inUse);
        QCOMPARE(names(tree.path()).size(), std::size_t(3));
        ScratchFolder::removeDead(tree.path(), Prefix);
        QCOMPARE(names(tree.path()).size(), std::size_t(3));
        QVERIFY(std::filesystem::exists(inUse->path()));
    }

    void whereNothingMayBeMadeNothingIs()
    {
        QCOMPARE(ScratchFolder::createIn("/no/such/folder", Prefix).error().code, ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestHelpers)
#include "tst_helpers.moc"
