// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/walindex.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <cstring>

using namespace lk;
using namespace lk::sqlite;

class TestWalIndex : public QObject
{
    Q_OBJECT

    static Bytes bytesOf(const std::string &text) { return std::as_bytes(std::span(text)); }

    static void put32(std::string &bytes, std::size_t at, std::uint32_t value)
    {
        std::memcpy(bytes.data() + at, &value, sizeof value);
    }

    /// Both copies of a header that says 4096 bytes a page, frame 7, 9 pages; nothing in it is checked by checksum.
    static std::string index()
    {
        std::string bytes(WalIndex::Size, '\0');
        for (const std::size_t copy : {0, 48}) {
            put32(bytes, copy, 3007000);
            bytes[copy + 12] = 1;
            const std::uint16_t pageSize = 4096;
            std::memcpy(bytes.data() + copy + 14, &pageSize, 2);
            put32(bytes, copy + 16, 7);
            put32(bytes, copy + 20, 9);
        }
        for (std::size_t i = 0; i < WalIndex::ReadMarks; ++i)
            put32(bytes, 100 + 4 * i, 0xffffffff);
        return bytes;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void fieldsAreReadInThisMachinesOrder()
    {
        std::string bytes = index();
        put32(bytes, 96, 5);
        put32(bytes, 100, 0);
        put32(bytes, 104, 6);
        const auto parsed = parseWalIndex(bytesOf(bytes));
        QVERIFY(parsed && parsed->initialised && parsed->copiesAgree);
        QCOMPARE(parsed->pageSize, 4096u);
        QCOMPARE(parsed->maxFrame, 7u);
        QCOMPARE(parsed->pageCount, 9u);
        QCOMPARE(parsed->backfilled, 5u);
        QCOMPARE(parsed->notBackfilled(), 2u);
        QCOMPARE(parsed->readMarks[0], std::optional(0u));
        QCOMPARE(parsed->readMarks[1], std::optional(6u));
        QVERIFY(!parsed->readMarks[2]);
    }

    void oddOnes_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("byte");
        QTest::addColumn<bool>("agrees");
        QTest::addColumn<quint32>("pageSize");
        QTest::newRow("a writer is between the two copies") << 16 + 48 << 8 << false << 4096u;
        QTest::newRow("the checksums are part of the copies") << 40 << 1 << false << 4096u;
        QTest::newRow("what lies behind them is not") << 96 << 1 << true << 4096u;
    }
    void oddOnes()
    {
        QFETCH(int, at);
        QFETCH(int, byte);
        QFETCH(bool, agrees);
        QFETCH(quint32, pageSize);
        std::string bytes = index();
        bytes[std::size_t(at)] = char(byte);
        const auto parsed = parseWalIndex(bytesOf(bytes));
        QVERIFY(parsed);
        QCOMPARE(parsed->copiesAgree, agrees);
        QCOMPARE(parsed->pageSize, pageSize);
    }

    void sixtyFourKilobytesAreStoredAsOne()
    {
        std::string bytes = index();
        const std::uint16_t one = 1;
        std::memcpy(bytes.data() + 14, &one, 2);
        QCOMPARE(parseWalIndex(bytesOf(bytes))->pageSize, 65536u);
    }

    void moreBackfilledThanThereIsCountsAsAll()
    {
        std::string bytes = index();
        put32(bytes, 96, 99);
        QCOMPARE(parseWalIndex(bytesOf(bytes))->notBackfilled(), 0u);
    }

    void whatIsNoIndex()
    {
        QCOMPARE(parseWalIndex(bytesOf(index().substr(0, WalIndex::Size - 1))).error().code, ErrorCode::Damaged);
        QCOMPARE(parseWalIndex({}).error().code, ErrorCode::Damaged);
        QCOMPARE(parseWalIndex(bytesOf(std::string(WalIndex::Size, 'x'))).error().code, ErrorCode::NotADatabase);
    }

    /// What SQLite itself says of the same moment: PRAGMA wal_checkpoint answers busy, frames, frames moved.
    void itSaysWhatSqliteSays()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal"});
        test::HeldLock other(path, test::Held::Idle);
        other.run("PRAGMA wal_autocheckpoint=0");
        other.run("UPDATE t SET k = k || 'x'");
        const auto read = [&] {
            const std::string shm = test::readFile(test::withSuffix(path, "-shm"));
            return *parseWalIndex(bytesOf(shm));
        };
        const WalIndex before = read();
        QVERIFY(before.maxFrame > 0);
        QCOMPARE(before.backfilled, 0u);
        QCOMPARE(before.pageSize, 4096u);
        QCOMPARE(std::to_string(before.pageCount), other.run("PRAGMA page_count"));
        QCOMPARE(other.run("PRAGMA wal_checkpoint"), std::string("0"));
        QCOMPARE(read().maxFrame, before.maxFrame);
        QCOMPARE(read().backfilled, before.maxFrame);

        const std::string wal = test::readFile(test::withSuffix(path, "-wal"));
        QCOMPARE(before.salt1, u32(bytesOf(wal), 16));
        QCOMPARE(before.salt2, u32(bytesOf(wal), 20));
    }
};

QTEST_GUILESS_MAIN(TestWalIndex)
#include "tst_walindex.moc"
