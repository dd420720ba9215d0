// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasecolumns.h"
#include "window/databasepanel.h"
#include "window/mainwindow.h"
#include "words/describe.h"

#include "base/settings.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <malloc.h>
#include <random>
#include <thread>
#include <time.h>

// What the window costs with 100 000 databases: the longest time that its event loop does not turn while they arrive
// as from a live scan, sorting, filtering, and memory per row. Run it offscreen or under a real X server.

using namespace lk;

static constexpr int Rows = 100'000;
static constexpr int BatchesPerSecond = 20; // as jobs::ScanRunner delivers
static constexpr int Batches = 40;          // a fast scan: two seconds

static inspect::DatabaseFacts makeFacts(int number, std::mt19937 &random)
{
    static constexpr const char *Names[] = {"places.sqlite", "Cookies",  "db.sqlite3",
                                            "index.db",      "Cache.db", "History"};
    inspect::DatabaseFacts facts;
    const std::string folder =
        "/home/anna/project" + std::to_string(random() % 300) + "/data/module" + std::to_string(number);
    facts.path = folder + "/" + Names[random() % std::size(Names)];
    facts.filesystem = "ext4";
    facts.seen.state = random() % 50 == 0 ? sqlite::State::Damaged : sqlite::State::Database;
    facts.seen.file.size = random() % 100'000'000;
    facts.seen.file.modifiedNs = static_cast<std::int64_t>(random()) * 1'000'000'000;
    sqlite::Header header;
    header.pageSize = 512u << random() % 8;
    header.writeVersion = header.readVersion = random() % 3 == 0 ? 2 : 1;
    header.textEncoding = 1;
    header.writerVersion = 3040001;
    facts.seen.stored = facts.seen.current = header;
    facts.seen.siblings.wal = random() % 4 == 0 ? random() % 4'000'000 : 0;
    return facts;
}

static std::vector<inspect::DatabaseFacts> makeBatch(int batch)
{
    std::mt19937 random(static_cast<unsigned>(batch));
    std::vector<inspect::DatabaseFacts> facts;
    for (int i = 0; i < Rows / Batches; ++i)
        facts.push_back(makeFacts(batch * (Rows / Batches) + i, random));
    return facts;
}

/// What passes between two moments: by the clock, and of this thread's own work. On a machine that others use too only
/// the second one tells anything about the window.
class Stopwatch
{
public:
    Stopwatch()
        : m_workedNs(workedNs())
    {
        m_time.start();
    }
    double ms() const { return static_cast<double>(m_time.nsecsElapsed()) / 1e6; }
    double workMs() const { return static_cast<double>(workedNs() - m_workedNs) / 1e6; }

private:
    static std::int64_t workedNs()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return now.tv_sec * 1'000'000'000 + now.tv_nsec;
    }

    QElapsedTimer m_time;
    std::int64_t m_workedNs;
};

/// Turns with every turn of the event loop, and remembers the longest time between two.
class LoopWatch
{
public:
    LoopWatch()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            longestMs = std::max(longestMs, m_since.ms());
            longestWorkMs = std::max(longestWorkMs, m_since.workMs());
            m_since = Stopwatch();
        });
        m_timer.start(1);
    }

    double longestMs = 0;
    double longestWorkMs = 0;

private:
    QTimer m_timer;
    Stopwatch m_since;
};

static void print(const char *what, const Stopwatch &time)
{
    std::printf("%-28s %8.1f ms, of work %8.1f ms\n", what, time.ms(), time.workMs());
}

/// As jobs::ScanRunner does it: batches made on another thread, delivered on this one.
static void benchArriving(window::MainWindow &window)
{
    jobs::ScanRunner &runner = window.session().runner();
    LoopWatch watch;
    std::jthread scanner([&runner] {
        for (int batch = 0; batch < Batches; ++batch) {
            auto facts = std::make_shared<std::vector<inspect::DatabaseFacts>>(makeBatch(batch));
            QMetaObject::invokeMethod(&runner, [&runner, facts] {
                Q_EMIT runner.progressed({.files = facts->size()}, facts->front().path);
                Q_EMIT runner.found(*facts);
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(1000 / BatchesPerSecond));
        }
    });
    while (window.session().databases().rowCount() < Rows)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QCoreApplication::processEvents();
    std::printf("%-28s %8.1f ms, of work %8.1f ms  (target <= 50)\n", "longest stall, arriving", watch.longestMs,
                watch.longestWorkMs);
}

static void benchOneTurn(window::MainWindow &window)
{
    const std::vector<inspect::DatabaseFacts> facts = makeBatch(Batches);
    const std::vector<inspect::DatabaseFacts> some(facts.begin(), facts.begin() + 1000);
    const Stopwatch time;
    window.session().databases().add(some);
    QCoreApplication::processEvents();
    print("1000 rows more, and shown", time);
}

static void benchSorting(window::MainWindow &window)
{
    for (const models::Column &column : models::databaseColumns()) {
        const Stopwatch time;
        window.session().filter().sort(models::columnIndex(column.id), Qt::AscendingOrder);
        print((std::string("sort by ") + column.id).c_str(), time);
    }
    auto *table = window.findChild<QTableView *>(QStringLiteral("table"));
    table->selectAll();
    const Stopwatch time;
    window.session().filter().sort(models::columnIndex("size"), Qt::DescendingOrder);
    print("sort with all selected", time);
    table->clearSelection();
}

static void benchFiltering(window::MainWindow &window)
{
    models::DatabaseFilter &filter = window.session().filter();
    const auto measure = [&](const char *name, const auto &change) {
        const Stopwatch time;
        change();
        QCoreApplication::processEvents();
        print((std::string("filter ") + name).c_str(), time);
    };
    measure("\"p\"", [&] { filter.setText(QStringLiteral("p")); });
    measure("\"places project7\"", [&] { filter.setText(QStringLiteral("places project7")); });
    measure("nothing", [&] { filter.setText({}); });
    measure("facet WAL", [&] {
        filter.choose({models::FacetGroup::Journal, std::uint32_t(models::Journal::Wal)}, true);
    });
    measure("all", [&] { filter.clearFilter(); });
}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QTemporaryDir folder;
    Settings settings(Path(folder.path().toStdString()) / "settings.ini");
    catalog::Memory memory(std::nullopt, words::outcome);
    window::MainWindow window(settings, memory);
    window.resize(1280, 800);
    window.show();
    Q_EMIT window.session().started();
    QCoreApplication::processEvents();
    window.session().databases().setRoots({"/home/anna"});

    const std::size_t before = mallinfo2().uordblks;
    std::printf("%d rows\n", Rows);
    benchArriving(window);
    malloc_trim(0);
    const std::size_t after = mallinfo2().uordblks;
    std::printf("%-28s %8zu bytes\n", "memory per row", (after - before) / Rows);
    benchOneTurn(window);
    benchSorting(window);
    benchFiltering(window);
    return 0;
}
