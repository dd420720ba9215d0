// SPDX-License-Identifier: GPL-3.0-or-later
// Litestream as a child of ours and as a service of systemd's: with the real one, and with stand-ins that crash.
#include "litestream/environmentfile.h"
#include "litestream/keepaway.h"
#include "litestream/service.h"
#include "litestream/supervisor.h"
#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>

using namespace lk;
using namespace lk::litestream;
using namespace std::chrono_literals;

namespace {

/// A Litestream that runs on a thread of its own, and what was told of it.
class Supervised
{
public:
    explicit Supervised(const Access &access, BackOff backOff = {})
        : m_thread([this, access, backOff](const std::stop_token &stop) {
            const auto tell = [this](const SupervisorEvent &event) {
                const std::lock_guard lock(m_mutex);
                m_events.push_back(event);
            };
            m_result = supervise(access, tell, stop, backOff);
        })
    {
    }

    std::vector<SupervisorEvent> events(SupervisorEvent::Kind kind) const
    {
        const std::lock_guard lock(m_mutex);
        std::vector<SupervisorEvent> some;
        std::ranges::copy_if(m_events, std::back_inserter(some),
                             [&](const SupervisorEvent &event) { return event.kind == kind; });
        return some;
    }
    bool hasSaid(std::string_view text) const
    {
        return std::ranges::any_of(events(SupervisorEvent::Said), [&](const SupervisorEvent &event) {
            return event.line.text.find(text) != std::string::npos;
        });
    }
    /// Ends it and tells what came of it.
    Result<void> stop()
    {
        m_thread.request_stop();
        m_thread.join();
        return m_result;
    }

private:
    mutable std::mutex m_mutex;
    std::vector<SupervisorEvent> m_events; // guarded by m_mutex
    Result<void> m_result;
    std::jthread m_thread; // last: joined before anything above goes
};

bool exists(std::int64_t process)
{
    return ::kill(static_cast<pid_t>(process), 0) == 0;
}

constexpr auto Started = SupervisorEvent::Started;
constexpr auto Said = SupervisorEvent::Said;
constexpr auto Ended = SupervisorEvent::Ended;
constexpr BackOff Quick{.first = 10ms, .longest = 40ms, .healthy = 1h};

}

class SupervisorTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::TempTree> m_tree;
    Path m_config;

    /// A stand-in that runs \a script instead of replicating.
    Access standIn(const std::string &script) const
    {
        const Path path =
            m_tree->file("litestream", "#!/bin/sh\n[ \"$1\" = version ] && { echo v0.3.13; exit; }\n" + script + '\n');
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return {.program = *Program::at(path), .config = m_config};
    }
    Service service() const { return {.program = "/usr/bin/litestream", .config = "/srv/my app/100%$x.yml"}; }
    UnitFolders folders() const
    {
        return {.ofPerson = m_tree->path() / "person",
                .ofSystem = m_tree->path() / "system",
                .ofPackages = m_tree->path() / "packages"};
    }
    /// A systemctl that writes down what it is told.
    void withSystemctl(const std::string &script = {}) const
    {
        const Path path = m_tree->file("bin/systemctl", "#!/bin/sh\necho \"$@\" >> " +
                                                            (m_tree->path() / "told").native() + '\n' + script + '\n');
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        qputenv("PATH", QByteArray::fromStdString((m_tree->path() / "bin").native()) + ":/usr/bin:/bin");
    }
    std::string told() const { return test::readFile(m_tree->path() / "told"); }

private Q_SLOTS:
    void init()
    {
        m_tree = std::make_unique<test::TempTree>();
        m_config = m_tree->file("litestream.yml", "dbs: []\n");
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(m_tree->path().native()));
    }

    void theWaitDoublesAndBeginsAnew()
    {
        BackOff backOff;
        for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s})
            QCOMPARE(backOff.after(100ms), std::chrono::milliseconds(expected));
        QCOMPARE(backOff.after(60s), 1000ms);
        QCOMPARE(backOff.after(59s), 2000ms);
    }

    void aLineOfTheLogIsRead()
    {
        const LogLine line = LogLine::of("time=1 level=ERROR msg=\"monitor error\" db=/a.db replica=s3 "
                                         "error=\"RequestError: send\\ncaused by: \\\"x\\\"\"");
        QVERIFY(line.isError);
        QCOMPARE(line.database, std::string("/a.db"));
        QCOMPARE(line.replica, std::string("s3"));
        QCOMPARE(line.error, std::string("RequestError: send caused by: \"x\""));
        QCOMPARE(LogLine::of("time=1 level=ERROR msg=stopped").error, std::string("stopped"));
        QVERIFY(LogLine::of("time=1 level=INFO msg=x error=y").error.empty());
        QCOMPARE(LogLine::of(std::string(100'000, 'x')).text.size(), LogLine::MostBytes);
    }

    void theRealOneIsStartedAgainWhenItIsKilled()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        const Path database = m_tree->path() / "shop.db";
        test::makeDatabase(database, {.journalMode = "wal"});
        m_config = m_tree->file(
            "litestream.yml", "dbs:\n - path: " + database.native() +
                                  "\n   replicas: [{type: file, path: " + (m_tree->path() / "copy").native() + "}]\n");
        Supervised supervised({.program = *Program::find(), .config = m_config}, Quick);
        QTRY_VERIFY_WITH_TIMEOUT(supervised.hasSaid("snapshot written"), 30'000);
        const std::int64_t first = supervised.events(Started).front().process;
        ::kill(static_cast<pid_t>(first), SIGKILL);
        QTRY_COMPARE(supervised.events(Started).size(), std::size_t(2));
        QCOMPARE(supervised.events(Ended).front().status, 128 + SIGKILL);
        const std::int64_t second = supervised.events(Started).back().process;
        QVERIFY(exists(second));
        QVERIFY(supervised.stop());
        QVERIFY(!exists(second));
        QVERIFY(supervised.hasSaid("litestream shut down")); // in its own way
    }

    void oneThatCrashesAgainAndAgainIsWaitedFor()
    {
        Supervised supervised(standIn("echo 'level=ERROR error=\"bad config\"' >&2; exit 1"), Quick);
        QTRY_VERIFY(supervised.events(Ended).size() >= 4);
        QVERIFY(supervised.stop());
        const auto ended = supervised.events(Ended);
        QCOMPARE(ended[0].wait, 10ms);
        QCOMPARE(ended[1].wait, 20ms);
        QCOMPARE(ended[2].wait, 40ms);
        QCOMPARE(ended[3].wait, 40ms);
        QCOMPARE(ended[0].status, 1);
        QCOMPARE(supervised.events(Said).front().line.error, std::string("bad config"));
    }

    void stoppingEndsAWaitAtOnce()
    {
        Supervised supervised(standIn("exit 1"), {.first = 1h, .longest = 1h});
        QTRY_COMPARE(supervised.events(Ended).size(), std::size_t(1));
        QVERIFY(supervised.stop()); // or the test would not end
    }

    void aLineWithoutEndIsBounded()
    {
        Supervised supervised(standIn("head -c 300000 /dev/zero | tr '\\0' x; exec sleep 1000"), Quick);
        QTRY_VERIFY(!supervised.events(Said).empty());
        QVERIFY(supervised.stop());
        for (const SupervisorEvent &event : supervised.events(Said))
            QVERIFY(event.line.text.size() <= LogLine::MostBytes);
    }

    void eachConfigurationHasOneSupervisor()
    {
        const Access access = standIn("exec sleep 1000");
        Supervised first(access);
        QTRY_COMPARE(first.events(Started).size(), std::size_t(1));
        Access byLink = access;
        byLink.config = m_tree->link("link.yml", m_config);
        Supervised second(byLink);
        const Result<void> refused = second.stop();
        QVERIFY(!refused);
        QCOMPARE(refused.error().reason, Reason::AnotherOperation);
        QVERIFY(first.stop());
        Supervised third(access);
        QTRY_COMPARE(third.events(Started).size(), std::size_t(1));
    }

    void oneThatCannotBeStartedIsAnError()
    {
        const Access access = standIn("exit");
        std::filesystem::remove(access.program.path());
        const Result<void> done = supervise(access, [](const SupervisorEvent &) {}, {});
        QVERIFY(!done);
        QCOMPARE(done.error().reason, Reason::ProgramMissing);
    }

    void theKeysComeFromTheEnvironmentFile()
    {
        QVERIFY(environmentFor(m_config)->empty());
        const Path file = m_tree->file("litestream.env", "# mine\nA=1\nB=\"two words\"\n");
        QCOMPARE(environmentFileFor(m_config), file);
        std::filesystem::permissions(file, std::filesystem::perms(0640));
        QCOMPARE(environmentFor(m_config).error().code, ErrorCode::NoPermission); // others may read it
        std::filesystem::permissions(file, std::filesystem::perms(0600));
        const auto environment = environmentFor(m_config);
        QVERIFY(environment);
        Access access = standIn("echo \"$A $B\"; exec sleep 1000");
        access.environment = *environment;
        Supervised supervised(access);
        QTRY_VERIFY(supervised.hasSaid("1 two words"));
        QCOMPARE(environmentFor(m_config, m_tree->path() / "none").error().code, ErrorCode::NotFound);
    }

    void systemdTakesTheUnit_data()
    {
        QTest::addColumn<bool>("ofSystem");
        QTest::addColumn<QByteArray>("name");
        for (const bool ofSystem : {true, false}) {
            const QByteArray who = ofSystem ? "system: " : "person: ";
            for (const char *name :
                 {"litestream.yml", "my  app.yml", "100%n $HOME.yml", "a\\b\"c'.yml", "L\xc3\xa4.yml"})
                QTest::newRow(who + name) << ofSystem << QByteArray(name);
        }
    }

    void systemdTakesTheUnit()
    {
        QFETCH(bool, ofSystem);
        QFETCH(QByteArray, name);
        if (QStandardPaths::findExecutable(QStringLiteral("systemd-analyze")).isEmpty())
            QSKIP("NOT TESTED: there is no systemd-analyze");
        Service wanted = service();
        wanted.ofSystem = ofSystem;
        wanted.program = "/bin/true";
        wanted.user = "root";
        wanted.config = Path("/srv") / name.toStdString();
        wanted.environmentFile = "/etc/my keys.env";
        const auto unit = unitFileFor(wanted, folders());
        QVERIFY(unit);
        QVERIFY(unit->path.native().starts_with((ofSystem ? folders().ofSystem : folders().ofPerson).native()));
        QCOMPARE(unit->content.find("User=root") != std::string::npos, ofSystem);
        const Path file = m_tree->file(unit->unit, unit->content);
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral("systemd-analyze"),
                      {QStringLiteral("verify"), ofSystem ? QStringLiteral("--system") : QStringLiteral("--user"),
                       QString::fromStdString(file.native())});
        QVERIFY(process.waitForFinished());
        const QByteArray said = process.readAll();
        QVERIFY2(!said.contains(QByteArray::fromStdString(unit->unit)), said.constData());
    }

    void thePackagesUnitIsAddedTo()
    {
        Service wanted = service();
        wanted.ofSystem = true;
        wanted.config = "/etc/litestream.yml";
        wanted.user = wanted.group = "app";
        wanted.environmentFile = "/etc/litestream.env";
        wanted.expandEnvironment = false;
        QVERIFY(unitFileFor(wanted, folders())->unit != "litestream.service");
        m_tree->file("packages/litestream.service");
        const auto unit = unitFileFor(wanted, folders());
        QCOMPARE(unit->unit, std::string("litestream.service"));
        QCOMPARE(unit->path, folders().ofSystem / "litestream.service.d/10-litekeeper.conf");
        QVERIFY2(unit->content.ends_with("[Service]\nUser=app\nGroup=app\nEnvironmentFile=/etc/litestream.env\n"
                                         "ExecStart=\nExecStart=\"/usr/bin/litestream\" replicate -no-expand-env "
                                         "-config \"/etc/litestream.yml\"\n"),
                 unit->content.c_str());
        withSystemctl();
        QVERIFY(install(*unit, true));
        QVERIFY(remove(*unit, true));
        QCOMPARE(told(), std::string("daemon-reload\nenable litestream.service\nrestart litestream.service\n"
                                     "daemon-reload\nrestart litestream.service\n"));
    }

    void whatSystemdCantBeToldIsRefused()
    {
        Service odd = service();
        odd.config = "/srv/\xff.yml";
        QCOMPARE(unitFileFor(odd, folders()).error().code, ErrorCode::Unsupported);
        odd = service();
        odd.program = "/opt/o'hara/litestream";
        QCOMPARE(unitFileFor(odd, folders()).error().code, ErrorCode::Unsupported);
    }

    void aServiceComesAndGoes()
    {
        withSystemctl();
        const UnitFile unit = *unitFileFor(service(), folders());
        QCOMPARE(remove(unit, false).error().code, ErrorCode::NotFound);
        QVERIFY(install(unit, false));
        QCOMPARE(test::readFile(unit.path), unit.content);
        QCOMPARE(told(), "--user daemon-reload\n--user enable " + unit.unit + "\n--user restart " + unit.unit + '\n');
        QVERIFY(install(unit, false)); // the same again replaces it
        QVERIFY(remove(unit, false));
        QVERIFY(!std::filesystem::exists(unit.path));
        QVERIFY(told().ends_with("--user disable --now " + unit.unit + "\n--user daemon-reload\n"));
    }

    void oneThatDoesNotStartIsNotLeft()
    {
        withSystemctl("[ \"$2\" = restart ] && { echo 'no such user' >&2; exit 1; }\nexit 0");
        const UnitFile unit = *unitFileFor(service(), folders());
        const Result<void> done = install(unit, false);
        QVERIFY(!done);
        QCOMPARE(done.error().arguments.back(), std::string("no such user"));
        QVERIFY(!std::filesystem::exists(unit.path));
    }

    void somebodyElsesUnitIsLeftAlone()
    {
        withSystemctl();
        const UnitFile unit = *unitFileFor(service(), folders());
        m_tree->file("person/" + unit.unit, "[Service]\nExecStart=/bin/true\n");
        QCOMPARE(install(unit, false).error().reason, Reason::TargetExists);
        QCOMPARE(remove(unit, false).error().reason, Reason::TargetExists);
        QVERIFY(test::readFile(unit.path).starts_with("[Service]"));
    }
};

QTEST_GUILESS_MAIN(SupervisorTest)
#include "tst_supervisor.moc"
