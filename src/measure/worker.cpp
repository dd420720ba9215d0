// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/worker.h"

#include "platform/helpers.h"
#include "sqlite/connection.h"
#include "sqlite/patience.h"

#include <array>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

namespace lk::measure {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What is said between the processes ------------------------------------------------------------------------------

std::vector<std::string> argumentsFor(const Task &task)
{
    const Configuration &configuration = task.configuration;
    return {WorkerCommand,
            task.database.native(),
            nameOf(configuration.journal),
            nameOf(configuration.synchronous),
            nameOf(configuration.begin),
            nameOf(task.work),
            std::to_string(configuration.busyTimeout.count()),
            std::to_string(configuration.cacheSize),
            std::to_string(configuration.mmapSize),
            std::to_string(task.rows),
            std::to_string(task.seed),
            std::to_string(task.length.count()),
            std::to_string(task.leastDone)};
}

template <class Number>
static bool read(const char *text, Number &into)
{
    const std::string_view all = text;
    const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), into);
    return error == std::errc() && end == all.data() + all.size();
}

static std::optional<Task> taskFrom(std::span<char *const> words)
{
    if (words.size() != 12)
        return std::nullopt;
    Task task{.database = words[0]};
    const auto journal = journalOf(words[1]);
    const auto synchronous = synchronousOf(words[2]);
    const auto begin = beginOf(words[3]);
    const auto work = workOf(words[4]);
    std::int64_t busyMs = 0;
    std::int64_t lengthMs = 0;
    if (!journal || !synchronous || !begin || !work || !read(words[5], busyMs) ||
        !read(words[6], task.configuration.cacheSize) || !read(words[7], task.configuration.mmapSize) ||
        !read(words[8], task.rows) || !read(words[9], task.seed) || !read(words[10], lengthMs) ||
        !read(words[11], task.leastDone) || task.rows < 1)
        return std::nullopt;
    task.configuration.journal = *journal;
    task.configuration.synchronous = *synchronous;
    task.configuration.begin = *begin;
    task.configuration.busyTimeout = milliseconds(busyMs);
    task.work = *work;
    task.length = milliseconds(lengthMs);
    return task;
}

std::string startLine(Clock::time_point start)
{
    return std::to_string(start.time_since_epoch().count()) + '\n';
}

static std::string lineFor(const Tally &tally)
{
    std::ostringstream line;
    line << "done " << tally.done << ' ' << tally.failed << ' ' << tally.busy << ' ' << tally.elapsed.count() << ' '
         << tally.longest.count() << ' ' << tally.latency.text();
    return line.str();
}

static std::string lineFor(const Error &error)
{
    return "error " + std::to_string(static_cast<int>(error.code)) + ' ' + std::to_string(error.sqliteCode) + ' ' +
           path::display(error.detail);
}

Result<Tally> parseTally(std::string_view line)
{
    std::istringstream words{std::string(line)};
    std::string kind;
    words >> kind;
    if (kind == "error") {
        int code = 0;
        Error error;
        words >> code >> error.sqliteCode >> std::ws;
        std::getline(words, error.detail);
        error.code = code >= 0 && code <= static_cast<int>(ErrorCode::Internal) ? static_cast<ErrorCode>(code)
                                                                                : ErrorCode::Internal;
        return fail(std::move(error));
    }
    Tally tally;
    std::int64_t elapsed = 0;
    std::int64_t longest = 0;
    std::string histogram;
    words >> tally.done >> tally.failed >> tally.busy >> elapsed >> longest >> histogram;
    const auto latency = Histogram::parse(histogram);
    if (kind != "done" || !words || !latency)
        return fail(ErrorCode::Internal, Path(), "a measuring process said: " + path::display(line));
    tally.elapsed = Nanoseconds(elapsed);
    tally.longest = Nanoseconds(longest);
    tally.latency = *latency;
    return tally;
}

// The database ----------------------------------------------------------------------------------------------------

Result<void> makeDatabase(const Path &path, std::uint32_t pageSize, std::int64_t rows, std::stop_token stop)
{
    auto connection = sqlite::Connection::open(path, {.mode = sqlite::Mode::Scratch, .stop = std::move(stop)});
    if (!connection)
        return std::unexpected(connection.error());
    // FULL: what is copied from it is on the disk then, and no later flush pays for it.
    return connection->execute(
        "PRAGMA page_size=" + std::to_string(pageSize) +
        "; PRAGMA synchronous=FULL; PRAGMA journal_mode=MEMORY; BEGIN;"
        "CREATE TABLE item(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, amount INTEGER NOT NULL, note TEXT NOT "
        "NULL);"
        "INSERT INTO item(owner, amount, note)"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(rows) +
        ") SELECT i % 1000, 0, hex(randomblob(110)) FROM n;"
        "CREATE INDEX item_owner ON item(owner); COMMIT");
}

// The work --------------------------------------------------------------------------------------------------------

namespace {

/// Keys in no order, the same ones in each run (xorshift64*, Vigna 2016).
class Keys
{
public:
    Keys(std::uint64_t seed, std::int64_t rows)
        : m_state(seed * 0x9E3779B97F4A7C15ULL + 1)
        , m_rows(static_cast<std::uint64_t>(rows))
    {
    }

    std::int64_t next()
    {
        m_state ^= m_state >> 12;
        m_state ^= m_state << 25;
        m_state ^= m_state >> 27;
        return static_cast<std::int64_t>((m_state * 0x2545F4914F6CDD1DULL >> 11) % m_rows) + 1;
    }

private:
    std::uint64_t m_state;
    std::uint64_t m_rows;
};

/// A connection that is set up, and its statements.
class Worker
{
public:
    static Result<Worker> open(const Task &task);

    /// One piece of work. Busy: "database is locked", and nothing of it is left.
    Result<void> doOne();
    std::uint64_t locksMet() const { return m_patience->locksMet(); }

private:
    enum Sql
    {
        BeginSql,
        CommitSql,
        RollbackSql,
        InsertSql,
        UpdateSql,
        SelectSql,
        SqlCount,
    };

    Worker(const Task &task, sqlite::Connection connection)
        : m_work(task.work)
        , m_keys(task.seed, task.rows)
        , m_connection(std::make_unique<sqlite::Connection>(std::move(connection)))
    {
    }

    Result<void> setUp(const Configuration &configuration);
    Result<void> change();
    Result<void> read(std::int64_t key);
    /// To its end, and back to its beginning.
    Result<void> run(Sql sql);

    Work m_work;
    Keys m_keys;
    std::unique_ptr<sqlite::Connection> m_connection; ///< stays where it is: the statements know it
    std::unique_ptr<sqlite::Patience> m_patience;
    std::vector<sqlite::Statement> m_statements; ///< by Sql
    std::int64_t m_amount = 0;                   ///< that was read last
};

Result<Worker> Worker::open(const Task &task)
{
    // Looking at each cell's size is ours, not the measured program's.
    auto connection = sqlite::Connection::open(task.database, {.mode = sqlite::Mode::Scratch, .sizeCells = false});
    if (!connection)
        return std::unexpected(connection.error());
    Worker worker(task, std::move(*connection));
    if (const Result<void> set = worker.setUp(task.configuration); !set)
        return std::unexpected(set.error());
    return worker;
}

Result<void> Worker::setUp(const Configuration &configuration)
{
    using std::to_string;
    const std::string pragmas = "PRAGMA cache_size=" + to_string(configuration.cacheSize) +
                                "; PRAGMA mmap_size=" + to_string(configuration.mmapSize) +
                                "; PRAGMA journal_mode=" + nameOf(configuration.journal) +
                                "; PRAGMA synchronous=" + nameOf(configuration.synchronous) +
                                "; PRAGMA wal_autocheckpoint=1000"; // SQLite's own, which our connections turn off
    // Setting up may wait for the other processes, which do the same; then as long as the program would.
    if (const Result<void> set = m_connection->execute(pragmas); !set)
        return set;
    m_patience = std::make_unique<sqlite::Patience>(*m_connection, configuration.busyTimeout);
    const std::array<std::string, SqlCount> texts{
        std::string("BEGIN ") + nameOf(configuration.begin),
        "COMMIT",
        "ROLLBACK",
        "INSERT INTO item(owner, amount, note) VALUES (?1 % 1000, 1, 'a row that somebody has just added')",
        "UPDATE item SET amount = ?2 + 1 WHERE id = ?1",
        "SELECT owner, amount, note FROM item WHERE id = ?1"};
    for (const std::string &text : texts) {
        Result<sqlite::Statement> statement = m_connection->prepare(text);
        if (!statement)
            return std::unexpected(statement.error());
        m_statements.push_back(std::move(*statement));
    }
    return {};
}

Result<void> Worker::run(Sql sql)
{
    sqlite::Statement &statement = m_statements[sql];
    Result<bool> row = statement.step();
    while (row && *row)
        row = statement.step();
    statement.reset();
    return row ? Result<void>() : std::unexpected(row.error());
}

Result<void> Worker::read(std::int64_t key)
{
    sqlite::Statement &select = m_statements[SelectSql];
    select.bind(1, key);
    const Result<bool> row = select.step();
    if (row && *row)
        m_amount = select.number(1);
    select.reset();
    return row ? Result<void>() : std::unexpected(row.error());
}

Result<void> Worker::change()
{
    const std::int64_t key = m_keys.next();
    if (m_work == Work::Append) {
        m_statements[InsertSql].bind(1, key);
        return run(InsertSql);
    }
    if (m_work == Work::ReadThenWrite) {
        if (const Result<void> done = read(key); !done)
            return done;
    }
    m_statements[UpdateSql].bind(1, key);
    m_statements[UpdateSql].bind(2, m_amount);
    return run(UpdateSql);
}

Result<void> Worker::doOne()
{
    Result<void> done;
    if (!writes(m_work)) {
        for (std::uint64_t i = 0; done && i < queriesOf(m_work); ++i)
            done = read(m_keys.next());
        return done;
    }
    done = run(BeginSql);
    if (!done)
        return done;
    done = change();
    if (done)
        done = run(CommitSql);
    if (!done) // what the failure itself rolled back makes this one fail, too
        (void)run(RollbackSql);
    return done;
}

Result<Tally> work(Worker &worker, const Task &task, Clock::time_point start)
{
    Tally tally;
    std::this_thread::sleep_until(start);
    const auto end = start + task.length;
    const auto latest = start + 4 * task.length;
    for (auto began = start; began < end || (tally.done < task.leastDone && began < latest);) {
        const std::uint64_t locksBefore = worker.locksMet();
        const Result<void> done = worker.doOne();
        if (!done && done.error().code != ErrorCode::Busy)
            return std::unexpected(done.error());
        const auto now = Clock::now();
        tally.longest = std::max<Nanoseconds>(tally.longest, now - began);
        if (done) {
            tally.latency.add(now - began);
            ++tally.done;
        } else {
            ++tally.failed;
        }
        if (!done || worker.locksMet() > locksBefore)
            ++tally.busy;
        tally.elapsed = now - start;
        began = now;
    }
    return tally;
}

void say(std::string_view line)
{
    std::cout << line << std::endl;
}

}

int runWorker(std::span<char *const> arguments)
{
    platform::endWithParent();
    const std::optional<Task> task = taskFrom(arguments);
    if (!task)
        return 2;
    Result<Worker> worker = Worker::open(*task);
    if (!worker) {
        say(lineFor(worker.error()));
        return 1;
    }
    say(Ready);
    Clock::rep start = 0;
    if (!(std::cin >> start))
        return 1; // nobody there any more
    const Result<Tally> tally = work(*worker, *task, Clock::time_point(Clock::duration(start)));
    say(tally ? lineFor(*tally) : lineFor(tally.error()));
    return tally ? 0 : 1;
}

}
