// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/ownlocks.h"

#include "platform/processes.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

using namespace lk;
using namespace lk::sqlite;
using platform::FileReader;
using test::TempTree;

/// A POSIX lock, as a connection of ours holds it, must outlive every look at the file (safety.md, fact 6).
class TestOwnLocks : public QObject
{
    Q_OBJECT

    /// What SQLite does when it begins to write: a lock on a byte of the file, through a descriptor of its own.
    class Connection
    {
    public:
        explicit Connection(const Path &path)
            : m_fd(::open(path.c_str(), O_RDWR | O_CLOEXEC))
        {
            struct flock lock
            {
            };
            lock.l_type = F_WRLCK;
            lock.l_whence = SEEK_SET;
            lock.l_start = 1073741825;
            lock.l_len = 1;
            m_locked = ::fcntl(m_fd, F_SETLK, &lock) == 0;
        }
        ~Connection() { ::close(m_fd); }
        Connection(const Connection &) = delete;
        Connection &operator=(const Connection &) = delete;
        bool isLocked() const { return m_locked; }

    private:
        int m_fd;
        bool m_locked = false;
    };

    static bool isLocked(const platform::FileId &id) { return !platform::locksOn({id}).empty(); }

    static Result<void> read(const Path &path, const platform::FileId &id,
                             const std::function<void(const FileReader &)> &meanwhile = {}, bool identified = true)
    {
        const auto open = [&] { return FileReader::open(path); };
        const auto look = [&](const FileReader &reader) -> Result<void> {
            if (meanwhile)
                meanwhile(reader);
            return {};
        };
        const auto identify = [&]() -> Result<platform::FileId> { return id; };
        return identified ? OwnLocks::instance().read(id, open, look)
                          : OwnLocks::instance().readUnidentified(identify, open, look);
    }

    static void identifiedOrNot()
    {
        QTest::addColumn<bool>("identified");
        QTest::newRow("of a file whose identity is known") << true;
        QTest::newRow("of a file that has to be asked for") << false;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aPlainCloseDropsTheLock()
    {
        // The fact itself: without it this class would be for nothing.
        const TempTree tree;
        const Path path = tree.file("a.db", "x");
        const auto id = platform::status(path)->id;
        const Connection connection(path);
        QVERIFY(connection.isLocked() && isLocked(id));
        QVERIFY(FileReader::open(path));
        QVERIFY(!isLocked(id));
    }

    void aLookLeavesTheLock_data() { identifiedOrNot(); }

    void aLookLeavesTheLock()
    {
        QFETCH(bool, identified);
        const TempTree tree;
        const Path path = tree.file("a.db", "x");
        const auto id = platform::status(path)->id;
        const auto hold = OwnLocks::instance().hold(path);
        QVERIFY(hold);
        const Connection connection(path);
        const FileReader *seen = nullptr;
        QVERIFY(read(
            path, id, [&](const FileReader &reader) { seen = &reader; }, identified));
        QCOMPARE(seen, &hold->reader()); // no second descriptor at all
        QVERIFY(isLocked(id));
    }

    void aLookThatBeganBeforeLeavesTheLock_data() { identifiedOrNot(); }

    void aLookThatBeganBeforeLeavesTheLock()
    {
        QFETCH(bool, identified);
        const TempTree tree;
        const Path path = tree.file("a.db", "x");
        const auto id = platform::status(path)->id;
        OwnLocks::Hold hold;
        std::optional<Connection> connection;
        QVERIFY(read(
            path, id,
            [&](const FileReader &) {
                hold = std::move(*OwnLocks::instance().hold(path));
                connection.emplace(path);
            },
            identified));
        QVERIFY(isLocked(id));
    }

    void aLookThatEndsAfterTheHoldHarmsNobody()
    {
        const TempTree tree;
        const Path path = tree.file("a.db", "x");
        const auto id = platform::status(path)->id;
        auto first = OwnLocks::instance().hold(path);
        OwnLocks::Hold second;
        std::optional<Connection> connection;
        QVERIFY(read(path, id, [&](const FileReader &) {
            *first = OwnLocks::Hold(); // the first connection leaves, the next one comes
            second = std::move(*OwnLocks::instance().hold(path));
            connection.emplace(path);
        }));
        QVERIFY(isLocked(id));
    }

    void whatIsLetGoIsClosed()
    {
        const TempTree tree;
        const Path path = tree.file("a.db", "x");
        const auto id = platform::status(path)->id;
        const auto descriptors = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); };
        const auto before = descriptors();
        {
            OwnLocks::Hold hold;
            QVERIFY(read(path, id, [&](const FileReader &) { hold = std::move(*OwnLocks::instance().hold(path)); }));
            QVERIFY(OwnLocks::instance().holds(id));
        }
        QVERIFY(!OwnLocks::instance().holds(id));
        QCOMPARE(descriptors(), before);
    }

    void whatCantBeOpenedIsAnError()
    {
        const TempTree tree;
        QCOMPARE(OwnLocks::instance().hold(tree.path() / "no").error().code, ErrorCode::NotFound);
        QCOMPARE(read(tree.path() / "no", {}).error().code, ErrorCode::NotFound);
        tree.fifo("fifo");
        QCOMPARE(OwnLocks::instance().hold(tree.path() / "fifo").error().reason, Reason::NotARegularFile);
    }

    void aHoldDoesNotWaitForLooks()
    {
        const TempTree tree;
        const Path path = tree.file("a.db", "x");
        const Path other = tree.file("b.db", "x");
        const auto id = platform::status(path)->id;
        std::atomic<bool> done = false;
        std::thread reader;
        // While one look takes its time (a cold disk, a dead mount), any file can come to be held.
        std::atomic<bool> looking = false;
        reader = std::thread([&] {
            (void)read(path, id, [&](const FileReader &) {
                looking = true;
                looking.notify_all();
                done.wait(false);
            });
        });
        looking.wait(false);
        const auto hold = OwnLocks::instance().hold(other);
        const auto same = OwnLocks::instance().hold(path);
        done = true;
        done.notify_all();
        reader.join();
        QVERIFY(hold);
        QVERIFY(same);
    }
};

QTEST_GUILESS_MAIN(TestOwnLocks)
#include "tst_ownlocks.moc"
