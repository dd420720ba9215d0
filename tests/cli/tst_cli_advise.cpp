// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

#include <cstdlib>

using namespace lk::test;

class CliAdviseTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    lk::Path m_shop = m_tree.path() / "shop.db";
    lk::Path m_hot = m_tree.path() / "hot.db";
    lk::Path m_cut = m_tree.path() / "cut.db";

    static QJsonArray findings(const QJsonObject &record) { return record[QLatin1String("findings")].toArray(); }
    static QStringList rules(const QJsonObject &record)
    {
        QStringList ids;
        for (const QJsonValue &finding : findings(record))
            ids.append(finding[QLatin1String("rule")].toString());
        return ids;
    }

private Q_SLOTS:
    void initTestCase()
    {
        // Elsewhere than in the person's own: muted rules would be missing.
        m_settings = m_tree.folder("settings");
        qputenv("XDG_CONFIG_HOME", QByteArray::fromStdString(m_settings.native()));
        makeDatabase(m_shop);
        makeHotJournal(m_hot);
        makeDatabase(m_cut);
        cutTo(m_cut, 5000);
        m_tree.file("notes.db", "these are not the bytes of a database\n");
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanup() { std::filesystem::remove_all(m_settings / "litekeeper"); }

    void aSoundFileHasNothingToDo()
    {
        const Ran ran = runCli({"advise", "--format", "json", m_shop.native()});
        QCOMPARE(ran.status, 0);
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(rules(record), QStringList());
        QVERIFY(record[QLatin1String("error")].isNull());
        QVERIFY(record[QLatin1String("checked")].toString().startsWith(QStringLiteral("Checked ")));
    }

    void aFindingIsWhole()
    {
        const Ran ran = runCli({"advise", "--format", "json", m_hot.native()});
        QCOMPARE(ran.status, 0);
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(rules(record), QStringList(QStringLiteral("hot-journal")));
        const QJsonObject finding = findings(record).at(0).toObject();
        for (const char *field :
             {"rule", "severity", "title", "seen", "why", "gain", "risk", "fix", "advice", "undo", "link"})
            QVERIFY2(!finding[QLatin1String(field)].toString().isEmpty(), field);
        QCOMPARE(finding[QLatin1String("severity")].toString(), QStringLiteral("warning"));
        QVERIFY(finding[QLatin1String("link")].toString().startsWith(QStringLiteral("https://")));
    }

    void itTouchesNothing()
    {
        const TreeSnapshot before(m_tree.path());
        runCli({"advise", "--space", m_shop.native(), m_hot.native(), m_cut.native()});
        QCOMPARE(before.difference(TreeSnapshot(m_tree.path())), std::string());
    }

    void aDamagedFileIsAFindingAndAFailure()
    {
        const Ran ran = runCli({"advise", "--format", "json", m_cut.native()});
        QCOMPARE(ran.status, 1);
        QVERIFY(rules(ran.records().at(0).toObject()).contains(QStringLiteral("damaged")));
    }

    void oneThatFailsDoesNotStopTheOthers()
    {
        const lk::Path notes = m_tree.path() / "notes.db";
        const lk::Path gone = m_tree.path() / "gone.db";
        const Ran ran = runCli({"advise", "--format", "jsonl", gone.native(), notes.native(), m_shop.native()});
        QCOMPARE(ran.status, 1);
        const auto code = [&](const lk::Path &path) {
            return recordOf(ran.lines(), path)[QLatin1String("error")][QLatin1String("code")].toString();
        };
        QCOMPARE(ran.lines().size(), 3);
        QCOMPARE(code(gone), QStringLiteral("not-found"));
        QCOMPARE(code(notes), QStringLiteral("not-a-database"));
        QCOMPARE(code(m_shop), QString());
        QVERIFY(recordOf(ran.lines(), notes)[QLatin1String("checked")].isNull());
    }

    void theTableIsForPeople()
    {
        const Ran ran = runCli({"advise", m_hot.native(), m_shop.native()});
        QVERIFY2(ran.out.contains("warning: Interrupted transaction  (hot-journal)"), ran.out.constData());
        QVERIFY2(ran.out.contains("nothing to do"), ran.out.constData());
        QVERIFY2(ran.err.contains("1 database: Interrupted transaction"), ran.err.constData());
    }

    void csvHasARowForEachFinding()
    {
        const Ran ran = runCli({"advise", "--format", "csv", m_shop.native(), m_hot.native()});
        const QList<QByteArray> lines = ran.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines.at(0).startsWith("path,path_base64,application,rule,severity"));
        QVERIFY2(lines.at(1).contains("hot-journal,warning"), lines.at(1).constData());
    }

    void whatIsMutedIsLeftOut()
    {
        m_tree.file("settings/litekeeper/litekeeper.ini", "[advice]\nmuted=hot-journal%3A\n");
        const QJsonObject record = runCli({"advise", "--format", "json", m_hot.native()}).records().at(0).toObject();
        QCOMPARE(rules(record), QStringList());
        QCOMPARE(record[QLatin1String("muted")].toInt(), 1);
        const Ran all = runCli({"advise", "--all", "--format", "json", m_hot.native()});
        QCOMPARE(rules(all.records().at(0).toObject()), QStringList(QStringLiteral("hot-journal")));
    }

    void theSchemaIsLookedAt()
    {
        const lk::Path twice = m_tree.path() / "twice.db";
        makeDatabase(twice, {.moreSql = "CREATE INDEX again ON t(k)"});
        const QJsonObject record = runCli({"advise", "--format", "json", twice.native()}).records().at(0).toObject();
        QCOMPARE(rules(record), QStringList(QStringLiteral("duplicate-index")));
        QVERIFY(findings(record).at(0)[QLatin1String("seen")].toString().contains(QStringLiteral("again")));
    }

    void aProjectsDatabaseIsToldOfWalAndHowToSwitch()
    {
        const lk::Path database = m_tree.folder("it's a shop") / "db.sqlite3";
        m_tree.file("it's a shop/manage.py", "setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')");
        m_tree.file("it's a shop/shop/settings.py", "'ENGINE': 'django.db.backends.sqlite3',\n'NAME': 'db.sqlite3',");
        makeDatabase(database);
        const auto record = [&] {
            return runCli({"advise", "--format", "json", database.native()}).records().at(0).toObject();
        };
        const QJsonObject before = record();
        QCOMPARE(rules(before),
                 QStringList({QStringLiteral("server-rollback-journal"), QStringLiteral("connection-settings")}));
        QCOMPARE(before[QLatin1String("application")].toString(), QStringLiteral("Django"));
        const std::string fix = findings(before).at(0)[QLatin1String("fix")].toString().toStdString();
        const std::string program = "litekeeper-cli";
        const std::string settings = findings(before).at(1)[QLatin1String("fix")].toString().toStdString();
        QVERIFY2(settings.starts_with(program + " settings '"), settings.c_str());
        QCOMPARE(std::system((programPath() + settings.substr(program.size()) + " | grep -q shop").c_str()), 0);
        QVERIFY2(fix.starts_with(program + " journal wal '"), fix.c_str());
        QCOMPARE(std::system((programPath() + fix.substr(program.size()) + " > /dev/null 2>&1").c_str()), 0);
        QVERIFY(!rules(record()).contains(QStringLiteral("server-rollback-journal")));
    }

    void aFileIsAskedFor()
    {
        const Ran ran = runCli({"advise"});
        QCOMPARE(ran.status, 2);
        QVERIFY(ran.err.contains("name at least one file"));
    }

private:
    lk::Path m_settings;
};

QTEST_GUILESS_MAIN(CliAdviseTest)
#include "tst_cli_advise.moc"
