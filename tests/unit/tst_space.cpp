// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/space.h"

#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray::fromStdString(expected))

using namespace lk;
using namespace lk::inspect;

class TestSpace : public QObject
{
    Q_OBJECT

    static Space measured(const Path &path)
    {
        auto space = measureSpace(path);
        if (!space)
            throw std::runtime_error("not measured: " + space.error().detail);
        return std::move(*space);
    }

    static const SpaceItem &item(const Space &space, std::string_view name)
    {
        const auto found = std::ranges::find(space.items, name, &SpaceItem::name);
        if (found == space.items.end())
            throw std::runtime_error("no " + std::string(name));
        return *found;
    }

    static std::string lines(const Space &space)
    {
        std::vector<std::string> lines;
        for (const SpaceItem &one : space.items)
            lines.push_back(one.name + ' ' + std::to_string(one.pages) + ' ' + std::to_string(one.bytes) + ' ' +
                            std::to_string(one.payload) + ' ' + std::to_string(one.unused) + '\n');
        std::ranges::sort(lines);
        std::string text;
        for (const std::string &line : lines)
            text += line;
        return text;
    }

    /// The same in SQLite's own words.
    static std::string sqliteSays(const Path &path)
    {
        return test::queryCopy(path,
                               "SELECT group_concat(line, '') FROM (SELECT name || ' ' || pageno || ' ' || pgsize "
                               "|| ' ' || payload || ' ' || unused || char(10) AS line FROM dbstat WHERE "
                               "aggregate = TRUE ORDER BY 1)");
    }

    /// Remembers what it was told.
    struct Recorder final : Progress
    {
        void report(const ProgressReport &report) override
        {
            fractions.push_back(report.fraction);
            if (stop.stop_possible())
                stop.request_stop();
        }
        std::vector<double> fractions;
        std::stop_source stop{std::nostopstate};
    };

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void itIsWhatSqliteSays_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"rollback", "clean WAL", "crashed WAL", "hot journal", "auto-vacuum", "512 byte pages",
                                 "64 KB pages", "with free pages", "small"})
            QTest::addRow("%s", kind) << QString::fromLatin1(kind);
    }
    void itIsWhatSqliteSays()
    {
        QFETCH(QString, kind);
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        const std::string more = "CREATE TABLE w(a TEXT PRIMARY KEY, b) WITHOUT ROWID; INSERT INTO w SELECT k || id, v "
                                 "FROM t; CREATE TABLE big(b); INSERT INTO big VALUES (zeroblob(100000)), (1)";
        test::DatabaseSpec spec{.rows = 3000, .moreSql = more};
        if (kind == u"clean WAL")
            spec.journalMode = "wal";
        else if (kind == u"auto-vacuum")
            spec.autoVacuum = "incremental";
        else if (kind == u"512 byte pages")
            spec.pageSize = 512;
        else if (kind == u"64 KB pages")
            spec.pageSize = 65536;
        else if (kind == u"with free pages")
            spec.moreSql += "; DELETE FROM t WHERE id > 500";
        else if (kind == u"small")
            spec.rows = 0;
        if (kind == u"crashed WAL")
            test::makeCrashedWal(path, spec, 500);
        else if (kind == u"hot journal")
            test::makeHotJournal(path, spec);
        else
            test::makeDatabase(path, spec);

        const test::TreeSnapshot before(tree.path());
        const Space space = measured(path);
        const std::string difference = before.difference(test::TreeSnapshot(tree.path()));
        QVERIFY2(difference.empty(), difference.c_str());
        QVERIFY2(!space.partial, space.why ? space.why->detail.c_str() : "");
        COMPARE_TEXT(lines(space), sqliteSays(path));
        QCOMPARE(std::to_string(space.pageCount), test::queryCopy(path, "PRAGMA page_count"));
        QCOMPARE(std::to_string(space.freelistPages), test::queryCopy(path, "PRAGMA freelist_count"));
        QVERIFY(std::ranges::is_sorted(space.items, std::greater(), &SpaceItem::pages));
        for (const char *table : {"t", "w", "big", "sqlite_schema"}) {
            if (kind == u"hot journal" && !item(space, table).rows)
                continue; // SQLite had undone it in its own cache
            COMPARE_TEXT(table + (' ' + std::to_string(item(space, table).rows.value_or(0))),
                         table + (' ' + test::queryCopy(path, "SELECT count(*) FROM " + std::string(table))));
        }
        QVERIFY(item(space, "t_k").index && !item(space, "t_k").rows && item(space, "t_k").table == "t");
    }

    void realFilesAreWhole()
    {
        LK_NEEDS_SHARED(real, "corpus/real");
        int compared = 0;
        for (const char *name : {"calibre-metadata", "chinook", "gpkg-10200", "sqlite-8192", "sqlite-512-seed",
                                 "apple-reserved-rtree", "anki-512"}) {
            for (const auto &entry : std::filesystem::directory_iterator(real / name)) {
                if (!entry.is_regular_file() || test::readFile(entry.path()).rfind("SQLite format 3", 0) != 0)
                    continue;
                const test::TempTree tree;
                const Path path = tree.path() / "a.db";
                std::filesystem::copy_file(entry.path(), path);
                const Space space = measured(path);
                QVERIFY2(!space.partial, (entry.path().native() + ": " + (space.why ? space.why->detail : "")).c_str());
                COMPARE_TEXT(lines(space), sqliteSays(path));
                ++compared;
            }
        }
        QVERIFY(compared >= 7);
    }

    /// SQLite says -8.
    void anEmptyPageOf64KilobytesIsUnused()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.pageSize = 65536, .rows = 0});
        QCOMPARE(item(measured(path), "t").unused, std::uint64_t(65528));
    }

    void whatIsBehindAVirtualTableIsFolded()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::runSql(path, "CREATE VIRTUAL TABLE docs USING fts4(a); INSERT INTO docs VALUES ('one two'); CREATE TABLE "
                           "dbstat(x); CREATE TABLE docs_notes(x)");
        const Space space = measured(path);
        QCOMPARE(item(space, "docs_segdir").table, std::string("docs"));
        QCOMPARE(item(space, "sqlite_autoindex_docs_segdir_1").table, std::string("docs"));
        QVERIFY(item(space, "sqlite_autoindex_docs_segdir_1").index);
        QCOMPARE(item(space, "docs_notes").table, std::string("docs_notes"));
        QCOMPARE(item(space, "dbstat").rows, std::optional(std::uint64_t(0))); // a table like any other
    }

    void damageLeavesTheRest()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.rows = 3000, .moreSql = "CREATE TABLE z AS SELECT * FROM t"});
        const auto root = std::stoull(test::queryCopy(path, "SELECT rootpage FROM sqlite_schema WHERE name = 't'"));
        const std::string whole = lines(measured(path));
        test::patch(path, (root - 1) * 4096 + 8, {0x7f, 0xff, 0xff, 0xff}); // its last child is nowhere
        const Space space = measured(path);
        QVERIFY(space.partial && space.why);
        QCOMPARE(space.why->code, ErrorCode::Damaged);
        QVERIFY(whole.find(lines({.items = {item(space, "z")}})) != std::string::npos);
        QVERIFY(whole.find(lines({.items = {item(space, "t_k")}})) != std::string::npos);
    }

    void aPageThatIsLostMakesItPartial()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.rows = 3000, .moreSql = "DELETE FROM t WHERE id > 500"});
        test::patch(path, 36, {0, 0, 0, 1}); // so many free pages there are not
        const Space space = measured(path);
        QVERIFY(space.partial);
        QCOMPARE(space.why->code, ErrorCode::Damaged);
    }

    /// dbstat would follow 200 × 200 × 200 × … pages, and hear of no stop.
    void pagesThatNameEachOtherAreNoEndlessWork()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path,
                           {.pageSize = 1024, .rows = 1, .moreSql = "CREATE TABLE z(a); INSERT INTO z VALUES (1)"});
        const auto root = std::stoull(test::queryCopy(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'z'"));
        const auto size = std::filesystem::file_size(path);
        // From the root on, each of eight pages holds 100 cells that lead to the next one.
        std::string content = test::readFile(path);
        const auto put32 = [](std::string &page, std::size_t at, std::uint64_t value) {
            for (int i = 0; i < 4; ++i)
                page[at + std::size_t(i)] = char(value >> (24 - 8 * i));
        };
        const std::uint64_t first = size / 1024 + 1;
        for (std::uint64_t level = 0; level < 8; ++level) {
            std::string page(1024, '\0');
            page[0] = 5;
            page[4] = 100;
            put32(page, 8, first + level);
            for (std::size_t i = 0; i < 100; ++i) {
                const std::size_t cell = 1024 - 5 * (i + 1);
                page[12 + 2 * i] = char(cell >> 8);
                page[13 + 2 * i] = char(cell);
                put32(page, cell, first + level);
                page[cell + 4] = char(i);
            }
            if (level == 0)
                content.replace((root - 1) * 1024, 1024, page);
            else
                content += page;
        }
        std::string leaf(1024, '\0');
        leaf[0] = 13;
        content += leaf;
        put32(content, 28, content.size() / 1024);
        test::writeFile(path, content);
        const Space space = measured(path); // else it would take years
        QVERIFY(space.partial && space.why);
    }

    void tablesThatShareAPageAreDamage()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path);
        test::runSql(path,
                     "PRAGMA writable_schema=on; INSERT INTO sqlite_schema SELECT type, 'other', 'other', rootpage, "
                     "'CREATE TABLE other(a)' FROM sqlite_schema WHERE name = 't'");
        const Space space = measured(path);
        QVERIFY(space.partial && space.why);
        QCOMPARE(space.why->code, ErrorCode::Damaged);
    }

    void progressGoesForwards()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.pageSize = 512, .rows = 5000});
        Recorder recorder;
        QVERIFY(measureSpace(path, {}, recorder));
        QVERIFY(recorder.fractions.size() > 5);
        QVERIFY(std::ranges::is_sorted(recorder.fractions));
        QVERIFY(recorder.fractions.front() > 0 && recorder.fractions.front() < 0.5);
        QVERIFY(recorder.fractions.back() > 0.8 && recorder.fractions.back() <= 1);
    }

    void aStopEndsIt()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.pageSize = 512, .rows = 5000});
        Recorder recorder;
        recorder.stop = std::stop_source();
        const auto stopped = measureSpace(path, recorder.stop.get_token(), recorder);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(recorder.fractions.size(), std::size_t(1)); // not one page more
    }

    void besideAWriterItSaysWhatItKnows()
    {
        const test::TempTree tree;
        const Path path = tree.path() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal", .rows = 2000});
        test::HeldLock writer(path, test::Held::Idle);
        writer.startWriting();
        for (int i = 0; i < 20; ++i) {
            const auto space = measureSpace(path);
            QVERIFY(space);
            if (space->partial)
                QCOMPARE(space->why->code, ErrorCode::Changed);
        }
        writer.stopWriting();
        QVERIFY(!measured(path).partial);
    }

    void whatIsNoDatabaseIsAnError()
    {
        const test::TempTree tree;
        QCOMPARE(measureSpace(tree.path() / "no").error().code, ErrorCode::NotFound);
        QCOMPARE(measureSpace(tree.file("text", "no database")).error().code, ErrorCode::NotADatabase);
    }
};

QTEST_GUILESS_MAIN(TestSpace)
#include "tst_space.moc"
