// SPDX-License-Identifier: GPL-3.0-or-later
// Setting Litestream up from the command line.
#include "cli/program.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

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
};

QTEST_GUILESS_MAIN(CliLitestreamSetupTest)
#include "tst_cli_litestream_setup.moc"
