// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/heapbound.h"

#include "sqlite/connection.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace lk;
using namespace lk::sqlite;

class TestHeapBound : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    Path m_path;

    /// Needs 60 MB at once.
    Result<std::int64_t> askForMuch() const
    {
        auto connection = Connection::open(m_path);
        return connection ? connection->number("SELECT length(hex(zeroblob(20000000)))")
                          : std::unexpected(connection.error());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_path = m_tree.path() / "a.db";
        test::makeDatabase(m_path);
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void withoutOneThereIsNone() { QCOMPARE(askForMuch().value_or(0), std::int64_t(40000000)); }

    void beyondItIsTooExpensive()
    {
        const HeapBound bound(30 << 20);
        const auto much = askForMuch();
        QVERIFY(!much);
        QCOMPARE(much.error().code, ErrorCode::Unsupported);
        QCOMPARE(much.error().reason, Reason::TooExpensive);
    }

    void whatIsGivenBackMayBeTakenAgain()
    {
        const HeapBound bound(100 << 20);
        for (int i = 0; i < 5; ++i)
            QVERIFY(askForMuch());
    }

    void itEndsWithItsScope()
    {
        {
            const HeapBound bound(1 << 20);
            QVERIFY(!askForMuch());
        }
        QVERIFY(askForMuch());
    }

    void anInnerOneLeavesTheOuter()
    {
        const HeapBound outer(30 << 20);
        {
            const HeapBound inner(100 << 20);
            QVERIFY(askForMuch());
        }
        QVERIFY(!askForMuch());
    }

    void otherThreadsAreFree()
    {
        const HeapBound bound(1 << 20);
        bool works = false;
        std::thread([&] { works = askForMuch().has_value(); }).join();
        QVERIFY(works);
    }
};

QTEST_GUILESS_MAIN(TestHeapBound)
#include "tst_heapbound.moc"
