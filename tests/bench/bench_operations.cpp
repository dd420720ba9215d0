// SPDX-License-Identifier: GPL-3.0-or-later
// Measures check and backup on a large database against the sqlite3 program and cp, and prints ratios.
//
//   bench_operations DATABASE [rounds [checks|backups]]
//
// DATABASE: for instance a gigabyte from ../shared/tools/make_db.py; it is only read. Copies are made in its folder.
// Ours and theirs run in turn, and a ratio is the median of the rounds' ratios: seconds on a shared machine mean
// little. What is measured cold needs root, to drop the system's caches, and is left out otherwise.
#include "operations/copy.h"
#include "operations/verdict.h"
#include "platform/safefile.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QCoreApplication>
#include <QProcess>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string_view>
#include <thread>

using namespace lk;
using namespace lk::operations;
using Clock = std::chrono::steady_clock;

static double secondsOf(const std::function<void()> &work)
{
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

static double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

static void shell(const QString &line)
{
    QProcess process;
    process.start(QStringLiteral("sh"), {QStringLiteral("-c"), line});
    if (!process.waitForFinished(-1) || process.exitCode() != 0)
        std::printf("FAILED: %s\n", qPrintable(line));
}

static bool dropCaches()
{
    shell(QStringLiteral("sync"));
    std::ofstream caches("/proc/sys/vm/drop_caches");
    caches << 3;
    return caches.flush().good();
}

/// Keeps what a job said and when.
class Recorder final : public Progress
{
public:
    void report(const ProgressReport &report) override
    {
        m_said.emplace_back(Clock::now(), report.fraction);
        if (report.phase == Phase::Checking && m_rowsSince == Clock::time_point{})
            m_rowsSince = Clock::now();
    }

    /// The farthest from the truth, in points of 100, once the job has ended now; and whether it ever went back.
    void print(const char *title, Clock::time_point start) const
    {
        const double total = std::chrono::duration<double>(Clock::now() - start).count();
        double worst = 0;
        double last = 0;
        bool back = false;
        for (const auto &[when, fraction] : m_said) {
            const double truth = std::chrono::duration<double>(when - start).count() / total;
            worst = std::max(worst, std::abs(truth - fraction) * 100);
            back = back || fraction < last;
            last = fraction;
        }
        if (m_rowsSince != Clock::time_point{})
            std::printf("%-44s %.0f %% of the time\n", "  the structure phase takes",
                        std::chrono::duration<double>(m_rowsSince - start).count() / total * 100);
        std::printf("%-44s at most %.1f points from the truth (<= 5), ends at %.0f %%, %s, %zu reports\n", title, worst,
                    last * 100, back ? "WENT BACK" : "never back", m_said.size());
    }

private:
    std::vector<std::pair<Clock::time_point, double>> m_said;
    Clock::time_point m_rowsSince{};
};

class Bench
{
public:
    Bench(Path database, int rounds)
        : m_database(std::move(database))
        , m_rounds(rounds)
    {
        m_glance = *sqlite::glance(m_database);
        m_quoted = QStringLiteral("'%1'").arg(QString::fromStdString(m_database.native()));
    }

    void check(const Path &path, bool quick, Progress &progress = Progress::none(), std::stop_token stop = {})
    {
        JobContext context{std::move(stop), progress, std::chrono::seconds(0)};
        const auto verdict = checkDatabase(path, m_glance, {.quick = quick}, context);
        if ((!verdict && verdict.error().code != ErrorCode::Cancelled) || (verdict && verdict->kind != Verdict::Ok))
            std::printf("FAILED: check\n");
    }

    void sqliteCheck(const char *pragma)
    {
        shell(QStringLiteral("sqlite3 -readonly 'file:%1?immutable=1' 'PRAGMA %2' > /dev/null")
                  .arg(QString::fromStdString(m_database.native()), QString::fromLatin1(pragma)));
    }

    void compare(
        const char *title, const std::function<void()> &ours, const std::function<void()> &theirs, const char *target,
        const std::function<bool()> &prepare = [] { return true; })
    {
        std::vector<double> ratios;
        std::vector<double> seconds;
        for (int round = -1; round < m_rounds; ++round) {
            if (!prepare())
                return;
            const double mine = secondsOf(ours);
            prepare();
            const double other = secondsOf(theirs);
            if (round < 0)
                continue; // warms up
            ratios.push_back(mine / other);
            seconds.push_back(mine);
        }
        std::printf("%-44s %.2f x (%s)   %.2f s\n", title, median(ratios), target, median(seconds));
        std::fflush(stdout);
    }

    void checks()
    {
        compare(
            "full check, warm ÷ sqlite3", [&] { check(m_database, false); }, [&] { sqliteCheck("integrity_check"); },
            "<= 1.1");
        compare(
            "quick check, warm ÷ sqlite3", [&] { check(m_database, true); }, [&] { sqliteCheck("quick_check"); },
            "no target");
        compare(
            "quick check, cold ÷ sqlite3", [&] { check(m_database, true); }, [&] { sqliteCheck("quick_check"); },
            "<= 0.4", dropCaches);
        check(m_database, true); // warms the caches again
        for (const bool quick : {false, true}) {
            Recorder recorder;
            const auto start = Clock::now();
            check(m_database, quick, recorder);
            recorder.print(quick ? "progress of a quick check, warm" : "progress of a full check, warm", start);
        }
        if (dropCaches()) {
            Recorder recorder;
            const auto start = Clock::now();
            check(m_database, true, recorder);
            recorder.print("progress of a quick check, cold", start);
        }
    }

    void stopping()
    {
        for (const double after : {0.05, 0.3, 0.9, 2.0}) {
            std::stop_source stop;
            Clock::time_point asked;
            std::thread stopper([&] {
                std::this_thread::sleep_for(std::chrono::duration<double>(after));
                asked = Clock::now();
                stop.request_stop();
            });
            check(m_database, false, Progress::none(), stop.get_token());
            const auto ended = Clock::now();
            stopper.join();
            std::printf("%-44s %.1f ms (<= 200)\n", "stop of a full check takes",
                        std::max(0.0, std::chrono::duration<double, std::milli>(ended - asked).count()));
        }
    }

    void twoAtOnce()
    {
        const Path other = test::withSuffix(m_database, "-second");
        shell(QStringLiteral("cp %1 '%2'").arg(m_quoted, QString::fromStdString(other.native())));
        compare(
            "two full checks one by one ÷ at once",
            [&] {
                check(m_database, false);
                check(other, false);
            },
            [&] {
                std::thread second([&] { check(other, false); });
                check(m_database, false);
                second.join();
            },
            ">= 1.7");
        std::filesystem::remove(other);
    }

    void backups()
    {
        const Path copy = test::withSuffix(m_database, "-copy");
        const QString quotedCopy = QStringLiteral("'%1'").arg(QString::fromStdString(copy.native()));
        const auto removeCopy = [&] {
            std::filesystem::remove(copy); // takes as long as copying it
            return true;
        };
        const auto ours = [&] {
            auto partial = platform::PartialFile::create(copy, m_glance.file);
            JobContext context{{}, Progress::none(), std::chrono::seconds(0)};
            if (!partial || !copyDatabase({.path = m_database, .seen = {}}, partial->path(), context) ||
                !partial->sync() || !partial->publish())
                std::printf("FAILED: copy\n");
        };
        compare(
            "copy phase of a backup ÷ cp + fsync", ours,
            [&] { shell(QStringLiteral("cp %1 %2 && sync %2").arg(m_quoted, quotedCopy)); }, "<= 1.15", removeCopy);
        removeCopy();
    }

    /// From the click to the checked file, for a backup and for its restore to a new place.
    void endToEnd()
    {
        const Path folder = test::withSuffix(m_database, "-backups");
        const Path copy = test::withSuffix(m_database, "-copy");
        const QString quotedCopy = QStringLiteral("'%1'").arg(QString::fromStdString(copy.native()));
        Path backup;
        const auto run = [&](const char *id, const Path &path, const Arguments &arguments) {
            JobContext context{{}, Progress::none(), std::chrono::seconds(0)};
            const Report report = find(id)->run({.path = path, .seen = {}}, arguments, context);
            if (report.status != Status::Done)
                std::printf("FAILED: %s\n", id);
            return report;
        };
        const auto fresh = [&] {
            std::filesystem::remove(copy);
            std::filesystem::remove_all(folder);
            return std::filesystem::create_directory(folder);
        };
        const auto backUp = [&] {
            const Report report = run("backup", m_database, {{"to", folder.native()}});
            if (const FieldValue *path = report.field("backup"))
                backup = std::get<std::string>(*path);
        };
        compare(
            "backup, end to end ÷ .backup + integrity_check", backUp,
            [&] {
                shell(QStringLiteral("sqlite3 %1 \".backup %2\" && sqlite3 %2 'PRAGMA integrity_check' > /dev/null")
                          .arg(m_quoted, quotedCopy));
            },
            "<= 0.9", fresh);
        fresh();
        backUp();
        const auto noCopy = [&] {
            std::filesystem::remove(copy);
            return true;
        };
        compare(
            "restore ÷ cp + fsync + integrity_check",
            [&] {
                run("restore", backup, {{"to", copy.native()}});
            },
            [&] {
                shell(QStringLiteral("cp %1 %2 && sync %2 && sqlite3 %2 'PRAGMA integrity_check' > /dev/null")
                          .arg(m_quoted, quotedCopy));
            },
            "<= 1.2", noCopy);
        fresh();
        std::filesystem::remove_all(folder);
    }

    /// A gigabyte in WAL mode, and another process that commits as fast as it can.
    void besideAWriter()
    {
        const Path live = test::withSuffix(m_database, "-live");
        const Path copy = test::withSuffix(m_database, "-copy");
        shell(QStringLiteral("cp %1 '%2' && sqlite3 '%2' 'PRAGMA journal_mode=wal' > /dev/null")
                  .arg(m_quoted, QString::fromStdString(live.native())));
        {
            test::HeldLock writer(live, test::Held::Idle);
            writer.startWriting();
            JobContext context{{}, Progress::none(), std::chrono::seconds(10)};
            const auto start = Clock::now();
            const auto copied = copyDatabase({.path = live, .seen = {}}, copy, context);
            const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
            const test::WriterTally tally = writer.stopWriting();
            std::printf(
                "%-44s %s in %.2f s; the writer made %lld commits, was busy %lld times (0), waited %.1f ms at most\n",
                "copy beside a writer in full flow (WAL)", copied ? "done" : "FAILED", seconds,
                static_cast<long long>(tally.commits), static_cast<long long>(tally.busy),
                static_cast<double>(tally.longestUs) / 1000);
        }
        for (const char *suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(test::withSuffix(live, suffix));
        std::filesystem::remove(copy);
    }

    /// A thousand small databases, one after the other.
    void smallOnes()
    {
        test::TempTree tree;
        std::vector<Path> paths;
        for (int i = 0; i < 200; ++i) {
            paths.push_back(tree.path() / std::to_string(i));
            test::makeDatabase(paths.back(), {.rows = 500});
        }
        const QString folder = QString::fromStdString(tree.path().native());
        compare(
            "200 small checks: sqlite3 one by one ÷ ours",
            [&] {
                shell(QStringLiteral(
                          "for f in '%1'/*; do sqlite3 -readonly \"$f\" 'PRAGMA integrity_check'; done > /dev/null")
                          .arg(folder));
            },
            [&] {
                for (const Path &path : paths) {
                    JobContext context{{}, Progress::none(), std::chrono::seconds(0)};
                    if (find("check")->run({.path = path, .seen = {}}, {}, context).status != Status::Done)
                        std::printf("FAILED: check\n");
                }
            },
            ">= 8");
    }

private:
    Path m_database;
    int m_rounds;
    sqlite::Glance m_glance;
    QString m_quoted;
};

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (argc < 2) {
        std::printf("usage: bench_operations DATABASE [rounds [checks|backups]]\n");
        return 2;
    }
    Bench bench(std::filesystem::canonical(argv[1]), argc > 2 ? std::atoi(argv[2]) : 5);
    const std::string_view only = argc > 3 ? argv[3] : "";
    if (only == "backups") {
        bench.backups();
        bench.endToEnd();
        return 0;
    }
    bench.checks();
    if (only == "checks")
        return 0;
    bench.stopping();
    bench.twoAtOnce();
    bench.smallOnes();
    bench.backups();
    bench.endToEnd();
    bench.besideAWriter();
}
