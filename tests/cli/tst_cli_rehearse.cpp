// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QTest>

#include <filesystem>

using namespace lk::test;

class CliRehearseTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    lk::Path m_shop = m_tree.path() / "shop.db";

private Q_SLOTS:
    void initTestCase() { makeDatabase(m_shop, {.rows = 3000, .moreSql = "DELETE FROM t WHERE id > 500"}); }

    void compactingIsShownAndNotDone()
    {
        const TreeSnapshot before(m_tree.path());
        const Ran ran = runCli({"rehearse", "--format", "json", m_shop.native()});
        QCOMPARE(ran.status, 0);
        QCOMPARE(before.difference(TreeSnapshot(m_tree.path())), std::string());
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(record[QLatin1String("bytes_before")].toInteger(), qint64(std::filesystem::file_size(m_shop)));
        QVERIFY(record[QLatin1String("bytes_after")].toInteger() <
                record[QLatin1String("bytes_before")].toInteger() / 2);
        QVERIFY(record[QLatin1String("error")].isNull());
    }

    void everyPageSizeIsShown()
    {
        const QJsonArray sizes = runCli({"rehearse", "--page-sizes", "--format", "json", m_shop.native()})
                                     .records()
                                     .at(0)
                                     .toObject()[QLatin1String("page_sizes")]
                                     .toArray();
        QCOMPARE(sizes.size(), 7);
        QCOMPARE(sizes.at(0).toObject()[QLatin1String("page_size")].toInt(), 1024);
        const Ran table = runCli({"rehearse", "--page-sizes", m_shop.native()});
        QVERIFY2(table.out.contains("\n      65536  "), table.out.constData());
    }

    void aPlanIsShownWithTimesAndWhetherTheyDiffer()
    {
        const TreeSnapshot before(m_tree.path());
        const Ran ran = runCli({"rehearse", "--query", "SELECT id FROM t WHERE v = x'00'", "--index",
                                "CREATE INDEX t_v ON t(v)", "--format", "json", m_shop.native()});
        QCOMPARE(ran.status, 0);
        QCOMPARE(before.difference(TreeSnapshot(m_tree.path())), std::string());
        const QJsonObject record = ran.records().at(0).toObject();
        QCOMPARE(record[QLatin1String("plan_before")].toArray().at(0).toString(), QStringLiteral("SCAN t"));
        QVERIFY(record[QLatin1String("plan_after")].toArray().at(0).toString().contains(QLatin1String("t_v")));
        QVERIFY(record[QLatin1String("time_after")].toObject()[QLatin1String("median_ms")].toDouble() > 0);
        QVERIFY(record[QLatin1String("measurable_difference")].isBool());
    }

    void whatCantBeRehearsedSaysWhyAndTheOthersGoOn()
    {
        const lk::Path text = m_tree.file("notes.db", std::string(600, 't'));
        const Ran ran = runCli({"rehearse", "--format", "json", text.native(), m_shop.native()});
        QCOMPARE(ran.status, 1);
        QCOMPARE(ran.records().size(), 2);
        QCOMPARE(recordOf(ran.records(), text)[QLatin1String("error")].toObject()[QLatin1String("code")].toString(),
                 QStringLiteral("not-a-database"));
        QVERIFY(recordOf(ran.records(), m_shop)[QLatin1String("error")].isNull());
    }
};

QTEST_GUILESS_MAIN(CliRehearseTest)
#include "tst_cli_rehearse.moc"
