// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of a configuration of Litestream before it replicates nothing in silence.
#include "litestream/checkconfig.h"
#include "litestream/keys.h"
#include "litestream/roundtrip.h"
#include "litestream/values.h"
#include "litestream/writeconfig.h"
#include "platform/program.h"
#include "words/describe.h"
#include "words/litestreamconfig.h"

#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <filesystem>

using namespace lk;
using namespace lk::litestream;
using namespace lk::test;

namespace {

/// "line name", one for each, of those that are about the text alone.
QStringList faultsOf(const std::vector<Problem> &problems)
{
    QStringList names;
    for (const Problem &problem : problems)
        names += QString::number(problem.line) + QLatin1Char(' ') + QLatin1String(faultName(problem.fault));
    return names;
}

QStringList faultsIn(const std::string &text, Syntax syntax = Syntax::V03)
{
    const auto config = parseConfig(text, {});
    if (!config)
        return {QStringLiteral("no configuration")};
    std::vector<Problem> problems = problemsOfKeys(text, syntax);
    for (Problem &problem : problemsOfValues(*config, syntax))
        problems.push_back(std::move(problem));
    return faultsOf(problems);
}

bool has(const std::vector<Problem> &problems, Fault fault)
{
    return std::ranges::find(problems, fault, &Problem::fault) != problems.end();
}

constexpr const char *Good = "dbs:\n  - path: /srv/a.db\n    replicas:\n      - url: s3://bucket/a\n";

}

Q_DECLARE_METATYPE(lk::litestream::Syntax)

class TestLitestreamConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void textsAreJudged_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Syntax>("syntax");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, const std::string &text, const char *expected,
                            Syntax syntax = Syntax::V03) {
            QTest::newRow(name) << QString::fromStdString(text) << syntax
                                << QString::fromLatin1(expected).split(QStringLiteral(", "), Qt::SkipEmptyParts);
        };
        const auto replica = [](const std::string &keys) {
            return "dbs:\n- path: /srv/a.db\n  replicas:\n  - " + keys;
        };
        const std::string s3 = "url: s3://bucket/a\n    ";
        row("nothing is wrong with a good one", Good, "");
        row("an empty one replicates nothing", "", "0 no-databases");
        row("a misspelt key", replica(s3 + "retenton: 24h\n"), "5 unknown-key");
        row("a misspelt list of replicas", "dbs:\n- path: /srv/a.db\n  replicass: []\n", "3 unknown-key, 2 no-replica");
        row("an unknown key at the top", std::string(Good) + "adr: \":9090\"\n", "5 unknown-key");
        row("replica is a key of 0.5", "dbs:\n- path: /srv/a.db\n  replica:\n    url: s3://bucket/a\n",
            "3 other-version");
        row("replica is right in 0.5", "dbs:\n- path: /srv/a.db\n  replica:\n    url: s3://bucket/a\n", "",
            Syntax::V05);
        row("two replicas are too many for 0.5", replica(s3 + "name: a\n  - url: s3://other/a\n    name: b\n"),
            "6 several-replicas", Syntax::V05);
        row("replica and replicas", "dbs:\n- path: /a\n  replicas:\n  - path: /r\n  replica:\n    path: /s\n",
            "6 both-replica-keys", Syntax::V05);
        row("age went with 0.5", replica(s3 + "age: {identities: [x]}\n"), "5 other-version", Syntax::V05);
        row("age is right in 0.3", replica(s3 + "age: {identities: [x], recipients: [y]}\n"), "");
        row("retention at a replica went with 0.5", replica(s3 + "retention: 24h\n"), "5 other-version", Syntax::V05);
        row("all replicas' keys can stand at the top of 0.5",
            "region: eu\nsnapshot: {interval: 1h}\n" + std::string(Good), "", Syntax::V05);
        row("0.3 does not know that", "region: eu\n" + std::string(Good), "1 other-version");
        row("the keys to S3 at the top of 0.3", "access-key-id: x\n" + std::string(Good), "1 secret-in-file");
        row("a key twice", replica(s3 + "region: a\n    region: b\n"), "6 key-twice");
        row("one replica that is no list", "dbs:\n- path: /srv/a.db\n  replicas:\n    url: s3://bucket/a\n",
            "no configuration");
        row("logging is no text", "logging: debug\n" + std::string(Good), "1 wrong-shape");
        row("days", replica(s3 + "retention: 7d\n"), "5 not-a-duration");
        row("a number without a unit", replica(s3 + "retention: 60\n"), "5 not-a-duration");
        row("a time of nothing", replica(s3 + "sync-interval: 0s\n"), "5 not-positive");
        row("snapshots may be never", replica(s3 + "snapshot-interval: 0s\n"), "");
        row("no number", "dbs:\n- path: /srv/a.db\n  min-checkpoint-page-count: many\n  replicas:\n  - " + s3 + "\n",
            "3 not-a-number");
        row("no switch", replica(s3 + "skip-verify: maybe\n"), "5 not-a-switch");
        row("an endpoint without a scheme", replica(s3 + "endpoint: localhost:9000\n"), "5 not-a-url");
        row("a secret", replica(s3 + "secret-access-key: x\n"), "5 secret-in-file");
        row("a key of another storage", replica("path: /r\n    bucket: b\n"), "5 other-storage");
        row("no such storage", replica("url: ftp://host/p\n"), "4 unknown-storage");
        row("Google is gcs in 0.3", replica("url: gs://b/p\n"), "4 unknown-storage");
        row("and gs in 0.5", replica("url: gs://b/p\n"), "", Syntax::V05);
        row("S3 without a bucket", replica("type: s3\n    path: a\n"), "4 key-missing");
        row("SFTP without a user", replica("type: sftp\n    host: h\n    path: a\n"), "4 key-missing");
        row("a folder without a path", replica("type: file\n"), "4 key-missing");
        row("url and bucket", replica(s3 + "bucket: b\n"), "5 url-and-parts");
        row("two names alike", replica(s3 + "\n  - url: s3://other/a\n"), "6 replica-name-twice");
        row("two databases in one place", replica(s3 + "\n- path: /srv/b.db\n  replicas:\n  - url: s3://bucket//a/\n"),
            "8 same-target");
        row("one place in another", replica("path: /r\n- path: /srv/b.db\n  replicas:\n  - url: file:///r/./x\n"),
            "7 nested-target");
        row("places side by side", replica("path: /r/a\n- path: /srv/b.db\n  replicas:\n  - path: /r/ab\n"), "");
        row("a database twice", replica("path: /r\n- path: /srv/../srv/a.db\n  replicas:\n  - path: /s\n"),
            "5 database-twice");
        row("snapshots rarer than what is kept", replica(s3 + "snapshot-interval: 48h\n"), "5 short-retention");
        row("kept long enough", replica(s3 + "snapshot-interval: 48h\n    retention: 48h\n"), "");
        row("ten syncs a second cost", replica(s3 + "sync-interval: 100ms\n"), "5 fast-sync");
        row("in a folder they don't", replica("path: /r\n    sync-interval: 100ms\n"), "");
        row("metrics for all the world", "addr: \":9090\"\n" + std::string(Good), "1 metrics-for-all");
        row("a path from the folder one is in", "dbs:\n- path: a.db\n  replicas:\n  - path: /r\n", "2 relative-path");
        row("a replica's, too", "dbs:\n- path: /a.db\n  replicas:\n  - path: r\n", "4 relative-path");
        row("a question mark", "dbs:\n- path: /q?mark.db\n  replicas:\n  - path: /r\n", "2 character-in-path");
        row("# and % are safe in 0.3", "dbs:\n- path: \"/a#%41.db\"\n  replicas:\n  - path: /r\n", "");
        row("but not in 0.5", "dbs:\n- path: \"/a#%41.db\"\n  replica:\n    path: /r\n", "2 character-in-path",
            Syntax::V05);
        row("a line break in a name", "dbs:\n- path: \"/a\\nb.db\"\n  replicas:\n  - path: /r\n", "2 control-in-path");
    }

    void textsAreJudged()
    {
        QFETCH(QString, text);
        QFETCH(Syntax, syntax);
        QFETCH(QStringList, expected);
        QCOMPARE(faultsIn(text.toStdString(), syntax), expected);
    }

    void everyFaultHasItsSentence()
    {
        for (int i = 0; i <= static_cast<int>(Fault::Unreachable); ++i) {
            Problem problem{.fault = static_cast<Fault>(i), .line = 4, .database = "/srv/a.db", .key = "the-key"};
            problem.arguments = {"first", "second"};
            const QString sentence = words::describe(problem);
            QVERIFY2(sentence.size() > 20 && !sentence.contains(QLatin1Char('?') + QLatin1String(" ")) &&
                         !sentence.contains(QLatin1Char('%')),
                     qPrintable(sentence));
            QVERIFY(*faultName(problem.fault));
        }
    }

    void theNearestKeyAndTheRightDurationAreSaid()
    {
        const auto problems =
            problemsOfKeys("dbs:\n- path: /a\n  replicas:\n  - retenton: 1h\n    retention: 7d\n", Syntax::V03);
        QCOMPARE(problems.size(), std::size_t(2));
        QVERIFY(words::describe(problems[0]).contains(QStringLiteral("Is retention meant?")));
        QVERIFY(words::describe(problems[1]).contains(QStringLiteral("write 168h")));
    }

    void durationsAreReadAsGoDoes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("seconds"); // below -1e6: none
        QTest::addColumn<QByteArray>("meant");
        QTest::newRow("hours") << QByteArray("24h") << 86400.0 << QByteArray("24h");
        QTest::newRow("several") << QByteArray("1h30m0.5s") << 5400.5 << QByteArray("1h");
        QTest::newRow("thousandths") << QByteArray("100ms") << 0.1 << QByteArray("100m");
        QTest::newRow("negative") << QByteArray("-1s") << -1.0 << QByteArray();
        QTest::newRow("zero needs no unit") << QByteArray("0") << 0.0 << QByteArray("0s");
        QTest::newRow("days") << QByteArray("7d") << -1e9 << QByteArray("168h");
        QTest::newRow("weeks, in words") << QByteArray("2 weeks") << -1e9 << QByteArray("336h");
        QTest::newRow("months are no minutes") << QByteArray("1mo") << -1e9 << QByteArray("720h");
        QTest::newRow("no unit") << QByteArray("60") << -1e9 << QByteArray("60s");
        QTest::newRow("no number") << QByteArray("h") << -1e9 << QByteArray();
        QTest::newRow("two points") << QByteArray("1.2.3s") << -1e9 << QByteArray();
        QTest::newRow("nothing") << QByteArray() << -1e9 << QByteArray();
        QTest::newRow("a blank") << QByteArray("1h 30m") << -1e9 << QByteArray("1h");
    }

    void durationsAreReadAsGoDoes()
    {
        QFETCH(QByteArray, text);
        QFETCH(double, seconds);
        QFETCH(QByteArray, meant);
        const auto read = durationOf(text.toStdString());
        QCOMPARE(read.has_value(), seconds > -1e6);
        if (read)
            QVERIFY(qAbs(read->count() - seconds) < 1e-9);
        QCOMPARE(QByteArray::fromStdString(meantDuration(text.toStdString())), meant);
    }

    void theFilesAreLookedAt_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("fault");
        const auto row = [](const char *title, const char *name, Fault fault) {
            QTest::newRow(title) << QByteArray(name) << static_cast<int>(fault);
        };
        row("missing", "none.db", Fault::DatabaseMissing);
        row("empty", "empty.db", Fault::DatabaseEmpty);
        row("text", "notes.txt", Fault::NotADatabase);
        row("a folder", "folder.db", Fault::DatabaseUnreadable);
        row("not in WAL mode", "shop.db", Fault::NotWalYet);
        row("locked by its browser", ".mozilla/firefox/x.default/places.sqlite", Fault::OwnedByBrowser);
        row("the replica on the same disk", "shop.db", Fault::SameDisk);
    }

    void theFilesAreLookedAt()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, fault);
        const TempTree tree;
        tree.file("empty.db");
        tree.file("notes.txt", "no database at all\n");
        tree.folder("folder.db");
        tree.folder(".mozilla/firefox/x.default");
        makeDatabase(tree.path() / "shop.db");
        makeDatabase(tree.path() / ".mozilla/firefox/x.default/places.sqlite");
        const std::string text = "dbs:\n- path: " + (tree.path() / name.toStdString()).native() +
                                 "\n  replicas:\n  - path: " + tree.path().native() + "/replica/deep\n";
        const TreeSnapshot before(tree.path());
        const auto checked = checkText(text);
        QVERIFY(checked);
        QVERIFY2(has(checked->problems, static_cast<Fault>(fault)),
                 qPrintable(faultsOf(checked->problems).join(QLatin1Char(' '))));
        QCOMPARE(before.difference(TreeSnapshot(tree.path())), std::string());
    }

    void aWalDatabaseElsewhereIsFine()
    {
        const TempTree tree;
        makeDatabase(tree.path() / "shop.db", {.journalMode = "wal"});
        const auto checked = checkText("dbs:\n- path: " + (tree.path() / "shop.db").native() +
                                       "\n  replicas:\n  - url: s3://bucket/a\n");
        QVERIFY(checked);
        QCOMPARE(faultsOf(checked->problems), QStringList());
    }

    void dollarsAreToldWhereTheyAreReplaced()
    {
        const TempTree tree;
        const Path file = tree.path() / "a$HOME.db";
        makeDatabase(file, {.journalMode = "wal"});
        const std::string text = "dbs:\n- path: " + file.native() + "\n  replicas:\n  - url: s3://bucket/a\n";
        const auto checked = checkText(text);
        QVERIFY(checked && has(checked->problems, Fault::DollarInPath));
        const auto kept = checkText(text, {.environment = nullptr});
        QVERIFY(kept);
        QCOMPARE(faultsOf(kept->problems), QStringList());
        qputenv("LITEKEEPER_TEST_DB", QByteArray::fromStdString(file.native()));
        const auto meant = checkText("dbs:\n- path: $LITEKEEPER_TEST_DB\n  replicas:\n  - url: s3://bucket/a\n");
        qunsetenv("LITEKEEPER_TEST_DB");
        QVERIFY(meant);
        QCOMPARE(faultsOf(meant->problems), QStringList());
    }

    void whoCanReadTheFileMatters()
    {
        using std::filesystem::perms;
        const TempTree tree;
        const Path file = tree.file("litestream.yml", "access-key-id: x\nsecret-access-key: ${LITEKEEPER_NONE}\n");
        const auto problemsWith = [&](unsigned mode) {
            std::filesystem::permissions(file, perms(mode));
            return faultsOf(checkConfig(file)->problems).join(QLatin1Char(' '));
        };
        QCOMPARE(problemsWith(0600), QStringLiteral("0 no-databases 1 secret-in-file"));
        QCOMPARE(problemsWith(0644), QStringLiteral("0 no-databases 1 secret-readable"));
        QCOMPARE(problemsWith(0660), QStringLiteral("0 file-writable 0 no-databases 1 secret-readable"));
    }

    void whatNobodyAnswersForIsTold()
    {
        const std::string port = std::to_string(freePort());
        const std::string text =
            "dbs:\n- path: /none.db\n  replicas:\n  - url: s3://b/a\n    endpoint: http://127.0.0.1:" + port + "\n";
        QVERIFY(!has(checkText(text)->problems, Fault::Unreachable));
        const auto checked = checkText(text, {.reach = true});
        QVERIFY(checked && has(checked->problems, Fault::Unreachable));
        const auto stopped = checkText(text, {.reach = true, .stop = [] {
                                                  std::stop_source source;
                                                  source.request_stop();
                                                  return source.get_token();
                                              }()});
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
    }

    void aliasesDontMakeItEndless()
    {
        std::string text = "dbs:\n- &db\n  path: /a\n  replicas: &r\n";
        for (int i = 0; i < 4000; ++i)
            text += "  - &x" + std::to_string(i) + " {url: \"s3://b/a\"}\n";
        for (int i = 0; i < 4000; ++i)
            text += "- *db\n";
        QVERIFY(problemsOfKeys(text, Syntax::V03).size() < 1000);
    }

    void placesAreWhereLitestreamConnects_data()
    {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *keys, const char *expected) {
            QTest::newRow(name) << QString::fromLatin1(keys) << QString::fromLatin1(expected);
        };
        row("a folder is nowhere", "{path: /r}", "");
        row("Amazon", "{url: 's3://b/p'}", "s3.amazonaws.com:443");
        row("a region of it", "{url: 's3://b/p', region: eu-west-1}", "s3.eu-west-1.amazonaws.com:443");
        row("a server of one's own", "{url: 's3://b/p', endpoint: 'http://minio:9000'}", "minio:9000");
        row("https without a port", "{url: 's3://b/p', endpoint: 'https://minio'}", "minio:443");
        row("IPv6", "{url: 's3://b/p', endpoint: 'http://[::1]:9000'}", "::1:9000");
        row("SFTP", "{url: 'sftp://me@host:2222/p'}", "host:2222");
        row("SFTP without a port", "{type: sftp, host: host}", "host:22");
        row("a port that is none", "{type: sftp, host: 'host:99999'}", "");
        row("Azure", "{url: 'abs://acc@box/p'}", "acc.blob.core.windows.net:443");
        row("Google", "{url: 'gcs://b/p'}", "storage.googleapis.com:443");
    }

    void placesAreWhereLitestreamConnects()
    {
        QFETCH(QString, keys);
        QFETCH(QString, expected);
        const auto config = parseConfig("dbs:\n- replicas:\n  - " + keys.toStdString(), {});
        const auto place = placeOf(config->databases[0].replicas[0]);
        const std::string said = place ? place->host + ':' + std::to_string(place->port) : std::string();
        QCOMPARE(QString::fromStdString(said), expected);
    }

    // Writing -------------------------------------------------------------------------------------------------------

    void urlsBecomeKeys_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *url, const char *expected) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(expected);
        };
        row("S3", "s3://bucket/a/b", "type=s3 bucket=bucket path=a/b");
        row("a bucket alone", "s3://bucket", "type=s3 bucket=bucket");
        row("Azure", "abs://account@box/a", "type=abs account-name=account bucket=box path=a");
        row("Google as its own tools write it", "gs://bucket/a", "type=gcs bucket=bucket path=a");
        row("SFTP", "sftp://me@host:2222/srv/a", "type=sftp host=host:2222 user=me path=/srv/a");
        row("a folder", "file:///srv/a b", "type=file path=/srv/a b");
        row("a folder by its path", "/srv/a", "type=file path=/srv/a");
        row("a folder from somewhere", "srv/a", "! relative-path");
        row("another scheme", "ftp://host/a", "! unknown-storage");
        row("a password", "sftp://me:secret@host/a", "! secret-in-file");
    }

    void urlsBecomeKeys()
    {
        QFETCH(QString, url);
        QFETCH(QString, expected);
        const auto replica = replicaFromUrl(url.toStdString(), Syntax::V03);
        QStringList said;
        if (!replica)
            said += QStringLiteral("! ") + QLatin1String(faultName(replica.error().fault));
        for (const Setting &setting : replica ? replica->settings.all() : std::vector<Setting>())
            said += QString::fromStdString(setting.key + '=' + setting.value);
        QCOMPARE(said.join(QLatin1Char(' ')), expected);
    }

    void oddNamesComeBackAsTheyWere_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char *name : {"plain.db",
                                 "with blank.db",
                                 "it's \"quoted\".db",
                                 "a: b.db",
                                 "a #b.db",
                                 "- dash.db",
                                 "*star.db",
                                 "&and.db",
                                 "!bang.db",
                                 "%41.db",
                                 "@at.db",
                                 "`tick`.db",
                                 "{a,b}.db",
                                 "[a].db",
                                 "|pipe.db",
                                 ">more.db",
                                 "back\\slash.db",
                                 "\\x24.db",
                                 "$HOME.db",
                                 "${HOME}.db",
                                 "a$",
                                 "$$",
                                 "true",
                                 "null",
                                 "~",
                                 "1e3",
                                 "0x1F",
                                 "2026-11-23",
                                 "<<",
                                 "=",
                                 "日本.db",
                                 "é.db",
                                 "\u202Eleft.db",
                                 "tab-less\u00A0blank.db",
                                 " leading.db",
                                 "trailing ",
                                 "a,b.db",
                                 "\U0001F600.db",
                                 "---",
                                 "...",
                                 "---.db"})
            QTest::newRow(name) << QByteArray(name);
    }

    void oddNamesComeBackAsTheyWere()
    {
        QFETCH(QByteArray, name);
        const std::string path = "/srv/" + name.toStdString();
        Database database{.path = path};
        database.replicas.push_back(replicaFromUrl("s3://bucket/" + name.toStdString(), Syntax::V03).value());
        database.replicas.back().settings.set("region", name.toStdString());
        for (const Syntax syntax : {Syntax::V03, Syntax::V05}) {
            const std::string text = expanded(composed({database}, syntax), ownEnvironment);
            const auto read = parseConfig(text, {});
            QVERIFY2(read && read->databases.size() == 1, text.c_str());
            QCOMPARE(read->databases[0].path.native(), path);
            QCOMPARE(read->databases[0].replicas.at(0).settings.value("region"), name.toStdString());
            QCOMPARE(read->databases[0].oneReplica, syntax == Syntax::V05);
        }
        const auto program = litestreamProgram();
        if (!program)
            QSKIP(qPrintable(withoutLitestream()));
        const TempTree tree;
        const Path file = tree.file("litestream.yml", composed({database}, Syntax::V03));
        const auto ran =
            platform::run({.command = {.program = *program, .arguments = {"databases", "-config", file.native()}}},
                          std::chrono::seconds(20));
        QVERIFY(ran);
        QVERIFY2(ran->status == 0 && ran->printed.find(path + ' ') != std::string::npos,
                 (ran->printed + ran->complained).c_str());
    }

    void everyKindOfReplicaIsTakenByLitestream()
    {
        const auto program = litestreamProgram();
        if (!program)
            QSKIP(qPrintable(withoutLitestream()));
        Database database{.path = "/srv/a.db"};
        for (const char *url :
             {"s3://bucket/a", "abs://account@box/a", "gs://bucket/a", "sftp://me@host/srv/a", "/r/a"}) {
            Replica replica = replicaFromUrl(url, Syntax::V03).value();
            for (const auto &[key, value] :
                 {std::pair("retention", "168h"), {"snapshot-interval", "24h"}, {"sync-interval", "10s"}})
                replica.settings.set(key, value);
            database.replicas.push_back(std::move(replica));
        }
        database.replicas[0].settings.set("endpoint", "https://minio.example:9000");
        database.replicas[0].settings.set("force-path-style", "true");
        QCOMPARE(faultsOf(problemsOfDraft({database}, Syntax::V03)), QStringList());
        const TempTree tree;
        const Path file = tree.file("litestream.yml", composed({database}, Syntax::V03));
        const auto ran =
            platform::run({.command = {.program = *program, .arguments = {"databases", "-config", file.native()}}},
                          std::chrono::seconds(20));
        QVERIFY(ran);
        QVERIFY2(ran->printed.find("s3,abs,gcs,sftp,file") != std::string::npos,
                 (ran->printed + ran->complained).c_str());
    }

    void theNewFormHasOneReplicaAndItsSnapshotsAtTheTop()
    {
        Database database{.path = "/srv/a.db"};
        database.replicas.push_back(replicaFromUrl("gs://bucket/a", Syntax::V05).value());
        database.replicas[0].settings.set("retention", "168h");
        const std::string text = composed({database}, Syntax::V05);
        QCOMPARE(QString::fromStdString(text),
                 QStringLiteral("snapshot:\n  retention: 168h\ndbs:\n  - path: /srv/a.db\n    replica:\n      "
                                "type: gs\n      bucket: \"bucket\"\n      path: \"a\"\n"));
        QCOMPARE(faultsIn(text, Syntax::V05), QStringList());
    }

    void oneMoreDatabaseLeavesTheRestAsItWas_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected"); // NEW: where the new one stands; empty: it had to be written anew
        const auto row = [](const char *name, const char *text, const char *expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("at the end", "# mine\ndbs:\n  - path: /a # one\n    replicas: [{path: /r}]\n",
            "# mine\ndbs:\n  - path: /a # one\n    replicas: [{path: /r}]\n  NEW");
        row("without a last line break", "dbs:\n  - path: /a", "dbs:\n  - path: /a\n  NEW");
        row("a list without indentation", "dbs:\n- path: /a\n  replicas:\n  - path: /r\n",
            "dbs:\n- path: /a\n  replicas:\n  - path: /r\nNEW");
        row("before what comes after it", "dbs:\n  - path: /a\n\n# where it listens\naddr: \":9090\" # here\n",
            "dbs:\n  - path: /a\n  NEW\n# where it listens\naddr: \":9090\" # here\n");
        row("without a list", "addr: \":9090\"\nodd: {a: [1, 2]}\n", "addr: \":9090\"\nodd: {a: [1, 2]}\ndbs:\n  NEW");
        row("comments alone", "# nothing yet\n", "# nothing yet\ndbs:\n  NEW");
        row("variables stay", "dbs:\n  - path: $HOME/a\n", "dbs:\n  - path: $HOME/a\n  NEW");
        row("anchors stay", "dbs:\n  - &x {path: /a}\n", "dbs:\n  - &x {path: /a}\n  NEW");
        row("an empty list in brackets", "# mine\ndbs: []\naddr: x\n", "");
        row("a list in brackets", "dbs: [{path: /a}]\n", "");
        row("all in braces", "{dbs: [{path: /a}], addr: x}\n", "");
        row("lines that end as on Windows", "dbs:\r\n  - path: /a\r\n", "");
    }

    void oneMoreDatabaseLeavesTheRestAsItWas()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        Database database{.path = "/srv/new one.db"};
        database.replicas.push_back(replicaFromUrl("/r/new", Syntax::V03).value());
        const auto result = merged(text.toStdString(), {database}, Syntax::V03);
        QVERIFY(result);
        QCOMPARE(result->inPlace, !expected.isEmpty());
        const auto before = parseConfig(text.toStdString(), {});
        const auto after = parseConfig(result->text, {});
        QVERIFY2(after, result->text.c_str());
        QCOMPARE(after->databases.size(), before->databases.size() + 1);
        QCOMPARE(after->databases.back().path.native(), std::string("/srv/new one.db"));
        QCOMPARE(after->settings.all().size(), before->settings.all().size());
        if (expected.isEmpty())
            return;
        const qsizetype at = expected.indexOf("NEW");
        const QByteArray whole = QByteArray::fromStdString(result->text);
        QVERIFY2(whole.startsWith(expected.left(at)) && whole.endsWith(expected.mid(at + 3)), whole.constData());
        QVERIFY(whole.mid(at).startsWith("- path: \"/srv/new one.db\"\n"));
    }

    void whatIsThereAlreadyIsNotAddedAgain()
    {
        const auto result = merged("dbs:\n- path: /a\n", {Database{.path = "/a"}}, Syntax::V03);
        QVERIFY(!result && result.error().reason == Reason::TargetExists);
        const auto broken = merged("dbs: [\n", {Database{.path = "/a"}}, Syntax::V03);
        QVERIFY(!broken && broken.error().reason == Reason::NotAConfig);
    }

    void theOldFileIsKept()
    {
        using std::filesystem::perms;
        const TempTree tree;
        const Path file = tree.path() / "litestream.yml";
        QCOMPARE(saveConfig(file, "dbs:\n", {}).value(), Path());
        QCOMPARE(std::filesystem::status(file).permissions(), perms(0600));
        QCOMPARE(saveConfig(file, "dbs: []\n", {}).error().code, ErrorCode::Changed);
        std::filesystem::permissions(file, perms(0640));
        const auto before = readText(file);
        const auto kept = saveConfig(file, "dbs: []\n", *before);
        QVERIFY(kept);
        QCOMPARE(readFile(*kept), std::string("dbs:\n"));
        QCOMPARE(readFile(file), std::string("dbs: []\n"));
        QCOMPARE(std::filesystem::status(file).permissions(), perms(0640));
        QCOMPARE(saveConfig(file, "late\n", *before).error().code, ErrorCode::Changed);
        QCOMPARE(readFile(file), std::string("dbs: []\n"));
        QCOMPARE(saveConfig(tree.path() / "none/litestream.yml", "x", {}).has_value(), false);
    }

    void secretsComeBackAsTheyWere()
    {
        const Secrets secrets{{"LITESTREAM_ACCESS_KEY_ID", "AKIA/+=\"'\\`$HOME #x"},
                              {"LITESTREAM_SECRET_ACCESS_KEY", " "}};
        QVERIFY(secretsOf(secretsText(secrets)) == secrets);
        const TempTree tree;
        const Path file = secretsFileOf(tree.path() / "litestream.yml");
        QVERIFY(readSecrets(file)->empty());
        tree.file("litestream.env", "# mine\nOTHER=1\nLITESTREAM_ACCESS_KEY_ID='old'\n");
        QVERIFY(saveSecrets(file, secrets));
        QCOMPARE(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
        Secrets expected = secrets;
        expected["OTHER"] = "1";
        QVERIFY(*readSecrets(file) == expected);
        QCOMPARE(saveSecrets(file, {{"A", "two\nlines"}}).error().reason, Reason::UnknownArgument);
        const auto shell = platform::run(
            {.command = {.program = "/bin/sh",
                         .arguments = {"-c", ". \"$0\"; printf %s \"$LITESTREAM_ACCESS_KEY_ID\"", file.native()}}},
            std::chrono::seconds(20));
        QCOMPARE(shell->printed, secrets.at("LITESTREAM_ACCESS_KEY_ID"));
    }

    // Round trip ----------------------------------------------------------------------------------------------------

    void aFolderGivesBackWhatItGot()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const TempTree tree;
        const Path file = tree.path() / "shop.db";
        makeDatabase(file, {.rows = 500});
        tree.folder("replica");
        const TreeSnapshot before(tree.path());
        const auto program = Program::find();
        const Replica replica = replicaFromUrl((tree.path() / "replica").native(), Syntax::V03).value();
        const auto trip = tryRoundTrip(*program, file, replica, {}, {}, Progress::none());
        QVERIFY2(trip, qPrintable(trip ? QString() : words::describe(trip.error())));
        QCOMPARE(trip->rows, 500);
        QVERIFY(trip->removed);
        const QString difference = QString::fromStdString(before.difference(TreeSnapshot(tree.path())));
        QVERIFY2(!difference.contains(QStringLiteral("shop.db")), qPrintable(difference));
        QVERIFY(std::filesystem::is_empty(tree.path() / "replica"));
    }

    void aServerGivesBackWhatItGot()
    {
        const TempTree tree;
        const auto program = litestreamProgram() ? Program::find() : fail(ErrorCode::NotFound);
        const auto server = S3Server::start(tree.folder("s3"), freePort(), "bucket");
        if (!program || !server)
            QSKIP(qPrintable(withoutLitestream()));
        makeDatabase(tree.path() / "shop.db", {.journalMode = "wal"});
        Replica replica = replicaFromUrl("s3://bucket/shop", Syntax::V03).value();
        replica.settings.set("endpoint", server->endpoint());
        replica.settings.set("region", "us-east-1");
        const Secrets secrets{{"LITESTREAM_ACCESS_KEY_ID", S3Server::AccessKey},
                              {"LITESTREAM_SECRET_ACCESS_KEY", S3Server::SecretKey}};
        const auto trip = tryRoundTrip(*program, tree.path() / "shop.db", replica, secrets, {}, Progress::none());
        QVERIFY2(trip, qPrintable(trip ? QString() : words::describe(trip.error())));
        QCOMPARE(trip->rows, 100);
        QVERIFY(!trip->removed);
        QVERIFY(trip->target.ends_with("bucket/shop/litekeeper-try/"));
        replica.settings.set("bucket", "another");
        const auto wrong = tryRoundTrip(*program, tree.path() / "shop.db", replica, secrets, {}, Progress::none());
        QVERIFY(!wrong && wrong.error().reason == Reason::ReplicaFailed);
    }

    void aReplicaThatFailsIsToldInItsWords()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const TempTree tree;
        makeDatabase(tree.path() / "shop.db");
        const Path blocked = tree.file("file", "no folder");
        const auto program = Program::find();
        const Replica replica = replicaFromUrl(blocked.native() + "/x", Syntax::V03).value();
        const auto trip = tryRoundTrip(*program, tree.path() / "shop.db", replica, {}, {}, Progress::none());
        QVERIFY(!trip);
        QCOMPARE(trip.error().reason, Reason::ReplicaFailed);
        QVERIFY(trip.error().arguments.at(1).find("not a directory") != std::string::npos);
        std::stop_source stop;
        stop.request_stop();
        const auto stopped =
            tryRoundTrip(*program, tree.path() / "shop.db", replica, {}, stop.get_token(), Progress::none());
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestLitestreamConfig)
#include "tst_litestreamconfig.moc"
