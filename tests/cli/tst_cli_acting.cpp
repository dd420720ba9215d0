// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every command that acts, and for each of them.
#include "cli/program.h"
#include "operations/operation.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <memory>

using namespace lk;
using namespace lk::test;

class CliActingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<TempTree>();
        m_first = m_tree->path() / "first.db";
        m_second = m_tree->path() / "second.db";
        makeDatabase(m_first, {.rows = 1000});
        makeDatabase(m_second);
    }

    void everyOperationIsACommand()
    {
        const QByteArray help = runCli({"--help"}).out;
        for (const operations::Operation *operation : operations::all()) {
            if (operation->subject == operations::Subject::Undo)
                continue;
            QByteArray verb;
            for (const std::string &word : operations::verbOf(operation->id))
                verb += QByteArray::fromStdString(word) + ' ';
            QVERIFY2(help.contains("\n  " + verb), operation->id);
        }
    }

    void aDryRunChangesNothing_data() { allVerbs(); }

    void aDryRunChangesNothing()
    {
        QFETCH(QStringList, verb);
        const TreeSnapshot before(m_tree->path());
        const Ran ran = act(verb + QStringList{QStringLiteral("--dry-run")}, {m_first, m_second});
        QCOMPARE(ran.status, 0);
        QCOMPARE(ran.records().size(), 2);
        QCOMPARE(ran.records().at(0).toObject().value(QLatin1String("dry_run")).toBool(), true);
        QCOMPARE(before.difference(TreeSnapshot(m_tree->path())), std::string());
    }

    void aDryRunSaysWhatWouldBeRefused_data() { allVerbs(); }

    void aDryRunSaysWhatWouldBeRefused()
    {
        QFETCH(QStringList, verb);
        const Path text = m_tree->file("text.db", "not a database");
        const Ran ran = act(verb + QStringList{QStringLiteral("--dry-run")}, {text});
        QCOMPARE(ran.status, 1);
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(record.value(QLatin1String("status")).toString(), QStringLiteral("skipped"));
        QCOMPARE(code(record), QStringLiteral("not-a-database"));
    }

    void oneThatFailsNeverStopsTheOthers_data() { allVerbs(); }

    void oneThatFailsNeverStopsTheOthers()
    {
        QFETCH(QStringList, verb);
        const Path missing = m_tree->path() / "missing.db";
        const Ran ran = act(verb, {m_first, missing, m_second});
        QCOMPARE(ran.status, 1);
        const QJsonArray records = ran.records();
        QCOMPARE(records.size(), 3);
        // In the order given, whichever ended first.
        QCOMPARE(pathOf(records.at(0).toObject()), m_first.native());
        QCOMPARE(pathOf(records.at(1).toObject()), missing.native());
        QCOMPARE(pathOf(records.at(2).toObject()), m_second.native());
        QCOMPARE(status(records, m_first), QStringLiteral("done"));
        QCOMPARE(status(records, m_second), QStringLiteral("done"));
        QCOMPARE(status(records, missing), QStringLiteral("failed"));
        const QJsonObject error = records.at(1).toObject().value(QLatin1String("error")).toObject();
        QCOMPARE(error.value(QLatin1String("code")).toString(), QStringLiteral("not-found"));
        QVERIFY(error.value(QLatin1String("message")).toString().contains(QStringLiteral("missing.db")));
        QVERIFY(error.contains(QLatin1String("detail")));
        QVERIFY2(ran.err.contains("2 done, 1 failed"), ran.err.constData());
    }

    void recordsComeInEveryFormat_data() { allVerbs(); }

    void recordsComeInEveryFormat()
    {
        QFETCH(QStringList, verb);
        const Ran lines = act(verb, {m_first, m_second}, "jsonl");
        QCOMPARE(lines.lines().size(), 2);
        QCOMPARE(status(lines.lines(), m_second), QStringLiteral("done"));
        const Ran csv = act(verb, {m_first}, "csv");
        QCOMPARE(csv.out.count('\n'), 2);
        QVERIFY(csv.out.startsWith("path,path_base64,status,error.code,"));
        const Ran table = act(verb, {m_first}, "table");
        QVERIFY2(table.out.contains(m_first.c_str()), table.out.constData());
    }

    void journalIsSetAndReadBack()
    {
        const Ran on = act({QStringLiteral("journal"), QStringLiteral("wal")}, {m_first, m_second});
        QCOMPARE(on.status, 0);
        const QJsonObject record = recordOf(on.records(), m_first);
        QCOMPARE(record.value(QLatin1String("before")).toString(), QStringLiteral("rollback"));
        QCOMPARE(record.value(QLatin1String("after")).toString(), QStringLiteral("wal"));
        QCOMPARE(readFile(m_first).substr(18, 2), std::string("\2\2"));
        QCOMPARE(readFile(m_second).substr(18, 2), std::string("\2\2"));

        const Ran again = act({QStringLiteral("journal"), QStringLiteral("wal")}, {m_first});
        QCOMPARE(again.status, 0);
        QCOMPARE(status(again.records(), m_first), QStringLiteral("unchanged"));

        const Ran off = act({QStringLiteral("journal"), QStringLiteral("delete")}, {m_first});
        QCOMPARE(off.status, 0);
        QCOMPARE(readFile(m_first).substr(18, 2), std::string("\1\1"));
        QVERIFY(!std::filesystem::exists(withSuffix(m_first, "-wal")));
    }

    void aFileInUseIsBusyAndSaysByWhom()
    {
        HeldLock reader(m_first, Held::Reading);
        const Ran ran =
            act({QStringLiteral("journal"), QStringLiteral("wal"), QStringLiteral("--wait"), QStringLiteral("0.2")},
                {m_first, m_second});
        QCOMPARE(ran.status, 1);
        const QJsonObject record = recordOf(ran.records(), m_first);
        QCOMPARE(code(record), QStringLiteral("busy"));
        const QString message =
            record.value(QLatin1String("error")).toObject().value(QLatin1String("message")).toString();
        QVERIFY2(message.contains(QString::number(reader.pid())), qPrintable(message));
        QCOMPARE(status(ran.records(), m_second), QStringLiteral("done"));
        QCOMPARE(readFile(m_first).substr(18, 2), std::string("\1\1"));
    }

    void ctrlCEndsAWaitAndKeepsWhatIsDone()
    {
        HeldLock reader(m_first, Held::Reading);
        // The second is done soon, and printed as soon as it is.
        Program program({"journal", "wal", "--wait", "600", "--format", "jsonl", m_first.native(), m_second.native()});
        program.waitForOutput();
        program.signal(SIGINT);
        QElapsedTimer timer;
        timer.start();
        const Ran ran = program.finish();
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(ran.status, 130);
        QCOMPARE(status(ran.lines(), m_second), QStringLiteral("done"));
        QCOMPARE(code(recordOf(ran.lines(), m_first)), QStringLiteral("cancelled"));
        QCOMPARE(readFile(m_first).substr(18, 2), std::string("\1\1"));
        QVERIFY2(ran.err.contains("1 done, 1 stopped"), ran.err.constData());
    }

    void checkTellsItsVerdict()
    {
        const TreeSnapshot before(m_tree->path());
        const Ran ran = act({QStringLiteral("check")}, {m_first});
        QCOMPARE(ran.status, 0);
        const QJsonObject record = recordOf(ran.records(), m_first);
        QCOMPARE(record.value(QLatin1String("verdict")).toString(), QStringLiteral("ok"));
        QCOMPARE(record.value(QLatin1String("messages")).toArray().size(), 0);
        QVERIFY(record.value(QLatin1String("seconds")).isDouble());
        QVERIFY(record.value(QLatin1String("depth")).isString());
        const Ran quick = act({QStringLiteral("check"), QStringLiteral("--quick")}, {m_first});
        QVERIFY(recordOf(quick.records(), m_first).value(QLatin1String("depth")) !=
                record.value(QLatin1String("depth")));
        QCOMPARE(before.difference(TreeSnapshot(m_tree->path())), std::string());
    }

    void checkFindsDamage()
    {
        // The second page's type: no b-tree has this one.
        patch(m_first, 4096, {0x77});
        const Ran ran = act({QStringLiteral("check")}, {m_first, m_second});
        QCOMPARE(ran.status, 1);
        const QJsonObject record = recordOf(ran.records(), m_first);
        QCOMPARE(record.value(QLatin1String("status")).toString(), QStringLiteral("done"));
        QCOMPARE(record.value(QLatin1String("verdict")).toString(), QStringLiteral("damaged"));
        QVERIFY(record.value(QLatin1String("messages")).toArray().size() > 0);
        QVERIFY2(ran.err.contains("1 found damaged"), ran.err.constData());
    }

    void aBackupIsWhatItSays()
    {
        const Path folder = m_tree->folder("backups");
        const Ran ran = runCli({"backup", "--format", "json", m_first.native(), "--to", folder.native()});
        QCOMPARE(ran.status, 0);
        const QJsonObject record = ran.records().at(0).toObject();
        const Path copy = record.value(QLatin1String("backup")).toString().toStdString();
        QCOMPARE(copy.parent_path().native(), folder.native());
        const std::string content = readFile(copy);
        QCOMPARE(record.value(QLatin1String("bytes")).toInteger(), qint64(content.size()));
        QCOMPARE(record.value(QLatin1String("pages")).toInteger(), qint64(content.size() / 4096));
        QCOMPARE(record.value(QLatin1String("verified")).toBool(), true);
        QCOMPARE(record.value(QLatin1String("sha256")).toString().toLatin1(),
                 QCryptographicHash::hash(QByteArray::fromStdString(content), QCryptographicHash::Sha256).toHex());
        QCOMPARE(contentHash(copy), contentHash(m_first));
    }

    void theFolderOfABackupMayBeRelative()
    {
        m_tree->folder("backups");
        const Ran ran = runCli({"backup", "--format", "json", "first.db", "--to", "backups"}, m_tree->path());
        QCOMPARE(ran.status, 0);
        const Path copy = ran.records().at(0).toObject().value(QLatin1String("backup")).toString().toStdString();
        QCOMPARE(copy.parent_path().native(), (m_tree->path() / "backups").native());
    }

    void backupsAreListedTheNewestFirstAndVerified()
    {
        const Path folder = m_tree->folder("backups");
        const auto back = [&](const Path &path, const char *option) {
            const Ran made = runCli({"backup", option, "--format", "json", path.native(), "--to", folder.native()});
            return made.records().at(0).toObject().value(QLatin1String("backup")).toString();
        };
        const QString packed = back(m_first, "--zstd");
        const QString later = back(m_first, "--wait=5");
        const QString other = back(m_second, "--wait=5");
        Ran ran = runCli({"backups", "--format", "json", "--in", folder.native()});
        QCOMPARE(ran.status, 0);
        QCOMPARE(ran.records().size(), 3);
        // One that is gone has backups all the same.
        std::filesystem::remove(m_first);
        ran = runCli({"backups", "--format", "json", m_first.native(), "--in", folder.native()});
        QCOMPARE(ran.records().size(), 2);
        const QJsonObject newest = ran.records().at(0).toObject();
        QCOMPARE(newest.value(QLatin1String("backup")).toString(), later);
        QCOMPARE(newest.value(QLatin1String("source")).toString().toStdString(), m_first.native());
        QVERIFY(newest.value(QLatin1String("verified")).toBool());
        QCOMPARE(newest.value(QLatin1String("bytes")).toInteger(),
                 qint64(std::filesystem::file_size(later.toStdString())));
        QVERIFY(newest.value(QLatin1String("made")).isString());
        QCOMPARE(ran.records().at(1).toObject().value(QLatin1String("format")).toString(), QStringLiteral("zstd"));

        ran = runCli({"verify", "--format", "json", packed.toStdString(), other.toStdString()});
        QCOMPARE(ran.status, 0);
        QCOMPARE(ran.records().at(0).toObject().value(QLatin1String("verdict")).toString(), QStringLiteral("ok"));
        patch(other.toStdString(), 5000, {0xff});
        ran = runCli({"verify", "--format", "json", other.toStdString()});
        QCOMPARE(ran.status, 1);
        QCOMPARE(ran.records().at(0).toObject().value(QLatin1String("verdict")).toString(), QStringLiteral("damaged"));
        QCOMPARE(runCli({"backups"}).status, 2);
        QCOMPARE(runCli({"backups", "--in", (folder / "no").native()}).status, 1);
        const Ran table = runCli({"backups", "--in", folder.native()});
        QVERIFY2(table.out.contains("VERIFIED"), table.out.constData());
    }

    void backupsAreComparedWithNow()
    {
        const Path folder = m_tree->folder("backups");
        QCOMPARE(runCli({"backup", m_first.native(), "--to", folder.native()}).status, 0);
        runSql(m_first,
               "DELETE FROM t WHERE id > 990; UPDATE t SET k = 'other' WHERE id = 1; CREATE VIEW w AS SELECT 1");
        Ran ran = runCli({"backups", "--compare", "--format", "json", m_first.native(), "--in", folder.native()});
        QCOMPARE(ran.status, 0);
        const QJsonObject record = ran.records().at(0).toObject();
        const QJsonObject table = record.value(QLatin1String("tables")).toArray().at(0).toObject();
        QCOMPARE(table.value(QLatin1String("removed")).toInt(), 10);
        QCOMPARE(table.value(QLatin1String("changed")).toInt(), 1);
        const QJsonObject view = record.value(QLatin1String("schema")).toArray().at(0).toObject();
        QCOMPARE(view.value(QLatin1String("change")).toString(), QStringLiteral("added"));
        ran = runCli({"backups", "--compare", m_first.native(), "--in", folder.native()});
        QVERIFY2(ran.out.contains("t: 10 rows removed, 1 row changed"), ran.out.constData());
        // With nothing to compare it with, each says why.
        std::filesystem::remove(m_first);
        ran = runCli({"backups", "--compare", m_first.native(), "--in", folder.native()});
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.out.contains("not there"), ran.out.constData());
    }

    void theFilesOfADamagedDatabaseAreKeptAsTheyAre()
    {
        const Path folder = m_tree->folder("backups");
        patch(m_first, 4096, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
        QCOMPARE(runCli({"backup", m_first.native(), "--to", folder.native()}).status, 1);
        Ran ran = runCli({"backup", "--raw", "--format", "json", m_first.native(), "--to", folder.native()});
        QCOMPARE(ran.status, 0);
        QCOMPARE(ran.records().at(0).toObject().value(QLatin1String("verified")), QJsonValue(false));
        ran = runCli({"backups", "--in", folder.native()});
        QVERIFY2(ran.out.contains("raw") && ran.out.contains("not checked"), ran.out.constData());
        QCOMPARE(runCli({"backup", "--raw", "--zstd", m_first.native(), "--to", folder.native()}).status, 2);
    }

    void aBackupIsRestoredAndThatTakenBack()
    {
        const std::string content = contentHash(m_first);
        const Path folder = m_tree->folder("backups");
        const Ran made = runCli({"backup", "--format", "json", m_first.native(), "--to", folder.native()});
        const std::string backup =
            made.records().at(0).toObject().value(QLatin1String("backup")).toString().toStdString();
        runSql(m_first, "DELETE FROM t WHERE id > 10");
        const std::string later = contentHash(m_first);

        Ran ran = runCli({"restore", "--format", "json", backup, "--to", m_first.native()});
        QCOMPARE(ran.status, 1);
        QCOMPARE(code(ran.records().at(0).toObject()), QStringLiteral("refused"));
        ran = runCli({"restore", "--dry-run", "--format", "json", backup, "--to", m_first.native(), "--replace"});
        QCOMPARE(ran.status, 0);
        const QJsonObject plan = ran.records().at(0).toObject();
        QCOMPARE(plan.value(QLatin1String("rows")).toObject().value(QLatin1String("t")).toInt(), 1000);
        QCOMPARE(plan.value(QLatin1String("rows_before")).toObject().value(QLatin1String("t")).toInt(), 10);
        QCOMPARE(contentHash(m_first), later);
        ran = runCli({"restore", "--format", "json", backup, "--to", m_first.native(), "--replace"});
        QCOMPARE(ran.status, 0);
        const QString kept = ran.records().at(0).toObject().value(QLatin1String("kept_as")).toString();
        QCOMPARE(contentHash(kept.toStdString()), later);
        QCOMPARE(contentHash(m_first), content);
        // A new place, by a relative path.
        ran = runCli({"restore", backup, "--to", "new.db"}, m_tree->path());
        QCOMPARE(ran.status, 0);
        QCOMPARE(contentHash(m_tree->path() / "new.db"), content);
        QCOMPARE(runCli({"unrestore", m_first.native()}).status, 2); // no verb of its own
    }

    void aMissingFolderIsNotMade()
    {
        const Ran ran = runCli({"backup", "--format", "json", "--wait", "0.1", m_first.native(), "--to",
                                (m_tree->path() / "no").native()});
        QCOMPARE(ran.status, 1);
        QCOMPARE(code(ran.records().at(0).toObject()), QStringLiteral("not-found"));
        QVERIFY(!std::filesystem::exists(m_tree->path() / "no"));
    }

private:
    void allVerbs()
    {
        QTest::addColumn<QStringList>("verb");
        QTest::newRow("journal wal") << QStringList{QStringLiteral("journal"), QStringLiteral("wal")};
        QTest::newRow("check") << QStringList{QStringLiteral("check")};
        // The folder is set in act(): each test has its own.
        QTest::newRow("backup") << QStringList{QStringLiteral("backup")};
        QTest::newRow("backup, packed") << QStringList{QStringLiteral("backup"), QStringLiteral("--zstd")};
        for (const char *verb : {"compact", "optimize", "reindex"})
            QTest::newRow(verb) << QStringList{QLatin1String(verb)};
    }

    Ran act(const QStringList &verb, const std::vector<Path> &files, const char *format = "json") const
    {
        std::vector<std::string> words;
        for (const QString &word : verb)
            words.push_back(word.toStdString());
        if (words.front() == "backup")
            words.insert(words.end(), {"--to", m_folder.path().native()});
        words.insert(words.end(), {"--format", format, "--"});
        for (const Path &file : files)
            words.push_back(file.native());
        return runCli(words);
    }

    static QString status(const QJsonArray &records, const Path &path)
    {
        return recordOf(records, path).value(QLatin1String("status")).toString();
    }

    static QString code(const QJsonObject &record)
    {
        return record.value(QLatin1String("error")).toObject().value(QLatin1String("code")).toString();
    }

    std::unique_ptr<TempTree> m_tree;
    TempTree m_folder; ///< for backups
    Path m_first;
    Path m_second;
};

QTEST_GUILESS_MAIN(CliActingTest)
#include "tst_cli_acting.moc"
