// SPDX-License-Identifier: GPL-3.0-or-later
// One of Litekeeper's processes at a time works on a file.
#include "operations/turn.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

#include <csignal>
#include <filesystem>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lk;
using namespace lk::operations;
using namespace lk::test;

class tst_Turn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_tree = std::make_unique<TempTree>();
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(m_tree->path().native()));
    }

    void theSecondOneWaitsThenSaysWhoIsAtWork()
    {
        const Result<Turn> first = Turn::take("/data/shop.db", m_context);
        QVERIFY(first);
        const Result<Turn> second = Turn::take("/data/shop.db", m_context);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Busy);
        QCOMPARE(second.error().reason, Reason::AnotherOperation);
        QCOMPARE(second.error().arguments.front(), "tst_turn (" + std::to_string(::getpid()) + ')');
    }

    void anotherFileIsFree()
    {
        const Result<Turn> first = Turn::take("/data/shop.db", m_context);
        QVERIFY(Turn::take("/data/shop2.db", m_context));
    }

    void itIsFreeAgainOnceTheHolderIsDone()
    {
        {
            const Result<Turn> first = Turn::take("/data/shop.db", m_context);
            QVERIFY(first);
        }
        QVERIFY(std::filesystem::is_empty(m_tree->path() / "litekeeper"));
        QVERIFY(Turn::take("/data/shop.db", m_context));
    }

    void aKilledHoldersTurnIsTakenOver()
    {
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            const Result<Turn> turn = Turn::take("/data/shop.db", m_context);
            ::write(ready[1], turn ? "y" : "n", 1) == 1 ? ::pause() : 0;
            ::_exit(0);
        }
        char answer = 0;
        QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
        QCOMPARE(answer, 'y');
        QVERIFY(!Turn::take("/data/shop.db", m_context));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]);
        ::close(ready[1]);
        QVERIFY(Turn::take("/data/shop.db", m_context));
    }

    void waitingCanBeStopped()
    {
        const Result<Turn> first = Turn::take("/data/shop.db", m_context);
        std::stop_source source;
        JobContext patient{source.get_token(), Progress::none(), std::chrono::hours(1)};
        std::jthread stopper([&] { source.request_stop(); });
        const Result<Turn> second = Turn::take("/data/shop.db", patient);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Cancelled);
    }

    void aFolderThatOthersMayWriteToIsNotUsed()
    {
        const Path folder = m_tree->path() / "litekeeper";
        std::filesystem::create_directory(folder);
        QCOMPARE(::chmod(folder.c_str(), 0777), 0);
        const Result<Path> locks = platform::lockFolder();
        QVERIFY(!locks);
        QCOMPARE(locks.error().code, ErrorCode::NoPermission);
    }

    void aLinkInTheLocksPlaceIsNotFollowed()
    {
        const Path victim = m_tree->file("victim.txt", "keep me");
        QVERIFY(platform::lockFolder());
        const Path name = m_tree->path() / "litekeeper" / "x.lock";
        std::filesystem::create_symlink(victim, name);
        QVERIFY(!platform::LockFile::take(name));
        QCOMPARE(std::filesystem::file_size(victim), std::uintmax_t(7));
    }

    void anOperationThatWritesIsRefusedWhileAnotherHasTheFile()
    {
        const Path shop = m_tree->path() / "shop.db";
        makeDatabase(shop);
        const Result<Turn> other = Turn::take(shop, m_context);
        const Report report = act(*find("journal"), {shop, {}}, {{"mode", "wal"}}, m_context);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->reason, Reason::AnotherOperation);
        QCOMPARE(act(*find("check"), {shop, {}}, {}, m_context).status, Status::Done);
    }

private:
    std::unique_ptr<TempTree> m_tree;
    JobContext m_context{{}, Progress::none(), std::chrono::milliseconds(0)};
};

QTEST_GUILESS_MAIN(tst_Turn)
#include "tst_turn.moc"
