// SPDX-License-Identifier: GPL-3.0-or-later
// Setting Litestream up from the command line.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <filesystem>

using namespace lk;
using namespace lk::test;

class CliLitestreamSetupTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void familyHasItsHelp()
    {
        const Ran ran = runCli({"litestream", "--help"});
        QCOMPARE(ran.status, 0);
        QVERIFY(ran.out.contains("litestream check [CONFIG…]") && !ran.out.contains("  scan"));
        QVERIFY(runCli({"litestream", "check", "--help"}).out.contains("Usage: litekeeper-cli litestream check"));
        QVERIFY(runCli({"--help"}).out.contains("litestream check [CONFIG…]"));
    }

    void unknownVerbSaysWhatWasMeant()
    {
        const Ran ran = runCli({"litestream", "chek"});
        QCOMPARE(ran.status, 2);
        QVERIFY2(ran.err.contains("did you mean check?"), ran.err.constData());
        QCOMPARE(runCli({"litestream"}).status, 2);
    }

    void noConfigurationIsToldWithItsLine()
    {
        const Path file = m_tree.file("broken.yml", "dbs:\n  - path: [a\n");
        const Ran ran = runCli({"litestream", "check", file, m_tree.path() / "none.yml", "--format", "jsonl"});
        QCOMPARE(ran.status, 1);
        const QJsonArray lines = ran.lines();
        QCOMPARE(lines.size(), 2);
        QCOMPARE(lines.at(0)[QLatin1String("error")][QLatin1String("code")], QLatin1String("damaged"));
        QCOMPARE(lines.at(1)[QLatin1String("error")][QLatin1String("code")], QLatin1String("not-found"));
    }

    void checkSaysEachProblemWithItsLine()
    {
        const Path good = m_tree.path() / "good.db";
        makeDatabase(good, {.journalMode = "wal"});
        const Path file = m_tree.file("check.yml", "dbs:\n- path: " + good.native() +
                                                       "\n  replicas:\n  - url: s3://bucket/a\n    retenton: 7d\n");
        const Ran ran = runCli({"litestream", "check", "--litestream", "0.3", file, "--format", "json"});
        QCOMPARE(ran.status, 1);
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(record.value(QLatin1String("verdict")), QLatin1String("wrong"));
        QCOMPARE(record.value(QLatin1String("problems")).toArray().size(), 1);
        const QJsonObject problem = record.value(QLatin1String("problems")).toArray().at(0).toObject();
        QCOMPARE(problem.value(QLatin1String("problem")), QLatin1String("unknown-key"));
        QCOMPARE(problem.value(QLatin1String("line")), 5);
        QCOMPARE(problem.value(QLatin1String("database")).toString().toStdString(), good.native());
        QVERIFY(runCli({"litestream", "check", file}).out.contains("error, line 5: There is no key retenton"));
        const Path right =
            m_tree.file("right.yml", "dbs:\n- path: " + good.native() + "\n  replicas:\n  - url: s3://bucket/a\n");
        QCOMPARE(runCli({"litestream", "check", "--litestream", "0.3", right}).status, 0);
        QCOMPARE(runCli({"litestream", "check", "--litestream", "0.4", right}).status, 2);
    }

    void configIsPrintedAndThenWrittenBesideWhatIsThere()
    {
        const Path shop = m_tree.path() / "it's $HOME.db";
        const Path other = m_tree.folder("other") / "it's $HOME.db";
        for (const Path &file : {shop, other})
            makeDatabase(file, {.journalMode = "wal"});
        const Path out = m_tree.path() / "litestream.yml";
        const std::vector<std::string> words{"litestream",   "config", shop,          "--replica", "s3://bucket/all",
                                             "--litestream", "0.3",    "--retention", "168h"};
        const Ran printed = runCli(words);
        QCOMPARE(printed.status, 0);
        QVERIFY2(printed.out.startsWith("dbs:\n  - path: \"") && printed.out.contains("\\x24HOME.db"),
                 printed.out.constData());
        QVERIFY(!std::filesystem::exists(out));

        writeFile(out, "# mine\naddr: \"127.0.0.1:9090\"\n");
        std::vector<std::string> both = words;
        both.insert(both.end(), {other, "--out", out, "--format", "json"});
        const Ran written = runCli(both);
        QCOMPARE(written.status, 0);
        QCOMPARE(written.records().size(), 2);
        const QJsonObject record = written.records().at(1).toObject();
        QVERIFY(record.value(QLatin1String("comments_kept")).toBool());
        QCOMPARE(readFile(record.value(QLatin1String("kept_as")).toString().toStdString()),
                 std::string("# mine\naddr: \"127.0.0.1:9090\"\n"));
        QVERIFY(readFile(out).starts_with("# mine\n"));
        QVERIFY(readFile(out).find("all/it's \\x24HOME.db-2") != std::string::npos);
        QCOMPARE(runCli({"litestream", "check", "--litestream", "0.3", out}).status, 0);
        const Ran again = runCli(both);
        QCOMPARE(again.status, 1);
        QCOMPARE(again.records().at(0).toObject().value(QLatin1String("status")), QLatin1String("failed"));
    }

    void secretsGoIntoAPrivateFile()
    {
        const Path shop = m_tree.path() / "secret.db";
        makeDatabase(shop, {.journalMode = "wal"});
        const Path out = m_tree.folder("secrets") / "litestream.yml";
        qputenv("LITESTREAM_ACCESS_KEY_ID", "the id");
        qputenv("LITESTREAM_SECRET_ACCESS_KEY", "the secret");
        const Ran ran = runCli({"litestream", "config", shop, "--replica", "s3://bucket/a", "--litestream", "0.3",
                                "--out", out, "--secrets", "--format", "json"});
        qunsetenv("LITESTREAM_ACCESS_KEY_ID");
        qunsetenv("LITESTREAM_SECRET_ACCESS_KEY");
        QCOMPARE(ran.status, 0);
        QVERIFY(!ran.out.contains("the secret") && !ran.err.contains("the secret"));
        QVERIFY(readFile(out).find("the") == std::string::npos);
        const Path env = m_tree.path() / "secrets/litestream.env";
        QCOMPARE(readFile(env),
                 std::string("LITESTREAM_ACCESS_KEY_ID=\"the id\"\nLITESTREAM_SECRET_ACCESS_KEY=\"the secret\"\n"));
        QCOMPARE(std::filesystem::status(env).permissions(), std::filesystem::perms(0600));
    }

    void whatCantBeReplicatedIsNotWritten_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("replica");
        QTest::addColumn<int>("status");
        QTest::newRow("a question mark") << QByteArray("q?mark.db") << QByteArray("s3://bucket/a") << 1;
        QTest::newRow("a name that is not UTF-8") << QByteArray("\xff.db") << QByteArray("s3://bucket/a") << 1;
        QTest::newRow("a storage that there is not") << QByteArray("a.db") << QByteArray("ftp://host/a") << 2;
        QTest::newRow("a password for all to see") << QByteArray("a.db") << QByteArray("sftp://me:pw@host/a") << 2;
        QTest::newRow("no bucket") << QByteArray("a.db") << QByteArray("s3:///a") << 1;
    }

    void whatCantBeReplicatedIsNotWritten()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, replica);
        QFETCH(int, status);
        const TempTree tree;
        const Path file = tree.path() / name.toStdString();
        makeDatabase(file, {.journalMode = "wal"});
        const Path out = tree.path() / "litestream.yml";
        const Ran ran = runCli(
            {"litestream", "config", file, "--replica", replica.toStdString(), "--litestream", "0.3", "--out", out});
        QCOMPARE(ran.status, status);
        QVERIFY(!ran.err.isEmpty() && !ran.err.contains("pw"));
        QVERIFY(!std::filesystem::exists(out));
    }
};

QTEST_GUILESS_MAIN(CliLitestreamSetupTest)
#include "tst_cli_litestream_setup.moc"
