// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/config.h"
#include "litestream/program.h"
#include "litestream/replicas.h"

#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QTest>

using namespace lk;
using namespace lk::litestream;

namespace {

std::string environment(std::string_view name)
{
    if (name == "HOME")
        return "/home/me";
    return name == "1" ? "one" : "";
}

Result<Config> parsed(const char *text)
{
    return parseConfig(text, "/etc/litestream.yml");
}

}

class TestLitestream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void variablesAreReplacedAsGoDoesIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *text, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("without one", "/srv/a.db", "/srv/a.db");
        row("a name", "$HOME/a.db", "/home/me/a.db");
        row("in braces", "a${HOME}b", "a/home/meb");
        row("an unknown one is nothing", "a$NOWHERE.db", "a.db");
        row("one special sign", "$10", "one0");
        row("a lone dollar at the end stays", "a$", "a$");
        row("a dollar before what no name can begin with stays", "a$.db", "a$.db");
        row("empty braces are swallowed", "a${}b", "ab");
        row("open braces lose two signs", "a${b", "ab");
    }

    void variablesAreReplacedAsGoDoesIt()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(expanded(text.toStdString(), environment)), expected);
    }

    void aConfigurationIsRead()
    {
        const Result<Config> config = parsed("addr: \":9090\"\n"
                                             "dbs:\n"
                                             "  - path: /srv/a.db\n"
                                             "    replicas:\n"
                                             "      - {type: file, path: /backup/a, retention: 24h}\n"
                                             "      - url: s3://bucket/a\n"
                                             "  - path: /srv/b.db\n"
                                             "    meta-path: /var/b\n"
                                             "    replica: {url: sftp://me@host/b, name: away}\n");
        QVERIFY(config);
        QCOMPARE(config->metricsUrl(), std::string("http://127.0.0.1:9090/metrics"));
        QCOMPARE(config->databases.size(), std::size_t(2));
        const Database &a = config->databases[0];
        QCOMPARE(a.line, 3);
        QCOMPARE(a.metaFolder(), Path("/srv/.a.db-litestream"));
        QCOMPARE(a.replicas.size(), std::size_t(2));
        QCOMPARE(a.replicas[0].name(), std::string("file"));
        QCOMPARE(a.replicas[0].settings.value("retention"), std::string("24h"));
        QCOMPARE(a.replicas[1].type(), std::string("s3"));
        QCOMPARE(a.replicas[1].line, 6);
        const Database *b = config->find("/srv/b.db");
        QVERIFY(b);
        QVERIFY(b->oneReplica);
        QCOMPARE(b->metaFolder(), Path("/var/b"));
        QCOMPARE(b->replicas[0].name(), std::string("away"));
        QVERIFY(!config->find("/srv/c.db"));
    }

    void whatIsNoConfigurationIsRefusedWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("line");
        QTest::newRow("no YAML") << QByteArray("dbs:\n  - path: [a\n") << QStringLiteral("3");
        QTest::newRow("a text") << QByteArray("hello") << QStringLiteral("1");
        QTest::newRow("databases that are no list") << QByteArray("\ndbs: {path: /a}\n") << QStringLiteral("2");
        QTest::newRow("a database that is a text") << QByteArray("dbs:\n - /a\n") << QStringLiteral("2");
        QTest::newRow("replicas that are no list")
            << QByteArray("dbs:\n - path: /a\n   replicas: {type: file}\n") << QStringLiteral("3");
        QTest::newRow("a replica that is a text")
            << QByteArray("dbs:\n - path: /a\n   replicas:\n    - s3://b\n") << QStringLiteral("4");
        QTest::newRow("more than anybody has")
            << "dbs:\n" + QByteArray(" - {path: /a}\n").repeated(5000) << QStringLiteral("2");
    }

    void whatIsNoConfigurationIsRefusedWithItsLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, line);
        const Result<Config> config = parsed(text.constData());
        QVERIFY(!config);
        QCOMPARE(config.error().reason, Reason::NotAConfig);
        QCOMPARE(QString::fromStdString(config.error().arguments[0]), line);
    }

    void anEmptyConfigurationNamesNothing()
    {
        QVERIFY(parsed("")->databases.empty());
        QVERIFY(parsed("dbs:\n")->databases.empty());
        QCOMPARE(parsed("")->metricsUrl(), std::string());
    }

    void aFileIsReadThroughALink()
    {
        const test::TempTree tree;
        const Path file = tree.file("real.yml", "dbs:\n - path: $HOME/a.db\n");
        const Path link = tree.link("litestream.yml", file);
        QCOMPARE(readConfig(link, environment)->databases[0].path, Path("/home/me/a.db"));
        QCOMPARE(readConfig(link, nullptr)->databases[0].path, Path("$HOME/a.db"));
        QCOMPARE(readConfig(tree.path() / "none.yml").error().code, ErrorCode::NotFound);
    }

    void theSyntaxFollowsTheVersion()
    {
        QCOMPARE(syntaxOf("v0.3.13"), Syntax::V03);
        QCOMPARE(syntaxOf("0.4.0"), Syntax::V03);
        QCOMPARE(syntaxOf("v0.5.2"), Syntax::V05);
        QCOMPARE(syntaxOf("v0.10.0"), Syntax::V05);
        QCOMPARE(syntaxOf("v1.0.0"), Syntax::V05);
        QCOMPARE(syntaxOf("(devel)"), Syntax::V05);
    }

    void tablesAreReadFromTheirRight()
    {
        const auto snapshots = snapshotsOf("replica  generation        index  size  created\n"
                                           "my copy  aa7ba55afe6cb99d  3      354   2026-11-23T03:47:25Z\n"
                                           "time=2026 level=ERROR msg=\"no access\"\n");
        QCOMPARE(snapshots.size(), std::size_t(1));
        QCOMPARE(snapshots[0].replica, std::string("my copy"));
        QCOMPARE(snapshots[0].index, std::uint64_t(3));
        QCOMPARE(snapshots[0].bytes, std::uint64_t(354));
        QCOMPARE(snapshots[0].created.time_since_epoch().count(), 1'795'405'645);
        QVERIFY(snapshotsOf("replica  generation  index  size  created\n").empty());
        QVERIFY(segmentsOf("s3 aa7ba55afe6cb99d 0 0 95 yesterday\n").empty());
    }

    void aComplaintIsWhatLitestreamSaysLast()
    {
        QCOMPARE(complaintOf({.printed = "time=1 level=ERROR msg=\"failed to run\" error=\"bad \\\"key\\\"\"\n"}),
                 std::string("bad \"key\""));
        QCOMPARE(complaintOf({.printed = "time=1 level=ERROR msg=stalled\n"}), std::string("stalled"));
        QCOMPARE(complaintOf({.complained = "yaml: line 3\n\n"}), std::string("yaml: line 3"));
    }

    void theRealProgramListsWhatIsInItsReplicas()
    {
        const auto path = test::litestreamProgram();
        if (!path)
            QSKIP(qPrintable(test::withoutLitestream()));
        const Result<Program> program = Program::find();
        QVERIFY(program);
        QCOMPARE(program->path(), *path);
        QCOMPARE(program->syntax(), Syntax::V03);

        const test::TempTree tree;
        const Path database = tree.path() / "a b.db";
        test::makeDatabase(database, {.journalMode = "wal"});
        const Path file =
            tree.file("litestream.yml",
                      "dbs:\n - path: \"" + database.native() + "\"\n   replicas:\n    - {type: file, path: \"" +
                          (tree.path() / "copy").native() + "\"}\n    - {type: file, name: lost, path: /proc/none}\n");
        {
            test::Replication replication(file);
            QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        }
        const Result<Config> config = readConfig(file);
        const Access access{.program = *program, .config = file};
        const auto contents = contentsOf(access, config->databases[0], {});
        QVERIFY(contents);
        QCOMPARE(contents->size(), std::size_t(2));
        QCOMPARE(contents->at(0).replica, std::string("file"));
        QCOMPARE(contents->at(0).error, std::string());
        QCOMPARE(contents->at(0).snapshots.size(), std::size_t(1));
        QVERIFY(!contents->at(0).segments.empty());
        QVERIFY(contents->at(0).bytes() > 0);
        QVERIFY(contents->at(1).snapshots.empty());
    }

    void aReplicaThatCannotBeReachedIsToldFromAnEmptyOne()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        const test::TempTree tree;
        const int port = test::freePort();
        const Path file =
            tree.file("litestream.yml", "dbs:\n - path: /srv/a.db\n   replicas:\n"
                                        "    - {type: s3, bucket: b, path: a, region: us-east-1, access-key-id: " +
                                            std::string(test::S3Server::AccessKey) +
                                            ", secret-access-key: " + test::S3Server::SecretKey +
                                            ", endpoint: \"http://127.0.0.1:" + std::to_string(port) + "\"}\n");
        const Access access{.program = *Program::find(), .config = file};
        const Database database = readConfig(file)->databases[0];
        const auto unreachable = contentsOf(access, database, {});
        QVERIFY(unreachable);
        QVERIFY2(unreachable->at(0).error.find("refused") != std::string::npos, unreachable->at(0).error.c_str());

        const auto server = test::S3Server::start(tree.path() / "s3", port, "b");
        QVERIFY(server);
        const std::string error = contentsOf(access, database, {})->at(0).error;
        QVERIFY2(error.empty(), error.c_str());
    }
};

QTEST_GUILESS_MAIN(TestLitestream)
#include "tst_litestream.moc"
