// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

using namespace lk::test;

class CliDoctorTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    lk::Path m_shop;
    lk::Path m_alone;

    static QJsonObject rowOf(const QJsonObject &record, const char *setting)
    {
        for (const QJsonValue &row : record[QLatin1String("rows")].toArray()) {
            if (row[QLatin1String("setting")] == QLatin1String(setting))
                return row.toObject();
        }
        return {};
    }
    QJsonObject diagnosed() const
    {
        return runCli({"doctor", "--format", "jsonl", m_shop.native()}).lines().at(0).toObject();
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", QByteArray::fromStdString(m_tree.folder("settings").native()));
        m_shop = m_tree.folder("shop") / "db.sqlite3";
        m_alone = m_tree.folder("alone") / "x.db";
        makeDatabase(m_shop);
        makeDatabase(m_alone);
        m_tree.file("shop/manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.settings')\n");
        m_tree.file("shop/conf/settings.py", "# using Django 5.2.1.\n"
                                             "DATABASES = {\n"
                                             "    'default': {\n"
                                             "        'ENGINE': 'django.db.backends.sqlite3',\n"
                                             "        'NAME': BASE_DIR / 'db.sqlite3',\n"
                                             "        'OPTIONS': {'timeout': wait()},\n"
                                             "    },\n"
                                             "    'OPTIONS': {'transaction_mode': 'IMMEDIATE'},\n"
                                             "}\n");
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aRecordHasRowsFindingsAndAPatch()
    {
        const QJsonObject record = diagnosed();
        const QJsonObject program = record[QLatin1String("programs")][0].toObject();
        QCOMPARE(program[QLatin1String("name")].toString(), QStringLiteral("Django 5.2.1"));
        QVERIFY(program[QLatin1String("names_this_file")].toBool());
        const QJsonObject finding = record[QLatin1String("findings")][0].toObject();
        QCOMPARE(finding[QLatin1String("rule")].toString(), QStringLiteral("config-options-misplaced"));
        QCOMPARE(finding[QLatin1String("file")].toString(), QStringLiteral("conf/settings.py"));
        QCOMPARE(finding[QLatin1String("line")].toInt(), 8);
        QVERIFY(record[QLatin1String("patch")].toString().startsWith(QStringLiteral("--- a/conf/settings.py\n")));
        QVERIFY(record[QLatin1String("error")].isNull());
    }

    void aRowSaysWhereItsValueComesFrom()
    {
        const QJsonObject record = diagnosed();
        const QJsonObject unset = rowOf(record, "synchronous");
        QCOMPARE(unset[QLatin1String("in_force")].toString(), QStringLiteral("FULL"));
        QCOMPARE(unset[QLatin1String("source")].toString(), QStringLiteral("driver default"));
        QCOMPARE(unset[QLatin1String("recommended")].toString(), QStringLiteral("NORMAL"));
        QVERIFY(!unset[QLatin1String("reason")].toString().isEmpty());
        QVERIFY(unset[QLatin1String("file")].isNull());
        const QJsonObject computed = rowOf(record, "busy_timeout");
        QCOMPARE(computed[QLatin1String("source")].toString(), QStringLiteral("not understood"));
        QVERIFY(computed[QLatin1String("in_force")].isNull());
        QCOMPARE(computed[QLatin1String("line")].toInt(), 6);
        QCOMPARE(rowOf(record, "transaction")[QLatin1String("finding")].toString(),
                 QStringLiteral("config-options-misplaced"));
    }

    void theTableIsForPeople()
    {
        const Ran ran = runCli({"doctor", m_shop.native(), m_alone.native()});
        QCOMPARE(ran.status, 0);
        for (const char *text : {"Django 5.2.1", "default of Django", "not understood", "conf/settings.py:8",
                                 "OPTIONS in the wrong place", "'init_command': (", "No program's files"})
            QVERIFY2(ran.out.contains(text), (QByteArray(text) + '\n' + ran.out).constData());
    }

    void csvHasARowForEachSetting()
    {
        const QList<QByteArray> lines =
            runCli({"doctor", "--format", "csv", m_shop.native()}).out.trimmed().split('\n');
        QVERIFY(lines.at(0).startsWith("path,path_base64,program,setting,in_force,source,file,line,recommended"));
        QVERIFY(lines.size() > 8);
    }

    void thePatchAloneCanBeApplied()
    {
        const Ran ran = runCli({"doctor", "--patch", m_shop.native()});
        QCOMPARE(ran.status, 0);
        QCOMPARE(QString::fromUtf8(ran.out), diagnosed()[QLatin1String("patch")].toString());
        QVERIFY(!ran.out.contains('\x1b'));
    }

    void nothingIsTouched()
    {
        const TreeSnapshot before(m_tree.path());
        runCli({"doctor", m_shop.native(), m_alone.native()});
        QCOMPARE(before.difference(TreeSnapshot(m_tree.path())), std::string());
    }

    void oneThatFailsDoesNotStopTheOthers()
    {
        const lk::Path gone = m_tree.path() / "gone.db";
        const Ran ran = runCli({"doctor", "--format", "jsonl", gone.native(), m_shop.native()});
        QCOMPARE(ran.status, 1);
        QCOMPARE(ran.lines().size(), 2);
        QCOMPARE(recordOf(ran.lines(), gone)[QLatin1String("error")][QLatin1String("code")].toString(),
                 QStringLiteral("not-found"));
    }

    void wrongUsageIsSaidInOneLine_data()
    {
        QTest::addColumn<std::vector<std::string>>("arguments");
        QTest::newRow("no file") << std::vector<std::string>{"doctor"};
        QTest::newRow("a profile that is none") << std::vector<std::string>{"doctor", "--profile", "wep", "x.db"};
        QTest::newRow("a patch in a format")
            << std::vector<std::string>{"doctor", "--patch", "--format", "csv", "x.db"};
    }
    void wrongUsageIsSaidInOneLine()
    {
        QFETCH(std::vector<std::string>, arguments);
        const Ran ran = runCli(arguments);
        QCOMPARE(ran.status, 2);
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(ran.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(CliDoctorTest)
#include "tst_cli_doctor.moc"
