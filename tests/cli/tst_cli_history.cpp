// SPDX-License-Identifier: GPL-3.0-or-later
// What Litekeeper did, and taking it back.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <filesystem>
#include <memory>

using namespace lk;
using namespace lk::test;

class CliHistoryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;
    Path m_file;

    static QJsonArray history(std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"history", "--format", "json"});
        return runCli(more).records();
    }
    Path catalogue() const { return m_tree->path() / "share/litekeeper/catalogue.sqlite"; }
    void toWal() const { QCOMPARE(runCli({"journal", "wal", m_file}).status, 0); }
    bool isWal() const { return readFile(m_file)[18] == 2; }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<TempTree>();
        m_file = m_tree->path() / "shop \xff.db";
        makeDatabase(m_file);
        qputenv("LITEKEEPER_NO_MEMORY", "0");
        qputenv("XDG_DATA_HOME", QByteArray::fromStdString(m_tree->path() / "share"));
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(m_tree->path()));
    }

    void nothingDoneIsAnEmptyList()
    {
        const Ran ran = runCli({"history", "--format", "json"});
        QCOMPARE(ran.status, 0);
        QVERIFY(ran.records().isEmpty());
        QVERIFY(ran.err.isEmpty());
    }

    void whatWasDoneIsTold()
    {
        toWal();
        QCOMPARE(runCli({"check", m_file}).status, 0);
        const QJsonArray records = history();
        QCOMPARE(records.size(), 2);
        const QJsonObject check = records.at(0).toObject();
        const QJsonObject journal = records.at(1).toObject();
        QCOMPARE(check.value(QLatin1String("operation")).toString(), QStringLiteral("check"));
        QCOMPARE(check.value(QLatin1String("undoable")).toBool(true), false);
        QVERIFY(check.value(QLatin1String("before")).isNull());
        QCOMPARE(journal.value(QLatin1String("id")).toInt(), 1);
        QCOMPARE(pathOf(journal), m_file.native());
        QCOMPARE(journal.value(QLatin1String("status")).toString(), QStringLiteral("done"));
        QCOMPARE(journal.value(QLatin1String("before")).toString(), QStringLiteral("rollback"));
        QCOMPARE(journal.value(QLatin1String("after")).toString(), QStringLiteral("wal"));
        QCOMPARE(journal.value(QLatin1String("undoable")).toBool(), true);
        QCOMPARE(journal.value(QLatin1String("undone")).toBool(true), false);
        QVERIFY(journal.value(QLatin1String("error")).isNull());
        const QRegularExpression time(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"));
        QVERIFY(time.match(journal.value(QLatin1String("started")).toString()).hasMatch());
        QVERIFY(time.match(journal.value(QLatin1String("ended")).toString()).hasMatch());
    }

    void whatFailedIsToldWithItsError()
    {
        writeFile(m_file, "no database at all, and not short");
        QCOMPARE(runCli({"journal", "wal", m_file}).status, 1);
        const QJsonObject record = history().at(0).toObject();
        const QJsonObject error = record.value(QLatin1String("error")).toObject();
        QCOMPARE(error.value(QLatin1String("code")).toString(), QStringLiteral("not-a-database"));
        QVERIFY(!error.value(QLatin1String("message")).toString().isEmpty());
    }

    void rehearsalsAreNoHistory()
    {
        QCOMPARE(runCli({"journal", "wal", "--dry-run", m_file}).status, 0);
        QVERIFY(history().isEmpty());
    }

    void itIsAskedForByFileAndNumber()
    {
        const Path other = m_tree->path() / "other.db";
        makeDatabase(other);
        QCOMPARE(runCli({"check", m_file, other}).status, 0);
        QCOMPARE(runCli({"check", other}).status, 0);
        QCOMPARE(history({m_file}).size(), 1);
        QCOMPARE(history({other}).size(), 2);
        QCOMPARE(history({"--last", "2"}).size(), 2);
        std::filesystem::remove(other);
        QCOMPARE(history({other}).size(), 2); // also once it is gone
    }

    void csvAndTablesSayTheSame()
    {
        toWal();
        const QByteArray table = runCli({"history"}).out;
        QVERIFY(table.contains("litekeeper-cli undo 1"));
        const QByteArray csv = runCli({"history", "--format", "csv"}).out;
        QCOMPARE(csv.split('\n').at(0).split(',').at(0).trimmed(), QByteArray("id"));
        QVERIFY(csv.contains("journal"));
    }

    void whatWasDoneIsTakenBackOnce()
    {
        toWal();
        const std::string content = contentHash(m_file);
        const Ran rehearsed = runCli({"undo", "1", "--dry-run", "--format", "json"});
        QCOMPARE(rehearsed.status, 0);
        QCOMPARE(rehearsed.records().at(0).toObject().value(QLatin1String("dry_run")).toBool(), true);
        QVERIFY(isWal());

        const Ran undone = runCli({"undo", "1", "--format", "json"});
        QCOMPARE(undone.status, 0);
        const QJsonObject record = undone.records().at(0).toObject();
        QCOMPARE(record.value(QLatin1String("status")).toString(), QStringLiteral("done"));
        QCOMPARE(record.value(QLatin1String("undoes")).toInt(), 1);
        QCOMPARE(pathOf(record), m_file.native());
        QVERIFY(!isWal());
        QCOMPARE(contentHash(m_file), content);

        const QJsonArray records = history();
        QCOMPARE(records.at(0).toObject().value(QLatin1String("undoes")).toInt(), 1);
        QCOMPARE(records.at(1).toObject().value(QLatin1String("undone")).toBool(), true);
        QCOMPARE(records.at(1).toObject().value(QLatin1String("undoable")).toBool(true), false);
        const Ran again = runCli({"undo", "1", "--format", "json"});
        QCOMPARE(again.status, 0);
        QCOMPARE(again.records().at(0).toObject().value(QLatin1String("status")).toString(),
                 QStringLiteral("unchanged"));
    }

    void anotherFileOfThatNameIsLeftAlone()
    {
        toWal();
        const Path copy = m_tree->path() / "copy.db";
        std::filesystem::copy(m_file, copy);
        std::filesystem::rename(copy, m_file);
        const Ran ran = runCli({"undo", "1", "--format", "json"});
        QCOMPARE(ran.status, 1);
        const QJsonObject error = ran.records().at(0).toObject().value(QLatin1String("error")).toObject();
        QCOMPARE(error.value(QLatin1String("code")).toString(), QStringLiteral("changed"));
        QVERIFY(isWal());
    }

    void whatCantBeTakenBackSaysSo()
    {
        QCOMPARE(runCli({"check", m_file}).status, 0);
        const Ran ran = runCli({"undo", "1", "--format", "json"});
        QCOMPARE(ran.status, 1);
        const QJsonObject error = ran.records().at(0).toObject().value(QLatin1String("error")).toObject();
        QCOMPARE(error.value(QLatin1String("code")).toString(), QStringLiteral("refused"));
    }

    void aRestoreIsTakenBackUnlessSomebodyWroteSince_data()
    {
        QTest::addColumn<bool>("written");

        QTest::newRow("nobody wrote") << false;
        QTest::newRow("somebody wrote") << true;
    }
    void aRestoreIsTakenBackUnlessSomebodyWroteSince()
    {
        QFETCH(bool, written);
        QCOMPARE(runCli({"backup", "--to", m_tree->folder("to"), m_file}).status, 0);
        // Found where it went, without being told.
        const QJsonObject listed = runCli({"backups", "--format", "json", m_file}).records().at(0).toObject();
        const std::string backup =
            QByteArray::fromBase64(listed.value(QLatin1String("backup_base64")).toString().toLatin1()).toStdString();
        QVERIFY(!backup.empty());
        runSql(m_file, "DELETE FROM t");
        const std::string before = contentHash(m_file);
        QCOMPARE(runCli({"restore", backup, "--to", m_file, "--replace"}).status, 0);
        QVERIFY(contentHash(m_file) != before);
        const QJsonObject restore = history({m_file}).at(0).toObject(); // the database's, not the backup's
        QCOMPARE(restore.value(QLatin1String("operation")).toString(), QStringLiteral("restore"));
        if (written)
            runSql(m_file, "DELETE FROM t WHERE id < 5");
        const std::string now = contentHash(m_file);
        const int id = restore.value(QLatin1String("id")).toInt();
        const Ran ran = runCli({"undo", std::to_string(id), "--format", "json"});
        QCOMPARE(ran.status, written ? 1 : 0);
        QCOMPARE(contentHash(m_file), written ? now : before);
    }

    void wrongUsageDoesNothing_data()
    {
        QTest::addColumn<QStringList>("arguments");

        QTest::newRow("no id") << QStringList{QStringLiteral("undo")};
        QTest::newRow("no number") << QStringList{QStringLiteral("undo"), QStringLiteral("x")};
        QTest::newRow("two of them") << QStringList{QStringLiteral("undo"), QStringLiteral("1"), QStringLiteral("2")};
        QTest::newRow("an id that never was") << QStringList{QStringLiteral("undo"), QStringLiteral("99")};
        QTest::newRow("a wait that is no time")
            << QStringList{QStringLiteral("undo"), QStringLiteral("1"), QStringLiteral("--wait=x")};
        QTest::newRow("the last none") << QStringList{QStringLiteral("history"), QStringLiteral("--last=0")};
        QTest::newRow("an unknown option") << QStringList{QStringLiteral("history"), QStringLiteral("--lst")};
    }
    void wrongUsageDoesNothing()
    {
        QFETCH(QStringList, arguments);
        toWal();
        std::vector<std::string> words;
        for (const QString &argument : arguments)
            words.push_back(argument.toStdString());
        const Ran ran = runCli(words);
        QCOMPARE(ran.status, 2);
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(isWal());
    }

    void nothingIsKeptWhereThatIsAskedFor_data()
    {
        QTest::addColumn<bool>("option");

        QTest::newRow("by the option") << true;
        QTest::newRow("by the variable") << false;
    }
    void nothingIsKeptWhereThatIsAskedFor()
    {
        QFETCH(bool, option);
        if (!option)
            qputenv("LITEKEEPER_NO_MEMORY", "1");
        for (const char *command : {"check", "info", "advise", "history"}) {
            std::vector<std::string> words{command, m_file};
            if (option)
                words.emplace_back("--no-memory");
            QCOMPARE(runCli(words).status, 0);
        }
        QVERIFY(!std::filesystem::exists(m_tree->path() / "share"));
    }

    void lookingTouchesNothingButTheMemory()
    {
        const Path looked = m_tree->folder("looked");
        makeCrashedWal(looked / "crashed.db");
        const TreeSnapshot before(looked);
        QCOMPARE(runCli({"check", looked / "crashed.db"}).status, 0);
        QCOMPARE(before.difference(TreeSnapshot(looked)), std::string());
        QVERIFY(std::filesystem::exists(catalogue()));
    }

    void whatWasCheckedAndBackedUpIsKnownToTheAdvice()
    {
        const auto rules = [&] {
            QStringList ids;
            const QJsonObject record = runCli({"advise", "--format", "json", m_file}).records().at(0).toObject();
            for (const QJsonValue &finding : record.value(QLatin1String("findings")).toArray())
                ids.append(finding.toObject().value(QLatin1String("rule")).toString());
            return ids;
        };
        QVERIFY(rules().contains(QStringLiteral("never-checked")));
        QVERIFY(rules().contains(QStringLiteral("never-backed-up")));
        QCOMPARE(runCli({"check", m_file}).status, 0);
        QCOMPARE(runCli({"backup", "--to", m_tree->folder("to"), m_file}).status, 0);
        QVERIFY(!rules().contains(QStringLiteral("never-checked")));
        QVERIFY(!rules().contains(QStringLiteral("never-backed-up")));
    }

    void withoutAMemoryWorkGoesOn_data()
    {
        QTest::addColumn<bool>("damaged");

        QTest::newRow("it is damaged") << true;
        QTest::newRow("there is no place for it") << false;
    }
    void withoutAMemoryWorkGoesOn()
    {
        QFETCH(bool, damaged);
        if (damaged) {
            QCOMPARE(runCli({"check", m_file}).status, 0);
            writeFile(catalogue(), std::string(5000, '#'));
        } else {
            m_tree->file("share");
        }
        const Ran ran = runCli({"journal", "wal", "--format", "json", m_file});
        QCOMPARE(ran.status, 0);
        QCOMPARE(ran.records().at(0).toObject().value(QLatin1String("status")).toString(), QStringLiteral("done"));
        QVERIFY(isWal());
        QVERIFY(ran.err.contains("Litekeeper's own memory") ||
                ran.err.contains("Litekeeper can't open its own memory"));
        QCOMPARE(history().size(), damaged ? 1 : 0);
    }
};

QTEST_GUILESS_MAIN(CliHistoryTest)
#include "tst_cli_history.moc"
