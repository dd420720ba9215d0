// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/pages.h"
#include "sqlite/header.h"
#include "sqlite/pages.h"
#include "support/dbbuilder.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace lk;
using namespace lk::sqlite;
using inspect::PageKind;
using inspect::Pages;

static std::vector<std::byte> bytesOf(std::initializer_list<unsigned> values, std::size_t size)
{
    std::vector<std::byte> bytes(size);
    std::ranges::transform(values, bytes.begin(), [](unsigned value) { return static_cast<std::byte>(value); });
    return bytes;
}

/// Pages by their bytes, and the reader that finds their kinds in a file.
class tst_Pages : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    Path path(const char *name) const { return Path(m_folder.path().toStdString()) / name; }
    static std::ptrdiff_t count(const Pages &pages, PageKind kind)
    {
        return std::ranges::count(pages.pages, kind, &inspect::PageFacts::kind);
    }

private Q_SLOTS:
    void theHeaderOfABtreePage()
    {
        const auto page = parseBtreePage(bytesOf({5, 0, 7, 1, 2, 0x0F, 0xFF, 9, 0, 0, 1, 0x2C}, BtreePage::Size));
        QVERIFY(page.has_value());
        QCOMPARE(page->type, BtreeType::InteriorTable);
        QCOMPARE(page->firstFreeblock, 7);
        QCOMPARE(page->cells, 258);
        QCOMPARE(page->contentStart, 4095u);
        QCOMPARE(page->fragmentedBytes, 9);
        QCOMPARE(page->rightmostChild, 300u);
    }
    void aLeafHasNoChildren()
    {
        const auto page = parseBtreePage(bytesOf({13, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, BtreePage::Size));
        QCOMPARE(page->rightmostChild, 0u);
        QCOMPARE(page->contentStart, 65536u); // stored as 0
    }
    void onlyFourFirstBytesMeanABtree()
    {
        for (unsigned first = 0; first < 256; ++first) {
            const bool tree = first == 2 || first == 5 || first == 10 || first == 13;
            QCOMPARE(parseBtreePage(bytesOf({first}, BtreePage::Size)).has_value(), tree);
        }
        QVERIFY(!parseBtreePage(bytesOf({13}, BtreePage::Size - 1)));
    }
    void aTrunkNamesNoMoreLeavesThanFit()
    {
        const auto trunk = parseFreelistTrunk(bytesOf({0, 0, 0, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 4}, 16));
        QCOMPARE(trunk->next, 9u);
        QCOMPARE(trunk->leaves, (std::vector<std::uint32_t>{4, 0}));
        QVERIFY(!parseFreelistTrunk(bytesOf({}, 7)));
    }
    void pointerMapsStandAtRegularPlaces_data()
    {
        QTest::addColumn<quint32>("page");
        QTest::addColumn<bool>("expected");

        QTest::newRow("never the first page") << 1u << false;
        QTest::newRow("always the second") << 2u << true;
        QTest::newRow("then content") << 3u << false;
        QTest::newRow("512 / 5 + 1 pages on") << 105u << true;
        QTest::newRow("not the one before it") << 104u << false;
    }
    void pointerMapsStandAtRegularPlaces()
    {
        QFETCH(quint32, page);
        QTEST(isPointerMapPage(page, 512, 512), "expected");
    }
    void theLocksPageIsNoPointerMap()
    {
        // With some reserved bytes a map would fall on the lock's page: it then stands behind it.
        int moved = 0;
        for (std::uint32_t size = 512; size <= 65536; size *= 2) {
            for (std::uint32_t usable = size - 255; usable <= size; ++usable) {
                const std::uint32_t lock = lockBytePage(size);
                QVERIFY(!isPointerMapPage(lock, usable, size));
                if ((lock - 2) % (usable / 5 + 1) == 0) {
                    QVERIFY(isPointerMapPage(lock + 1, usable, size));
                    ++moved;
                }
            }
        }
        QVERIFY(moved > 0);
    }
    void headerFieldsFollowEachOtherWithoutAGap()
    {
        std::size_t at = 0;
        for (const HeaderField &field : headerFields()) {
            QCOMPARE(std::size_t(field.offset), at);
            at += field.size;
        }
        QCOMPARE(at, Header::Size);
        QCOMPARE(headerFieldAt(0), std::optional<std::size_t>(0));
        QCOMPARE(headerFieldAt(99), std::optional<std::size_t>(headerFields().size() - 1));
        QVERIFY(!headerFieldAt(100));
    }
    void headerValuesHaveTheFieldsSize()
    {
        const std::vector<std::byte> header = bytesOf({1, 2, 3, 4, 5, 6, 7, 8}, 8);
        QCOMPARE(headerValue(header, {"one", 1, 1}), 2u);
        QCOMPARE(headerValue(header, {"two", 1, 2}), 0x0203u);
        QCOMPARE(headerValue(header, {"four", 1, 4}), 0x02030405u);
        QCOMPARE(headerValue(header, {"beyond", 5, 4}), 0u);
    }

    void everyPageOfADatabaseHasAKind()
    {
        const Path file = path("kinds.db");
        test::makeDatabase(file, {.pageSize = 512,
                                  .autoVacuum = "incremental",
                                  .rows = 400,
                                  .moreSql = "INSERT INTO t VALUES(100000, 'long', randomblob(5000));"
                                             "DELETE FROM t WHERE id BETWEEN 100 AND 300;"});
        const Result<Pages> pages = inspect::readPages(file, 1, 4000);
        QVERIFY(pages.has_value());
        QCOMPARE(pages->pageSize, 512u);
        QCOMPARE(std::uint64_t(pages->pageCount) * 512, std::filesystem::file_size(file));
        QCOMPARE(pages->pages.size(), std::size_t(pages->pageCount));
        QCOMPARE(pages->pages.at(1).kind, PageKind::PointerMap);
        const auto free = std::stoi(test::queryCopy(file, "PRAGMA freelist_count"));
        QVERIFY(free > 10);
        QCOMPARE(count(*pages, PageKind::FreeTrunk) + count(*pages, PageKind::FreeLeaf), free);
        QVERIFY(count(*pages, PageKind::Overflow) >= 9);
        QVERIFY(count(*pages, PageKind::LeafTable) > 10);
        QVERIFY(count(*pages, PageKind::InteriorTable) > 0);
        QVERIFY(count(*pages, PageKind::LeafIndex) > 0);
        QVERIFY(!pages->freelistCut);
    }
    void aRangeIsReadWithoutTheRest()
    {
        const Path file = path("range.db");
        test::makeDatabase(file, {.pageSize = 512, .rows = 400});
        const Result<Pages> pages = inspect::readPages(file, 10, 5);
        QCOMPARE(pages->pages.size(), 5u);
        QCOMPARE(pages->pages.front().number, 10u);
        QVERIFY(inspect::readPages(file, 1'000'000, 5)->pages.empty());
        QCOMPARE(inspect::readPages(file, 0, 1)->pages.front().number, 1u);
    }
    void aListOfFreePagesThatRunsInACircleEnds()
    {
        const Path file = path("circle.db");
        test::makeDatabase(file, {.pageSize = 512, .rows = 400, .moreSql = "DELETE FROM t;"});
        const std::string bytes = test::readFile(file);
        const auto trunk =
            static_cast<unsigned>((static_cast<unsigned char>(bytes[34]) << 8) | static_cast<unsigned char>(bytes[35]));
        test::patch(file, (trunk - 1) * 512, {0, 0, trunk >> 8, trunk & 0xFF});
        const Result<Pages> pages = inspect::readPages(file, 1, 4000);
        QVERIFY(pages.has_value());
        QVERIFY(pages->freelistCut);
    }
    void whatHasNoPagesHasAHeaderAtMost()
    {
        test::writeFile(path("letter.txt"), "Dear Anna");
        const Result<Pages> letter = inspect::readPages(path("letter.txt"), 1, 10);
        QCOMPARE(letter->header.size(), 9u);
        QVERIFY(letter->pages.empty());
        test::makeDatabase(path("odd.db"));
        test::patch(path("odd.db"), 16, {3, 9}); // no page size
        QVERIFY(inspect::readPages(path("odd.db"), 1, 10)->pages.empty());
    }
    void whatCannotBeReadIsAnError()
    {
        QCOMPARE(inspect::readPages(path("missing.db"), 1, 10).error().code, ErrorCode::NotFound);
        QCOMPARE(inspect::readPages(Path(m_folder.path().toStdString()), 1, 10).error().code, ErrorCode::Refused);
        test::makeDatabase(path("stopped.db"));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(inspect::readPages(path("stopped.db"), 1, 10, stop.get_token()).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(tst_Pages)
#include "tst_pages.moc"
