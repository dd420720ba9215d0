// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operation.h"

#include "platform/filereader.h"
#include "sqlite/actorvfs.h"
#include "sqlite/connection.h"
#include "sqlite/glance.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QProcess>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <functional>

using namespace lk;
using namespace lk::operations;
using test::Held;
using test::HeldLock;

#define COMPARE_TEXT(actual, expected) QCOMPARE(QByteArray::fromStdString(actual), QByteArray(expected))

static Report run(const Path &path, const Arguments &arguments = {}, std::stop_token stop = {},
                  Progress &progress = Progress::none())
{
    JobContext context{std::move(stop), progress, std::chrono::milliseconds(0)};
    return find("compact")->run({.path = path, .seen = {}}, arguments, context);
}

static std::int64_t numberOf(const Report &report, std::string_view id)
{
    const FieldValue *value = report.field(id);
    const auto *number = value ? std::get_if<std::int64_t>(value) : nullptr;
    return number ? *number : -1;
}

static QByteArray detailOf(const Report &report)
{
    return report.error ? QByteArray::fromStdString(report.error->detail + ' ' + report.error->path.native()) : "";
}

static int filesIn(const Path &folder)
{
    return static_cast<int>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

/// Does something once a job is so far.
class At final : public Progress
{
public:
    At(double fraction, std::function<void()> what)
        : m_fraction(fraction)
        , m_what(std::move(what))
    {
    }
    void report(const ProgressReport &report) override
    {
        backwards = backwards || report.fraction < last;
        last = report.fraction;
        if (m_what && report.fraction >= m_fraction)
            std::exchange(m_what, {})();
    }
    double last = 0;
    bool backwards = false;

private:
    double m_fraction;
    std::function<void()> m_what;
};

/// A file system of its own in memory, where that is permitted.
class SmallDisk
{
public:
    SmallDisk(Path folder, const char *size)
        : m_folder(std::move(folder))
    {
        m_mounted = mount({QStringLiteral("-t"), QStringLiteral("tmpfs"), QStringLiteral("-o"),
                           QStringLiteral("size=%1").arg(QLatin1String(size)), QStringLiteral("tmpfs"), name()});
    }
    ~SmallDisk()
    {
        if (m_mounted)
            QProcess::execute(QStringLiteral("umount"), {name()});
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    explicit operator bool() const { return m_mounted; }
    bool makeReadOnly() { return mount({QStringLiteral("-o"), QStringLiteral("remount,ro"), name()}); }
    const Path &path() const { return m_folder; }

private:
    QString name() const { return QString::fromStdString(m_folder.native()); }
    static bool mount(const QStringList &arguments)
    {
        QProcess process;
        process.start(QStringLiteral("mount"), arguments);
        return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }

    Path m_folder;
    bool m_mounted = false;
};

class TestCompact : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }
    /// Half of it is free pages.
    Path sparse(const std::string &mode, int rows = 2000, const Path &where = {})
    {
        const Path path = (where.empty() ? folder() : where) / "a.db";
        test::makeDatabase(path, {.journalMode = mode, .rows = rows, .moreSql = "DELETE FROM t WHERE id % 2"});
        return path;
    }
    static void modes()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("rollback") << QByteArray("delete");
        QTest::newRow("WAL") << QByteArray("wal");
    }

private Q_SLOTS:
    void theContentStaysAndTheFileShrinks_data() { modes(); }
    void theContentStaysAndTheFileShrinks()
    {
        QFETCH(QByteArray, mode);
        const Path path = sparse(mode.toStdString());
        const std::string content = test::contentHash(path);
        const auto before = static_cast<std::int64_t>(std::filesystem::file_size(path));
        const Report report = run(path);
        QVERIFY2(report.status == Status::Done, detailOf(report));
        QCOMPARE(numberOf(report, "bytes_before"), before);
        QCOMPARE(numberOf(report, "bytes_after"), static_cast<std::int64_t>(std::filesystem::file_size(path)));
        QCOMPARE(numberOf(report, "freed"), before - numberOf(report, "bytes_after"));
        QVERIFY(numberOf(report, "freed") > before / 3);
        QCOMPARE(numberOf(report, "page_size"), 4096);
        QCOMPARE(sqlite::glance(path)->stored->isWal(), mode == "wal");
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        COMPARE_TEXT(test::queryCopy(path, "PRAGMA integrity_check"), "ok");
        QCOMPARE(filesIn(path.parent_path()), 1); // nothing is left beside it
    }

    void whatACrashLeftInTheWalIsKept()
    {
        const Path path = folder() / "a.db";
        test::makeCrashedWal(path, {.rows = 300}, 40, true);
        const std::string content = test::contentHash(path);
        const Report report = run(path);
        QVERIFY2(report.status == Status::Done, detailOf(report));
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        QCOMPARE(filesIn(path.parent_path()), 1);
    }

    void pageSizeAndAutoVacuumAreWhatWasAskedFor_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("pageSize");
        QTest::addColumn<QByteArray>("autoVacuum");
        for (const char *mode : {"delete", "wal"}) {
            for (const char *size : {"512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"})
                QTest::addRow("%s, pages of %s", mode, size) << QByteArray(mode) << QByteArray(size) << QByteArray();
            for (const char *vacuum : {"none", "full", "incremental"})
                QTest::addRow("%s, auto-vacuum %s", mode, vacuum)
                    << QByteArray(mode) << QByteArray() << QByteArray(vacuum);
            QTest::addRow("%s, both", mode) << QByteArray(mode) << QByteArray("8192") << QByteArray("incremental");
        }
    }
    void pageSizeAndAutoVacuumAreWhatWasAskedFor()
    {
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, pageSize);
        QFETCH(QByteArray, autoVacuum);
        const Path path = sparse(mode.toStdString(), 400);
        const std::string content = test::contentHash(path);
        const Report report =
            run(path, {{"page-size", pageSize.toStdString()}, {"auto-vacuum", autoVacuum.toStdString()}});
        QVERIFY2(report.status == Status::Done, detailOf(report));
        const sqlite::Glance after = *sqlite::glance(path);
        QCOMPARE(after.stored->pageSize, pageSize.isEmpty() ? 4096u : pageSize.toUInt());
        QCOMPARE(after.stored->isWal(), mode == "wal");
        QCOMPARE(after.stored->largestRootPage != 0, !autoVacuum.isEmpty() && autoVacuum != "none");
        QCOMPARE(after.stored->incrementalVacuum != 0, autoVacuum == "incremental");
        QCOMPARE(numberOf(report, "page_size"), std::int64_t(after.stored->pageSize));
        COMPARE_TEXT(std::get<std::string>(*report.field("auto_vacuum")), autoVacuum.isEmpty() ? "none" : autoVacuum);
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        QCOMPARE(filesIn(path.parent_path()), 1);
    }

    /// In each part of the work, also in the second half, where SQLite itself would not stop.
    void stoppedInTheMiddleItIsAsItWas_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("pageSize");
        QTest::addColumn<double>("at");
        for (const char *mode : {"delete", "wal"}) {
            for (const char *size : {"", "8192"}) {
                for (const double at : {0.05, 0.2, 0.4}) {
                    QTest::addRow("%s, pages %s, %d %%", mode, *size ? size : "as they are", int(at * 100))
                        << QByteArray(mode) << QByteArray(size) << at;
                }
            }
        }
    }
    void stoppedInTheMiddleItIsAsItWas()
    {
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, pageSize);
        QFETCH(double, at);
        const Path path = folder() / "a.db"; // larger than the cache that it is compacted with
        test::makeDatabase(path, {.journalMode = mode.toStdString(), .rows = 60000, .valueSize = 400});
        const std::string content = test::contentHash(path);
        std::stop_source stop;
        At progress(at, [&] { stop.request_stop(); });
        const Report report = run(path, {{"page-size", pageSize.toStdString()}}, stop.get_token(), progress);
        QVERIFY2(report.status == Status::Failed, detailOf(report));
        QVERIFY2(report.error->code == ErrorCode::Cancelled, detailOf(report));
        const sqlite::Glance after = *sqlite::glance(path);
        QCOMPARE(after.stored->pageSize, 4096u);
        QCOMPARE(after.stored->isWal(), mode == "wal");
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        COMPARE_TEXT(test::queryCopy(path, "PRAGMA integrity_check"), "ok");
        QCOMPARE(filesIn(path.parent_path()), 1);
    }

    void aStopThatComesTooLateIsNoFailure()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal", .rows = 12000, .valueSize = 300});
        const std::string content = test::contentHash(path);
        std::stop_source stop;
        At progress(0.75, [&] { stop.request_stop(); });
        const Report report = run(path, {}, stop.get_token(), progress);
        QVERIFY(stop.stop_requested());
        QVERIFY2(report.status == Status::Done, detailOf(report));
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        QCOMPARE(filesIn(path.parent_path()), 1);
    }

    void progressGoesForwardsToItsEnd_data() { modes(); }
    void progressGoesForwardsToItsEnd()
    {
        QFETCH(QByteArray, mode);
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.journalMode = mode.toStdString(), .rows = 12000, .valueSize = 300});
        At progress(2, {});
        QCOMPARE(run(path, {}, {}, progress).status, Status::Done);
        QVERIFY(!progress.backwards);
        QVERIFY2(progress.last > 0.9, qPrintable(QString::number(progress.last)));
    }

    void eachReasonNotToHasItsOwnSentence()
    {
        const auto reasonFor = [](const Path &path) {
            const test::TreeSnapshot before(path.parent_path());
            const Report report = run(path);
            const bool same = before.difference(test::TreeSnapshot(path.parent_path())).empty();
            return report.status == Status::Skipped && same ? report.error->reason : Reason::None;
        };
        const Path hot = folder() / "a.db";
        test::makeHotJournal(hot);
        QCOMPARE(reasonFor(hot), Reason::HotJournal);

        const Path linked = sparse("delete");
        std::filesystem::create_hard_link(linked, linked.parent_path() / "b.db");
        QCOMPARE(reasonFor(linked), Reason::ManyLinks);

        const Path other = folder() / "o.db";
        test::makeCrashedWal(other);
        const Path foreign = sparse("delete");
        test::writeFile(test::withSuffix(foreign, "-wal"), test::readFile(test::withSuffix(other, "-wal")));
        QCOMPARE(reasonFor(foreign), Reason::ForeignWal);

        const Path managed = sparse("wal");
        std::filesystem::create_directory(managed.parent_path() / ".a.db-litestream");
        QCOMPARE(reasonFor(managed), Reason::ManagedByLitestream);

        const Path damaged = sparse("delete");
        test::patch(damaged, 3 * 4096 + 1, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        QCOMPARE(reasonFor(damaged), Reason::CheckedDamaged);

        const Path applications = folder() / "a.db";
        test::makeDatabase(applications, {.moreSql = "CREATE INDEX n ON t(k COLLATE NOCASE); PRAGMA writable_schema=on;"
                                                     "UPDATE sqlite_schema SET sql=replace(sql, 'NOCASE', 'unicase')"});
        QCOMPARE(reasonFor(applications), Reason::MissingExtension);
    }

    void whoHasItOpenIsNamedAndNotDisturbed_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<int>("held");
        for (const char *mode : {"delete", "wal"}) {
            QTest::addRow("%s, idle", mode) << QByteArray(mode) << int(Held::Idle);
            QTest::addRow("%s, reading", mode) << QByteArray(mode) << int(Held::Reading);
            QTest::addRow("%s, writing", mode) << QByteArray(mode) << int(Held::Writing);
        }
    }
    void whoHasItOpenIsNamedAndNotDisturbed()
    {
        QFETCH(QByteArray, mode);
        QFETCH(int, held);
        const Path path = sparse(mode.toStdString());
        HeldLock holder(path, Held(held));
        const std::string content = test::readFile(path);
        const Report report = run(path);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::InUseByOthers);
        QVERIFY(QByteArray::fromStdString(report.error->arguments.at(0))
                    .contains(QByteArray::number(qint64(holder.pid()))));
        QVERIFY(test::readFile(path) == content);
    }

    void whoComesLaterKeepsItFromBeginning_data() { modes(); }
    void whoComesLaterKeepsItFromBeginning()
    {
        QFETCH(QByteArray, mode);
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.journalMode = mode.toStdString(), .rows = 12000, .valueSize = 300});
        const std::string content = test::contentHash(path);
        std::optional<HeldLock> holder;
        At progress(0.01, [&] { holder.emplace(path, Held::Reading); }); // while it is being checked
        const Report report = run(path, {}, {}, progress);
        QVERIFY(holder);
        QCOMPARE(report.status, Status::Failed);
        QCOMPARE(report.error->code, ErrorCode::Busy);
        holder.reset();
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
    }

    void whatIsNeededIsToldBeforehand()
    {
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.journalMode = "wal",
                                  .moreSql = "CREATE TABLE loose(a); CREATE TABLE text(a TEXT PRIMARY KEY);"
                                             "CREATE TABLE without(a PRIMARY KEY) WITHOUT ROWID"});
        JobContext context{{}, Progress::none(), std::chrono::milliseconds(0)};
        const Report report = find("compact")->preflight({.path = path, .seen = {}}, {{"page-size", "8192"}}, context);
        const auto noted = [&](Note note) { return std::ranges::find(report.notes, note, &NoteText::note); };
        QVERIFY(noted(Note::SpaceNeeded) != report.notes.end());
        QVERIFY(noted(Note::RollbackMeanwhile) != report.notes.end());
        QVERIFY(noted(Note::RowidsChange) != report.notes.end());
        COMPARE_TEXT(noted(Note::RowidsChange)->arguments.at(0), "loose, text");
        QCOMPARE(numberOf(report, "page_size"), 8192);
    }

    // ---- disks
    void withoutRoomItDoesNotBegin()
    {
        const SmallDisk disk(folder(), "2m");
        if (!disk)
            QSKIP("NOT TESTED: no right to mount a file system");
        const Path path = disk.path() / "a.db";
        test::makeDatabase(path, {.rows = 8000}); // some 1.1 MB
        const test::TreeSnapshot before(disk.path());
        const Report report = run(path);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::NotEnoughSpace);
        COMPARE_TEXT(report.error->arguments.at(2), QByteArray::fromStdString(disk.path().native()));
        COMPARE_TEXT(before.difference(test::TreeSnapshot(disk.path())), "");
    }

    void theChosenFolderIsTheOnlyOneForTheTemporaryFile()
    {
        const SmallDisk disk(folder(), "1m");
        if (!disk)
            QSKIP("NOT TESTED: no right to mount a file system");
        const Path path = folder() / "a.db";
        test::makeDatabase(path, {.rows = 20000});
        const Report small = run(path, {{"temp", disk.path().native()}});
        QCOMPARE(small.status, Status::Skipped);
        QCOMPARE(small.error->reason, Reason::NotEnoughSpace);
        COMPARE_TEXT(small.error->arguments.at(2), QByteArray::fromStdString(disk.path().native()));
        const Report missing = run(path, {{"temp", "/nowhere"}});
        QCOMPARE(missing.status, Status::Skipped);
        QCOMPARE(missing.error->reason, Reason::TargetFolderMissing);
    }

    void aDiskThatFillsUpMeanwhileCostsNothing_data() { modes(); }
    void aDiskThatFillsUpMeanwhileCostsNothing()
    {
        QFETCH(QByteArray, mode);
        const SmallDisk disk(folder(), "14m");
        if (!disk)
            QSKIP("NOT TESTED: no right to mount a file system");
        const Path path = disk.path() / "a.db";
        test::makeDatabase(path, {.journalMode = mode.toStdString(), .rows = 12000, .valueSize = 300});
        const std::string content = test::contentHash(path);
        const std::string name = (disk.path() / "filler").native();
        At progress(0.3, [&] {
            QProcess::execute(
                QStringLiteral("sh"),
                {QStringLiteral("-c"),
                 QStringLiteral("dd if=/dev/zero of=%1 bs=1M 2>/dev/null; true").arg(QString::fromStdString(name))});
        });
        const Report report = run(path, {}, {}, progress);
        QCOMPARE(report.status, Status::Failed);
        QVERIFY2(report.error->code == ErrorCode::NoSpace, detailOf(report));
        std::filesystem::remove(name);
        COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
        COMPARE_TEXT(test::queryCopy(path, "PRAGMA integrity_check"), "ok");
        QCOMPARE(filesIn(disk.path()), 1);
    }

    void aReadOnlyDiskIsToldBeforehand()
    {
        SmallDisk disk(folder(), "8m");
        if (!disk)
            QSKIP("NOT TESTED: no right to mount a file system");
        const Path path = sparse("delete", 100, disk.path());
        QVERIFY(disk.makeReadOnly());
        const Report report = run(path);
        QCOMPARE(report.status, Status::Skipped);
        QCOMPARE(report.error->reason, Reason::ReadOnlyFilesystem);
    }

    // ---- the VFS below it
    void whatItHoldsBackIsThereWhenItIsRead()
    {
        struct Counter final : sqlite::WriteWatcher
        {
            std::uint64_t bytes = 0;
            void wrote(std::uint64_t count) override { bytes += count; }
        } counter;
        const Path path = sparse("delete", 20000);
        const std::string content = test::contentHash(path);
        const Path temporary = folder();
        {
            auto connection = sqlite::Connection::open(
                path, {.mode = sqlite::Mode::Act, .writes = &counter, .temporaryFolder = temporary});
            QVERIFY(connection);
            // A transaction that is too large for the cache, taken back: its journal is read again.
            QVERIFY(connection->execute("PRAGMA cache_size=10; BEGIN; UPDATE t SET v = randomblob(200)"));
            QVERIFY(std::filesystem::exists(test::withSuffix(path, "-journal")));
            QVERIFY(connection->execute("ROLLBACK"));
            COMPARE_TEXT(test::contentHash(path), QByteArray::fromStdString(content));
            // A sort that is too large for memory: temporary files are written and read in turn.
            QVERIFY(connection->execute("PRAGMA temp_store=file"));
            const auto rows = connection->number("WITH s AS MATERIALIZED (SELECT a.id, b.v FROM t a JOIN t b ON "
                                                 "b.id = a.id ORDER BY b.v) SELECT count(DISTINCT id) FROM s");
            QVERIFY2(rows, rows ? "" : rows.error().detail.c_str());
            QCOMPARE(*rows, 10000);
        }
        QVERIFY(counter.bytes > 1000000);
        QCOMPARE(filesIn(temporary), 0); // they have no names
    }
};

QTEST_GUILESS_MAIN(TestCompact)
#include "tst_compact.moc"
