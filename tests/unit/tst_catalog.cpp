// SPDX-License-Identifier: GPL-3.0-or-later
// Litekeeper's own memory: it keeps what it is given, loses nothing to another process, and fails no work.
#include "catalog/overdue.h"
#include "catalog/restorable.h"
#include "catalog/scans.h"
#include "catalog/undo.h"
#include "inspect/gather.h"
#include "platform/filereader.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <filesystem>

#include <sys/resource.h>

using namespace lk;
using namespace lk::catalog;
using namespace lk::test;

static QString say(const operations::Operation &operation, const Path &, const operations::Report &)
{
    return QString::fromLatin1(operation.id) + QStringLiteral(" said");
}

static Entry entryFor(const Path &path, const std::string &operation = "check")
{
    return {.path = path, .operation = operation, .startedNs = 1'000, .endedNs = 2'000};
}

static Result<std::vector<Entry>> all(Memory &memory, const Wanted &wanted = {})
{
    return memory.ask<std::vector<Entry>>([&](Database &database) { return entries(database, wanted); });
}

static void keepOne(Memory &memory, const Entry &entry)
{
    memory.write([entry](Database &database) -> Result<void> {
        const auto id = catalog::add(database, entry);
        return id ? Result<void>() : std::unexpected(id.error());
    });
}

/// What a process of its own does: add \a count entries to the catalogue \a file; 0 if all were kept.
static int addMany(const char *file, const char *count, const char *mostBytes)
{
    if (const auto most = std::strtoull(mostBytes, nullptr, 10)) {
        std::signal(SIGXFSZ, SIG_IGN); // so that writing fails, as on a full disk
        const rlimit limit{most, most};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    Memory memory(Path(file), say);
    for (int i = 0; i < std::atoi(count); ++i)
        keepOne(memory, entryFor("/data/" + std::to_string(i)));
    memory.finish();
    return static_cast<int>(memory.notices().size());
}

class CatalogTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;
    Path m_file;
    operations::JobContext m_context{.stop = {}, .progress = Progress::none()};

    std::unique_ptr<QProcess> adder(int count, std::uint64_t mostBytes = 0) const
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process->start(QCoreApplication::applicationFilePath(),
                       {QStringLiteral("--add"), QFile::decodeName(m_file.c_str()), QString::number(count),
                        QString::number(mostBytes)});
        return process;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<TempTree>();
        m_file = m_tree->path() / "share/litekeeper/catalogue.sqlite";
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(m_tree->path().native()));
    }

    // The file ---------------------------------------------------------------------------------------------------

    void nobodyElseMayRead()
    {
        Memory memory(m_file, say);
        keepOne(memory, entryFor("/a"));
        memory.finish();
        QCOMPARE(platform::status(m_file)->mode & 0777, 0600u);
        QCOMPARE(platform::status(m_file.native() + "-wal")->mode & 0777, 0600u);
        QCOMPARE(platform::status(m_file.parent_path())->mode & 0777, 0700u);
        QVERIFY(memory.notices().empty());
    }

    void nothingIsMadeBeforeItIsNeeded()
    {
        const Memory memory(m_file, say);
        QVERIFY(!std::filesystem::exists(m_file.parent_path()));
    }

    void withoutAPlaceNothingIsKept()
    {
        Memory memory(std::nullopt, say);
        keepOne(memory, entryFor("/a"));
        const auto entries = all(memory);
        QVERIFY(entries);
        QVERIFY(entries->empty());
        QVERIFY(memory.notices().empty());
    }

    void aVariableTurnsItOff_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("on");

        QTest::newRow("set") << QByteArray("1") << false;
        QTest::newRow("empty") << QByteArray("") << true;
        QTest::newRow("zero") << QByteArray("0") << true;
    }
    void aVariableTurnsItOff()
    {
        QFETCH(QByteArray, value);
        QFETCH(bool, on);
        qputenv("LITEKEEPER_NO_MEMORY", value);
        qputenv("XDG_DATA_HOME", "/data");
        QCOMPARE(Memory::place().has_value(), on);
        if (on)
            QCOMPARE(*Memory::place(), Path("/data/litekeeper/catalogue.sqlite"));
    }

    void thereIsOneSqliteInTheProcess()
    {
        Memory memory(m_file, say);
        const auto id = memory.ask<std::string>([](Database &database) -> Result<std::string> {
            std::string text;
            const auto asked =
                database.run("SELECT sqlite_source_id()", {}, [&](const Row &row) { text = row.text(0); });
            return asked ? Result<std::string>(text) : std::unexpected(asked.error());
        });
        QVERIFY(id && !id->empty());
        QFile maps(QStringLiteral("/proc/self/maps"));
        if (!maps.open(QIODevice::ReadOnly))
            QSKIP("there is no /proc");
        static const QRegularExpression library(QStringLiteral("/\\S*libsqlite3\\S*"));
        QSet<QString> loaded;
        for (auto match = library.globalMatch(QString::fromLocal8Bit(maps.readAll())); match.hasNext();)
            loaded.insert(match.next().captured());
        QVERIFY2(loaded.size() == 1, qPrintable(QStringList(loaded.values()).join(u' ')));
    }

    /// A scan looks at the catalogue as at any file; closing it must not drop the locks of our connection, or others
    /// would take it for gone, and leave WAL mode.
    void lookingAtItDropsNoLock()
    {
        Memory memory(m_file, say);
        keepOne(memory, entryFor("/a"));
        memory.finish();
        HeldLock other(m_file, Held::Idle);
        QVERIFY(sqlite::glance(m_file));
        std::string said;
        try {
            said = other.run("PRAGMA journal_mode=delete");
        } catch (const std::exception &refused) {
            said = refused.what();
        }
        QVERIFY2(said.find("database is locked") != std::string::npos, said.c_str());
        keepOne(memory, entryFor("/b"));
        QCOMPARE(all(memory)->size(), 2u);
    }

    // Several at once --------------------------------------------------------------------------------------------

    void noneIsLostAmongManyProcesses()
    {
        static constexpr int Processes = 6;
        static constexpr int Each = 40;
        std::vector<std::unique_ptr<QProcess>> running;
        for (int i = 0; i < Processes; ++i)
            running.push_back(adder(Each));
        for (const auto &process : running) {
            QVERIFY(process->waitForFinished(120'000));
            QCOMPARE(process->exitCode(), 0);
        }
        Memory memory(m_file, say);
        const auto entries = all(memory);
        QVERIFY(entries);
        QCOMPARE(entries->size(), std::size_t(Processes * Each));
    }

    void aKilledProcessLeavesAWholeCatalogue()
    {
        for (int round = 0; round < 3; ++round) {
            const auto process = adder(100'000);
            QVERIFY(process->waitForStarted());
            QTRY_VERIFY(std::filesystem::exists(m_file.native() + "-wal"));
            process->kill();
            process->waitForFinished();
        }
        Memory memory(m_file, say);
        keepOne(memory, entryFor("/after"));
        const auto entries = all(memory);
        QVERIFY(entries);
        QCOMPARE(entries->front().path, Path("/after"));
        QVERIFY(memory.notices().empty());
    }

    // What can't be used -----------------------------------------------------------------------------------------

    void whatCantBeUsedIsSetAside_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<int>("kind");

        QTest::newRow("noise") << QStringLiteral("noise") << int(Notice::Damaged);
        QTest::newRow("cut off") << QStringLiteral("cut") << int(Notice::Damaged);
        QTest::newRow("noise in its midst") << QStringLiteral("midst") << int(Notice::Damaged);
        QTest::newRow("of a newer version") << QStringLiteral("newer") << int(Notice::Newer);
        QTest::newRow("another program's") << QStringLiteral("other") << int(Notice::NotOurs);
    }
    void whatCantBeUsedIsSetAside()
    {
        QFETCH(QString, how);
        QFETCH(int, kind);
        {
            Memory memory(m_file, say);
            for (int i = 0; i < 200; ++i)
                keepOne(memory, entryFor("/data/" + std::to_string(i)));
        }
        if (how == u"noise") {
            writeFile(m_file, std::string(5000, '#'));
        } else if (how == u"cut") {
            cutTo(m_file, 4096 * 3 + 17);
        } else if (how == u"midst") {
            const std::string whole = readFile(m_file);
            writeFile(m_file, whole.substr(0, 4096) + std::string(whole.size() - 4096, '#'));
        } else if (how == u"newer") {
            runSql(m_file, "PRAGMA user_version=1000");
        } else {
            std::filesystem::remove(m_file);
            makeDatabase(m_file);
        }
        const std::string old = readFile(m_file);
        writeFile(m_file.native() + "-journal", "");

        Memory memory(m_file, say);
        keepOne(memory, entryFor("/new"));
        const auto entries = all(memory);
        QVERIFY(entries);
        QCOMPARE(entries->size(), 1u);
        const std::vector<Notice> notices = memory.notices();
        QCOMPARE(notices.size(), 1u);
        QCOMPARE(int(notices.front().kind), kind);
        QVERIFY(notices.front().path.filename().native().starts_with("catalogue-set-aside-"));
        QCOMPARE(readFile(notices.front().path), old);
    }

    void anEmptyFileIsANewCatalogue()
    {
        std::filesystem::create_directories(m_file.parent_path());
        writeFile(m_file, "");
        Memory memory(m_file, say);
        keepOne(memory, entryFor("/new"));
        QCOMPARE(all(memory)->size(), 1u);
        QVERIFY(memory.notices().empty());
    }

    void withoutAFolderWorkGoesOn()
    {
        m_tree->file("share", "not a folder");
        Memory memory(m_file, say);
        QSignalSpy noticed(&memory, &Memory::noticed);
        const Path file = m_tree->path() / "a.db";
        makeDatabase(file);
        const auto report = memory.act(*operations::find("check"), {.path = file, .seen = {}}, {}, m_context);
        QCOMPARE(report.status, operations::Status::Done);
        keepOne(memory, entryFor("/a"));
        memory.finish();
        QCOMPARE(memory.notices().size(), 1u); // once
        QCOMPARE(memory.notices().front().kind, Notice::NotOpened);
        QCOMPARE(memory.notices().front().error.reason, Reason::CatalogueNotOpened);
        QTRY_COMPARE(noticed.count(), 1);
        QVERIFY(!all(memory));
    }

    void aFullDiskEndsNothing()
    {
        const auto process = adder(2000, 200'000);
        QVERIFY(process->waitForFinished(120'000));
        QCOMPARE(process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(process->exitCode(), 1); // said once
        Memory memory(m_file, say);
        const auto entries = all(memory);
        QVERIFY(entries);
        QVERIFY(!entries->empty() && entries->size() < 2000);
        QVERIFY(memory.notices().empty());
    }

    // History ----------------------------------------------------------------------------------------------------

    void anEntryComesBackAsItWas()
    {
        Entry entry = entryFor("/data/\xff\n'%?.db", "journal");
        entry.arguments = {{"mode", std::string("wal")}, {"quick", true}, {"to", std::string("/x\xfe")}};
        entry.status = operations::Status::Failed;
        entry.error = "busy";
        entry.detail = "error 5";
        entry.said = "In use.";
        entry.fields = {{"a", std::int64_t(1) << 60},
                        {"b", 0.5},
                        {"c", std::string("\xff")},
                        {"d", std::vector<std::string>{"x", "y"}},
                        {"e", operations::Counts{{"z", 1}, {"a", 2}}},
                        {"f", std::monostate()},
                        {"g", true}};
        entry.undo = operations::Invocation{"journal", "/u\xff", {{"mode", std::string("delete")}}};
        entry.left = Left{"1 2", "3 4"};
        entry.schedule = "nightly";
        Memory memory(m_file, say);
        keepOne(memory, entry);
        const Entry back = all(memory)->front();
        QCOMPARE(back.path, entry.path);
        QCOMPARE(back.operation, entry.operation);
        QVERIFY(back.arguments == entry.arguments);
        QCOMPARE(back.startedNs, entry.startedNs);
        QCOMPARE(back.endedNs, entry.endedNs);
        QCOMPARE(back.status, entry.status);
        QCOMPARE(back.error, entry.error);
        QCOMPARE(back.detail, entry.detail);
        QCOMPARE(back.said, entry.said);
        for (const operations::Field &field : entry.fields)
            QVERIFY2(back.field(field.id) && *back.field(field.id) == field.value, field.id.c_str());
        QCOMPARE(back.undo->operation, entry.undo->operation);
        QCOMPARE(back.undo->path, entry.undo->path);
        QVERIFY(back.undo->arguments == entry.undo->arguments);
        QVERIFY(back.left == entry.left);
        QCOMPARE(back.schedule, entry.schedule);
        QVERIFY(!back.isUndoable());
    }

    void entriesAreAskedForByFile()
    {
        Memory memory(m_file, say);
        for (const char *path : {"/a", "/b", "/a", "/c"})
            keepOne(memory, entryFor(path));
        QCOMPARE(all(memory, {.paths = {"/a", "/c"}})->size(), 3u);
        QCOMPARE(all(memory, {.paths = {"/a", "/c"}, .limit = 2})->front().path, Path("/c"));
        QCOMPARE(all(memory, {.paths = {}, .limit = 2})->size(), 2u);
        QVERIFY(all(memory, {.paths = {"/d"}})->empty());
    }

    void timersDontFillItWithoutEnd()
    {
        Memory memory(m_file, say);
        Entry undoable = entryFor("/a");
        undoable.undo = operations::Invocation{"check", "/a"};
        keepOne(memory, undoable);
        for (int i = 0; i < 150; ++i)
            keepOne(memory, entryFor("/a"));
        keepOne(memory, entryFor("/b"));
        QCOMPARE(all(memory, {.paths = {"/a"}})->size(), 101u); // the one that can be taken back stays
        QCOMPARE(all(memory, {.paths = {"/b"}})->size(), 1u);
    }

    void whatProvesAReplicaIsAGoodTestOfIt()
    {
        Memory memory(m_file, say);
        const auto test = [&](const char *replica, const char *verdict, std::int64_t seconds) {
            Entry entry = entryFor("/a", "litestream-test");
            entry.endedNs = seconds * 1'000'000'000;
            entry.fields = {{"verdict", std::string(verdict)}, {"replica", std::string(replica)}};
            keepOne(memory, entry);
        };
        test("s3", "ok", 100);
        test("s3", "damaged", 200);
        test("file", "damaged", 300);
        const auto proved = [&](const Path &path, const std::string &replica) {
            const auto moment = lastProved(memory, path, replica);
            return moment ? moment->time_since_epoch().count() : -1;
        };
        QCOMPARE(proved("/a", "s3"), 100);
        QCOMPARE(proved("/a", "file"), -1);
        QCOMPARE(proved("/b", "s3"), -1);
        Memory none(std::nullopt, say);
        QVERIFY(!lastProved(none, "/a", "s3"));
    }

    void checksAndBackupsAreRemembered()
    {
        Memory memory(m_file, say);
        const auto history = [&](const Path &path) {
            return *memory.ask<inspect::History>([&](Database &database) { return historyOf(database, path); });
        };
        QVERIFY(!history("/a").lastCheck);
        QVERIFY(!history("/a").lastBackup);
        const auto check = [&](const char *verdict) {
            Entry entry = entryFor("/a");
            entry.fields = {{"verdict", std::string(verdict)}};
            keepOne(memory, entry);
        };
        check("damaged");
        QVERIFY(history("/a").lastCheck);
        QVERIFY(!history("/a").lastCheckOk);
        check("ok");
        QVERIFY(history("/a").lastCheckOk);
        check("unchecked");
        QVERIFY(history("/a").lastCheckOk); // what could not be looked at is no damage

        Entry backup = entryFor("/a", "backup");
        backup.fields = {{"backup", std::string("/to/\xff.sqlite")},
                         {"bytes", std::int64_t(4096)},
                         {"sha256", std::string("abc")},
                         {"verified", true}};
        keepOne(memory, backup);
        QVERIFY(history("/a").lastBackup);
        QVERIFY(!history("/b").lastBackup);
        const auto backups =
            *memory.ask<std::vector<Backup>>([](Database &database) { return backupsOf(database, {}); });
        QCOMPARE(backups.size(), 1u);
        QCOMPARE(backups.front().path, Path("/to/\xff.sqlite"));
        QCOMPARE(backups.front().source, Path("/a"));
        QCOMPARE(backups.front().bytes, 4096u);
        QVERIFY(backups.front().verified);
        const auto checks = *memory.ask<std::vector<Checked>>(lastChecks);
        QCOMPARE(checks.size(), 1u);
        QCOMPARE(checks.front().verdict, std::string("unchecked"));
        QCOMPARE(checks.front().endedNs, 2'000);
    }

    void aScheduleKnowsItsLastGoodRun()
    {
        Memory memory(m_file, say);
        const auto runs = [&] {
            return *memory.ask<ScheduleRuns>([](Database &database) { return runsOf(database, "nightly"); });
        };
        QCOMPARE(runs().lastGoodNs, 0);
        QVERIFY(!runs().last);
        Entry entry = entryFor("/a", "backup");
        entry.schedule = "nightly";
        keepOne(memory, entry);
        entry.endedNs = 3'000;
        entry.status = operations::Status::Failed;
        keepOne(memory, entry);
        QCOMPARE(runs().lastGoodNs, 2'000);
        QCOMPARE(runs().last->status, operations::Status::Failed);
    }

    void aScheduleThatDoesNotRunAnyMoreIsOverdue_data()
    {
        QTest::addColumn<int>("hoursAgo"); // of the last good run; 0: none
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<bool>("expected");
        QTest::newRow("it ran yesterday") << 24 << true << false;
        QTest::newRow("the machine was off for a night") << 47 << true << false;
        QTest::newRow("two days missed") << 49 << true << true;
        QTest::newRow("it is switched off") << 49 << false << false;
        QTest::newRow("it has never run yet") << 0 << true << false;
    }
    void aScheduleThatDoesNotRunAnyMoreIsOverdue()
    {
        QFETCH(int, hoursAgo);
        QFETCH(bool, enabled);
        QFETCH(bool, expected);
        Memory memory(m_file, say);
        const QDateTime now = QDateTime::currentDateTime();
        const std::int64_t then = (now.toMSecsSinceEpoch() - std::int64_t(hoursAgo) * 3'600'000) * 1'000'000;
        const Schedule daily{.id = "nightly", .operation = "check", .files = {"/a"}};
        if (hoursAgo > 0) {
            Entry entry = entryFor("/a");
            entry.schedule = daily.id;
            entry.endedNs = then;
            keepOne(memory, entry);
        }
        const std::vector<Overdue> found = overdue({{.schedule = daily, .enabled = enabled}}, memory, now);
        QCOMPARE(!found.empty(), expected);
        if (expected)
            QVERIFY(found.front() == (Overdue{daily, then}));
    }

    // Taking back ------------------------------------------------------------------------------------------------

    void anOperationIsKeptAndTakenBack()
    {
        Memory memory(m_file, say);
        const Path file = m_tree->path() / "a.db";
        makeDatabase(file);
        const std::string content = contentHash(file);
        const auto done = memory.act(*operations::find("journal"), {.path = file, .seen = {}},
                                     {{"mode", std::string("wal")}}, m_context);
        QCOMPARE(done.status, operations::Status::Done);
        const Entry entry = all(memory)->front();
        QCOMPARE(entry.said, std::string("journal said"));
        QVERIFY(*entry.field("after") == operations::FieldValue(std::string("wal")));
        QVERIFY(entry.isUndoable());
        QVERIFY(entry.endedNs >= entry.startedNs);

        QCOMPARE(rehearseUndo(entry, m_context).status, operations::Status::Done);
        QCOMPARE(undo(memory, entry, m_context).status, operations::Status::Done);
        QCOMPARE(sqlite::glance(file)->stored->isWal(), false);
        QCOMPARE(contentHash(file), content);
        const auto entries = *all(memory);
        QCOMPARE(entries.size(), 2u);
        QCOMPARE(entries.front().undoes, entry.id);
        QCOMPARE(entries.back().undoneBy, entries.front().id);
        QVERIFY(!entries.back().isUndoable());
        QCOMPARE(undo(memory, entries.back(), m_context).status, operations::Status::Unchanged);
    }

    void whatOthersWroteSinceIsNotLost_data()
    {
        QTest::addColumn<QString>("meanwhile");
        QTest::addColumn<QByteArray>("undo");
        QTest::addColumn<bool>("refused");

        QTest::newRow("a setting, and others wrote") << QStringLiteral("write") << QByteArray("journal") << false;
        QTest::newRow("a setting, and it is another file")
            << QStringLiteral("replace") << QByteArray("journal") << true;
        QTest::newRow("a setting, and the file is gone") << QStringLiteral("remove") << QByteArray("journal") << true;
        QTest::newRow("content, and nobody wrote") << QString() << QByteArray("check") << false;
        QTest::newRow("content, and others wrote") << QStringLiteral("write") << QByteArray("check") << true;
        QTest::newRow("content, and others wrote to the -wal") << QStringLiteral("wal") << QByteArray("check") << true;
    }
    void whatOthersWroteSinceIsNotLost()
    {
        QFETCH(QString, meanwhile);
        QFETCH(QByteArray, undo);
        QFETCH(bool, refused);
        const Path file = m_tree->path() / "a.db";
        makeDatabase(file, {.journalMode = meanwhile == u"wal" ? "wal" : "delete"});
        Entry entry = entryFor(file, "journal");
        entry.undo = operations::Invocation{undo.toStdString(), file, {}};
        if (undo == "journal")
            entry.undo->arguments = {{"mode", std::string("wal")}};
        entry.left = leftAt(file);
        std::unique_ptr<HeldLock> open;
        if (meanwhile == u"write") {
            runSql(file, "DELETE FROM t WHERE id = 1");
        } else if (meanwhile == u"wal") {
            open = std::make_unique<HeldLock>(file, Held::Idle);
            open->run("DELETE FROM t WHERE id = 1");
        } else if (meanwhile == u"replace") {
            std::filesystem::copy(file, m_tree->path() / "b.db");
            std::filesystem::rename(m_tree->path() / "b.db", file);
        } else if (meanwhile == u"remove") {
            std::filesystem::remove(file);
        }
        Memory memory(m_file, say);
        const operations::Report report = catalog::undo(memory, entry, m_context);
        QCOMPARE(report.error && report.error->reason == Reason::ChangedSince, refused);
        QCOMPARE(report.status, refused ? operations::Status::Skipped : operations::Status::Done);
        QCOMPARE(rehearseUndo(entry, m_context).error.has_value(), refused);
    }

    void whatHasNoUndoIsRefused_data()
    {
        QTest::addColumn<bool>("undo");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("operation");

        QTest::newRow("there is none") << false << int(operations::Status::Done) << QByteArray("check");
        QTest::newRow("it was not done") << true << int(operations::Status::Failed) << QByteArray("check");
        QTest::newRow("of a newer Litekeeper") << true << int(operations::Status::Done) << QByteArray("teleport");
    }
    void whatHasNoUndoIsRefused()
    {
        QFETCH(bool, undo);
        QFETCH(int, status);
        QFETCH(QByteArray, operation);
        Entry entry = entryFor("/a");
        entry.status = operations::Status(status);
        if (undo)
            entry.undo = operations::Invocation{operation.toStdString(), "/a", {}};
        Memory memory(m_file, say);
        QCOMPARE(catalog::undo(memory, entry, m_context).error->reason, Reason::NoUndo);
    }

    // Scans ------------------------------------------------------------------------------------------------------

    void theLastScanComesBackAsItWas()
    {
        const Path file = m_tree->path() / "\xff.db";
        makeDatabase(file, {.pageSize = 65536, .journalMode = "wal", .userVersion = 7, .applicationId = 9});
        const platform::Mounts mounts = platform::Mounts::current();
        const inspect::DatabaseFacts facts = inspect::facts(file, *sqlite::glance(file), mounts);
        Memory memory(m_file, say);
        scan::Summary summary{.counts = {.files = 5, .folders = 6, .passedOverBySize = 7},
                              .duration = std::chrono::milliseconds(8),
                              .notEntered = {{.path = "/no\xff",
                                              .why = scan::WhyNot::NetworkFilesystem,
                                              .filesystem = "nfs",
                                              .isFile = true}},
                              .stopped = true};
        for (int round = 0; round < 2; ++round) { // the second one takes the first one's place
            ScanKeeper keeper(memory);
            keeper.begin({"/data\xff", "/more"});
            keeper.add({facts});
            keeper.end(summary);
        }
        const auto last = *memory.ask<std::optional<Scan>>(lastScan);
        QVERIFY(last);
        QCOMPARE(last->roots, std::vector<Path>({"/data\xff", "/more"}));
        QCOMPARE(last->summary.counts.files, 5u);
        QCOMPARE(last->summary.duration, summary.duration);
        QVERIFY(last->summary.stopped);
        QCOMPARE(last->summary.notEntered.size(), 1u);
        QCOMPARE(last->summary.notEntered.front().path, Path("/no\xff"));
        QCOMPARE(last->summary.notEntered.front().filesystem, std::string("nfs"));
        const auto found = *memory.ask<std::vector<inspect::DatabaseFacts>>(
            [&](Database &database) { return foundBy(database, last->id, {}, 100); });
        const auto behind = memory.ask<std::vector<inspect::DatabaseFacts>>(
            [&](Database &database) { return foundBy(database, last->id, file, 100); });
        QVERIFY(behind->empty());
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found.front().path, file);
        QVERIFY(found.front().seen.file == facts.seen.file);
        QVERIFY(*found.front().header() == *facts.header());
        QCOMPARE(found.front().seen.pageCount, facts.seen.pageCount);
        QCOMPARE(found.front().filesystem, facts.filesystem);
        QCOMPARE(std::size_t(memory
                                 .ask<std::int64_t>([](Database &database) -> Result<std::int64_t> {
                                     std::int64_t count = 0;
                                     const auto asked = database.run("SELECT count(*) FROM scan", {},
                                                                     [&](const Row &row) { count = row.number(0); });
                                     return asked ? Result<std::int64_t>(count) : std::unexpected(asked.error());
                                 })
                                 .value_or(-1)),
                 std::size_t(1));
    }

    void aScanThatDidNotEndIsNotTheLast()
    {
        Memory memory(m_file, say);
        ScanKeeper first(memory);
        first.begin({"/a"});
        first.end({});
        ScanKeeper second(memory);
        second.begin({"/b"});
        QCOMPARE((*memory.ask<std::optional<Scan>>(lastScan))->roots.front(), Path("/a"));
    }

    void onlyTheNewestFewScansStay()
    {
        Memory memory(m_file, say);
        for (const char *root : {"/1", "/2", "/3", "/4", "/5", "/6", "/7"}) {
            ScanKeeper keeper(memory);
            keeper.begin({root});
            keeper.end({});
        }
        const auto count = memory.ask<std::int64_t>([](Database &database) -> Result<std::int64_t> {
            std::int64_t number = 0;
            const auto asked =
                database.run("SELECT count(*) FROM scan", {}, [&](const Row &row) { number = row.number(0); });
            return asked ? Result<std::int64_t>(number) : std::unexpected(asked.error());
        });
        QCOMPARE(*count, 5);
    }

    void answersComeOnTheOwnersThread()
    {
        Memory memory(m_file, say);
        keepOne(memory, entryFor("/a"));
        std::size_t count = 0;
        QThread *thread = nullptr;
        memory.ask<std::vector<Entry>>(
            this, [](Database &database) { return entries(database, {}); },
            [&](const Result<std::vector<Entry>> &answer) {
                count = answer->size();
                thread = QThread::currentThread();
            });
        auto *gone = new QObject;
        memory.ask<int>(
            gone, [](Database &) -> Result<int> { return 1; }, [](const Result<int> &) { QFAIL("it is gone"); });
        delete gone;
        QTRY_COMPARE(count, 1u);
        QCOMPARE(thread, QThread::currentThread());
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 5 && std::string_view(argv[1]) == "--add")
        return addMany(argv[2], argv[3], argv[4]);
    CatalogTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_catalog.moc"
