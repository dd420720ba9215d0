// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/patience.h"

#include "sqlite/connection.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <semaphore>
#include <thread>

using namespace lk;
using namespace lk::sqlite;
using namespace std::chrono_literals;

class TestPatience : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    Path m_path;

    Result<Connection> connect() const
    {
        return Connection::open(m_path, {.mode = Mode::Scratch, .wait = std::chrono::milliseconds(0)});
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_path = m_tree.path() / "a.db";
        test::makeDatabase(m_path);
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void itWaitsAsLongAsItIsTold_data()
    {
        QTest::addColumn<int>("timeoutMs");
        QTest::newRow("not at all") << 0;
        QTest::newRow("less than the first pauses") << 2;
        QTest::newRow("some pauses") << 100;
        QTest::newRow("more than all pauses there are") << 450;
    }
    void itWaitsAsLongAsItIsTold()
    {
        QFETCH(int, timeoutMs);
        const test::HeldLock lock(m_path, test::Held::Exclusive);
        auto connection = connect();
        QVERIFY(connection);
        const Patience patience(*connection, std::chrono::milliseconds(timeoutMs));
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(connection->execute("BEGIN IMMEDIATE").error().code, ErrorCode::Busy);
        QVERIFY2(timer.elapsed() >= timeoutMs - 1, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(patience.locksMet(), std::uint64_t(1));
    }

    void aLockThatGoesIsWaitedForAndCounted()
    {
        std::binary_semaphore held(0);
        std::jthread holder([&] {
            auto other = connect();
            const bool locked = other && other->execute("BEGIN EXCLUSIVE");
            held.release();
            std::this_thread::sleep_for(30ms);
            QVERIFY(locked && other->execute("COMMIT"));
        });
        held.acquire();
        auto connection = connect();
        QVERIFY(connection);
        const Patience patience(*connection, 60s);
        QVERIFY(connection->execute("BEGIN IMMEDIATE; COMMIT"));
        QCOMPARE(patience.locksMet(), std::uint64_t(1));
        QVERIFY(connection->execute("BEGIN IMMEDIATE; COMMIT"));
        QCOMPARE(patience.locksMet(), std::uint64_t(1));
    }
};

QTEST_GUILESS_MAIN(TestPatience)
#include "tst_patience.moc"
