// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/space.h"

#include "inspect/moment.h"
#include "inspect/spacewatcher.h"
#include "sqlite/connection.h"
#include "sqlite/heapbound.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace lk::inspect {

using sqlite::Connection;
using sqlite::Statement;
using Clock = std::chrono::steady_clock;

/// What measuring may cost beside the time that reading takes (safety.md, fact 21).
static constexpr std::int64_t MostHeap = 128 << 20;         ///< in bytes
static constexpr std::int64_t LongestValue = 1 << 20;       ///< in bytes; of the schema's texts: no other value is read
static constexpr std::chrono::seconds LongestOnDamage{3};   ///< for what may be whole behind the damage
static constexpr std::chrono::milliseconds WorthAgain{500}; ///< a pass that took no longer is made again after a change

namespace {

/// One pass over a database, b-tree by b-tree.
class Measurement
{
public:
    Measurement(const Path &path, const std::stop_token &stop, Progress &progress)
        : m_path(path)
        , m_caller(stop)
        , m_onStop(stop, [this] { m_stop.request_stop(); })
        , m_watcher(progress, m_stop)
    {
    }

    Result<Space> measure(const sqlite::Header &header)
    {
        auto connection = Connection::open(m_path, {.stop = m_stop.get_token(),
                                                    .budget = {.longestValue = LongestValue},
                                                    .sizeCells = false,
                                                    .watcher = &m_watcher});
        if (!connection)
            return std::unexpected(connection.error());
        if (const Result<void> ready = prepare(*connection); !ready)
            return std::unexpected(meaningOf(ready.error()));
        Result<void> whole = makeTable(*connection);
        if (!whole && whole.error().code == ErrorCode::Unsupported)
            return std::unexpected(whole.error());
        if (whole)
            whole = measureAll(*connection);
        if (!whole && m_caller.stop_requested())
            return fail(ErrorCode::Cancelled, m_path);
        if (!whole)
            becomePartial(meaningOf(whole.error()));
        if (!whole && !m_watcher.foundPageOfTwo())
            measureRest(*connection);
        finish(header);
        return std::move(m_space);
    }

private:
    Result<void> prepare(Connection &connection)
    {
        Result<Schema> schema = readSchema(connection);
        if (!schema)
            return std::unexpected(schema.error());
        const Result<std::int64_t> pageSize = connection.number("PRAGMA page_size");
        const Result<std::int64_t> pageCount = connection.number("PRAGMA page_count");
        const Result<std::int64_t> freelist = connection.number("PRAGMA freelist_count");
        for (const auto *value : {&pageSize, &pageCount, &freelist}) {
            if (!*value)
                return std::unexpected(value->error());
        }
        m_space.pageSize = static_cast<std::uint32_t>(*pageSize);
        m_space.pageCount = static_cast<std::uint64_t>(*pageCount);
        m_space.freelistPages = static_cast<std::uint64_t>(*freelist);
        m_schema = std::move(*schema);
        for (const SchemaObject &object : m_schema.objects)
            m_objects.emplace(object.name, &object);
        m_watcher.begin(m_space.pageSize, m_space.pageCount, m_space.freelistPages, m_schema);
        return {};
    }

    /// Under a name of our own: the file may have a table that is called dbstat.
    static Result<void> makeTable(Connection &connection)
    {
        Result<void> made = connection.execute("CREATE VIRTUAL TABLE temp.litekeeper_space USING dbstat(main)");
        if (!made && made.error().code == ErrorCode::Internal) // this SQLite was built without it
            made.error().code = ErrorCode::Unsupported;
        return made;
    }

    static constexpr std::string_view Query =
        "SELECT name, pageno, ncell, payload, unused, pgsize FROM temp.litekeeper_space WHERE aggregate = TRUE";

    Result<void> measureAll(Connection &connection)
    {
        Result<Statement> statement = connection.prepare(Query);
        return statement ? takeAll(*statement) : std::unexpected(statement.error());
    }

    /// Each row is the sum of one b-tree, just read.
    Result<void> takeAll(Statement &statement)
    {
        for (;;) {
            m_watcher.take();
            const Result<bool> row = statement.step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                return {};
            take(statement);
        }
    }

    void take(const Statement &row)
    {
        const SpaceWatcher::Seen seen = m_watcher.take();
        const auto cells = static_cast<std::uint64_t>(row.number(2));
        SpaceItem item;
        item.name = row.text(0);
        item.table = item.name;
        item.pages = static_cast<std::uint64_t>(row.number(1));
        item.payload = static_cast<std::uint64_t>(row.number(3));
        item.unused = unusedOf(row.number(4));
        item.bytes = static_cast<std::uint64_t>(row.number(5));
        const auto found = m_objects.find(item.name);
        if (found != m_objects.end()) {
            const SchemaObject &object = *found->second;
            item.index = object.type == ObjectType::Index;
            item.table = owner(object.table);
            if (object.withoutRowid)
                item.rows = cells; // of inner pages, too
            else if (!item.index && seen.rows + seen.innerKeys == cells)
                item.rows = seen.rows; // none of its pages came from SQLite's own cache
        } else if (item.name == "sqlite_schema" && !m_schema.cutShort) {
            item.rows = m_schema.objects.size();
        }
        m_measured.insert(item.name);
        m_space.unusedBytes += item.unused;
        m_space.items.push_back(std::move(item));
    }

    /// SQLite's own answer, but for an empty page of 64 KB: there it takes 65536, stored as 0, for 0.
    std::uint64_t unusedOf(std::int64_t said) const
    {
        return static_cast<std::uint64_t>(said < 0 ? said + m_space.pageSize : said);
    }

    /// The virtual table that \a table is a part of, or itself.
    std::string owner(const std::string &table) const
    {
        const auto found = m_objects.find(table);
        return found == m_objects.end() || found->second->shadowOf.empty() ? table : found->second->shadowOf;
    }

    /// A page number beyond all that a file can have is "full" for SQLite, and a page of two stopped the pass.
    Error meaningOf(Error error) const
    {
        if (error.code == ErrorCode::NoSpace || m_watcher.foundPageOfTwo())
            error.code = ErrorCode::Damaged;
        return error;
    }

    void becomePartial(const Error &why)
    {
        m_space.partial = true;
        if (!m_space.why)
            m_space.why = why;
    }

    /// What the pass did not come to, each b-tree by itself.
    void measureRest(Connection &connection)
    {
        const Clock::time_point start = Clock::now();
        Result<Statement> statement = connection.prepare(std::string(Query) + " AND name = ?1");
        for (const SchemaObject &object : m_schema.objects) {
            if (!statement || Clock::now() - start > LongestOnDamage)
                return;
            if (object.rootPage == 0 || m_measured.contains(object.name))
                continue;
            statement->reset();
            statement->bind(1, object.name);
            (void)takeAll(*statement); // that it fails is known already
        }
    }

    /// Every page of a healthy database belongs to something.
    void finish(const sqlite::Header &header)
    {
        std::uint64_t pages = m_space.freelistPages + pagesWithoutContent(header);
        for (const SpaceItem &item : m_space.items)
            pages += item.pages;
        if (pages != m_space.pageCount)
            becomePartial({.code = ErrorCode::Damaged,
                           .path = m_path,
                           .arguments = {},
                           .detail = std::to_string(pages) + " of " + std::to_string(m_space.pageCount) +
                                     " pages belong to something"});
        std::ranges::stable_sort(m_space.items, std::greater(), &SpaceItem::pages);
    }

    /// The map of an auto-vacuum database, and the page with the lock bytes (sqlite.org/fileformat2.html, 1.3 and 1.8).
    std::uint64_t pagesWithoutContent(const sqlite::Header &header) const
    {
        static constexpr std::uint64_t LockByte = 1 << 30;
        const std::uint64_t entries = (m_space.pageSize - header.reservedBytes) / 5;
        const bool hasMap = header.largestRootPage != 0 && m_space.pageCount > 1;
        const std::uint64_t mapPages = hasMap ? (m_space.pageCount - 2) / (entries + 1) + 1 : 0;
        return mapPages + (m_space.pageCount * m_space.pageSize > LockByte ? 1 : 0);
    }

    Path m_path;
    std::stop_token m_caller;
    std::stop_source m_stop; ///< the caller's, and the watcher's
    std::stop_callback<std::function<void()>> m_onStop;
    SpaceWatcher m_watcher;
    Schema m_schema;
    std::map<std::string, const SchemaObject *, std::less<>> m_objects;
    std::set<std::string> m_measured; ///< names
    Space m_space;
};

}

Result<Space> measureSpace(const Path &path, std::stop_token stop, Progress &progress)
{
    const sqlite::HeapBound bound(MostHeap);
    bool first = true; // a second pass would begin at 0 again
    Moment<Space> moment = atOneMoment<Space>(path, WorthAgain, [&](const sqlite::Glance &seen) -> Result<Space> {
        if (!seen.current)
            return fail(ErrorCode::NotADatabase, path);
        Progress &shown = std::exchange(first, false) ? progress : Progress::none();
        return Measurement(path, stop, shown).measure(*seen.current);
    });
    if (moment.value && moment.changed) {
        moment.value->partial = true;
        moment.value->why = Error{.code = ErrorCode::Changed, .path = path, .arguments = {}, .detail = {}};
    }
    return std::move(moment.value);
}

}
