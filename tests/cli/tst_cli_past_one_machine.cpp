// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the help's page "Past one machine", run as they stand there: with the real Litestream, an S3 server
// and an ssh server.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/sshd.h"
#include "support/temptree.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <filesystem>

using namespace lk;
using namespace lk::test;

class CliPastOneMachineTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    std::unique_ptr<Sshd> m_sshd;
    std::unique_ptr<S3Server> m_storage;
    Path m_home; ///< of the other machine
    Path m_work = m_tree.folder("work");

    /// What is indented below the page's title, one command a line.
    static QStringList commands()
    {
        const QString help = QString::fromStdString(readFile(LITEKEEPER_SOURCE "/resources/help.md"));
        const qsizetype from = help.indexOf(QStringLiteral("\n## Past one machine\n"));
        const qsizetype to = help.indexOf(QStringLiteral("\n## "), from + 1);
        QStringList lines;
        for (const QString &line : help.mid(from, to - from).split(QLatin1Char('\n'))) {
            if (line.startsWith(QStringLiteral("    ")))
                lines += line.trimmed();
        }
        return lines;
    }

    /// With what the person would put in the place of words in capitals.
    QString filled(QString command) const
    {
        command.replace(QStringLiteral("BUCKET"), QStringLiteral("bucket"));
        command.replace(QStringLiteral("ENDPOINT"), QString::fromStdString(m_storage->endpoint()));
        command.replace(QStringLiteral("REGION"), QStringLiteral("us-east-1"));
        command.replace(QStringLiteral("HOST"), QStringLiteral("web1"));
        command.replace(QStringLiteral("FOLDER"), QString::fromStdString(m_home.native()));
        // ssh asks the system, not $HOME, where a person's configuration is; and our server has no sftp.
        command.replace(QRegularExpression(QStringLiteral("^scp ")),
                        QStringLiteral("scp -O -F \"$LITEKEEPER_SSH_CONFIG\" "));
        return command;
    }

    void start(QProcess &process, const QString &command) const
    {
        process.setWorkingDirectory(QString::fromStdString(m_work.native()));
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("exec ") + filled(command)});
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        if (!Sshd::isThere())
            QSKIP("NOT TESTED: there is no /usr/sbin/sshd (openssh-server)");
        qputenv("PATH", QByteArray::fromStdString(Path(programPath()).parent_path().native()) + ':' + qgetenv("PATH"));
        qputenv("LITESTREAM_ACCESS_KEY_ID", S3Server::AccessKey);
        qputenv("LITESTREAM_SECRET_ACCESS_KEY", S3Server::SecretKey);
        m_storage = S3Server::start(m_tree.folder("s3"), freePort(), "bucket");
        QVERIFY(m_storage);
        m_sshd = std::make_unique<Sshd>(m_tree.folder("ssh"));
        m_home = m_sshd->add("web1");
        m_sshd->program("web1", "litekeeper-cli", programPath());
        makeDatabase(m_home / "shop.db");
        makeDatabase(m_work / "shop.db", {.journalMode = "wal"});
    }

    void eachCommandDoesWhatItIsThereFor()
    {
        const QStringList all = commands();
        QVERIFY(all.size() >= 8);
        for (const QString &command : all) {
            QProcess process;
            start(process, command);
            if (command.contains(QStringLiteral("litestream run"))) {
                QByteArray said;
                while (!said.contains("wal segment written")) {
                    QVERIFY2(process.waitForReadyRead(60'000),
                             qPrintable(command + QLatin1Char('\n') + QString::fromUtf8(said)));
                    said += process.readAll();
                }
                process.terminate();
            }
            QVERIFY2(process.waitForFinished(120'000), qPrintable(command));
            const QByteArray said = process.readAll();
            const bool stopped = command.contains(QStringLiteral("litestream run"));
            QVERIFY2(stopped || process.exitCode() == 0,
                     qPrintable(command + QLatin1Char('\n') + QString::fromUtf8(said)));
        }
        QCOMPARE(queryCopy(m_work / "then.db", "SELECT count(*) FROM t"), std::string("100"));
        QVERIFY(!std::filesystem::is_empty(m_home / "backups"));
    }
};

QTEST_GUILESS_MAIN(CliPastOneMachineTest)
#include "tst_cli_past_one_machine.moc"
