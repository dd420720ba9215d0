// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/confined.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <thread>

#include <unistd.h>

using namespace lk;
using namespace lk::platform;

class TestConfined : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    Path m_folder;

    Result<Ended> run(const std::vector<std::string> &scripts, Confinement confinement = {}, std::stop_token stop = {})
    {
        confinement.folder = m_folder;
        std::vector<Command> commands;
        for (const std::string &script : scripts)
            commands.push_back({"/bin/sh", {"-c", script}});
        return runConfined(commands, confinement, std::move(stop), [] {});
    }

private Q_SLOTS:
    void init()
    {
        static int count = 0;
        m_folder = m_tree.folder("f" + std::to_string(++count));
    }

    void eachReadsWhatTheOneBeforePrints()
    {
        const Result<Ended> ended = run({"echo one; echo two", "sort -r", "tr a-z A-Z; exit 3"});
        QVERIFY(ended);
        QCOMPARE(QByteArray::fromStdString(ended->printed), QByteArray("TWO\nONE\n"));
        QCOMPARE(ended->statuses, (std::vector<int>{0, 0, 3}));
        QVERIFY(!ended->outOfTime);
    }

    void whatItComplainsOfIsKeptAndCut()
    {
        const Result<Ended> ended = run({"echo no >&2; yes | head -c 500000"});
        QVERIFY(ended);
        QCOMPARE(QByteArray::fromStdString(ended->complained), QByteArray("no\n"));
        QCOMPARE(ended->printed.size(), Ended::MostPrinted);
    }

    void aProgramThatIsNotThereIsStatus127()
    {
        const Result<Ended> ended = runConfined({{"/no/such/program", {}}}, {.folder = m_folder}, {}, [] {});
        QVERIFY(ended);
        QCOMPARE(ended->statuses, std::vector<int>{127});
    }

    void itWritesIntoItsFolderAlone()
    {
        const Path other = m_tree.folder("other") / "file";
        const Result<Ended> ended = run({"echo mine > here && pwd; echo x > '" + other.native() + "'"});
        QVERIFY(ended);
        QCOMPARE(QByteArray::fromStdString(ended->printed), QByteArray::fromStdString(m_folder.native() + '\n'));
        QCOMPARE(QByteArray::fromStdString(test::readFile(m_folder / "here")), QByteArray("mine\n"));
        if (std::filesystem::exists(other))
            QSKIP("NOT TESTED: this system has no Landlock");
    }

    void itReadsNothingOfThePersons()
    {
        const Path secret = m_tree.file("secret", "s3cret");
        const Result<Ended> ended = run({"cat '" + secret.native() + "' /etc/passwd"});
        QVERIFY(ended);
        if (!ended->printed.empty())
            QSKIP("NOT TESTED: this system has no Landlock");
        QVERIFY(ended->complained.find("Permission denied") != std::string::npos);
    }

    void itInheritsNothing()
    {
        qputenv("LITEKEEPER_TEST_SECRET", "s3cret");
        const int open = ::dup2(STDERR_FILENO, 9); // not closed by exec() itself
        QCOMPARE(open, 9);
        const Result<Ended> ended = run({"env; echo leaked >&9"});
        ::close(9);
        QVERIFY(ended);
        QVERIFY(ended->printed.find("s3cret") == std::string::npos);
        QVERIFY(ended->printed.find("HOME=" + m_folder.native()) != std::string::npos);
        QVERIFY2(ended->complained.find("9") != std::string::npos, ended->complained.c_str());
        QVERIFY(ended->complained.find("leaked") == std::string::npos);
    }

    void whoCalculatesForEverIsEnded()
    {
        const Result<Ended> ended = run({"while :; do :; done"}, {.processor = std::chrono::seconds(1)});
        QVERIFY(ended);
        QVERIFY2(ended->statuses.front() == 128 + SIGXCPU || ended->statuses.front() == 128 + SIGKILL,
                 qPrintable(QString::number(ended->statuses.front())));
    }

    void whoWritesForEverIsEnded()
    {
        const Result<Ended> ended = run({"yes > big"}, {.fileSize = 1 << 20});
        QVERIFY(ended);
        QVERIFY(ended->statuses.front() != 0);
        QCOMPARE(std::filesystem::file_size(m_folder / "big"), std::uintmax_t(1) << 20);
    }

    void whoWantsAllTheMemoryGetsNone()
    {
        const Result<Ended> ended =
            run({"head -c 300000000 /dev/null; x=$(yes | head -c 300000000); echo got it"}, {.memory = 64 << 20});
        QVERIFY(ended);
        QVERIFY(ended->printed.find("got it") == std::string::npos);
    }

    void whenTimeIsUpAllAreEnded()
    {
        const Result<Ended> ended = run({"sleep 100", "sleep 100"}, {.time = std::chrono::seconds(1)});
        QVERIFY(ended);
        QVERIFY(ended->outOfTime);
        QCOMPARE(ended->statuses, (std::vector<int>{128 + SIGKILL, 128 + SIGKILL}));
    }

    void aStopEndsThemAndTheirChildren()
    {
        std::stop_source stop;
        QElapsedTimer timer;
        const Path mark = m_folder / "mark";
        const Command command{"/bin/sh", {"-c", "(sleep 100; echo late > mark) & echo $! > pid; wait"}};
        const Result<Ended> ended = runConfined({command}, {.folder = m_folder}, stop.get_token(), [&] {
            if (std::filesystem::exists(m_folder / "pid") && std::filesystem::file_size(m_folder / "pid") > 0 &&
                stop.request_stop())
                timer.start();
        });
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, ErrorCode::Cancelled);
        QVERIFY(timer.elapsed() < 2000);
        const int child = std::stoi(test::readFile(m_folder / "pid"));
        QTRY_VERIFY(::kill(child, 0) != 0 || !std::filesystem::exists("/proc/" + std::to_string(child) + "/exe"));
        QVERIFY(!std::filesystem::exists(mark));
    }

    void programsAreFoundInThePathFirst()
    {
        const Path mine = m_folder / "sh";
        test::writeFile(mine, "#!/bin/sh\n");
        std::filesystem::permissions(mine, std::filesystem::perms::owner_all);
        const QByteArray before = qgetenv("PATH");
        qputenv("PATH", "relative:" + QByteArray::fromStdString(m_folder.native()) + ":/bin");
        const Result<Path> found = findProgram("sh");
        const Result<Path> elsewhere = findProgram("env");
        qputenv("PATH", before);
        QVERIFY(found && *found == mine);
        QVERIFY(elsewhere);
        QCOMPARE(findProgram("no-such-program").error().code, ErrorCode::NotFound);
    }

    void aFolderIsNoProgram()
    {
        const test::TempTree tree;
        tree.folder("first/sh");
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", QByteArray::fromStdString((tree.path() / "first").native()) + ":/bin");
        const Result<Path> program = platform::findProgram("sh");
        qputenv("PATH", path);
        QVERIFY(program);
        QVERIFY(!std::filesystem::is_directory(*program));
    }
};

QTEST_GUILESS_MAIN(TestConfined)
#include "tst_confined.moc"
