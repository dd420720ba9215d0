// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/safefile.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <sqlite3.h>

#include <atomic>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace lk;
using namespace lk::platform;
using lk::test::TempTree;

class TestSafeFile : public QObject
{
    Q_OBJECT

    static FileStatus like(std::uint32_t mode)
    {
        FileStatus status;
        status.mode = mode;
        status.owner = ::geteuid();
        status.group = ::getegid();
        return status;
    }

    static std::uint32_t modeOf(const Path &path) { return platform::status(path)->mode & 07777; }
    static bool exists(const Path &path) { return std::filesystem::exists(std::filesystem::symlink_status(path)); }
    static std::size_t filesIn(const Path &folder)
    {
        return std::size_t(std::distance(std::filesystem::directory_iterator(folder), {}));
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void hasItsNameOnlyWhenPublished()
    {
        const TempTree tree;
        const Path target = tree.path() / "copy.db";
        auto file = PartialFile::create(target, like(0640));
        QVERIFY(file);
        QVERIFY(!exists(target));
        QCOMPARE(file->path(), Path(target.native() + ".partial"));
        test::writeFile(file->path(), "content");
        QVERIFY(file->publish());
        QVERIFY(!exists(target.native() + ".partial"));
        QCOMPARE(test::readFile(target), std::string("content"));
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    void leavesNothingIfItIsNotPublished()
    {
        const TempTree tree;
        {
            auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
            QVERIFY(file);
            for (const char *suffix : {"-journal", "-wal", "-shm"})
                test::writeFile(test::withSuffix(file->path(), suffix), "of SQLite's");
        }
        QCOMPARE(filesIn(tree.path()), std::size_t(0));
    }

    void mode_data()
    {
        QTest::addColumn<uint>("source");
        QTest::addColumn<uint>("partial");
        QTest::addColumn<uint>("published");

        QTest::newRow("a private file is private from its first byte") << 0100600u << 0600u << 0600u;
        QTest::newRow("the umask takes nothing away") << 0100666u << 0666u << 0666u;
        QTest::newRow("what nobody may write is writable for us until it is whole") << 0100444u << 0644u << 0444u;
        QTest::newRow("what even its owner may not read") << 0100000u << 0600u << 0000u;
        QTest::newRow("set-user-id is not copied") << 0106755u << 0755u << 0755u;
    }
    void mode()
    {
        QFETCH(uint, source);
        QFETCH(uint, partial);
        QFETCH(uint, published);
        const TempTree tree;
        const mode_t before = ::umask(027);
        auto file = PartialFile::create(tree.path() / "copy.db", like(source));
        ::umask(before);
        QVERIFY(file);
        QCOMPARE(modeOf(file->path()), partial);
        QVERIFY(file->publish());
        QCOMPARE(modeOf(tree.path() / "copy.db"), published);
    }

    void ownerIsKeptWherePermitted()
    {
        if (::geteuid() != 0)
            QSKIP("NOT TESTED: only root can give files away");
        const TempTree tree;
        FileStatus other = like(0640);
        other.owner = 12345;
        other.group = 23456;
        auto file = PartialFile::create(tree.path() / "copy.db", other);
        QVERIFY(file);
        QVERIFY(file->ownerKept());
        QCOMPARE(platform::status(file->path())->owner, 12345u);
        QCOMPARE(platform::status(file->path())->group, 23456u);
    }

    void rightsOfAGroupThatCantBeKeptAreNotGivenToAnother()
    {
        if (::geteuid() != 0)
            QSKIP("NOT TESTED: only root can become somebody who may not give files away");
        const TempTree tree;
        const Path folder = tree.folder("open");
        ::chmod(tree.path().c_str(), 0777);
        ::chmod(folder.c_str(), 0777);
        FileStatus other = like(0664); // the group may write it, others may only read
        other.owner = 12345;
        other.group = 23456;
        QVERIFY(::setegid(65534) == 0 && ::seteuid(65534) == 0);
        auto file = PartialFile::create(folder / "copy.db", other);
        const bool created = file.has_value();
        const std::uint32_t mode = created ? modeOf(file->path()) : 0;
        const bool kept = created && file->ownerKept();
        QVERIFY(::seteuid(0) == 0 && ::setegid(0) == 0);
        QVERIFY(created);
        QVERIFY(!kept);
        QCOMPARE(mode, 0644u);
    }

    void targetIsTaken_data()
    {
        QTest::addColumn<QByteArray>("suffix");
        QTest::addColumn<bool>("isLink");

        QTest::newRow("by a file") << QByteArray() << false;
        QTest::newRow("by a link to nowhere") << QByteArray() << true;
        QTest::newRow("by a -wal that would be played into it") << QByteArray("-wal") << false;
        QTest::newRow("by a -journal that would be played into it") << QByteArray("-journal") << false;
    }
    void targetIsTaken()
    {
        QFETCH(QByteArray, suffix);
        QFETCH(bool, isLink);
        const TempTree tree;
        const std::string name = "copy.db" + suffix.toStdString();
        if (isLink)
            tree.link(name, "/nowhere/at/all");
        else
            tree.file(name, "somebody's");
        const auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Refused);
        QCOMPARE(file.error().reason, Reason::TargetExists);
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    void aTargetThatCameToBeIsNotReplaced()
    {
        const TempTree tree;
        {
            auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
            QVERIFY(file);
            tree.file("copy.db", "somebody's");
            const auto published = file->publish();
            QVERIFY(!published);
            QCOMPARE(published.error().reason, Reason::TargetExists);
        }
        QCOMPARE(test::readFile(tree.path() / "copy.db"), std::string("somebody's"));
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    /// Whoever has the name first keeps it, also if he comes between our last look and the renaming.
    void inARaceForTheNameNobodyIsReplaced()
    {
        for (int round = 0; round < 100; ++round) {
            const TempTree tree;
            const Path target = tree.path() / "copy.db";
            auto file = PartialFile::create(target, like(0600));
            QVERIFY(file);
            std::atomic<bool> begun = false;
            bool isOthers = false;
            std::jthread other([&] {
                begun = true;
                const int fd = ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
                isOthers = fd >= 0 && ::write(fd, "other", 5) == 5;
                ::close(fd);
            });
            while (!begun)
                std::this_thread::yield();
            const bool isOurs = file->publish().has_value();
            other.join();
            QVERIFY(isOurs != isOthers);
            QCOMPARE(test::readFile(target), std::string(isOurs ? "" : "other"));
        }
    }

    void aFolderThatIsNotThere()
    {
        const TempTree tree;
        const auto file = PartialFile::create(tree.path() / "no" / "copy.db", like(0600));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::NotFound);
        QCOMPARE(file.error().reason, Reason::TargetFolderMissing);
    }

    void aFolderByAnotherName()
    {
        const TempTree tree;
        tree.folder("real");
        tree.link("alias", "real");
        auto file = PartialFile::create(tree.path() / "alias" / "copy.db", like(0600));
        QVERIFY(file);
        QCOMPARE(file->path(), tree.path() / "real" / "copy.db.partial");
        QVERIFY(file->publish());
    }

    void aNameTooLongForItsSuffix()
    {
        const TempTree tree;
        const auto file = PartialFile::create(tree.path() / std::string(250, 'n'), like(0600));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Unsupported);
    }

    void whatAKilledRunLeftIsReplaced()
    {
        const TempTree tree;
        tree.file("copy.db.partial", "half");
        tree.file("copy.db.partial-journal", "half of a journal");
        auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(file);
        QCOMPARE(test::readFile(file->path()), std::string());
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    void whatIsBeingWrittenIsNot()
    {
        const TempTree tree;
        const auto first = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(first);
        const auto second = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Busy);
        QCOMPARE(removeLeftovers(tree.path(), [](std::string_view) { return true; }), std::size_t(0));
        QVERIFY(exists(first->path()));
    }

    void whatAnotherRunIsWritingIsNot()
    {
        const TempTree tree;
        const Path other = tree.file("copy.db.partial", "half");
        const int fd = ::open(other.c_str(), O_RDWR | O_CLOEXEC); // a lock of this kind is the descriptor's
        QVERIFY(::flock(fd, LOCK_EX | LOCK_NB) == 0);
        QCOMPARE(PartialFile::create(tree.path() / "copy.db", like(0600)).error().code, ErrorCode::Busy);
        QCOMPARE(removeLeftovers(tree.path(), [](std::string_view) { return true; }), std::size_t(0));
        ::close(fd);
        QVERIFY(PartialFile::create(tree.path() / "copy.db", like(0600)));
    }

    void whatIsNoFileIsNotReplaced()
    {
        const TempTree tree;
        const Path precious = tree.file("precious", "kept");
        tree.link("copy.db.partial", precious);
        tree.fifo("pipe.db.partial"); // to open it would hang
        QCOMPARE(PartialFile::create(tree.path() / "copy.db", like(0600)).error().code, ErrorCode::Busy);
        QCOMPARE(PartialFile::create(tree.path() / "pipe.db", like(0600)).error().code, ErrorCode::Busy);
        QCOMPARE(test::readFile(precious), std::string("kept"));
        QCOMPARE(filesIn(tree.path()), std::size_t(3));
    }

    void onlyOneOfManyThreadsGetsIt()
    {
        const TempTree tree;
        std::atomic<int> published = 0;
        std::atomic<int> waiting = 8;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 8; ++i) {
                threads.emplace_back([&] {
                    --waiting;
                    while (waiting > 0)
                        std::this_thread::yield();
                    auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
                    if (file && file->publish())
                        ++published;
                });
            }
        }
        QCOMPARE(published.load(), 1);
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    void contentThatIsStillInASiblingIsNotPublished()
    {
        const TempTree tree;
        auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(file);
        test::writeFile(test::withSuffix(file->path(), "-wal"), "frames");
        QCOMPARE(file->publish().error().code, ErrorCode::Internal);
        QVERIFY(!exists(tree.path() / "copy.db"));
    }

    void aReplacedPartialIsNotPublished()
    {
        const TempTree tree;
        auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(file);
        std::filesystem::remove(file->path());
        test::writeFile(file->path(), "somebody's");
        QCOMPARE(file->publish().error().code, ErrorCode::Changed);
        QVERIFY(!exists(tree.path() / "copy.db"));
    }

    void syncDropsNoLockOfSqlites()
    {
        const TempTree tree;
        auto file = PartialFile::create(tree.path() / "copy.db", like(0600));
        QVERIFY(file);
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open(file->path().c_str(), &database), SQLITE_OK);
        const auto run = [&](const char *sql) { return sqlite3_exec(database, sql, nullptr, nullptr, nullptr); };
        QCOMPARE(run("CREATE TABLE t(a); BEGIN IMMEDIATE; INSERT INTO t VALUES(1)"), SQLITE_OK);
        QVERIFY(file->sync());
        (void)removeLeftovers(tree.path(), [](std::string_view) { return true; });
        (void)PartialFile::create(tree.path() / "copy.db", like(0600));
        {
            test::HeldLock other(file->path(), test::Held::Idle);
            QVERIFY_THROWS_EXCEPTION(std::runtime_error, other.run("BEGIN IMMEDIATE"));
        }
        QCOMPARE(run("COMMIT"), SQLITE_OK);
        sqlite3_close(database);
        QVERIFY(file->publish());
        QCOMPARE(test::queryCopy(tree.path() / "copy.db", "SELECT count(*) FROM t"), std::string("1"));
    }

    void leftoversGoOnlyIfTheyAreOurs()
    {
        const TempTree tree;
        tree.file("a.db.partial", "half");
        tree.file("a.db.partial-wal", "half");
        tree.file("film.partial", "a download");
        tree.file("a.db", "a backup");
        const auto removed = removeLeftovers(tree.path(), [](std::string_view name) { return name == "a.db"; });
        QCOMPARE(removed, std::size_t(1));
        QCOMPARE(filesIn(tree.path()), std::size_t(2));
        QVERIFY(exists(tree.path() / "film.partial"));
    }

    void aSmallFileIsWrittenWhole()
    {
        const TempTree tree;
        const Path path = tree.path() / "note.json";
        QVERIFY(writeWhole(path, "first", 0600));
        QCOMPARE(test::readFile(path), std::string("first"));
        QCOMPARE(modeOf(path), 0600u);
        QVERIFY(writeWhole(path, "second", 0644));
        QCOMPARE(test::readFile(path), std::string("second"));
        QCOMPARE(modeOf(path), 0644u);
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    void aSmallFileThatFindsNoRoomLeavesTheOldOne()
    {
        const TempTree tree;
        const Path path = tree.file("note.json", "old");
        rlimit before{};
        QVERIFY(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        const auto onSignal = ::signal(SIGXFSZ, SIG_IGN); // so that write() says it, as it does of a full disk
        const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
        QVERIFY(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        const auto written = writeWhole(path, std::string(5000, 'x'), 0600);
        ::setrlimit(RLIMIT_FSIZE, &before);
        ::signal(SIGXFSZ, onSignal);
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::NoSpace);
        QCOMPARE(test::readFile(path), std::string("old"));
        QCOMPARE(filesIn(tree.path()), std::size_t(1));
    }

    void aSmallFileReplacesALinkNotWhatItMeans()
    {
        const TempTree tree;
        const Path precious = tree.file("precious", "kept");
        tree.link("note.json", precious);
        QVERIFY(writeWhole(tree.path() / "note.json", "new", 0600));
        QCOMPARE(test::readFile(precious), std::string("kept"));
        QVERIFY(!std::filesystem::is_symlink(tree.path() / "note.json"));
    }
};

QTEST_GUILESS_MAIN(TestSafeFile)
#include "tst_safefile.moc"
