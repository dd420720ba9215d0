// SPDX-License-Identifier: GPL-3.0-or-later
// How well a replica follows: the judgement by literals, and the whole with the real Litestream, also while its storage
// is down.
#include "litestream/shadow.h"
#include "litestream/watcher.h"
#include "platform/localhttp.h"
#include "support/dbbuilder.h"
#include "support/litestream.h"
#include "support/temptree.h"

#include <QDeadlineTimer>
#include <QTest>

#include <array>
#include <csignal>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace lk;
using namespace lk::litestream;
using namespace std::chrono_literals;

namespace {

using Samples = std::vector<Sample>;

Instant at(double seconds)
{
    return Instant(1'795'000'000s) + std::chrono::milliseconds(static_cast<int>(seconds * 1000));
}

Moment whole(int seconds)
{
    return std::chrono::floor<std::chrono::seconds>(at(seconds));
}

/// Seen of a Litestream that tells how far it is.
Sample seen(double seconds, Position written, std::optional<Position> copied)
{
    return {.at = at(seconds),
            .running = true,
            .hasMetrics = true,
            .generation = "a",
            .written = written,
            .copied = copied};
}

/// The same, once a second from \a from to \a to, both included.
Samples steady(int from, int to, Position written, std::optional<Position> copied)
{
    Samples samples;
    for (int second = from; second <= to; ++second)
        samples.push_back(seen(second, written, copied));
    return samples;
}

Samples operator+(Samples all, const Samples &more)
{
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Of a Litestream without "addr".
Sample mute(double seconds, double writtenAt)
{
    return {.at = at(seconds), .running = true, .writtenAt = at(writtenAt)};
}

Status judged(const Samples &samples, const std::optional<Listing> &listing = {})
{
    return judge(samples, listing, whole(0), {});
}

/// A server on loopback that answers one request with \a answer, after having read something of it; an empty answer:
/// it never says anything.
class OneAnswer
{
public:
    explicit OneAnswer(std::string answer)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::bind(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address);
        ::listen(m_socket, 1);
        socklen_t size = sizeof address;
        ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&address), &size);
        m_port = ntohs(address.sin_port);
        if (!answer.empty())
            m_thread = std::jthread([this, answer = std::move(answer)] { serve(answer); });
    }
    ~OneAnswer()
    {
        ::shutdown(m_socket, SHUT_RDWR);
        if (m_thread.joinable())
            m_thread.join();
        ::close(m_socket);
    }
    OneAnswer(const OneAnswer &) = delete;
    OneAnswer &operator=(const OneAnswer &) = delete;

    std::string url(const char *host = "127.0.0.1") const
    {
        return std::string("http://") + host + ':' + std::to_string(m_port) + "/metrics";
    }

private:
    void serve(const std::string &answer) const
    {
        const int client = ::accept(m_socket, nullptr, nullptr);
        std::array<char, 1024> request{};
        if (client < 0 || ::recv(client, request.data(), request.size(), 0) <= 0)
            return;
        for (std::size_t sent = 0; sent < answer.size();) {
            const ssize_t count = ::send(client, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
            if (count <= 0)
                break;
            sent += static_cast<std::size_t>(count);
        }
        ::close(client);
    }

    int m_socket;
    int m_port = 0;
    std::jthread m_thread;
};

/// Looks and lists as the window does, until \a wanted holds for the first replica; false after \a patience.
bool becomes(Watcher &watcher, const std::function<bool(const Status &)> &wanted, std::chrono::milliseconds patience)
{
    const QDeadlineTimer deadline(patience);
    for (;;) {
        const Status status = watcher.look().front().status;
        if (wanted(status))
            return true;
        if (deadline.hasExpired()) {
            qInfo("%s: %s", nameOf(status.state), status.said.c_str());
            return false;
        }
        if (watcher.isListingDue())
            watcher.list({});
        std::this_thread::sleep_for(200ms); // between two looks, not for luck
    }
}

std::function<bool(const Status &)> is(State state)
{
    return [state](const Status &status) { return status.state == state; };
}

std::string s3Replica(int port)
{
    return "    - {type: s3, bucket: b, path: a, region: us-east-1, access-key-id: " +
           std::string(test::S3Server::AccessKey) + ", secret-access-key: " + test::S3Server::SecretKey +
           ", endpoint: \"http://127.0.0.1:" + std::to_string(port) + "\"}\n";
}

}

class LitestreamStatusTest : public QObject
{
    Q_OBJECT

    struct World
    {
        test::TempTree tree;
        Path database = tree.path() / "shop.db";
        Path file;

        /// Into a folder, or with \a replica.
        explicit World(bool withMetrics = true, std::string replica = {})
        {
            test::makeDatabase(database, {.journalMode = "wal"});
            if (replica.empty())
                replica = "    - {type: file, path: " + (tree.path() / "copy").native() + "}\n";
            const std::string addr = "addr: \"127.0.0.1:" + std::to_string(test::freePort()) + "\"\n";
            file = tree.file("litestream.yml", (withMetrics ? addr : std::string()) + "dbs:\n - path: " +
                                                   database.native() + "\n   replicas:\n" + replica);
        }
        Watcher watcher(const LastTested &lastTested = {}) const
        {
            return Watcher(*readConfig(file), Access{.program = *Program::find(), .config = file}, lastTested);
        }
        void write() const { test::runSql(database, "INSERT INTO t(k, v) VALUES ('more', 'x')"); }
    };

private Q_SLOTS:
    void theStateFollowsFromWhatWasSeen_data()
    {
        QTest::addColumn<Samples>("samples");
        QTest::addColumn<QString>("state");
        QTest::addColumn<int>("lagMs"); // -1: not known

        const auto row = [](const char *title, const Samples &samples, const char *state, int lagMs) {
            QTest::newRow(title) << samples << QString::fromLatin1(state) << lagMs;
        };
        const Position one{0, 100};
        const Position two{0, 200};
        const Position three{1, 50};
        row("all is copied", {seen(0, one, one)}, "healthy", 0);
        row("a second behind is nothing", {seen(0, one, one), seen(1, two, one), seen(2, two, one)}, "healthy", 1000);
        row("at the end of the grace", {seen(0, one, one), seen(1, two, one), seen(6, two, one)}, "healthy", 5000);
        row("behind for longer", {seen(0, one, one), seen(1, two, one), seen(6.5, two, one)}, "catching up", 5500);
        row("behind without a move", steady(0, 0, one, one) + steady(1, 11, two, one), "stalled", 10000);
        row("just before that", steady(0, 0, one, one) + steady(1, 10, two, one), "catching up", 9000);
        row("behind for long, and moving",
            steady(0, 0, one, one) + steady(1, 10, three, one) + steady(11, 20, three, two), "catching up", 19000);
        row("it moved, and stands again",
            steady(0, 0, one, one) + steady(1, 10, three, one) + steady(11, 21, three, two), "stalled", 20000);
        row("a later piece counts as more", steady(0, 11, three, two), "stalled", 11000);
        row("caught up again", steady(0, 0, one, one) + steady(1, 30, two, one) + steady(31, 31, two, two), "healthy",
            0);
        row("the database is written all the time",
            {seen(0, one, one), seen(1, two, one), seen(8, two, two), seen(9, three, two)}, "healthy", 0);
        row("nothing was ever copied", steady(0, 11, one, {}), "stalled", 11000);
        row("a start has its time", steady(0, 2, one, {}), "healthy", 2000);
        row("the replica is still in an older generation", steady(0, 11, one, three), "stalled", 11000);
        row("it has only just started", {{.at = at(0), .running = true, .hasMetrics = true}}, "unknown", -1);
        row("no metrics and no listing", {mute(0, 0)}, "unknown", -1);

        Samples other = steady(0, 30, two, one);
        for (Sample &sample : other)
            sample.generation = "b";
        row("another generation is a new count", other + steady(31, 32, one, {}), "healthy", 1000);

        Samples gone = steady(0, 3, one, one);
        gone.back().running = false;
        row("it has ended", gone, "not running", 0);
        Samples noDatabase = steady(0, 3, one, one);
        noDatabase.back().hasDatabase = false;
        row("the database is not there", noDatabase, "failing", 0);
        Samples errors = steady(0, 3, one, one);
        errors.back().syncErrors = 2;
        row("it can't follow the database", errors, "failing", 0);
        row(
            "that was long ago",
            errors +
                [] {
                    Samples later = steady(4, 20, {0, 100}, Position{0, 100});
                    for (Sample &sample : later)
                        sample.syncErrors = 2;
                    return later;
                }(),
            "healthy", 0);
        Samples silent{mute(0, 0), mute(3, 0), mute(5, 0)};
        for (Sample &sample : silent)
            sample.silent = true;
        row("it does not answer", silent, "stalled", -1);
        Samples hiccup{mute(0, 0), mute(3, 0)};
        hiccup.back().silent = true;
        row("once is no silence", hiccup, "unknown", -1);

        Samples said = steady(0, 3, two, one);
        said.back().said = "connection refused";
        row("its log says what is wrong", said, "failing", 3000);
        row("it got through since", said + Samples{seen(4, two, two)}, "healthy", 0);
        row("it has not said so for long", said + steady(4, 14, two, one), "stalled", 14000);
    }

    void theStateFollowsFromWhatWasSeen()
    {
        QFETCH(Samples, samples);
        QFETCH(QString, state);
        QFETCH(int, lagMs);
        const Status status = judged(samples);
        QCOMPARE(QString::fromLatin1(nameOf(status.state)), state);
        QCOMPARE(status.lag ? static_cast<int>(status.lag->count()) : -1, lagMs);
        const QStringList care{QStringLiteral("failing"), QStringLiteral("stalled"), QStringLiteral("not running")};
        QCOMPARE(needsCare(status.state), care.contains(state));
    }

    void withoutMetricsTheTimesTell_data()
    {
        QTest::addColumn<Samples>("samples");
        QTest::addColumn<int>("listed");
        QTest::addColumn<int>("lastSync");
        QTest::addColumn<QString>("state");

        const auto row = [](const char *title, const Samples &samples, int listed, int lastSync, const char *state) {
            QTest::newRow(title) << samples << listed << lastSync << QString::fromLatin1(state);
        };
        row("copied after it was written", {mute(100, 50)}, 100, 51, "healthy");
        row("whole seconds are no lag", {mute(100, 51.9)}, 100, 50, "healthy");
        row("written long before the replica was asked", {mute(59, 50)}, 58, 40, "catching up");
        row("and still not there", {mute(61, 50)}, 61, 40, "stalled");
        row("written after it was asked", {mute(100, 50)}, 52, 40, "healthy");
        row("the first that is missing counts", {mute(52, 50), mute(58, 57), mute(70, 69)}, 58, 40, "stalled");
    }

    void withoutMetricsTheTimesTell()
    {
        QFETCH(Samples, samples);
        QFETCH(int, listed);
        QFETCH(int, lastSync);
        QFETCH(QString, state);
        const Status status = judged(samples, Listing{.at = at(listed), .lastSync = whole(lastSync)});
        QCOMPARE(QString::fromLatin1(nameOf(status.state)), state);
    }

    void aListingTellsTheRest()
    {
        const Position all{0, 100};
        const Listing listing{.at = at(90), .lastSync = whole(80), .snapshot = whole(40), .bytes = 1234};
        const Status status = judged({seen(100, all, all)}, listing);
        QCOMPARE(status.snapshotAge, std::optional(60s));
        QCOMPARE(status.bytes, std::optional<std::uint64_t>(1234));
        QCOMPARE(status.lastSync, std::optional(at(80)));
        QVERIFY(!judged({seen(100, all, all)}).bytes);
    }

    void anErrorOfTheListingHoldsUntilSomethingIsCopied()
    {
        const Position one{0, 100};
        const Position two{0, 200};
        const Listing listing{.at = at(5), .error = "connection refused"};
        const Status failing = judged({seen(6, one, one)}, listing);
        QCOMPARE(failing.state, State::Failing);
        QCOMPARE(failing.said, std::string("connection refused"));
        QCOMPARE(judged({seen(6, two, one), seen(7, two, two)}, listing).state, State::Healthy);
    }

    void thatWeHaveNoKeysIsNoFailureOfLitestream()
    {
        const Position all{0, 100};
        const Listing listing{.at = at(5), .error = "NoCredentialProviders: no valid providers in chain"};
        const Status status = judged({seen(6, all, all)}, listing);
        QCOMPARE(status.state, State::Healthy);
        QCOMPARE(status.trouble, Trouble::NoKeys);
        QCOMPARE(judged(steady(0, 3, {0, 200}, all), listing).state, State::Failing);
    }

    void healthyMeansTested()
    {
        const Position all{0, 100};
        const Samples samples{seen(0, all, all)};
        QCOMPARE(judge(samples, {}, {}, {}).state, State::NeverTested);
        QCOMPARE(judge(samples, {}, whole(0), {}).state, State::Healthy);
    }

    void oneLookAtSomethingThatLagsSettlesNothing()
    {
        const Position one{0, 100};
        const Position two{0, 200};
        QVERIFY(!judged({seen(0, two, one)}).settled);
        QVERIFY(!judged(steady(0, 5, two, one)).settled);
        QVERIFY(judged(steady(0, 6, two, one)).settled);
        QVERIFY(judged({seen(0, one, one), seen(1, two, one)}).settled);
        QVERIFY(judged({seen(0, one, one)}).settled);
        QVERIFY(!judged({{.at = at(0), .running = true, .hasMetrics = true}}).settled);
    }

    void theLimitsFollowTheInterval_data()
    {
        QTest::addColumn<QByteArray>("interval");
        QTest::addColumn<qint64>("standstillMs");
        QTest::newRow("none") << QByteArray() << qint64(10'000);
        QTest::newRow("a minute") << QByteArray("1m") << qint64(128'000);
        QTest::newRow("parts") << QByteArray("500ms") << qint64(9'000);
        QTest::newRow("what Litestream does not take") << QByteArray("7d") << qint64(10'000);
    }
    void theLimitsFollowTheInterval()
    {
        QFETCH(QByteArray, interval);
        QFETCH(qint64, standstillMs);
        Replica replica;
        replica.settings.set("sync-interval", interval.toStdString());
        QCOMPARE(Limits::of(replica).standstill.count(), standstillMs);
    }

    void metricsAreRead()
    {
        const Metrics metrics = metricsOf("# HELP litestream_db_size x\n"
                                          "litestream_shadow_wal_index{db=\"/a \\\"b\\\"\\\\.db\"} 3\n"
                                          "litestream_shadow_wal_size{db=\"/a \\\"b\\\"\\\\.db\"} 1.23e+06\n"
                                          "litestream_sync_error_count{db=\"/c.db\"} 2\n"
                                          "litestream_replica_wal_index{db=\"/c.db\",name=\"s3\"} 1\n"
                                          "litestream_replica_wal_offset{db=\"/c.db\",name=\"s3\"} 4152\n"
                                          "litestream_sync_count{db=\"/c.db\"} -1\n"
                                          "litestream_sync_count{db=\"/c.db} 7\n"
                                          "litestream_sync_count{db=\"/c.db\"}7\n"
                                          "litestream_sync_count{db 7\n"
                                          "go_goroutines 5\n");
        QCOMPARE(metrics.size(), std::size_t(2));
        QCOMPARE(metrics.at("/a \"b\"\\.db").shadowIndex, std::uint64_t(3));
        QCOMPARE(metrics.at("/a \"b\"\\.db").shadowSize, std::uint64_t(1'230'000));
        const DatabaseMetrics &other = metrics.at("/c.db");
        QCOMPARE(other.syncErrors, std::uint64_t(2));
        QCOMPARE(other.syncs, std::uint64_t(0));
        QVERIFY(!other.tellsPositions); // as those of 0.5
        QVERIFY(metrics.at("/a \"b\"\\.db").tellsPositions);
        QVERIFY(other.copied.at("s3") == (Position{1, 4152}));
    }

    void theShadowIsRead()
    {
        const test::TempTree tree;
        QCOMPARE(shadowIn(tree.path()).error().code, ErrorCode::NotFound);
        tree.file("generation", "00112233aabbccdd\n");
        tree.file("generations/00112233aabbccdd/wal/00000009.wal", "123456789");
        tree.file("generations/00112233aabbccdd/wal/0000000a.wal", "12345");
        tree.file("generations/00112233aabbccdd/wal/0000000b.wal.tmp", "1");
        const Result<Shadow> shadow = shadowIn(tree.path());
        QVERIFY(shadow);
        QVERIFY(shadow->end() == (Position{10, 5}));
        QCOMPARE(shadow->bytesAfter({9, 4}), std::optional<std::uint64_t>(10));
        QCOMPARE(shadow->bytesAfter({10, 5}), std::optional<std::uint64_t>(0));
        QVERIFY(!shadow->bytesAfter({8, 0}));
        tree.file("generation", "../../../../../x\n");
        QVERIFY(!shadowIn(tree.path()));
    }

    void onlyThisMachineIsAsked_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::newRow("another machine") << QByteArray("http://192.0.2.1:80/metrics");
        QTest::newRow("a name") << QByteArray("http://example.org:80/metrics");
        QTest::newRow("no port") << QByteArray("http://127.0.0.1/metrics");
        QTest::newRow("a port that is none") << QByteArray("http://127.0.0.1:99999/metrics");
        QTest::newRow("two lines") << QByteArray("http://127.0.0.1:80/a\r\nX: y");
        QTest::newRow("another scheme") << QByteArray("https://127.0.0.1:80/metrics");
    }
    void onlyThisMachineIsAsked()
    {
        QFETCH(QByteArray, url);
        QCOMPARE(platform::getFromThisMachine(url.toStdString(), 1s).error().code, ErrorCode::Unsupported);
    }

    void anAnswerIsFetchedWholeAndBounded()
    {
        const std::string ok = "HTTP/1.0 200 OK\r\nA: b\r\n\r\n";
        for (const char *host : {"127.0.0.1", "localhost", "0.0.0.0", ""})
            QCOMPARE(platform::getFromThisMachine(OneAnswer(ok + "body").url(host), 5s), std::string("body"));
        const OneAnswer large(ok + std::string(3000, 'x'));
        QCOMPARE(platform::getFromThisMachine(large.url(), 5s, 2000).error().code, ErrorCode::Io);
        const OneAnswer missing("HTTP/1.0 404 Not Found\r\n\r\n");
        QCOMPARE(platform::getFromThisMachine(missing.url(), 5s).error().code, ErrorCode::Unsupported);
        const OneAnswer odd("hello");
        QCOMPARE(platform::getFromThisMachine(odd.url(), 5s).error().code, ErrorCode::Unsupported);
        const OneAnswer mute("");
        QCOMPARE(platform::getFromThisMachine(mute.url(), 100ms).error().code, ErrorCode::Busy);
        const std::string nobody = "http://127.0.0.1:" + std::to_string(test::freePort()) + '/';
        QCOMPARE(platform::getFromThisMachine(nobody, 1s).error().code, ErrorCode::NotFound);
    }

    void theRealOneIsHealthyAndThenNotRunning()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        for (const bool withMetrics : {true, false}) {
            const World world(withMetrics);
            Watcher watcher = world.watcher([](const Path &, const std::string &) { return whole(0); });
            QCOMPARE(watcher.look().front().status.state, State::NotRunning);
            {
                test::Replication replication(world.file);
                QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
                QVERIFY(becomes(watcher, is(State::Healthy), 30s));
                world.write();
                QVERIFY(replication.hasSaid("wal segment written", 2));
                QVERIFY(becomes(watcher, is(State::Healthy), 30s));
                const Status status = watcher.look().front().status;
                QVERIFY(status.lastSync);
                if (withMetrics)
                    QCOMPARE(status.lagBytes, std::optional<std::uint64_t>(0));
                watcher.list({});
                QVERIFY(watcher.look().front().status.bytes > std::optional<std::uint64_t>(0));
            }
            QVERIFY(becomes(watcher, is(State::NotRunning), 10s));
        }
    }

    void anOutageShowsAndSoDoesItsEnd_data()
    {
        QTest::addColumn<bool>("withMetrics");
        QTest::newRow("with metrics") << true;
        QTest::newRow("without metrics") << false;
    }

    void anOutageShowsAndSoDoesItsEnd()
    {
        QFETCH(bool, withMetrics);
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        const int port = test::freePort();
        const World world(withMetrics, s3Replica(port));
        auto server = test::S3Server::start(world.tree.path() / "s3", port, "b");
        QVERIFY(server);
        test::Replication replication(world.file);
        QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        Watcher watcher = world.watcher();
        QVERIFY(becomes(watcher, is(State::NeverTested), 30s));

        server.reset();
        world.write();
        const auto isToldOf = [](const Status &status) { return needsCare(status.state); };
        QVERIFY(becomes(watcher, isToldOf, 15s));
        QVERIFY(becomes(watcher, is(State::Failing), 15s));
        QVERIFY(watcher.look().front().status.said.find("refused") != std::string::npos);
        const auto isBehind = [](const Status &status) { return status.lagBytes > std::optional<std::uint64_t>(0); };
        if (withMetrics) // Litestream may count what was written after it says that it can't send it
            QVERIFY(becomes(watcher, isBehind, 15s));

        server = test::S3Server::start(world.tree.path() / "s3", port, "b");
        QVERIFY(server);
        QVERIFY(becomes(watcher, is(State::NeverTested), 15s));
    }

    void anOutageShowsAlsoWhereNothingIsWritten()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        const int port = test::freePort();
        const World world(true, s3Replica(port));
        Watcher watcher = world.watcher();
        watcher.look();
        watcher.list({});
        const Status status = watcher.look().front().status;
        QCOMPARE(status.trouble, Trouble::Said);
        QVERIFY2(status.said.find("refused") != std::string::npos, status.said.c_str());
    }

    void aStoppedProcessIsStalled()
    {
        if (!test::litestreamProgram())
            QSKIP(qPrintable(test::withoutLitestream()));
        const World world;
        test::Replication replication(world.file);
        QVERIFY2(replication.hasSaid("wal segment written"), replication.log().c_str());
        Watcher watcher = world.watcher();
        QVERIFY(becomes(watcher, is(State::NeverTested), 30s));
        const auto process = static_cast<pid_t>(replication.pid());
        ::kill(process, SIGSTOP);
        const bool shows = becomes(watcher, is(State::Stalled), 15s);
        ::kill(process, SIGCONT);
        QVERIFY(shows);
        QVERIFY(becomes(watcher, is(State::NeverTested), 15s));
    }
};

QTEST_GUILESS_MAIN(LitestreamStatusTest)
#include "tst_litestreamstatus.moc"
