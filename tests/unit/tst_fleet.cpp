// SPDX-License-Identifier: GPL-3.0-or-later
// Other machines, without one: names, words for the shell over there, and what comes back.
#include "base/text.h"
#include "fleet/hosts.h"
#include "fleet/records.h"
#include "fleet/remote.h"
#include "words/fleet.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

#include <unistd.h>

using namespace lk;
using namespace lk::fleet;

class FleetTest : public QObject
{
    Q_OBJECT

    /// As it comes over the line: numbers are what a reader makes of them.
    static Record parsed(const Record &record) { return *parseRecord(record.dump()); }
    /// A line of a scan with \a changed fields.
    static Record line(const Record &changed = Record::object())
    {
        Record record = {{"path", "/srv/a.db"},
                         {"size", 8192},
                         {"modified", "2026-11-22T13:36:55Z"},
                         {"state", "database"},
                         {"journal_mode", "wal"},
                         {"page_size", 4096},
                         {"page_count", 2},
                         {"freelist_pages", 1},
                         {"reserved_bytes", 0},
                         {"auto_vacuum", "incremental"},
                         {"encoding", "UTF-16le"},
                         {"user_version", -1},
                         {"application_id", 7},
                         {"schema_format", 4},
                         {"schema_cookie", 3},
                         {"change_counter", 9},
                         {"writer_version", "3.40.1"},
                         {"wal_size", 32},
                         {"journal_size", 0},
                         {"hot_journal", true},
                         {"filesystem", "ext4"},
                         {"links", 2},
                         {"application", nullptr},
                         {"litestream", false},
                         {"problems", {"one", "two"}},
                         {"same_file_as", Record::array()}};
        record.update(changed);
        return parsed(record);
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aHostIsNothingThatCouldBeSomethingElse_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("expected");
        for (const char *name : {"web1", "db.example.org", "me@web1", "10.0.0.7", "a_b-c", "WEB"})
            QTest::addRow("%s is one", name) << QString::fromLatin1(name) << true;
        for (const char *name : {"", "-oProxyCommand=x", "web 1", "web1;reboot", "$(id)", "a\nb", "a/b", "a:b", "me@",
                                 "@web", "a@b@c", "-",
                                 "w\xC3\xAB"
                                 "b",
                                 "*", "!web", "::1"})
            QTest::addRow("'%s' is none", name) << QString::fromUtf8(name) << false;
        QTest::newRow("one that never ends") << QString(300, u'a') << false;
    }
    void aHostIsNothingThatCouldBeSomethingElse()
    {
        QFETCH(QString, name);
        QFETCH(bool, expected);
        QCOMPARE(isHost(name.toStdString()), expected);
    }

    void anAddressIsToldFromAPathOfThisMachine()
    {
        const Path address = Place{.host = "me@web1", .path = "/srv/a:b.db"}.address();
        QCOMPARE(address.native(), std::string("me@web1:/srv/a:b.db"));
        const auto place = placeOf(address);
        QVERIFY(place);
        QCOMPARE(place->host, std::string("me@web1"));
        QCOMPARE(place->path, std::string("/srv/a:b.db"));
        QVERIFY(!placeOf("/srv/web1:/a.db"));
        QVERIFY(!placeOf("/web1:x"));
        QVERIFY(!placeOf(""));
        QVERIFY(!placeOf("-x:/a"));
    }

    void hostsAreFoundInAConfiguration()
    {
        const std::vector<std::string> expected{"web1", "web2", "db", "quoted", "equals"};
        QCOMPARE(hostsIn("# Host no\nHost web1 web2 *.example !web3\n\tHostName x\nhost\tdb # Host no\r\n"
                         "Match host no\nHOST \"quoted\" web1\nHost=equals\nHostName no\nHost"),
                 expected);
        QVERIFY(hostsIn("").empty());
        QVERIFY(hostsIn(std::string("\0\xFFHost\0x\n", 9)).empty());
    }

    /// By the shells that are here, which have to hand it on as it was.
    void aWordReachesTheProgramAsItIs_data()
    {
        QTest::addColumn<QByteArray>("word");
        for (const char *word :
             {"plain", "", "two words", "it's", "back\\slash", "\\'", "$HOME `id` $(id)", "a\nb", "*?[x]{a,b}", "!!",
              "~", "-n", "a;b|c&d>e<f", "\"double\"", "#no", "caf\xC3\xA9", "\xFF\x01\x1b[31m", "%s", "A=b"})
            QTest::newRow(QByteArray(word).toPercentEncoding().constData()) << QByteArray(word);
    }
    void aWordReachesTheProgramAsItIs()
    {
        QFETCH(QByteArray, word);
        const std::string command = "printf '%s|' x " + shellWord(word.toStdString());
        for (const char *shell : {"/bin/sh", "/bin/bash", "/usr/bin/fish", "/bin/zsh"}) {
            if (!QFile::exists(QString::fromLatin1(shell)))
                continue;
            QProcess process;
            process.setChildProcessModifier([&] { // bytes, which QProcess can't hand over
                const char *arguments[] = {shell, "-c", command.c_str(), nullptr};
                ::execv(shell, const_cast<char **>(arguments));
                ::_exit(127);
            });
            process.start(QString::fromLatin1(shell), QStringList());
            QVERIFY(process.waitForFinished());
            QCOMPARE(process.readAllStandardOutput(), "x|" + word + '|');
        }
    }

    void nothingOfTheHostsIsAnOption()
    {
        const std::vector<std::string> arguments = sshArguments({.host = "web1"}, {"check", "it's.db"});
        const auto end = std::ranges::find(arguments, "--");
        QVERIFY(end != arguments.end());
        QCOMPARE(std::vector<std::string>(end + 1, arguments.end()),
                 (std::vector<std::string>{"web1", "litekeeper-cli check 'it'\\''s.db'"}));
        QVERIFY(std::ranges::find(arguments, "BatchMode=yes") < end);
    }

    void whatSshComplainsOfHasASentence_data()
    {
        QTest::addColumn<QString>("complained");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *complained, const char *expected) {
            QTest::newRow(name) << QString::fromLatin1(complained) << QString::fromLatin1(expected);
        };
        row("a name", "ssh: Could not resolve hostname x: Name or service not known\r\n",
            "Nobody knows where web1 is.");
        row("an unknown key", "Host key verification failed.\r\n", "The key of web1 is not known here");
        row("a changed key",
            "@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\r\n",
            "web1 has another key than before");
        row("a refused key", "root@127.0.0.1: Permission denied (publickey).\r\n",
            "web1 does not accept your keys (root@");
        row("nobody there", "ssh: connect to host x port 22: Connection refused\n",
            "web1 does not answer (ssh: connect");
        row("a time-out", "ssh: connect to host x port 22: Connection timed out\n", "web1 did not answer in time");
        row("a dead link", "Timeout, server x not responding.\n", "web1 did not answer in time");
        row("an end", "Connection to x closed by remote host.\n", "The connection to web1 ended in the middle");
        row("anything else", "Bad configuration option: \x1b[31mfoo\n",
            "web1 could not be asked (Bad configuration option: \\x1b[31mfoo)");
        row("nothing", "", "web1 could not be asked (it said nothing)");
    }
    void whatSshComplainsOfHasASentence()
    {
        QFETCH(QString, complained);
        QFETCH(QString, expected);
        const std::string said = complained.toStdString();
        const QString text = words::describe(Trouble{.why = whyFailed(said), .host = "web1", .said = lastLine(said)});
        QVERIFY2(text.startsWith(expected), qPrintable(text));
    }

    void everyTroubleHasItsOwnSentence()
    {
        QStringList sentences;
        for (int why = 0; why <= static_cast<int>(Why::Failed); ++why) {
            const Trouble trouble{.why = static_cast<Why>(why), .host = "web1", .said = "x"};
            sentences += words::describe(trouble);
            QVERIFY2(sentences.back().contains(QLatin1String("web1")), qPrintable(sentences.back()));
        }
        QCOMPARE(sentences.removeDuplicates(), 0);
    }

    void aRecordBecomesFacts()
    {
        const auto record = scanRecord(line());
        QVERIFY(record);
        const inspect::DatabaseFacts facts = factsOf("web1", *record);
        QCOMPARE(facts.path.native(), std::string("web1:/srv/a.db"));
        QCOMPARE(facts.seen.state, sqlite::State::Database);
        QCOMPARE(facts.seen.file.size, 8192u);
        QCOMPARE(facts.seen.file.links, 2u);
        QCOMPARE(text::isoTime(facts.seen.file.modifiedNs), std::string("2026-11-22T13:36:55Z"));
        QCOMPARE(facts.filesystem, std::string("ext4"));
        QCOMPARE(facts.seen.siblings.wal, 32u);
        QVERIFY(facts.seen.hotJournal);
        QCOMPARE(facts.seen.problems.size(), 2u);
        const sqlite::Header *header = facts.header();
        QVERIFY(header && header->isWal());
        QCOMPARE(header->pageSize, 4096u);
        QCOMPARE(facts.seen.pageCount, 2u);
        QCOMPARE(header->freelistPages, 1u);
        QCOMPARE(std::string_view(inspect::autoVacuumName(*header)), "incremental");
        QCOMPARE(std::string_view(inspect::encodingName(*header)), "UTF-16le");
        QCOMPARE(static_cast<std::int32_t>(header->userVersion), -1);
        QCOMPARE(header->writerVersion, 3040001u);
    }

    void whatCanNotBeKnownStaysUnknown()
    {
        const auto record = scanRecord({{"path", "/srv/a.db"}, {"state", "encrypted?"}});
        QVERIFY(record);
        QVERIFY(record->at("page_size").is_null());
        const inspect::DatabaseFacts facts = factsOf("web1", *record);
        QCOMPARE(facts.seen.state, sqlite::State::MaybeEncrypted);
        QVERIFY(!facts.header());
        QCOMPARE(facts.seen.file.modifiedNs, 0);
    }

    void bytesComeAsTheyAre()
    {
        const auto record = scanRecord(line({{"path", "/srv/\xEF\xBF\xBD.db"}, {"path_base64", "L3Nydi//LmRi"}}));
        QVERIFY(record);
        QCOMPARE(pathOf(*record), std::string("/srv/\xFF.db"));
        QCOMPARE(factsOf("web1", *record).path.native(), std::string("web1:/srv/\xFF.db"));
    }

    void whatHasNotTheShapeIsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *name, const Record &changed) {
            QTest::newRow(name) << QByteArray::fromStdString(line(changed).dump());
        };
        QTest::newRow("a greeting") << QByteArray("Welcome to web1!");
        QTest::newRow("nothing") << QByteArray("");
        QTest::newRow("a list") << QByteArray("[1]");
        QTest::newRow("half an object") << QByteArray("{\"path\": \"/a\", \"state\": ");
        QTest::newRow("two objects") << QByteArray("{} {}");
        QTest::newRow("bytes that are no text") << QByteArray("{\"path\": \"\xFF\", \"state\": \"database\"}");
        QTest::newRow("a very deep one") << QByteArray("{\"path\":") + QByteArray(500'000, '[');
        QTest::newRow("a deep and whole one")
            << QByteArray("{\"x\":") + QByteArray(100'000, '[') + QByteArray(100'000, ']') + '}';
        row("a number for a path", {{"path", 1}});
        row("a path that is not absolute", {{"path", "a.db"}});
        row("a state that there is not", {{"state", "fine"}});
        row("a negative size", {{"size", -1}});
        row("a size in words", {{"size", "big"}});
        row("a problem that is no text", {{"problems", {1}}});
        row("problems that are no list", {{"problems", "x"}});
        row("bytes that are no path", {{"path_base64", "AAAA"}});
    }
    void whatHasNotTheShapeIsNone()
    {
        QFETCH(QByteArray, text);
        const auto record = parseRecord(text.toStdString());
        QVERIFY(!record || !scanRecord(*record));
    }

    void hugeNumbersDoNoHarm()
    {
        const auto record = scanRecord(line({{"size", 18446744073709551615u},
                                             {"page_size", 18446744073709551615u},
                                             {"modified", "9999-12-31T23:59:59Z"},
                                             {"writer_version", "4294967296.9999.-1"}}));
        QVERIFY(record);
        const inspect::DatabaseFacts facts = factsOf("web1", *record);
        QCOMPARE(facts.seen.file.size, 18446744073709551615u);
        QCOMPARE(facts.header()->writerVersion, 0u);
        QVERIFY(facts.seen.file.modifiedNs > 0);
    }

    void aSummaryHasWhatWasNotEntered()
    {
        const auto summary = summaryOf("web1", *parseRecord(R"({"summary": {"files": 7, "seconds": 0.5, "not_entered": [
            {"path": "/root", "type": "folder", "why": "no-permission"}, {"path": 1},
            {"path": "/mnt", "why": "network-filesystem", "filesystem": "nfs"}]}})"));
        QVERIFY(summary);
        QCOMPARE(summary->counts.files, 7u);
        QCOMPARE(summary->duration, std::chrono::milliseconds(500));
        QCOMPARE(summary->notEntered.size(), 2u);
        QCOMPARE(summary->notEntered[0].path.native(), std::string("web1:/root"));
        QCOMPARE(summary->notEntered[0].why, scan::WhyNot::NoPermission);
        QCOMPARE(summary->notEntered[1].filesystem, std::string("nfs"));
        QVERIFY(!summaryOf("web1", line()));
        QVERIFY(!summaryOf("web1", {{"summary", {{"files", "many"}}}}));
        QVERIFY(!summaryOf("web1", {{"summary", 1}}));
    }
};

QTEST_GUILESS_MAIN(FleetTest)
#include "tst_fleet.moc"
