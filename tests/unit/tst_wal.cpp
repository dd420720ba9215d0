// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/wal.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

using namespace lk;
using namespace lk::sqlite;

static Bytes span(const std::string &bytes)
{
    return std::as_bytes(std::span(bytes));
}

static Result<WalSummary> summarize(const std::string &wal, std::size_t piece = 1 << 20)
{
    WalScanner scanner;
    for (std::size_t offset = 0; offset < wal.size(); offset += piece) {
        if (!scanner.feed(span(wal).subspan(offset, std::min(piece, wal.size() - offset))))
            break;
    }
    return scanner.finish(wal.size());
}

class TestWal : public QObject
{
    Q_OBJECT

    /// A -wal that SQLite wrote, with committed frames, and with a torn transaction behind them if \a torn.
    std::string crashedWal(int pageSize, bool torn)
    {
        const Path path = m_tree.path() / std::to_string(++m_count);
        test::makeCrashedWal(path, {.pageSize = pageSize}, 10, torn);
        return test::readFile(test::withSuffix(path, "-wal"));
    }

    test::TempTree m_tree;
    int m_count = 0;

private Q_SLOTS:
    void framesThatSqliteCommittedAreCounted_data()
    {
        QTest::addColumn<int>("pageSize");
        for (const int size : {512, 1024, 4096, 65536})
            QTest::addRow("page size %d", size) << size;
    }
    void framesThatSqliteCommittedAreCounted()
    {
        QFETCH(int, pageSize);
        const std::string wal = crashedWal(pageSize, false);
        const auto summary = summarize(wal);
        QVERIFY(summary);
        QCOMPARE(summary->pageSize, quint32(pageSize));
        QCOMPARE(summary->frames, quint32((wal.size() - 32) / (24 + pageSize)));
        QCOMPARE(summary->committedFrames, summary->frames);
        QVERIFY(summary->pages > 1);
    }

    void anUncommittedTailDoesNotCount()
    {
        const auto summary = summarize(crashedWal(4096, true));
        QVERIFY(summary);
        QVERIFY(summary->committedFrames > 0);
        QVERIFY(summary->committedFrames < summary->frames);
    }

    void piecesOfAnySizeGiveTheSame()
    {
        const std::string wal = crashedWal(1024, true);
        const auto whole = summarize(wal);
        for (const std::size_t piece : {1u, 31u, 33u, 1048u, 5000u})
            QVERIFY(*summarize(wal, piece) == *whole);
    }

    void aFlippedBitEndsWhatCounts()
    {
        std::string wal = crashedWal(4096, false);
        const auto before = summarize(wal);
        wal[32 + 24 + 100] = static_cast<char>(wal[32 + 24 + 100] ^ 1); // in the first frame's page
        const auto after = summarize(wal);
        QVERIFY(before->committedFrames > 0);
        QCOMPARE(after->committedFrames, 0u);
        QCOMPARE(after->frames, before->frames);
    }

    void framesOfAnEarlierRoundDoNotCount()
    {
        std::string wal = crashedWal(4096, false);
        wal[32 + 8] = static_cast<char>(wal[32 + 8] ^ 1); // the first frame's salt
        QCOMPARE(summarize(wal)->committedFrames, 0u);
    }

    void aHeaderWhoseChecksumIsOffCountsForNothing()
    {
        std::string wal = crashedWal(4096, false);
        wal[13] = static_cast<char>(wal[13] ^ 1);
        const auto summary = summarize(wal);
        QVERIFY(summary);
        QCOMPARE(summary->validFrames, 0u);
    }

    void otherFilesAreNotAWal_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("31 bytes") << QByteArray::fromHex("377f0682").leftJustified(31, '\0');
        QTest::newRow("zeros") << QByteArray(4096, '\0');
        QTest::newRow("text") << QByteArray(4096, 'x');
    }
    void otherFilesAreNotAWal()
    {
        QFETCH(QByteArray, bytes);
        const auto summary = summarize(bytes.toStdString());
        QVERIFY(!summary);
        QCOMPARE(summary.error().code, ErrorCode::NotADatabase);
    }

    void theFirstPageIsTheLastCommittedOne()
    {
        const Path path = m_tree.path() / "version";
        test::makeCrashedWal(path, {.journalMode = "wal", .userVersion = 77}, 3, false);
        const auto summary = summarize(test::readFile(test::withSuffix(path, "-wal")));
        QVERIFY(summary);
        if (!summary->firstPage.empty())
            QCOMPARE(u32(summary->firstPage, 60), 77u);
    }
};

QTEST_GUILESS_MAIN(TestWal)
#include "tst_wal.moc"
