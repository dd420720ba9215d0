// SPDX-License-Identifier: GPL-3.0-or-later
// The rules that hold for every command, and those of scan and info.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace lk;
using namespace lk::test;

using Words = std::vector<std::string>;
Q_DECLARE_METATYPE(Words)

class CliContractTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        makeDatabase(m_shop);
        makeDatabase(m_cache, {.journalMode = "wal"});
        m_tree.file("empty.sqlite");
        m_tree.file("notes.db", "these are not the bytes of a database\n");
        m_tree.file("folder/readme.txt", std::string(1024, 'x'));
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void helpIsThereOnEveryLevel_data()
    {
        QTest::addColumn<Words>("words");
        for (const char *command : {"", "scan", "info", "check", "journal", "backup", "rehearse", "advise", "doctor",
                                    "settings", "measure", "on"}) {
            for (const char *help : {"--help", "-h"}) {
                const Words words = *command ? Words{command, help} : Words{help};
                QTest::addRow("%s %s", command, help) << words;
            }
        }
    }

    void helpIsThereOnEveryLevel()
    {
        QFETCH(Words, words);
        const Ran ran = runCli(words);
        QCOMPARE(ran.status, 0);
        QVERIFY2(ran.out.contains("Usage: litekeeper-cli"), ran.out.constData());
        QCOMPARE(ran.err, QByteArray());
    }

    void actingCommandsHaveDryRunAndWait()
    {
        for (const char *command : {"check", "journal", "backup"}) {
            const QByteArray help = runCli({command, "--help"}).out;
            QVERIFY2(help.contains("--dry-run") && help.contains("--wait SECONDS"), command);
        }
    }

    void versionNamesAllThree()
    {
        const Ran ran = runCli({"--version"});
        QCOMPARE(ran.status, 0);
        const QString text = QString::fromUtf8(ran.out);
        for (const char *name : {"Litekeeper", "Qt", "SQLite"}) {
            const QRegularExpression line(QStringLiteral("^%1 \\d+\\.\\d+\\.\\d+$").arg(QLatin1String(name)),
                                          QRegularExpression::MultilineOption);
            QVERIFY2(line.match(text).hasMatch(), qPrintable(text));
        }
    }

    void wrongUsageIsOneLineThatSaysWhatWasMeant_data()
    {
        QTest::addColumn<Words>("words");
        QTest::addColumn<QByteArray>("expected");

        const auto row = [](const char *name, const Words &words, const char *expected) {
            QTest::newRow(name) << words << QByteArray(expected);
        };
        row("no command", {}, "--help");
        row("a misspelt command", {"scna"}, "scan");
        row("a command that is nowhere near", {"zebra"}, "--help");
        row("a misspelt option", {"scan", "--thorogh"}, "--thorough");
        row("a misspelt option with a value", {"scan", "--formt=json"}, "--format");
        row("an unknown format", {"scan", "--format", "jsno"}, "json");
        row("an option without its value", {"scan", "--format"}, "--format");
        row("an unknown way to find", {"scan", "--by", "names"}, "name");
        row("an unknown state", {"scan", "--state", "databse"}, "database");
        row("no number of threads", {"scan", "--threads", "many"}, "--threads");
        row("no threads", {"scan", "--threads", "0"}, "--threads");
        row("paths and records at once", {"scan", "-0", "--format", "json"}, "-0");
        row("info without a file", {"info"}, "file");
        row("check without a file", {"check"}, "file");
        row("a query without an index", {"rehearse", "--query", "SELECT 1", "x"}, "--index");
        row("an index and page sizes", {"rehearse", "--query", "q", "--index", "i", "--page-sizes", "x"},
            "--page-sizes");
        row("rehearse without a file", {"rehearse"}, "file");
        row("no time to wait", {"check", "--wait", "long", "x"}, "--wait");
        row("two ways to read at once", {"check", "--live", "--snapshot", "x"}, "--live");
        row("a misspelt journal mode", {"journal", "wla", "x"}, "wal");
        row("no journal mode", {"journal"}, "wal");
        row("no folder to back up to", {"backup", "x"}, "--to");
        row("control characters are not sent to the terminal", {"scan", "--\x1b[31m"}, "\\x1b[31m");
    }

    void wrongUsageIsOneLineThatSaysWhatWasMeant()
    {
        QFETCH(Words, words);
        QFETCH(QByteArray, expected);
        const Ran ran = runCli(words);
        QCOMPARE(ran.status, 2);
        QCOMPARE(ran.out, QByteArray());
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY2(ran.err.contains(expected), ran.err.constData());
    }

    void wrongUsageDoesNothing()
    {
        const TreeSnapshot before(m_tree.path());
        QCOMPARE(runCli({"journal", "wal", m_shop.native(), "--no-such-option"}).status, 2);
        QCOMPARE(before.difference(TreeSnapshot(m_tree.path())), std::string());
    }

    void resultsAloneGoToStdout()
    {
        const Ran ran = runCli({"scan", "--format", "json", m_tree.path().native()});
        QCOMPARE(ran.status, 0);
        QVERIFY(QJsonDocument::fromJson(ran.out).isObject());
        // No progress: stderr is no terminal. The summary alone.
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY2(ran.err.startsWith("2 databases in "), ran.err.constData());
        QVERIFY2(ran.err.contains(" files looked at"), ran.err.constData());
    }

    void aScansJsonTellsWhatTheSummaryTells()
    {
        const QJsonObject object = runCli({"scan", "--format", "json", m_tree.path().native()}).object();
        QCOMPARE(object.value(QLatin1String("databases")).toArray().size(), 2);
        QCOMPARE(object.value(QLatin1String("files")).toInt(), 5);
        QCOMPARE(object.value(QLatin1String("folders")).toInt(), 2);
        QVERIFY(object.value(QLatin1String("seconds")).isDouble());
        QVERIFY(object.value(QLatin1String("not_entered")).isArray());
    }

    void recordsHaveTheContractsFields()
    {
        const QStringList scan = fields(
            "path size modified state journal_mode page_size page_count freelist_pages reserved_bytes auto_vacuum "
            "encoding user_version application_id schema_format schema_cookie change_counter writer_version wal_size "
            "journal_size hot_journal filesystem links application problems");
        const QStringList info = scan + fields("tables indexes views triggers wal holders holders_hidden stored");
        const QJsonObject scanned =
            recordOf(runCli({"scan", "--format", "json", m_tree.path().native()}).records(), m_shop);
        const QJsonObject looked = runCli({"info", "--format", "json", m_shop.native()}).records().at(0).toObject();
        for (const QString &field : scan)
            QVERIFY2(scanned.contains(field), qPrintable(field));
        for (const QString &field : info)
            QVERIFY2(looked.contains(field), qPrintable(field));
        QVERIFY(!scanned.contains(QLatin1String("path_base64")));
    }

    void aRecordTellsTheTruth()
    {
        const QJsonObject record =
            recordOf(runCli({"scan", "--format", "json", m_tree.path().native()}).records(), m_cache);
        QCOMPARE(record.value(QLatin1String("state")).toString(), QStringLiteral("database"));
        QCOMPARE(record.value(QLatin1String("journal_mode")).toString(), QStringLiteral("wal"));
        QCOMPARE(record.value(QLatin1String("page_size")).toInt(), 4096);
        QCOMPARE(record.value(QLatin1String("encoding")).toString(), QStringLiteral("UTF-8"));
        QCOMPARE(record.value(QLatin1String("wal_size")).toInt(-1), 0);
        QCOMPARE(record.value(QLatin1String("hot_journal")).toBool(true), false);
        const QRegularExpression iso(QStringLiteral(R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$)"));
        QVERIFY(iso.match(record.value(QLatin1String("modified")).toString()).hasMatch());
        const QRegularExpression version(QStringLiteral(R"(^3\.\d+\.\d+$)"));
        QVERIFY(version.match(record.value(QLatin1String("writer_version")).toString()).hasMatch());
    }

    void jsonLinesAreTheSameRecords()
    {
        const QJsonArray list = runCli({"scan", "--format", "json", m_tree.path().native()}).records();
        const QJsonArray lines = runCli({"scan", "--format", "jsonl", m_tree.path().native()}).lines();
        QCOMPARE(lines.size(), list.size());
        for (const QJsonValue &record : list)
            QCOMPARE(recordOf(lines, pathOf(record.toObject())), record.toObject());
    }

    void csvHasALineForEachRecord()
    {
        const QList<QByteArray> lines =
            runCli({"scan", "--format", "csv", m_tree.path().native()}).out.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines.at(0).startsWith("path,"));
        QCOMPARE(lines.at(1).count(','), lines.at(0).count(','));
    }

    void aTableEscapesControlCharacters()
    {
        TempTree tree;
        const Path odd = tree.path() / "a\x1b[31m\nb.db";
        writeFile(odd, readFile(m_shop));
        for (const Words &words : {Words{"scan", tree.path().native()}, Words{"info", odd.native()},
                                   Words{"check", odd.native()}, Words{"scan", "-v", tree.path().native()}}) {
            const Ran ran = runCli(words);
            QVERIFY2(ran.out.contains("a\\x1b[31m\\nb.db"), ran.out.constData());
            QVERIFY(!ran.out.contains('\x1b') && !ran.err.contains('\x1b'));
        }
    }

    void onlyDatabasesAreListed()
    {
        const auto states = [&](Words words) {
            words.insert(words.begin(), {"scan", "--format", "json"});
            words.push_back(m_tree.path().native());
            return runCli(words).records().size();
        };
        QCOMPARE(states({}), 2);
        QCOMPARE(states({"--state", "empty"}), 1);
        QCOMPARE(states({"--state", "database,empty"}), 3);
        QCOMPARE(states({"--state", "database", "--state", "empty"}), 3);
        QCOMPARE(states({"--state", "damaged"}), 0);
    }

    void pathsAloneAreEndedByNul()
    {
        TempTree tree;
        makeDatabase(tree.path() / "whole.db");
        makeDatabase(tree.path() / "cut.db");
        cutTo(tree.path() / "cut.db", 512);
        tree.file("empty.db");
        const Ran ran = runCli({"scan", "-0", tree.path().native()});
        QCOMPARE(ran.status, 0);
        QVERIFY(ran.out.endsWith('\0'));
        QList<QByteArray> paths = ran.out.chopped(1).split('\0');
        std::sort(paths.begin(), paths.end());
        const QList<QByteArray> expected = {bytes(tree.path() / "cut.db"), bytes(tree.path() / "whole.db")};
        QCOMPARE(paths, expected);
    }

    void byNameLooksOnlyAtNamesAndThenAtBytes()
    {
        TempTree tree;
        makeDatabase(tree.path() / "app.db");
        makeDatabase(tree.path() / "Cookies");
        makeDatabase(tree.path() / "APP.DB");
        tree.file("fake.sqlite", std::string(4096, 'x'));
        const QJsonArray named = runCli({"scan", "--by", "name", "--format", "json", tree.path().native()}).records();
        QCOMPARE(named.size(), 1);
        QCOMPARE(pathOf(named.at(0).toObject()), (tree.path() / "app.db").native());
        QCOMPARE(runCli({"scan", "--format", "json", tree.path().native()}).records().size(), 3);
    }

    void thoroughFindsWhatSizesHide()
    {
        TempTree tree;
        makeDatabase(tree.path() / "photo.jpg");
        cutTo(tree.path() / "photo.jpg", 5000);
        const Words words = {"scan", "--format", "json", tree.path().native()};
        QCOMPARE(runCli(words).records().size(), 0);
        QCOMPARE(runCli(words).object().value(QLatin1String("passed_over_by_size")).toInt(), 1);
        const QJsonArray found = runCli({"scan", "--thorough", "--format", "json", tree.path().native()}).records();
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.at(0).toObject().value(QLatin1String("state")).toString(), QStringLiteral("damaged"));
    }

    void excludedFoldersAreNotEntered()
    {
        TempTree tree;
        tree.folder("keep");
        tree.folder("[a]");
        makeDatabase(tree.path() / "keep/a.db");
        makeDatabase(tree.path() / "[a]/b.db");
        const QJsonObject object =
            runCli({"scan", "--exclude", "\\[a\\]", "--exclude", "*.tmp", "--format", "json", tree.path().native()})
                .object();
        QCOMPARE(object.value(QLatin1String("databases")).toArray().size(), 1);
        const QJsonArray left = object.value(QLatin1String("not_entered")).toArray();
        QCOMPARE(left.size(), 1);
        QCOMPARE(left.at(0).toObject().value(QLatin1String("why")).toString(), QStringLiteral("excluded"));
        QCOMPARE(pathOf(left.at(0).toObject()), (tree.path() / "[a]").native());
        const Ran verbose = runCli({"scan", "-v", "--exclude", "keep", tree.path().native()});
        QVERIFY2(verbose.err.contains("not entered: " + bytes(tree.path() / "keep")), verbose.err.constData());
    }

    void aFolderWithoutPermissionIsNamedAndIsNoFailure()
    {
        if (::geteuid() == 0)
            QSKIP("NOT TESTED: the administrator may read everything");
        TempTree tree;
        const Path closed = tree.folder("closed");
        std::filesystem::permissions(closed, std::filesystem::perms::none);
        const Ran ran = runCli({"scan", "--format", "json", tree.path().native()});
        QCOMPARE(ran.status, 0);
        const QJsonArray left = ran.object().value(QLatin1String("not_entered")).toArray();
        QCOMPARE(left.at(0).toObject().value(QLatin1String("why")).toString(), QStringLiteral("no-permission"));
        QVERIFY2(ran.err.contains("1 folder without permission"), ran.err.constData());
        // Asked for by name, it is one.
        QCOMPARE(runCli({"scan", closed.native()}).status, 1);
    }

    void aRootThatIsNotThereIsAFailure()
    {
        const Path missing = m_tree.path() / "missing";
        const Ran alone = runCli({"scan", "--format", "json", missing.native()});
        QCOMPARE(alone.status, 1);
        QVERIFY(QJsonDocument::fromJson(alone.out).isObject());
        const Ran both = runCli({"scan", "--format", "json", missing.native(), m_tree.path().native()});
        QCOMPARE(both.status, 1);
        QCOMPARE(both.records().size(), 2);
    }

    void namesOfOneFileNameEachOther()
    {
        TempTree tree;
        makeDatabase(tree.path() / "a.db");
        tree.hardLink("b.db", tree.path() / "a.db");
        const QJsonArray records = runCli({"scan", "--format", "json", tree.path().native()}).records();
        QCOMPARE(records.size(), 2);
        const QJsonObject first = recordOf(records, tree.path() / "a.db");
        QCOMPARE(first.value(QLatin1String("links")).toInt(), 2);
        QCOMPARE(first.value(QLatin1String("same_file_as")).toArray().at(0).toString(),
                 QString::fromStdString(tree.path() / "b.db"));
    }

    void aThousandNamesAreNotListedAThousandTimes()
    {
        TempTree tree;
        makeDatabase(tree.path() / "a.db");
        for (int i = 0; i < 100; ++i)
            tree.hardLink("b" + std::to_string(i) + ".db", tree.path() / "a.db");
        const QJsonArray records = runCli({"scan", "--format", "json", tree.path().native()}).records();
        QCOMPARE(records.size(), 101);
        const QJsonObject first = records.at(0).toObject();
        QCOMPARE(first.value(QLatin1String("links")).toInt(), 101);
        QCOMPARE(first.value(QLatin1String("same_file_as")).toArray().size(), 20);
    }

    void oneThatFailsNeverStopsTheOthers()
    {
        const Path missing = m_tree.path() / "missing.db";
        const Ran ran = runCli({"info", "--format", "json", m_shop.native(), missing.native(), m_cache.native()});
        QCOMPARE(ran.status, 1);
        const QJsonArray records = ran.records();
        QCOMPARE(records.size(), 3);
        QCOMPARE(pathOf(records.at(1).toObject()), missing.native());
        const QJsonObject error = records.at(1).toObject().value(QLatin1String("error")).toObject();
        QCOMPARE(error.value(QLatin1String("code")).toString(), QStringLiteral("not-found"));
        QVERIFY(error.value(QLatin1String("message")).toString().contains(QStringLiteral("missing.db")));
        QVERIFY(!error.value(QLatin1String("detail")).toString().isEmpty());
        QVERIFY(records.at(2).toObject().value(QLatin1String("error")).isNull());
    }

    void infoSaysWhatIsNoDatabase()
    {
        const Ran ran = runCli({"info", "--format", "json", (m_tree.path() / "notes.db").native()});
        QCOMPARE(ran.status, 1);
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(record.value(QLatin1String("error")).toObject().value(QLatin1String("code")).toString(),
                 QStringLiteral("not-a-database"));
        QVERIFY(record.value(QLatin1String("page_size")).isNull());
        QCOMPARE(runCli({"info", (m_tree.path() / "empty.sqlite").native()}).status, 0);
        QCOMPARE(runCli({"info", m_tree.path().native()}).status, 1);
    }

    void infoReadsTheWal()
    {
        TempTree tree;
        const Path path = tree.path() / "crashed.db";
        makeCrashedWal(path, {}, 10);
        const TreeSnapshot before(tree.path());
        const QJsonObject record = runCli({"info", "--format", "json", path.native()}).records().at(0).toObject();
        const QJsonObject wal = record.value(QLatin1String("wal")).toObject();
        QVERIFY(wal.value(QLatin1String("frames")).toInt() > 0);
        QVERIFY(wal.value(QLatin1String("committed_frames")).toInt() > 0);
        QVERIFY(wal.value(QLatin1String("pages")).toInt() > 0);
        QCOMPARE(wal.value(QLatin1String("salt")).toArray().size(), 2);
        QVERIFY(record.value(QLatin1String("wal_size")).toInt() > 0);
        QCOMPARE(record.value(QLatin1String("tables")).toInt(), 1);
        QCOMPARE(record.value(QLatin1String("indexes")).toInt(), 1);
        QCOMPARE(before.difference(TreeSnapshot(tree.path())), std::string());
    }

    void infoTellsWhatIsBeside()
    {
        TempTree tree;
        const Path crashed = tree.path() / "crashed.db";
        const Path hot = tree.path() / "hot.db";
        makeCrashedWal(crashed, {}, 10);
        makeHotJournal(hot, {.rows = 3000});
        const QJsonArray records = runCli({"info", "--format", "json", crashed.native(), hot.native()}).records();
        const auto state = [&](int record, QLatin1String sibling) {
            return records.at(record)[QLatin1String("siblings")][sibling].toString();
        };
        QCOMPARE(state(0, QLatin1String("wal")), QStringLiteral("left-by-crash"));
        QCOMPARE(state(0, QLatin1String("shm")), QStringLiteral("missing"));
        QCOMPARE(records.at(0)[QLatin1String("not_checkpointed")].toInt(),
                 records.at(0)[QLatin1String("wal")][QLatin1String("committed_frames")].toInt());
        QCOMPARE(state(1, QLatin1String("journal")), QStringLiteral("hot"));
        const QJsonValue undo = records.at(1)[QLatin1String("undo")];
        QVERIFY(undo[QLatin1String("pages_restored")].toInt() > 10 && undo[QLatin1String("complete")].toBool());
        QVERIFY(records.at(0)[QLatin1String("undo")].isNull());
        QVERIFY(records.at(0).toObject().contains(QLatin1String("project")));
    }

    void infoSpaceAndSchemaWhereAskedFor()
    {
        TempTree tree;
        const Path path = tree.path() / "a.db";
        makeDatabase(path, {.rows = 500, .moreSql = "CREATE VIEW v AS SELECT\n  1"});
        const TreeSnapshot before(tree.path());
        const QJsonObject plain = runCli({"info", "--format", "json", path.native()}).records().at(0).toObject();
        QVERIFY(!plain.contains(QLatin1String("space")) && !plain.contains(QLatin1String("schema")));
        const Ran ran = runCli({"info", "--space", "--schema", "--format", "json", path.native()});
        QCOMPARE(ran.status, 0);
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(before.difference(TreeSnapshot(tree.path())), std::string());

        const QJsonArray schema = record.value(QLatin1String("schema")).toArray();
        QCOMPARE(schema.size(), 3);
        QCOMPARE(schema.at(2).toString(), QStringLiteral("CREATE VIEW v AS SELECT\n  1"));
        const QJsonArray space = record.value(QLatin1String("space")).toArray();
        QCOMPARE(space.size(), 3);
        int pages = 0;
        for (const QJsonValue &item : space) {
            for (const QString &field : fields("name type table pages bytes payload unused rows"))
                QVERIFY2(item.toObject().contains(field), qPrintable(field));
            pages += item[QLatin1String("pages")].toInt();
        }
        QCOMPARE(pages, record.value(QLatin1String("page_count")).toInt());
        QCOMPARE(space.at(0)[QLatin1String("name")].toString(), QStringLiteral("t"));
        QCOMPARE(space.at(0)[QLatin1String("rows")].toInt(), 500);
        QCOMPARE(record.value(QLatin1String("space_partial")), QJsonValue(false));

        const QByteArray table = runCli({"info", "--space", "--schema", path.native()}).out;
        QVERIFY(table.contains("\n        CREATE VIEW v AS SELECT\n          1\n"));
        QVERIFY(table.contains("name           type   table          pages"));
        const QByteArray csv = runCli({"info", "--space", "--schema", "--format", "csv", path.native()}).out;
        QVERIFY(csv.startsWith("path,") && csv.split('\n').at(0).endsWith(",schema,space,space_partial"));
        QVERIFY(!runCli({"info", "--format", "csv", path.native()}).out.contains(",space"));
    }

    void infoOfWhatIsNoneHasTheSameFields()
    {
        const Path none = m_tree.path() / "notes.db";
        const QJsonArray records =
            runCli({"info", "--space", "--schema", "--format", "json", m_shop.native(), none.native(), "/no/such.db"})
                .records();
        for (const QString &field : records.at(0).toObject().keys()) {
            for (int i = 1; i < 3; ++i)
                QVERIFY2(records.at(i).toObject().contains(field), qPrintable(field));
        }
    }

    void infoKeepsTheOrderOfManyFiles()
    {
        TempTree tree;
        const std::string database = readFile(m_shop);
        Words words{"info", "--format", "json"};
        for (int i = 0; i < 60; ++i)
            words.push_back(tree.file("f" + std::to_string(i * 37 % 60) + ".db", i % 7 ? database : "none").native());
        const QJsonArray records = runCli(words).records();
        QCOMPARE(records.size(), 60);
        for (int i = 0; i < 60; ++i)
            QCOMPARE(pathOf(records.at(i).toObject()), Path(words.at(std::size_t(i) + 3)));
        words.at(2) = "jsonl";
        QCOMPARE(runCli(words).lines().size(), 60);
    }

    void aClosedPipeEndsItQuietly()
    {
        TempTree tree;
        const std::string database = readFile(m_shop);
        for (int i = 0; i < 200; ++i)
            tree.file("d" + std::to_string(i % 10) + "/f" + std::to_string(i) + ".db", database);
        QProcess shell;
        const QString cli = QString::fromStdString(programPath());
        for (const char *format : {"jsonl", "json", "table", "csv"}) {
            shell.start(QStringLiteral("bash"),
                        {QStringLiteral("-c"),
                         QStringLiteral("\"$0\" scan --format \"$1\" \"$2\" | :; echo ${PIPESTATUS[0]}"), cli,
                         QLatin1String(format), QString::fromStdString(tree.path())});
            QVERIFY(shell.waitForFinished());
            const QByteArray status = shell.readAllStandardOutput().trimmed();
            QVERIFY2(status == "141" || status == "0", status.constData());
            for (const QByteArray &line : shell.readAllStandardError().split('\n'))
                QVERIFY2(line.isEmpty() || line.contains(" database"), line.constData());
        }
    }

    void aFullDiskUnderTheResultsIsAFailure()
    {
        if (!std::filesystem::exists("/dev/full"))
            QSKIP("NOT TESTED: there is no /dev/full");
        const Ran ran =
            Program({"info", "--format", "json", m_shop.native()}, {}, QStringLiteral("/dev/full")).finish();
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.err.contains("could not be written"), ran.err.constData());
    }

    void ctrlCKeepsWhatWasFound_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("an end from outside") << SIGTERM;
    }

    void ctrlCKeepsWhatWasFound()
    {
        QFETCH(int, number);
        // Far more than a pipe holds, so that it waits for us in the middle of the scan, again and again.
        TempTree tree;
        constexpr int Files = 20000;
        makeDatabase(tree.path() / "first.db");
        for (int i = 0; i < Files; ++i)
            tree.hardLink("d" + std::to_string(i % 30) + "/f" + std::to_string(i) + ".db", tree.path() / "first.db");
        Program program({"scan", "--format", "jsonl", tree.path().native()});
        program.waitForOutput();
        program.signal(number);
        const Ran ran = program.finish();
        QCOMPARE(ran.status, 130);
        const QJsonArray records = ran.lines();
        QVERIFY(!records.isEmpty());
        QVERIFY2(records.size() < Files, "it was not stopped");
        for (const QJsonValue &record : records)
            QVERIFY(record.toObject().contains(QLatin1String("path")));
        QVERIFY2(ran.err.contains("until stopped"), ran.err.constData());
    }

    void theHomeFolderIsTheDefault()
    {
        qputenv("HOME", QByteArray::fromStdString(m_tree.path()));
        QCOMPARE(runCli({"scan", "--format", "json"}).records().size(), 2);
        qunsetenv("HOME");
        const Ran ran = runCli({"scan"});
        QCOMPARE(ran.status, 2);
        QVERIFY(ran.err.contains("HOME"));
    }

private:
    static QStringList fields(const char *names) { return QString::fromLatin1(names).split(u' '); }
    static QByteArray bytes(const Path &path) { return QByteArray::fromStdString(path.native()); }

    TempTree m_tree;
    Path m_shop = m_tree.path() / "shop.db";
    Path m_cache = m_tree.folder("folder") / "cache.sqlite";
};

QTEST_GUILESS_MAIN(CliContractTest)
#include "tst_cli_contract.moc"
