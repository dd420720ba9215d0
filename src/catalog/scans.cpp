// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/scans.h"

#include "inspect/gather.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace lk::catalog {

using inspect::DatabaseFacts;
using sqlite::Header;

/// Of other roots than the last ones', too: whoever goes to and fro between two places finds both.
static constexpr int MostScans = 5;

// Headers as bytes ---------------------------------------------------------------------------------------------------

/// The inverse of sqlite::parseHeader().
static std::string bytesOf(const Header &header)
{
    std::string bytes("SQLite format 3");
    bytes.resize(Header::Size, '\0');
    const auto put = [&](std::size_t at, std::uint32_t number, std::size_t size = 4) {
        for (std::size_t i = 0; i < size; ++i)
            bytes[at + i] = static_cast<char>(number >> (8 * (size - 1 - i)));
    };
    put(16, header.pageSize == 65536 ? 1 : header.pageSize, 2);
    put(18, header.writeVersion, 1);
    put(19, header.readVersion, 1);
    put(20, header.reservedBytes, 1);
    put(21, header.maxPayloadFraction, 1);
    put(22, header.minPayloadFraction, 1);
    put(23, header.leafPayloadFraction, 1);
    const std::array numbers{header.changeCounter,
                             header.pageCount,
                             header.freelistTrunk,
                             header.freelistPages,
                             header.schemaCookie,
                             header.schemaFormat,
                             static_cast<std::uint32_t>(header.defaultCacheSize),
                             header.largestRootPage,
                             header.textEncoding,
                             header.userVersion,
                             header.incrementalVacuum,
                             header.applicationId};
    for (std::size_t i = 0; i < numbers.size(); ++i)
        put(24 + 4 * i, numbers[i]);
    put(92, header.versionValidFor);
    put(96, header.writerVersion);
    return bytes;
}

static std::optional<Header> headerOf(const std::string &bytes)
{
    const Result<Header> header = sqlite::parseHeader(std::as_bytes(std::span(bytes)));
    return header ? std::optional(*header) : std::nullopt;
}

// Keeping ------------------------------------------------------------------------------------------------------------

static std::int64_t nowNs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

static qint64 asNumber(std::uint64_t number)
{
    return static_cast<qint64>(number); // and back: the bits stay
}

static std::string joined(const std::vector<Path> &roots)
{
    std::string bytes;
    for (const Path &root : roots)
        bytes += root.native() + '\0';
    return bytes;
}

static std::vector<Path> split(const std::string &bytes)
{
    std::vector<Path> roots;
    for (std::size_t at = 0, end = 0; (end = bytes.find('\0', at)) != std::string::npos; at = end + 1)
        roots.emplace_back(bytes.substr(at, end - at));
    return roots;
}

static Result<void> insert(Database &database, std::int64_t scan, const std::vector<DatabaseFacts> &found)
{
    auto next = found.begin();
    return database.runMany("INSERT OR REPLACE INTO found(scan, path, state, device, inode, size, allocated, modified, "
                            "changed, mode, owner, "
                            "\"group\", links, header, wal, journal, hot, pages, problems) "
                            "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                            [&](std::vector<QVariant> &values) {
                                if (next == found.end())
                                    return false;
                                const DatabaseFacts &facts = *next++;
                                const sqlite::Glance &seen = facts.seen;
                                const platform::FileStatus &file = seen.file;
                                const Header *header = facts.header();
                                values = {qint64(scan),
                                          blob(facts.path.native()),
                                          static_cast<int>(seen.state),
                                          asNumber(file.id.device),
                                          asNumber(file.id.inode),
                                          asNumber(file.size),
                                          asNumber(file.allocated),
                                          qint64(file.modifiedNs),
                                          qint64(file.changedNs),
                                          file.mode,
                                          file.owner,
                                          file.group,
                                          asNumber(file.links),
                                          header ? blob(bytesOf(*header)) : QVariant(),
                                          asNumber(seen.siblings.wal),
                                          asNumber(seen.siblings.journal),
                                          seen.hotJournal,
                                          seen.pageCount,
                                          asNumber(seen.problems.size())};
                                return true;
                            });
}

static Result<void> insert(Database &database, std::int64_t scan, const std::vector<scan::NotEntered> &notEntered)
{
    auto next = notEntered.begin();
    return database.runMany(
        "INSERT OR REPLACE INTO not_entered(scan, path, why, filesystem, errno, is_file) VALUES(?,?,?,?,?,?)",
        [&](std::vector<QVariant> &values) {
            if (next == notEntered.end())
                return false;
            values = {qint64(scan),
                      blob(next->path.native()),
                      static_cast<int>(next->why),
                      QString::fromStdString(next->filesystem),
                      next->systemError,
                      next->isFile};
            ++next;
            return true;
        });
}

ScanKeeper::ScanKeeper(Memory &memory)
    : m_memory(memory)
{
}

void ScanKeeper::begin(const std::vector<Path> &roots)
{
    m_scan = std::make_shared<std::int64_t>(0);
    m_memory.write([scan = m_scan, roots = joined(roots)](Database &database) -> Result<void> {
        const Result<void> begun =
            database.run("INSERT INTO scan(roots, started) VALUES(?, ?)", {blob(roots), qint64(nowNs())});
        const Result<std::int64_t> id = begun ? database.lastId() : std::unexpected(begun.error());
        *scan = id.value_or(0);
        return id ? Result<void>() : std::unexpected(id.error());
    });
}

void ScanKeeper::resume(std::int64_t scan)
{
    m_scan = std::make_shared<std::int64_t>(scan);
}

void ScanKeeper::add(std::vector<DatabaseFacts> found)
{
    if (!m_scan || found.empty())
        return;
    m_memory.write([scan = m_scan, found = std::move(found)](Database &database) -> Result<void> {
        return *scan == 0 ? Result<void>() : database.transaction([&] { return insert(database, *scan, found); });
    });
}

/// Those before of the same roots go, all but the newest few, and what killed runs left.
static Result<void> removeOld(Database &database, std::int64_t scan)
{
    using namespace std::chrono_literals;
    const Result<void> same = database.run("DELETE FROM scan WHERE id < ? AND finished IS NOT NULL AND roots = "
                                           "(SELECT roots FROM scan WHERE id = ?)",
                                           {qint64(scan), qint64(scan)});
    if (!same)
        return same;
    const Result<void> many = database.run("DELETE FROM scan WHERE finished <= (SELECT finished FROM scan WHERE "
                                           "finished IS NOT NULL ORDER BY finished DESC LIMIT 1 OFFSET ?)",
                                           {MostScans});
    if (!many)
        return many;
    const std::int64_t day = std::chrono::nanoseconds(24h).count();
    return database.run("DELETE FROM scan WHERE finished IS NULL AND started < ?", {qint64(nowNs() - day)});
}

void ScanKeeper::end(const scan::Summary &summary)
{
    if (!m_scan)
        return;
    m_memory.write([scan = m_scan, summary](Database &database) -> Result<void> {
        if (*scan == 0)
            return {};
        return database.transaction([&]() -> Result<void> {
            const scan::Counts &counts = summary.counts;
            const Result<void> ended = database.run(
                "UPDATE scan SET finished=?, lasted=?, files=?, folders=?, passed=?, stopped=? WHERE id = ?",
                {qint64(nowNs()), qint64(summary.duration.count()), asNumber(counts.files), asNumber(counts.folders),
                 asNumber(counts.passedOverBySize), summary.stopped, qint64(*scan)});
            if (!ended)
                return ended;
            const Result<void> cleared = database.run("DELETE FROM not_entered WHERE scan = ?", {qint64(*scan)});
            if (!cleared)
                return cleared;
            const Result<void> inserted = insert(database, *scan, summary.notEntered);
            return inserted ? removeOld(database, *scan) : inserted;
        });
    });
}

// Asking -------------------------------------------------------------------------------------------------------------

static Scan scanOf(const Row &row)
{
    Scan scan;
    scan.id = row.number(0);
    scan.roots = split(row.bytes(1));
    scan.finishedNs = row.number(2);
    scan.summary.duration = std::chrono::nanoseconds(row.number(3));
    scan.summary.counts.files = static_cast<std::uint64_t>(row.number(4));
    scan.summary.counts.folders = static_cast<std::uint64_t>(row.number(5));
    scan.summary.counts.passedOverBySize = static_cast<std::uint64_t>(row.number(6));
    scan.summary.stopped = row.number(7) != 0;
    return scan;
}

Result<std::optional<Scan>> lastScan(Database &database)
{
    std::optional<Scan> last;
    Result<void> asked = database.run("SELECT id, roots, finished, lasted, files, folders, passed, stopped FROM scan "
                                      "WHERE finished IS NOT NULL ORDER BY finished DESC LIMIT 1",
                                      {}, [&](const Row &row) { last = scanOf(row); });
    if (asked && last)
        asked = database.run("SELECT path, why, filesystem, errno, is_file FROM not_entered WHERE scan = ?",
                             {qint64(last->id)}, [&](const Row &row) {
                                 last->summary.notEntered.push_back({.path = row.bytes(0),
                                                                     .why = static_cast<scan::WhyNot>(row.number(1)),
                                                                     .systemError = static_cast<int>(row.number(3)),
                                                                     .filesystem = row.text(2),
                                                                     .isFile = row.number(4) != 0});
                             });
    return asked ? Result<std::optional<Scan>>(std::move(last)) : std::unexpected(asked.error());
}

static sqlite::Glance glanceOf(const Row &row)
{
    const auto number = [&](int column) { return static_cast<std::uint64_t>(row.number(column)); };
    sqlite::Glance seen;
    seen.state = static_cast<sqlite::State>(row.number(1));
    seen.file = {.id = {.device = number(2), .inode = number(3)},
                 .size = number(4),
                 .allocated = number(5),
                 .modifiedNs = row.number(6),
                 .changedNs = row.number(7),
                 .mode = static_cast<std::uint32_t>(number(8)),
                 .owner = static_cast<std::uint32_t>(number(9)),
                 .group = static_cast<std::uint32_t>(number(10)),
                 .links = number(11)};
    if (!row.isNull(12))
        seen.current = headerOf(row.bytes(12));
    seen.siblings.wal = number(13);
    seen.siblings.journal = number(14);
    seen.siblings.walExists = seen.siblings.wal > 0;
    seen.siblings.journalExists = seen.siblings.journal > 0;
    seen.hotJournal = row.number(15) != 0;
    seen.pageCount = static_cast<std::uint32_t>(number(16));
    seen.problems.resize(std::min<std::size_t>(number(17), 1000)); // how many there were is all that is kept of them
    return seen;
}

Result<std::vector<DatabaseFacts>> foundBy(Database &database, std::int64_t scan, const Path &after, std::size_t most)
{
    const platform::Mounts mounts = platform::Mounts::current();
    std::vector<DatabaseFacts> found;
    const Result<void> asked = database.run(
        "SELECT path, state, device, inode, size, allocated, modified, changed, mode, owner, \"group\", "
        "links, header, wal, journal, hot, pages, problems FROM found WHERE scan = ? AND path > ? ORDER BY path "
        "LIMIT ?",
        {qint64(scan), blob(after.native()), asNumber(most)},
        [&](const Row &row) { found.push_back(inspect::facts(row.bytes(0), glanceOf(row), mounts)); });
    return asked ? Result<std::vector<DatabaseFacts>>(std::move(found)) : std::unexpected(asked.error());
}

}
