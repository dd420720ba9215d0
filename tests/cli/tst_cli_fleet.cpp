// SPDX-License-Identifier: GPL-3.0-or-later
// Several machines in one table, over a real ssh server on 127.0.0.1.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/sshd.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <memory>

using namespace lk;
using namespace lk::test;

class CliFleetTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    std::unique_ptr<Sshd> m_sshd;
    Path m_web1;
    Path m_web2;

    /// A machine whose litekeeper-cli is \a script.
    void strange(const std::string &host, const std::string &script) const
    {
        m_sshd->add(host);
        m_sshd->program(host, "litekeeper-cli", script);
    }
    static QJsonArray entries(const Ran &ran) { return ran.object().value(QLatin1String("not_entered")).toArray(); }
    static QString text(const QJsonValue &record, const char *field)
    {
        return record.toObject().value(QLatin1String(field)).toString();
    }
    static const char *aRecord()
    {
        return R"({"path":"/srv/\u001b[31mred.db","state":"database","size":1,"problems":["\u001b]0;x\u0007"]})";
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!Sshd::isThere())
            QSKIP("NOT TESTED: there is no /usr/sbin/sshd (openssh-server)");
        m_sshd = std::make_unique<Sshd>(m_tree.folder("ssh"));
        m_web1 = m_sshd->add("web1");
        m_web2 = m_sshd->add("web2");
        for (const char *host : {"web1", "web2"})
            m_sshd->program(host, "litekeeper-cli", programPath());
        makeDatabase(m_web1 / "shop.db", {.journalMode = "wal"});
        std::filesystem::create_directories(m_web1 / "it's \\ $HOME");
        makeDatabase(m_web1 / "it's \\ $HOME" / "\xFF\n\x1b[31m.db");
        makeDatabase(m_web2 / "shop.db");
        writeFile(m_web2 / "broken.db", readFile(m_web2 / "shop.db").substr(0, 5000));
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    // Scanning --------------------------------------------------------------------------------------------------------

    void machinesAreOneTable()
    {
        const Ran ran = runCli({"scan", "--host", "web1", "--host", "web2", "--format", "json"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QJsonArray records = ran.records();
        QCOMPARE(records.size(), 4);
        QCOMPARE(text(records[0], "host"), QStringLiteral("web1"));
        QCOMPARE(pathOf(records[0].toObject()), (m_web1 / "it's \\ $HOME" / "\xFF\n\x1b[31m.db").native());
        QCOMPARE(text(records[3], "host"), QStringLiteral("web2"));
        QCOMPARE(text(records[1], "journal_mode"), QStringLiteral("wal"));
        QVERIFY(ran.object().value(QLatin1String("files")).toInt() >= 4);
        QCOMPARE(ran.object().value(QLatin1String("hosts")).toArray().size(), 2);
        QVERIFY2(ran.err.contains("web1: 2 databases in "), ran.err.constData());
    }

    void aRecordSaysTheSameAsThere()
    {
        const QString path = QString::fromStdString((m_web1 / "shop.db").native());
        QJsonObject here;
        for (const QJsonValue &one : runCli({"scan", "--format", "json", m_web1}).records()) {
            if (text(one, "path") == path)
                here = one.toObject();
        }
        for (const QJsonValue &one : runCli({"scan", "--host", "web1", "--format", "jsonl"}).lines()) {
            if (text(one, "path") != path)
                continue;
            QJsonObject there = one.toObject();
            QCOMPARE(there.take(QLatin1String("host")).toString(), QStringLiteral("web1"));
            QCOMPARE(there, here);
            return;
        }
        QFAIL("it was not found");
    }

    void everyFormatHasTheHost()
    {
        const Ran table = runCli({"scan", "--host", "web2"});
        QVERIFY2(table.out.startsWith("HOST  STATE"), table.out.constData());
        QVERIFY(table.out.contains("\nweb2  database"));
        const Ran csv = runCli({"scan", "--host", "web2", "--format", "csv"});
        QVERIFY2(csv.out.startsWith("host,path,") && csv.out.contains("\nweb2,/"), csv.out.constData());
        const Ran paths = runCli({"scan", "--host", "web2", "-0"});
        QVERIFY(paths.out.split('\0').contains("web2:" + QByteArray::fromStdString((m_web2 / "shop.db").native())));
    }

    void foldersAndOptionsAreOfTheOtherMachine()
    {
        const std::string folder = (m_web1 / "it's \\ $HOME").native();
        QCOMPARE(runCli({"scan", "--host", "web1", "--format", "json", folder}).records().size(), 1);
        QCOMPARE(runCli({"scan", "--host", "web1", "--format", "json", "--exclude", "it's*"}).records().size(), 1);
        const Ran damaged = runCli({"scan", "--host", "web2", "--thorough", "--state", "damaged", "--format", "json"});
        QCOMPARE(damaged.records().size(), 1);
        const Ran missing = runCli({"scan", "--host", "web1", "--format", "json", "/not/there"});
        QCOMPARE(missing.status, 1);
    }

    void aSummaryEndsTheLinesWhereItIsWanted()
    {
        const QJsonArray lines = runCli({"scan", "--format", "jsonl", "--summary", m_web2}).lines();
        QVERIFY(
            lines.last().toObject().value(QLatin1String("summary")).toObject().contains(QLatin1String("not_entered")));
        QCOMPARE(runCli({"scan", "--summary", m_web2}).status, 2);
    }

    void oddHostsAreRefused_data()
    {
        QTest::addColumn<QString>("host");
        for (const char *host : {"-oProxyCommand=touch x", "web1;id", "web 1", ""})
            QTest::newRow(host) << QString::fromLatin1(host);
    }
    void oddHostsAreRefused()
    {
        QFETCH(QString, host);
        const Ran scan = runCli({"scan", "--host=" + host.toStdString()});
        QCOMPARE(scan.status, 2);
        QCOMPARE(scan.err.count('\n'), 1);
        QCOMPARE(runCli({"on", host.toStdString(), "check", "/x"}).status, 2);
    }

    // What fails ------------------------------------------------------------------------------------------------------

    void aMachineThatFailsIsAnEntry_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *name, const char *host, const char *why) {
            QTest::newRow(name) << QString::fromLatin1(host) << QString::fromLatin1(why);
        };
        const std::string folder = (m_tree.path() / "ssh").native();
        if (m_sshd) {
            m_sshd->describe("nobody", "HostName nobody.invalid\nIdentityFile " + folder + "/web1.key");
            m_sshd->describe("closed", "Port 1\nIdentityFile " + folder + "/web1.key");
            m_sshd->describe("unknown", "UserKnownHostsFile /dev/null\nIdentityFile " + folder + "/web1.key");
            m_sshd->describe("changed",
                             "UserKnownHostsFile " + folder + "/others_hosts\nIdentityFile " + folder + "/web1.key");
            std::string known = readFile(folder + "/known_hosts");
            const std::string stranger = readFile(folder + "/stranger.pub");
            writeFile(folder + "/others_hosts", known.substr(0, known.find(' ') + 1) + stranger);
            m_sshd->describe("refused", "IdentityFile " + folder + "/stranger");
            m_sshd->add("bare");
            strange("old", "echo 'litekeeper-cli: scan: unknown option --summary' >&2\nexit 2\n");
            strange("garbage", "echo Welcome\nprintf '\\033]0;title\\007\\n{}\\n'\n");
            strange("noisy", "yes 'no record' 2>/dev/null\n");
            strange("halved", std::string("echo '") + aRecord() + "'\n");
            strange("dying", std::string("echo '") + aRecord() + "'\nkill -9 $PPID\n");
            strange("silent", "exit 0\n");
        }
        row("a name that nobody knows", "nobody", "name-unknown");
        row("a port where nobody listens", "closed", "not-reached");
        row("a key that was never seen", "unknown", "host-key-unknown");
        row("a key that is another", "changed", "host-key-changed");
        row("a person whose key is refused", "refused", "key-refused");
        row("no litekeeper-cli", "bare", "no-program");
        row("an old litekeeper-cli", "old", "too-old");
        row("something else", "garbage", "not-litekeeper");
        row("something without an end", "noisy", "not-litekeeper");
        row("nothing", "silent", "not-litekeeper");
        row("half of the answer", "halved", "cut-off");
        row("a server that is killed meanwhile", "dying", "cut-off");
    }
    void aMachineThatFailsIsAnEntry()
    {
        QFETCH(QString, host);
        QFETCH(QString, why);
        const Ran ran = runCli({"scan", "--host", host.toStdString(), "--host", "web2", "--format", "json"});
        QCOMPARE(ran.status, 1);
        const QJsonArray left = entries(ran);
        QVERIFY2(!left.isEmpty(), ran.err.constData());
        QCOMPARE(text(left.last(), "host"), host);
        QCOMPARE(text(left.last(), "why"), why);
        QVERIFY(ran.err.contains(text(left.last(), "message").toUtf8()));
        QVERIFY(!ran.err.contains('\x1b') && !ran.out.contains('\x1b'));
        const auto isOfWeb2 = [](const QJsonValue &one) { return text(one, "host") == QLatin1String("web2"); };
        const QJsonArray records = ran.records();
        QVERIFY(std::ranges::count_if(records, isOfWeb2) > 0);
    }

    void whatIsNoRecordIsCounted()
    {
        const std::string summary = R"({"summary":{"files":1,"seconds":0.1,"not_entered":[]}})";
        strange("chatty", std::string("echo 'Last login'\necho '{\"path\":7}'\necho '") + aRecord() + "'\necho '" +
                              summary + "'\n");
        const Ran ran = runCli({"scan", "--host", "chatty"});
        QCOMPARE(ran.status, 0);
        QVERIFY2(ran.err.contains("chatty: 2 lines that it printed were no records"), ran.err.constData());
        QVERIFY2(ran.out.contains("\\x1b[31mred.db") && !ran.out.contains('\x1b'), ran.out.constData());
    }

    void theProgramMayBeElsewhere()
    {
        QCOMPARE(runCli({"scan", "--host", "bare", "--remote-program", programPath()}).status, 0);
        QCOMPARE(runCli({"scan", "--remote-program", "x"}).status, 2);
    }

    void ctrlCEndsIt()
    {
        strange("slow", std::string("echo '") + aRecord() + "'\nwhile kill -0 $PPID; do sleep 0.1; done\n");
        Program program({"scan", "--host", "slow", "--format", "jsonl"});
        program.waitForOutput();
        QElapsedTimer clock;
        clock.start();
        program.signal(SIGINT);
        const Ran ran = program.finish();
        QCOMPARE(ran.status, 130);
        QVERIFY2(clock.elapsed() < 3000, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(ran.err.contains("Stopped before slow was finished"));
    }

    // Acting ----------------------------------------------------------------------------------------------------------

    void aCommandRunsThere()
    {
        const std::string file = (m_web1 / "it's \\ $HOME" / "\xFF\n\x1b[31m.db").native();
        const Ran ran = runCli({"on", "web1", "check", "--quick", "--format", "json", "--", file});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(text(record, "host"), QStringLiteral("web1"));
        QCOMPARE(text(record, "verdict"), QStringLiteral("ok"));
        QCOMPARE(pathOf(record), file);
    }

    void itsExitStatusIsOurs()
    {
        const std::string broken = (m_web2 / "broken.db").native();
        QCOMPARE(runCli({"on", "web2", "check", broken}).status, 1);
        const Ran wrong = runCli({"on", "web2", "chekc", broken, "--format=json"});
        QCOMPARE(wrong.status, 2);
        QVERIFY2(wrong.out.isEmpty() && wrong.err.contains("did you mean check?"), wrong.err.constData());
        QCOMPARE(runCli({"on", "web2"}).status, 2);
    }

    void itWritesThere()
    {
        const Path file = m_web2 / "journal.db";
        makeDatabase(file);
        const Ran ran = runCli({"on", "web2", "journal", "wal", "--format=jsonl", file});
        QCOMPARE(ran.status, 0);
        QCOMPARE(text(ran.lines().at(0), "after"), QStringLiteral("wal"));
        QCOMPARE(readFile(file).at(18), '\x02');
        std::filesystem::remove(file);
    }

    void textComesThroughWithoutWhatATerminalHeeds()
    {
        strange("painted", "printf 'a\\033[31mb\\n'\nprintf 'c\\033[31md\\n' >&2\nexit 1\n");
        const Ran ran = runCli({"on", "painted", "settings", "--list"});
        QCOMPARE(ran.status, 1);
        QCOMPARE(ran.out, QByteArray("a\\x1b[31mb\n"));
        QCOMPARE(ran.err, QByteArray("painted: c\\x1b[31md\n"));
        QVERIFY(runCli({"on", "web1", "check", "--help"}).out.contains("Usage: litekeeper-cli check"));
        QVERIFY(runCli({"on", "--help"}).out.contains("Usage: litekeeper-cli on"));
    }

    void csvGetsAColumn()
    {
        strange("cells", "printf 'path,notes\\n/a,\"two\\nlines\"\\n/b,\\n'\n");
        QCOMPARE(runCli({"on", "cells", "check", "--format", "csv", "/a"}).out,
                 QByteArray("host,path,notes\ncells,/a,\"two\nlines\"\ncells,/b,\n"));
    }

    void aMachineThatFailsHasItsSentence()
    {
        const Ran ran = runCli({"on", "bare", "check", "/x", "--format", "json"});
        QCOMPARE(ran.status, 1);
        QVERIFY2(ran.err.startsWith("There is no litekeeper-cli on bare"), ran.err.constData());
        QCOMPARE(ran.records().size(), 0);
    }

    void aScanThereIsAScanOfIt()
    {
        const Ran ran = runCli({"on", "web2", "scan", "--format", "json"});
        QCOMPARE(ran.status, 0);
        QCOMPARE(text(ran.records().at(0), "host"), QStringLiteral("web2"));
    }
};

QTEST_GUILESS_MAIN(CliFleetTest)
#include "tst_cli_fleet.moc"
