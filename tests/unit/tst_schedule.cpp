// SPDX-License-Identifier: GPL-3.0-or-later
// What systemd and cron are told, whatever files are called.
#include "catalog/schedule.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include <filesystem>

using namespace lk;
using namespace lk::catalog;
using namespace lk::test;

static Schedule scheduleOf(std::vector<Path> files)
{
    Schedule schedule{.operation = "backup", .options = {"--to", "/mnt/my backups"}, .files = std::move(files)};
    schedule.id = idFor(schedule);
    return schedule;
}

/// The words of a command line of systemd's, by systemd.syntax(7) and systemd.service(5); as far as we use them.
static std::vector<std::string> wordsOfUnit(const std::string &service)
{
    const std::string key = "\nExecStart=";
    const std::size_t at = service.find(key) + key.size();
    const std::string line = service.substr(at, service.find('\n', at) - at);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == ' ')
            continue;
        std::string word;
        for (++i; line.at(i) != '"'; ++i) { // each is quoted
            if (line[i] == '\\' && line[i + 1] == 'x') {
                word += static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16));
                i += 3;
            } else if (line[i] == '\\' || line[i] == '%' || line[i] == '$') {
                word += line[++i];
            } else {
                word += line[i];
            }
        }
        words.push_back(word);
    }
    return words;
}

class ScheduleTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;

    static void names()
    {
        QTest::addColumn<QByteArray>("name");

        QTest::newRow("plain") << QByteArray("shop.db");
        QTest::newRow("blanks") << QByteArray("my  shop .db");
        QTest::newRow("quotes") << QByteArray("it's \"mine\".db");
        QTest::newRow("a specifier of systemd's") << QByteArray("100%n %h%%.db");
        QTest::newRow("a variable") << QByteArray("$HOME ${HOME} $$.db");
        QTest::newRow("backslashes") << QByteArray("a\\b\\n\\x41\\");
        QTest::newRow("a command") << QByteArray("; rm -rf $(x) `y` & | > #.db");
        QTest::newRow("an option") << QByteArray("--to");
        QTest::newRow("letters from everywhere") << QByteArray("L\xc3\xa4"
                                                               "den \xe5\xba\x97.db");
        QTest::newRow("a tab") << QByteArray("a\tb");
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<TempTree>();
    }

    void everythingComesBackFromAUnit_data() { names(); }
    void everythingComesBackFromAUnit()
    {
        QFETCH(QByteArray, name);
        Schedule schedule = scheduleOf({Path("/data") / name.toStdString(), "/data/other.db"});
        schedule.every = Every::Weekly;
        schedule.hour = 23;
        schedule.minute = 5;
        const auto units = unitsFor(schedule, "/usr/bin/litekeeper-cli");
        QVERIFY(units);
        QVERIFY(scheduleOfUnit(units->service) == schedule);
        std::vector<std::string> words = schedule.arguments();
        words.insert(words.begin(), "/usr/bin/litekeeper-cli");
        QCOMPARE(wordsOfUnit(units->service), words);
        QVERIFY(units->timer.find("\nOnCalendar=Sun *-*-* 23:05:00\n") != std::string::npos);
        QVERIFY(units->timer.find("\nPersistent=true\n") != std::string::npos);
    }

    void systemdTakesTheUnits_data() { names(); }
    /// systemd says which program it did not find: so we see how it reads a quoted word.
    void systemdTakesTheUnits()
    {
        QFETCH(QByteArray, name);
        if (QStandardPaths::findExecutable(QStringLiteral("systemd-analyze")).isEmpty())
            QSKIP("NOT TESTED: there is no systemd-analyze");
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(m_tree->path()));
        for (const Every every : {Every::Hourly, Every::Daily, Every::Weekly, Every::Monthly}) {
            Schedule schedule = scheduleOf({Path("/data") / name.toStdString()});
            schedule.every = every;
            const auto verify = [&](const Path &program) {
                const Units units = *unitsFor(schedule, program);
                const Path base = m_tree->path() / ("litekeeper-" + schedule.id);
                writeFile(base.native() + ".service", units.service);
                writeFile(base.native() + ".timer", units.timer);
                QProcess process;
                process.setProcessChannelMode(QProcess::MergedChannels);
                process.start(QStringLiteral("systemd-analyze"), {QStringLiteral("verify"), QStringLiteral("--user"),
                                                                  QString::fromStdString(base.native() + ".service"),
                                                                  QString::fromStdString(base.native() + ".timer")});
                process.waitForFinished();
                return std::pair(process.exitCode(), process.readAll());
            };
            const auto [status, said] = verify("/bin/true");
            QVERIFY2(status == 0 && said.isEmpty(), said.constData());
            if (name.contains('\t') || name.contains('$')) // printed escaped; put in when it is run
                continue;
            const Path missing = Path("/nowhere") / name.toStdString();
            if (!unitsFor(schedule, missing))
                continue;
            const auto saidOfMissing = verify(missing).second;
            QVERIFY2(saidOfMissing.contains("Command " + QByteArray::fromStdString(missing.native()) + " is not"),
                     saidOfMissing.constData());
        }
    }

    void eachRhythmHasItsTimes_data()
    {
        QTest::addColumn<QByteArray>("every");
        QTest::addColumn<QByteArray>("calendar");
        QTest::addColumn<QByteArray>("cron");

        const auto row = [](const char *every, const char *calendar, const char *cron) {
            QTest::newRow(every) << QByteArray(every) << QByteArray(calendar) << QByteArray(cron);
        };
        row("hourly", "*-*-* *:05:00", "05 * * * * ");
        row("daily", "*-*-* 21:05:00", "05 21 * * * ");
        row("weekly", "Sun *-*-* 21:05:00", "05 21 * * 0 ");
        row("monthly", "*-*-01 21:05:00", "05 21 1 * * ");
    }
    void eachRhythmHasItsTimes()
    {
        QFETCH(QByteArray, every);
        QFETCH(QByteArray, calendar);
        QFETCH(QByteArray, cron);
        Schedule schedule = scheduleOf({"/a.db"});
        schedule.every = *everyOf(every.toStdString());
        schedule.hour = 21;
        schedule.minute = 5;
        const std::string timer = unitsFor(schedule, "/bin/true")->timer;
        QVERIFY(timer.find("\nOnCalendar=" + calendar.toStdString() + '\n') != std::string::npos);
        const std::string lines = *cronLinesFor(schedule, "/bin/true");
        QVERIFY(lines.find('\n' + cron.toStdString() + '\'') != std::string::npos);
    }

    void cronGivesEveryWordToTheProgram_data()
    {
        names();
        QTest::newRow("bytes that are no text") << QByteArray("\xff\xfe.db");
    }
    /// cron takes away each backslash before a %, and gives the rest to sh.
    void cronGivesEveryWordToTheProgram()
    {
        QFETCH(QByteArray, name);
        const Path program = m_tree->path() / "it's %a program";
        writeFile(program, "#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\n");
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
        Schedule schedule = scheduleOf({Path("/data") / name.toStdString()});
        schedule.every = Every::Monthly;
        schedule.minute = 7;
        const auto lines = cronLinesFor(schedule, program);
        QVERIFY(lines);
        QCOMPARE(std::ranges::count(*lines, '\n'), 2);
        const std::string command = lines->substr(lines->find('\n') + 1);
        QVERIFY(command.starts_with("07 03 1 * * "));
        std::string forSh;
        for (std::size_t i = 12; i < command.size(); ++i) {
            if (command[i] == '%')
                QCOMPARE(command[i - 1], '\\');
            if (command[i] != '\\' || command[i + 1] != '%')
                forSh += command[i];
        }
        QProcess process;
        process.start(QStringLiteral("/bin/sh"), QStringList());
        process.write(QByteArray::fromStdString(forSh));
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        std::string expected;
        for (const std::string &word : schedule.arguments())
            expected += word + '\0';
        QCOMPARE(process.readAllStandardOutput().toStdString(), expected);
    }

    void whatCantBeSaidIsRefused()
    {
        const auto units = unitsFor(scheduleOf({"/data/\xff.db"}), "/bin/true");
        QVERIFY(!units);
        QCOMPARE(units.error().code, ErrorCode::Unsupported);
        const auto lines = cronLinesFor(scheduleOf({"/data/a\nb.db"}), "/bin/true");
        QVERIFY(!lines);
        QCOMPARE(lines.error().code, ErrorCode::Unsupported);
        QVERIFY(!unitsFor(scheduleOf({"/data/a.db"}), "/home/o'hara/litekeeper-cli"));
        QVERIFY(unitsFor(scheduleOf({"/data/a\nb.db"}), "/bin/true"));
        QVERIFY(cronLinesFor(scheduleOf({"/data/\xff.db"}), "/bin/true"));
    }

    void whatIsNotOursIsLeftAlone()
    {
        QVERIFY(!scheduleOfUnit("[Service]\nExecStart=/bin/true\n"));
        QVERIFY(!scheduleOfUnit("\n[X-Litekeeper]\nSchedule={\"id\":\"../x\"}\n"));
        const std::string others = "# mine\n0 1 * * * backup\n\n# litekeeper is nice\n5 5 * * * x\n@reboot y";
        const std::string ours = *cronLinesFor(scheduleOf({"/a.db"}), "/bin/true");
        const std::string more = *cronLinesFor(scheduleOf({"/b.db"}), "/bin/true");
        QCOMPARE(withoutSchedule(others, scheduleOf({"/a.db"}).id), others);
        QCOMPARE(withoutSchedule(ours + more + others, scheduleOf({"/a.db"}).id), more + others);
        QCOMPARE(schedulesOf(others + '\n' + ours + more).size(), 2u);
        QVERIFY(schedulesOf(ours).front() == scheduleOf({"/a.db"}));
        QVERIFY(schedulesOf("").empty());
    }

    void theSameWorkHasTheSameId()
    {
        QCOMPARE(scheduleOf({"/a b\n.db"}).id, scheduleOf({"/a b\n.db"}).id);
        QVERIFY(scheduleOf({"/a.db"}).id != scheduleOf({"/b/a.db"}).id);
        QVERIFY(QRegularExpression(QStringLiteral("^backup-ab-[0-9a-f]{6}$"))
                    .match(QString::fromStdString(scheduleOf({"/a b\n%.db"}).id))
                    .hasMatch());
        QVERIFY(QRegularExpression(QStringLiteral("^backup-[0-9a-f]{6}$"))
                    .match(QString::fromStdString(scheduleOf({"/\xff.db"}).id))
                    .hasMatch());
    }

    void theNextTimeIsKnown_data()
    {
        QTest::addColumn<QString>("every");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("next");

        const auto row = [](const char *title, const char *every, const char *now, const char *next) {
            QTest::newRow(title) << QString::fromLatin1(every) << QString::fromLatin1(now) << QString::fromLatin1(next);
        };
        row("this hour", "hourly", "2026-11-22T10:04:59", "2026-11-22T10:05:00");
        row("the next hour", "hourly", "2026-11-22T23:05:00", "2026-11-23T00:05:00");
        row("today", "daily", "2026-11-22T01:00:00", "2026-11-22T03:05:00");
        row("tomorrow", "daily", "2026-11-22T03:05:00", "2026-11-23T03:05:00");
        row("this Sunday", "weekly", "2026-11-22T01:00:00", "2026-11-22T03:05:00");
        row("the next Sunday", "weekly", "2026-11-22T04:00:00", "2026-11-29T03:05:00");
        row("the next month", "monthly", "2026-12-02T00:00:00", "2027-01-01T03:05:00");
    }
    void theNextTimeIsKnown()
    {
        QFETCH(QString, every);
        QFETCH(QString, now);
        QFETCH(QString, next);
        Schedule schedule = scheduleOf({"/a.db"});
        schedule.every = *everyOf(every.toStdString());
        schedule.minute = 5;
        QCOMPARE(schedule.nextAfter(QDateTime::fromString(now, Qt::ISODate)).toString(Qt::ISODate), next);
    }
};

QTEST_GUILESS_MAIN(ScheduleTest)
#include "tst_schedule.moc"
