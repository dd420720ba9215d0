// SPDX-License-Identifier: GPL-3.0-or-later
// Schedules, with stand-ins for systemctl, crontab and notify-send that write down what they were told.
#include "catalog/schedule.h"
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <filesystem>
#include <memory>

using namespace lk;
using namespace lk::test;

class CliScheduleTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;
    Path m_file;
    QByteArray m_path = qgetenv("PATH");

    void program(const char *name, const std::string &script) const
    {
        const Path path = m_tree->file(std::string("bin/") + name, "#!/bin/sh\n" + script);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    std::string root() const { return m_tree->path().native(); }
    /// A systemd of the person's own: enabling makes the link that systemd makes.
    void withSystemd(const std::string &enable = "") const
    {
        const std::string units = root() + "/config/systemd/user";
        program("systemctl", "echo \"$@\" >> " + root() + "/told\ncase $2 in\nenable) " + enable + "\n mkdir -p " +
                                 units + "/timers.target.wants && ln -sf ../$4 " + units +
                                 "/timers.target.wants/$4;;\ndisable) rm -f " + units +
                                 "/timers.target.wants/$4;;\nesac\n");
    }
    void withCron() const
    {
        program("systemctl", "exit 1\n");
        program("crontab", "T=" + root() +
                               "/table\nif [ \"$1\" = -l ]; then [ -e $T ] || { echo 'no crontab for me' >&2; "
                               "exit 1; }; cat $T; else cat > $T.new && mv $T.new $T; fi\n");
    }
    std::string told() const
    {
        return std::filesystem::exists(m_tree->path() / "told") ? readFile(m_tree->path() / "told") : std::string();
    }
    Path units() const { return m_tree->path() / "config/systemd/user"; }
    QJsonObject addDaily(std::vector<std::string> more = {}) const
    {
        std::vector<std::string> words{"schedule", "add", "check", "--every", "daily", "--format", "json", m_file};
        words.insert(words.end(), more.begin(), more.end());
        const Ran ran = runCli(words);
        return ran.status == 0 ? ran.records().at(0).toObject() : QJsonObject();
    }
    static QString text(const QJsonObject &record, const char *field)
    {
        return record.value(QLatin1String(field)).toString();
    }
    static QJsonArray list() { return runCli({"schedule", "list", "--format", "json"}).records(); }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<TempTree>();
        m_file = m_tree->path() / "it's 100% $HOME.db";
        makeDatabase(m_file);
        m_tree->folder("to");
        m_tree->folder("bin");
        const QByteArray folder = QByteArray::fromStdString(root());
        qputenv("PATH", folder + "/bin:" + m_path);
        qputenv("XDG_CONFIG_HOME", folder + "/config");
        qputenv("XDG_DATA_HOME", folder + "/share");
        qputenv("XDG_RUNTIME_DIR", folder);
        qputenv("LITEKEEPER_NO_MEMORY", "0");
        program("notify-send", "printf '%s\\n' \"$@\" >> " + root() + "/notified\n");
        withSystemd();
    }

    void systemdIsToldAndToldNoMore()
    {
        const QJsonObject added = addDaily({"--at", "4:30"});
        const std::string id = text(added, "id").toStdString();
        QVERIFY(!id.empty());
        QCOMPARE(text(added, "by"), QStringLiteral("systemd"));
        QVERIFY(std::filesystem::exists(units() / ("litekeeper-" + id + ".service")));
        QVERIFY(readFile(units() / ("litekeeper-" + id + ".timer")).find("04:30:00") != std::string::npos);
        QVERIFY(told().find("--user daemon-reload\n--user enable --now litekeeper-" + id + ".timer\n") !=
                std::string::npos);

        QCOMPARE(list().size(), 1);
        const QJsonObject listed = list().at(0).toObject();
        QCOMPARE(text(listed, "id").toStdString(), id);
        QCOMPARE(listed.value(QLatin1String("enabled")).toBool(), true);
        QVERIFY(text(listed, "next").endsWith(QLatin1Char('Z')));
        QVERIFY(listed.value(QLatin1String("last_good")).isNull());
        QCOMPARE(pathOf(listed.value(QLatin1String("files")).toArray().at(0).toObject()), m_file.native());
        QVERIFY(runCli({"schedule", "show", id}).out.contains("OnCalendar=*-*-* 04:30:00"));

        QCOMPARE(runCli({"schedule", "remove", id, "--dry-run"}).status, 0);
        QCOMPARE(list().size(), 1);
        QCOMPARE(runCli({"schedule", "remove", id}).status, 0);
        QVERIFY(told().find("--user disable --now litekeeper-" + id + ".timer\n") != std::string::npos);
        QVERIFY(!std::filesystem::exists(units() / ("litekeeper-" + id + ".service")));
        QVERIFY(!std::filesystem::exists(units() / ("litekeeper-" + id + ".timer")));
        QVERIFY(list().isEmpty());
    }

    void addingTheSameAgainChangesNothing()
    {
        const QString id = text(addDaily(), "id");
        QCOMPARE(text(addDaily(), "id"), id);
        QCOMPARE(list().size(), 1);
        QVERIFY(text(addDaily({"--at", "5:00"}), "id") != id);
        QCOMPARE(list().size(), 2);
    }

    void aDryRunShowsWhatWouldBeWritten()
    {
        const Ran ran = runCli({"schedule", "add", "check", "--every", "weekly", "--dry-run", m_file});
        QCOMPARE(ran.status, 0);
        QVERIFY(ran.out.contains("ExecStart="));
        QVERIFY(ran.out.contains("Persistent=true"));
        QVERIFY(!std::filesystem::exists(m_tree->path() / "config"));
        QVERIFY(told().find("enable") == std::string::npos);
    }

    void whatCantBeEnabledIsTakenBack()
    {
        withSystemd("echo 'no such thing' >&2; exit 1");
        const Ran ran = runCli({"schedule", "add", "check", "--every", "daily", m_file});
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.err.contains("no such thing"));
        QVERIFY(list().isEmpty());
        QVERIFY(std::filesystem::is_empty(units()));
    }

    void withoutSystemdCronDoesIt()
    {
        withCron();
        writeFile(m_tree->path() / "table", "# mine\n0 1 * * * x\n");
        const QJsonObject added = addDaily();
        QCOMPARE(text(added, "by"), QStringLiteral("cron"));
        QVERIFY(readFile(m_tree->path() / "table").starts_with("# mine\n0 1 * * * x\n# litekeeper "));
        QCOMPARE(list().size(), 1);
        QCOMPARE(runCli({"schedule", "remove", text(added, "id").toStdString()}).status, 0);
        QCOMPARE(readFile(m_tree->path() / "table"), std::string("# mine\n0 1 * * * x\n"));
    }

    void aFirstCrontabIsMade()
    {
        withCron();
        QVERIFY(list().isEmpty());
        QVERIFY(!addDaily().isEmpty());
        QCOMPARE(list().size(), 1);
    }

    void aCrontabThatCantBeReadIsNotOverwritten()
    {
        withCron();
        program("crontab", "[ \"$1\" = -l ] && { echo 'disk on fire' >&2; exit 1; }; cat > " + root() + "/table\n");
        const Ran ran = runCli({"schedule", "add", "check", "--every", "daily", m_file});
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.err.contains("disk on fire"));
        QVERIFY(!std::filesystem::exists(m_tree->path() / "table"));
    }

    void withNeitherItSaysSo()
    {
        program("systemctl", "exit 1\n");
        qputenv("PATH", QByteArray::fromStdString(root() + "/bin"));
        const Ran ran = runCli({"schedule", "list"});
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.err.contains("systemd or cron"));
    }

    void whatCronRunsIsDoneAndRemembered()
    {
        withCron();
        const Ran ran =
            runCli({"schedule", "add", "backup", "--every", "daily", "--to", m_tree->path() / "to", m_file});
        QCOMPARE(ran.status, 0);
        const std::string table = readFile(m_tree->path() / "table");
        std::string command = table.substr(table.find('\n') + 1).substr(std::string("00 03 * * * ").size());
        for (std::size_t at = 0; (at = command.find("\\%", at)) != std::string::npos; ++at)
            command.erase(at, 1); // as cron does
        QProcess sh;
        sh.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QString::fromStdString(command)});
        QVERIFY(sh.waitForFinished());
        QCOMPARE(sh.exitCode(), 0);
        QVERIFY(!std::filesystem::is_empty(m_tree->path() / "to"));
        const QJsonObject listed = list().at(0).toObject();
        QCOMPARE(text(listed, "last_status"), QStringLiteral("done"));
        QVERIFY(!listed.value(QLatin1String("last_good")).isNull());
        QCOMPARE(listed.value(QLatin1String("stale")).toBool(true), false);
        QVERIFY(!std::filesystem::exists(m_tree->path() / "notified")); // success is quiet
        const QJsonArray history = runCli({"history", "--format", "json"}).records();
        QCOMPARE(text(history.at(0).toObject(), "schedule"), text(listed, "id"));
    }

    void aFailureIsToldOnTheDesktop()
    {
        writeFile(m_file, "<b>no</b> database at all, and not short");
        const Ran ran = runCli({"schedule", "run", "nightly", "--", "check", "--", m_file});
        QCOMPARE(ran.status, 1);
        const std::string notified = readFile(m_tree->path() / "notified");
        QVERIFY(notified.find("Litekeeper: Check failed") != std::string::npos);
        QVERIFY(notified.find("It has not gone well yet.") != std::string::npos);
    }

    void withoutADesktopAFailureIsToldInTheJournal()
    {
        program("notify-send", "exit 1\n");
        const Ran ran = runCli({"schedule", "run", "nightly", "--", "check", "--", root() + "/gone.db"});
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.err.contains("Litekeeper: Check failed"));
    }

    void wrongUsageDoesNothing_data()
    {
        QTest::addColumn<QStringList>("words");

        const auto row = [](const char *title, const char *words) {
            QTest::newRow(title) << QString::fromLatin1(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        };
        row("no verb", "");
        row("an unknown verb", "ad");
        row("no operation", "add");
        row("an operation that is not for it", "add journal x.db --every daily");
        row("no file", "add check --every daily");
        row("a file that is not there", "add check nowhere.db --every daily");
        row("no rhythm", "add check /dev/null");
        row("an unknown rhythm", "add check /dev/null --every dayly");
        row("a time that is none", "add check /dev/null --every daily --at 25:00");
        row("a backup without a place", "add backup /dev/null --every daily");
        row("an option that is another operation's", "add check /dev/null --every daily --keep 3");
        row("a number that is none", "add backup /dev/null --every daily --to / --keep x");
        row("no id to show", "show");
        row("two ids to remove", "remove a b");
        row("a list with words", "list x");
        row("a run of what is not for it", "run x -- scan /");
    }
    void wrongUsageDoesNothing()
    {
        QFETCH(QStringList, words);
        std::vector<std::string> arguments{"schedule"};
        for (const QString &word : words)
            arguments.push_back(word.toStdString());
        const Ran ran = runCli(arguments);
        QCOMPARE(ran.status, 2);
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(told().find("enable") == std::string::npos);
    }

    void whatIsNotThereIsSaid()
    {
        QCOMPARE(runCli({"schedule", "remove", "nightly"}).status, 1);
        QCOMPARE(runCli({"schedule", "show", "nightly"}).status, 1);
    }

    void aNameThatSystemdCantTakeIsRefused()
    {
        const Path odd = m_tree->path() / "\xff.db";
        makeDatabase(odd);
        const Ran ran = runCli({"schedule", "add", "check", "--every", "daily", odd});
        QCOMPARE(ran.status, 1);
        QVERIFY(ran.err.contains("UTF-8"));
        QVERIFY(!std::filesystem::exists(units()));
    }
};

QTEST_GUILESS_MAIN(CliScheduleTest)
#include "tst_cli_schedule.moc"
