// SPDX-License-Identifier: GPL-3.0-or-later
// Measures compact and optimize on a large database against the sqlite3 program, and prints ratios.
//
//   bench_upkeep DATABASE [rounds]
//
// DATABASE: for instance a gigabyte from ../shared/tools/make_db.py; it is only read. Both work on copies of their own
// in its folder, in turn, and a ratio is the median of the rounds' ratios.
#include "operations/operation.h"
#include "support/dbbuilder.h"

#include <QCoreApplication>
#include <QProcess>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>

using namespace lk;
using namespace lk::operations;
using Clock = std::chrono::steady_clock;

static double secondsOf(const std::function<void()> &work)
{
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

static void shell(const QString &line)
{
    QProcess process;
    process.start(QStringLiteral("sh"), {QStringLiteral("-c"), line});
    if (!process.waitForFinished(-1) || process.exitCode() != 0)
        std::printf("FAILED: %s\n", qPrintable(line));
}

static double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// \a id with \a arguments, against \a sql in the sqlite3 program, each on a fresh copy of \a database.
static void compare(const char *title, const Path &database, int rounds, const char *id, const Arguments &arguments,
                    const char *sql, const char *target)
{
    const Path copy = test::withSuffix(database, "-bench");
    const QString quoted = QStringLiteral("'%1'").arg(QString::fromStdString(copy.native()));
    const auto fresh = [&] {
        shell(QStringLiteral("cp '%1' %2 && sync %2 && cat %2 > /dev/null")
                  .arg(QString::fromStdString(database.native()), quoted));
    };
    std::vector<double> ratios;
    std::vector<double> seconds;
    for (int round = 0; round < rounds; ++round) {
        fresh();
        const double ours = secondsOf([&] {
            JobContext context{{}, Progress::none(), std::chrono::seconds(0)};
            const Report report = act(*find(id), {.path = copy, .seen = {}}, arguments, context);
            if (report.status != Status::Done)
                std::printf("FAILED: %s: %s\n", id, report.error ? report.error->detail.c_str() : "");
        });
        fresh();
        const double theirs =
            secondsOf([&] { shell(QStringLiteral("sqlite3 %1 '%2'").arg(quoted, QLatin1String(sql))); });
        ratios.push_back(ours / theirs);
        seconds.push_back(ours);
    }
    std::filesystem::remove(copy);
    std::printf("%-44s %.2f x (%s)   %.2f s\n", title, median(ratios), target, median(seconds));
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (argc < 2) {
        std::printf("usage: bench_upkeep DATABASE [rounds]\n");
        return 2;
    }
    const Path database = std::filesystem::canonical(argv[1]);
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    compare("compact ÷ VACUUM", database, rounds, "compact", {}, "VACUUM", "<= 1.05");
    compare("optimize --full ÷ ANALYZE", database, rounds, "optimize", {{"full", true}}, "ANALYZE", "<= 1.1");
    compare("optimize ÷ ANALYZE with a limit", database, rounds, "optimize", {}, "PRAGMA analysis_limit=400; ANALYZE",
            "no target");
}
