// SPDX-License-Identifier: GPL-3.0-or-later
// Litestream run, watched and made a service from the command line, with the real one.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <memory>

using namespace lk;
using namespace lk::test;

class CliLitestreamStatusTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;
    Path m_database;
    Path m_config;
    QByteArray m_path = qgetenv("PATH");

    std::string root() const { return m_tree->path().native(); }
    void program(const char *name, const std::string &script) const
    {
        const Path path = m_tree->file(std::string("bin/") + name, "#!/bin/sh\n" + script);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    /// A folder of our own as the first in PATH.
    void withOwnPrograms() const { qputenv("PATH", QByteArray::fromStdString(root()) + "/bin:/usr/bin:/bin"); }
    QJsonObject status() const
    {
        const Ran ran = runCli({"litestream", "status", "--format", "json", m_config});
        return ran.records().at(0).toObject();
    }

private Q_SLOTS:
    void init()
    {
        qputenv("PATH", m_path);
        m_tree = std::make_unique<TempTree>();
        m_tree->folder("run");
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(root()) + "/run");
        qputenv("XDG_CONFIG_HOME", QByteArray::fromStdString(root()) + "/config");
        qputenv("XDG_DATA_HOME", QByteArray::fromStdString(root()) + "/data");
        m_database = m_tree->path() / "shop.db";
        makeDatabase(m_database, {.journalMode = "wal"});
        m_config = m_tree->file("litestream.yml", "addr: \"127.0.0.1:" + std::to_string(freePort()) +
                                                      "\"\ndbs:\n - path: " + m_database.native() +
                                                      "\n   replicas: [{type: file, path: " + root() + "/copy}]\n");
    }

    void itsWholeLife()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const Ran before = runCli({"litestream", "status", "--format", "json", m_config});
        QCOMPARE(before.status, 1);
        const QJsonObject stopped = before.records().at(0).toObject();
        QCOMPARE(stopped[QStringLiteral("path")].toString(), QString::fromStdString(m_database.native()));
        QCOMPARE(stopped[QStringLiteral("replica")].toString(), QStringLiteral("file"));
        QCOMPARE(stopped[QStringLiteral("state")].toString(), QStringLiteral("not running"));
        QVERIFY(!stopped[QStringLiteral("error")].toObject()[QStringLiteral("message")].toString().isEmpty());

        Program running({"litestream", "run", m_config});
        running.waitForOutput();
        QTRY_COMPARE_WITH_TIMEOUT(status()[QStringLiteral("state")].toString(), QStringLiteral("never tested"), 30'000);
        const Ran after = runCli({"litestream", "status", "--format", "json", m_config});
        QCOMPARE(after.status, 0);
        const QJsonObject healthy = after.records().at(0).toObject();
        QCOMPARE(healthy[QStringLiteral("lag_bytes")].toInt(-1), 0);
        QCOMPARE(healthy[QStringLiteral("lag_seconds")].toInt(-1), 0);
        QVERIFY(healthy[QStringLiteral("bytes")].toInt() > 0);
        QVERIFY(healthy[QStringLiteral("snapshot_age")].toInt(-1) >= 0);
        QVERIFY(!healthy[QStringLiteral("last_sync")].toString().isEmpty());
        QVERIFY(healthy[QStringLiteral("error")].isNull());

        const Ran second = runCli({"litestream", "run", m_config});
        QCOMPARE(second.status, 1);
        QVERIFY2(second.err.contains("litekeeper-cli ("), second.err.constData());

        running.signal(SIGINT);
        const Ran ended = running.finish();
        QCOMPARE(ended.status, 130);
        QVERIFY(ended.out.contains("litestream shut down"));
        QVERIFY(ended.err.contains("ended with 0"));
        QCOMPARE(status()[QStringLiteral("state")].toString(), QStringLiteral("not running"));
    }

    void itEndsWithUsHoweverThatHappens()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const Path told = m_tree->path() / "pid";
        program("litestream", "[ \"$1\" = version ] && { echo v0.3.13; exit; }\necho $$ > " + told.native() +
                                  "\necho ready\nexec sleep 1000\n");
        withOwnPrograms();
        Program running({"litestream", "run", m_config});
        running.waitForOutput();
        const auto process = static_cast<pid_t>(std::stol(readFile(told)));
        QCOMPARE(::kill(process, 0), 0);
        running.signal(SIGKILL);
        running.finish();
        QTRY_VERIFY(::kill(process, 0) != 0);
    }

    void whatCannotBeReadIsARecord()
    {
        const Path broken = m_tree->file("broken.yml", "dbs: [\n");
        const Ran ran = runCli({"litestream", "status", "--format", "json", broken, m_tree->path() / "none.yml"});
        QCOMPARE(ran.status, 1);
        QCOMPARE(ran.records().size(), 2);
        const auto code = [&](int row) {
            const QJsonObject error = ran.records().at(row).toObject()[QStringLiteral("error")].toObject();
            return error[QStringLiteral("code")].toString();
        };
        QCOMPARE(code(0), QStringLiteral("damaged"));
        QCOMPARE(code(1), QStringLiteral("not-found"));
    }

    void withoutLitestreamTheRestIsTold()
    {
        qputenv("PATH", QByteArray::fromStdString(root()));
        const Ran ran = runCli({"litestream", "status", m_config});
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.out.contains("not running"));
        QVERIFY2(ran.err.contains("litestream"), ran.err.constData());
        QCOMPARE(runCli({"litestream", "run", m_config}).status, 1);
    }

    void watchingTellsOfChanges()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const Path output = m_tree->path() / "output";
        Program watching({"litestream", "status", "--watch", "--format", "jsonl", m_config}, {},
                         QString::fromStdString(output.native()));
        const auto count = [&](const char *state) {
            return std::filesystem::exists(output) ? QByteArray::fromStdString(readFile(output)).count(state) : 0;
        };
        QTRY_COMPARE_WITH_TIMEOUT(count("\"not running\""), 1, 30'000);
        {
            Replication replication(m_config);
            QTRY_COMPARE_WITH_TIMEOUT(count("\"never tested\""), 1, 30'000);
        }
        QTRY_COMPARE_WITH_TIMEOUT(count("\"not running\""), 2, 30'000);
        watching.signal(SIGINT);
        QCOMPARE(watching.finish().status, 130);
    }

    void aServiceIsShownAndWritten()
    {
        program("litestream", "echo v0.3.13\n");
        program("systemctl", "echo \"$@\" >> " + root() + "/told\n");
        withOwnPrograms();
        const Path keys = m_tree->file("keys.env", "A=1\n");
        const Ran shown = runCli({"litestream", "service", "show", "--env-file", keys, m_config});
        QCOMPARE(shown.status, 0);
        QVERIFY(shown.out.contains("EnvironmentFile=" + QByteArray::fromStdString(keys.native()) + '\n'));
        QVERIFY(!std::filesystem::exists(m_tree->path() / "config"));

        const Ran installed = runCli({"litestream", "service", "install", "--format", "json", m_config});
        QCOMPARE(installed.status, 0);
        const QJsonObject record = installed.records().at(0).toObject();
        const Path file(record[QStringLiteral("file")].toString().toStdString());
        QCOMPARE(file.parent_path(), m_tree->path() / "config/systemd/user");
        QCOMPARE(readFile(file), record[QStringLiteral("content")].toString().toStdString());
        QCOMPARE(runCli({"litestream", "service", "remove", m_config}).status, 0);
        QVERIFY(!std::filesystem::exists(file));
        QCOMPARE(runCli({"litestream", "service", "remove", m_config}).status, 1);
    }

    void wrongUsageIsSaid_data()
    {
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *title, const char *words) {
            QTest::newRow(title) << QString::fromLatin1(words).split(QLatin1Char(' '));
        };
        row("no configuration to run", "run");
        row("two of them", "run a.yml b.yml");
        row("an unknown verb", "service shown a.yml");
        row("no verb", "service");
        row("a verb alone", "service show");
        row("a user for a person's service", "service show --as app a.yml");
        row("an unknown format", "status --format tabel");
    }
    void wrongUsageIsSaid()
    {
        QFETCH(QStringList, words);
        std::vector<std::string> arguments{"litestream"};
        for (const QString &word : words)
            arguments.push_back(word.toStdString());
        const Ran ran = runCli(arguments);
        QCOMPARE(ran.status, 2);
        QVERIFY(!ran.err.isEmpty());
    }

    void keysThatOthersMayReadAreNotTaken()
    {
        const Path keys = m_tree->file("keys.env", "A=1\n");
        const Ran ran = runCli({"litestream", "run", "--env-file", keys, m_config});
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.err.contains("chmod 600"), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliLitestreamStatusTest)
#include "tst_cli_litestream_status.moc"
