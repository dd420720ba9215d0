// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/history.h"

#include "catalog/json.h"
#include "sqlite/glance.h"

#include <algorithm>
#include <array>

namespace lk::catalog {

using operations::Field;
using operations::FieldValue;
using operations::Status;

/// How many runs of one operation on one file are kept that can't be taken back: timers run for years.
static constexpr std::int64_t MostKept = 100;

std::optional<Left> leftAt(const Path &path)
{
    const Result<sqlite::Glance> glance = sqlite::glance(path);
    if (!glance)
        return std::nullopt;
    const platform::FileStatus &file = glance->file;
    std::string as;
    const auto add = [&](auto number) { as += std::to_string(number) + ' '; };
    add(file.size);
    add(file.modifiedNs);
    add(glance->stored ? glance->stored->changeCounter : 0);
    add(glance->siblings.wal);
    add(glance->siblings.journal);
    if (glance->wal) {
        add(glance->wal->salt1);
        add(glance->wal->salt2);
        add(glance->wal->committedFrames);
    }
    return Left{.file = std::to_string(file.id.device) + ' ' + std::to_string(file.id.inode), .as = as};
}

const FieldValue *Entry::field(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &Field::id);
    return found == fields.end() ? nullptr : &found->value;
}

// Names that stay: scripts and older catalogues have them.
static constexpr std::array StatusNames{
    std::pair{Status::Done, "done"},
    std::pair{Status::Unchanged, "unchanged"},
    std::pair{Status::Skipped, "skipped"},
    std::pair{Status::Failed, "failed"},
};

static QString statusName(Status status)
{
    return QLatin1String(std::ranges::find(StatusNames, status, [](const auto &entry) { return entry.first; })->second);
}

static Status statusOf(std::string_view name)
{
    const auto found =
        std::ranges::find(StatusNames, name, [](const auto &entry) { return std::string_view(entry.second); });
    return found == StatusNames.end() ? Status::Failed : found->first;
}

// Keeping ------------------------------------------------------------------------------------------------------------

static QVariant text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

static QVariant textOrNull(const std::string &utf8)
{
    return utf8.empty() ? QVariant() : text(utf8);
}

static const std::string *textField(const Entry &entry, std::string_view id)
{
    const FieldValue *value = entry.field(id);
    return value ? std::get_if<std::string>(value) : nullptr;
}

static Result<void> addBackup(Database &database, const Entry &entry)
{
    const std::string *path = textField(entry, "backup");
    const std::string *sha256 = textField(entry, "sha256");
    const FieldValue *bytes = entry.field("bytes");
    const FieldValue *verified = entry.field("verified");
    if (entry.operation != "backup" || entry.status != Status::Done || !path || !sha256)
        return {};
    return database.run(
        "INSERT OR REPLACE INTO backup(path, source, made, bytes, sha256, verified) "
        "VALUES(?, ?, ?, ?, ?, ?)",
        {blob(*path), blob(entry.path.native()), qint64(entry.startedNs),
         qint64(bytes && std::holds_alternative<std::int64_t>(*bytes) ? std::get<std::int64_t>(*bytes) : 0),
         text(*sha256), verified && *verified == FieldValue(true)});
}

Result<std::int64_t> add(Database &database, const Entry &entry)
{
    std::int64_t id = 0;
    const std::string *verdict = textField(entry, "verdict");
    const Result<void> kept = database.transaction([&]() -> Result<void> {
        const Result<void> added = database.run(
            "INSERT INTO operation(path, operation, arguments, started, ended, status, error, detail, said, fields, "
            "verdict, undo, left_file, left_as, undoes, schedule) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            {blob(entry.path.native()), text(entry.operation), text(json::fromArguments(entry.arguments)),
             qint64(entry.startedNs), qint64(entry.endedNs), statusName(entry.status), textOrNull(entry.error),
             textOrNull(entry.detail), text(entry.said), text(json::fromFields(entry.fields)),
             verdict ? text(*verdict) : QVariant(), entry.undo ? text(json::fromInvocation(*entry.undo)) : QVariant(),
             entry.left ? text(entry.left->file) : QVariant(), entry.left ? text(entry.left->as) : QVariant(),
             entry.undoes ? QVariant(qint64(entry.undoes)) : QVariant(), textOrNull(entry.schedule)});
        const Result<std::int64_t> last = added ? database.lastId() : std::unexpected(added.error());
        if (!last)
            return std::unexpected(last.error());
        id = *last;
        if (const Result<void> backup = addBackup(database, entry); !backup)
            return backup;
        const QVariant path = blob(entry.path.native());
        const QVariant operation = text(entry.operation);
        return database.run("DELETE FROM operation WHERE path = ? AND operation = ? AND undo IS NULL AND id <= (SELECT "
                            "id FROM operation WHERE path = ? AND operation = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                            {path, operation, path, operation, qint64(MostKept)});
    });
    return kept ? Result<std::int64_t>(id) : std::unexpected(kept.error());
}

// Asking -------------------------------------------------------------------------------------------------------------

static constexpr const char *Columns =
    "SELECT o.id, o.path, o.operation, o.arguments, o.started, o.ended, o.status, o.error, o.detail, o.said, o.fields, "
    "o.undo, o.left_file, o.left_as, o.undoes, o.schedule, "
    "(SELECT max(u.id) FROM operation u WHERE u.undoes = o.id AND u.status IN ('done', 'unchanged')) FROM operation o ";

static Entry entryOf(const Row &row)
{
    Entry entry;
    entry.id = row.number(0);
    entry.path = row.bytes(1);
    entry.operation = row.text(2);
    entry.arguments = json::toArguments(row.text(3));
    entry.startedNs = row.number(4);
    entry.endedNs = row.number(5);
    entry.status = statusOf(row.text(6));
    entry.error = row.text(7);
    entry.detail = row.text(8);
    entry.said = row.text(9);
    entry.fields = json::toFields(row.text(10));
    if (!row.isNull(11))
        entry.undo = json::toInvocation(row.text(11));
    if (!row.isNull(12))
        entry.left = Left{.file = row.text(12), .as = row.text(13)};
    entry.undoes = row.number(14);
    entry.schedule = row.text(15);
    entry.undoneBy = row.number(16);
    return entry;
}

Result<std::vector<Entry>> entries(Database &database, const Wanted &wanted)
{
    std::vector<Entry> list;
    const auto take = [&](const Row &row) { list.push_back(entryOf(row)); };
    const std::string all = Columns + std::string("ORDER BY o.id DESC LIMIT ?");
    const std::string ofOne = Columns + std::string("WHERE o.path = ? ORDER BY o.id DESC LIMIT ?");
    Result<void> asked;
    if (wanted.paths.empty())
        asked = database.run(all.c_str(), {qint64(wanted.limit)}, take);
    for (const Path &path : wanted.paths) {
        if (asked)
            asked = database.run(ofOne.c_str(), {blob(path.native()), qint64(wanted.limit)}, take);
    }
    if (!asked)
        return std::unexpected(asked.error());
    std::ranges::sort(list, std::greater(), &Entry::id);
    if (wanted.limit >= 0 && list.size() > static_cast<std::size_t>(wanted.limit))
        list.resize(static_cast<std::size_t>(wanted.limit));
    return list;
}

Result<std::optional<Entry>> entry(Database &database, std::int64_t id)
{
    std::optional<Entry> found;
    const std::string sql = Columns + std::string("WHERE o.id = ?");
    const Result<void> asked = database.run(sql.c_str(), {qint64(id)}, [&](const Row &row) { found = entryOf(row); });
    return asked ? Result<std::optional<Entry>>(found) : std::unexpected(asked.error());
}

static std::chrono::system_clock::time_point timeOf(std::int64_t nanoseconds)
{
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(std::chrono::nanoseconds(nanoseconds)));
}

Result<inspect::History> historyOf(Database &database, const Path &path)
{
    inspect::History history;
    Result<void> asked = database.run("SELECT ended, verdict FROM operation WHERE path = ? AND operation = 'check' AND "
                                      "status = 'done' ORDER BY id DESC LIMIT 1",
                                      {blob(path.native())}, [&](const Row &row) {
                                          history.lastCheck = timeOf(row.number(0));
                                          history.lastCheckOk = row.text(1) != "damaged";
                                      });
    if (asked)
        asked = database.run("SELECT max(made) FROM backup WHERE source = ? AND verified", {blob(path.native())},
                             [&](const Row &row) {
                                 if (!row.isNull(0))
                                     history.lastBackup = timeOf(row.number(0));
                             });
    return asked ? Result<inspect::History>(history) : std::unexpected(asked.error());
}

Result<std::vector<Checked>> lastChecks(Database &database)
{
    std::vector<Checked> list;
    const Result<void> asked =
        database.run("SELECT path, verdict, ended, max(id) FROM operation WHERE operation = 'check' AND verdict IS NOT "
                     "NULL GROUP BY path",
                     {}, [&](const Row &row) {
                         list.push_back({row.bytes(0), row.text(1), row.number(2)});
                     });
    return asked ? Result<std::vector<Checked>>(std::move(list)) : std::unexpected(asked.error());
}

Result<std::vector<Backup>> backupsOf(Database &database, const Path &source)
{
    std::vector<Backup> list;
    const Result<void> asked = database.run("SELECT path, source, made, bytes, sha256, verified FROM backup "
                                            "WHERE ? = x'' OR source = ? ORDER BY made DESC, path",
                                            {blob(source.native()), blob(source.native())}, [&](const Row &row) {
                                                list.push_back({.path = row.bytes(0),
                                                                .source = row.bytes(1),
                                                                .madeNs = row.number(2),
                                                                .bytes = static_cast<std::uint64_t>(row.number(3)),
                                                                .sha256 = row.text(4),
                                                                .verified = row.number(5) != 0});
                                            });
    return asked ? Result<std::vector<Backup>>(std::move(list)) : std::unexpected(asked.error());
}

/// What went well, as SQL sees it.
static constexpr const char *Good = "status IN ('done', 'unchanged') AND verdict IS NOT 'damaged'";

Result<ScheduleRuns> runsOf(Database &database, const std::string &schedule)
{
    ScheduleRuns runs;
    const std::string last = Columns + std::string("WHERE o.schedule = ? ORDER BY o.id DESC LIMIT 1");
    const std::string good = std::string("SELECT max(ended) FROM operation WHERE schedule = ? AND ") + Good;
    Result<void> asked =
        database.run(last.c_str(), {text(schedule)}, [&](const Row &row) { runs.last = entryOf(row); });
    if (asked)
        asked = database.run(good.c_str(), {text(schedule)}, [&](const Row &row) { runs.lastGoodNs = row.number(0); });
    return asked ? Result<ScheduleRuns>(std::move(runs)) : std::unexpected(asked.error());
}

Result<std::vector<Entry>> failuresOf(Database &database, const std::string &schedule, std::int64_t sinceNs)
{
    std::vector<Entry> list;
    const std::string sql =
        Columns + std::string("WHERE o.schedule = ? AND o.started >= ? AND NOT (") + Good + ") ORDER BY o.id";
    const Result<void> asked = database.run(sql.c_str(), {text(schedule), qint64(sinceNs)},
                                            [&](const Row &row) { list.push_back(entryOf(row)); });
    return asked ? Result<std::vector<Entry>>(std::move(list)) : std::unexpected(asked.error());
}

}
