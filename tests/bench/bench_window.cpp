// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasecolumns.h"
#include "window/databasepanel.h"
#include "window/mainwindow.h"

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

/// Turns with every turn of the event loop, and remembers the longest time between two.
class LoopWatch
{
public:
    LoopWatch()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_longestNs = std::max(m_longestNs, m_since.nsecsElapsed());
            m_since.start();
        });
        m_since.start();
        m_timer.start(1);
    }
    double longestMs() const { return static_cast<double>(m_longestNs) / 1e6; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longestNs = 0;
};

static double ms(const QElapsedTimer &time)
{
    return static_cast<double>(time.nsecsElapsed()) / 1e6;
}

/// As jobs::ScanRunner does it: batches made on another thread, delivered on this one.
static double longestStallWhileArriving(window::MainWindow &window)
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
    return watch.longestMs();
}

static void benchSorting(window::MainWindow &window)
{
    for (const models::Column &column : models::databaseColumns()) {
        QElapsedTimer time;
        time.start();
        window.session().filter().sort(models::columnIndex(column.id), Qt::AscendingOrder);
        std::printf("sort by %-16s %8.1f ms\n", column.id, ms(time));
    }
    auto *table = window.findChild<QTableView *>(QStringLiteral("table"));
    table->selectAll();
    QElapsedTimer time;
    time.start();
    window.session().filter().sort(models::columnIndex("size"), Qt::DescendingOrder);
    std::printf("sort, all selected       %8.1f ms\n", ms(time));
    table->clearSelection();
}

static void benchFiltering(window::MainWindow &window)
{
    models::DatabaseFilter &filter = window.session().filter();
    const auto measure = [&](const char *name, const auto &change) {
        QElapsedTimer time;
        time.start();
        change();
        QCoreApplication::processEvents();
        std::printf("filter %-17s %8.1f ms  (%d shown)\n", name, ms(time), filter.rowCount());
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
    window::MainWindow window(settings);
    window.resize(1280, 800);
    window.show();
    Q_EMIT window.session().started();
    QCoreApplication::processEvents();
    window.session().databases().setRoots({"/home/anna"});

    const std::size_t before = mallinfo2().uordblks;
    const double stall = longestStallWhileArriving(window);
    QCoreApplication::processEvents();
    malloc_trim(0);
    const std::size_t after = mallinfo2().uordblks;
    std::printf("rows                     %8d\n", Rows);
    std::printf("longest stall, arriving  %8.1f ms  (target <= 50)\n", stall);
    std::printf("memory per row           %8zu bytes\n", (after - before) / Rows);
    benchSorting(window);
    benchFiltering(window);
    return 0;
}
