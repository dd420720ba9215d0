// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/compact.h"
#include "operations/litestreampause.h"
#include "operations/preflight.h"
#include "operations/rehearsal.h"
#include "operations/transaction.h"
#include "operations/verdict.h"

#include "inspect/schema.h"
#include "platform/diskspace.h"
#include "platform/scratchfile.h"
#include "sqlite/actorvfs.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::operations {

using sqlite::Connection;

/// A header's pages and directory entries, beside what is counted.
static constexpr std::uint64_t SmallRoom = 1 << 20;
/// How the time of a job is shared, roughly: the check before, the rewriting, the check after.
static constexpr double CheckShare = 0.1;
static constexpr double RewriteShare = 0.9;

static CompactSettings settingsFrom(const Arguments &arguments)
{
    const std::string size = value(arguments, "page-size");
    return {.pageSize = static_cast<std::uint32_t>(std::atoi(size.c_str())),
            .autoVacuum = value(arguments, "auto-vacuum")};
}

/// Where the temporary file goes, and what is needed there and beside the database (safety.md, fact 11).
struct Room
{
    Path folder;
    std::uint64_t beside = 0;    ///< bytes: a journal of the old pages, or the new ones in the -wal
    std::uint64_t temporary = 0; ///< bytes: the new file, before it is copied back
    std::uint64_t freeBeside = 0;
    std::uint64_t freeTemporary = 0;

    bool isEnough(bool sameVolume) const
    {
        return freeBeside >= beside + (sameVolume ? temporary : 0) && freeTemporary >= temporary;
    }
};

static bool onOneVolume(const Path &a, const Path &b)
{
    const auto first = platform::status(a);
    const auto second = platform::status(b);
    return first && second && first->id.device == second->id.device;
}

/// The first folder for temporary files with enough room, the database's own as the last; only \a chosen if the person
/// chose one. NoSpace (NotEnoughSpace), NotFound (TargetFolderMissing).
static Result<Room> findRoom(const Target &target, const sqlite::Glance &glance, const Path &chosen)
{
    const Path own = target.path.parent_path();
    std::vector<Path> candidates{chosen};
    if (chosen.empty()) {
        candidates = platform::temporaryFolders();
        candidates.push_back(own);
    }
    Room room{.folder = {}, .beside = bytesOf(glance) + SmallRoom, .temporary = bytesOf(glance)};
    room.freeBeside = platform::freeBytes(own).value_or(0);
    std::optional<Error> why;
    for (const Path &candidate : candidates) {
        const Result<Path> folder = platform::resolve(candidate);
        if (!folder || !platform::isWritableFolder(*folder)) {
            if (!chosen.empty())
                return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, target.path, {chosen.native()});
            continue;
        }
        const bool sameVolume = onOneVolume(*folder, own);
        room.folder = *folder;
        room.freeTemporary = platform::freeBytes(*folder).value_or(0);
        if (room.isEnough(sameVolume))
            return room;
        const bool besideIsShort = sameVolume || room.freeBeside < room.beside;
        if (!why)
            why = Error{.code = ErrorCode::NoSpace,
                        .reason = Reason::NotEnoughSpace,
                        .path = target.path,
                        .arguments = {std::to_string(besideIsShort ? room.beside + (sameVolume ? room.temporary : 0)
                                                                   : room.temporary),
                                      std::to_string(besideIsShort ? room.freeBeside : room.freeTemporary),
                                      besideIsShort ? own.native() : folder->native()},
                        .detail = {}};
    }
    return fail(why.value_or(Error{.code = ErrorCode::NoSpace, .path = target.path, .arguments = {}, .detail = {}}));
}

/// Names of the tables whose rowids VACUUM may change, for people: "a, b, c".
static std::string tablesWithLooseRowids(const Path &path, JobContext &context)
{
    static constexpr std::size_t MostNames = 10;
    Result<Connection> connection =
        Connection::open(path, {.stop = context.stop, .budget = {.time = std::chrono::seconds(2)}});
    const Result<inspect::Schema> schema =
        connection ? inspect::readStructure(*connection) : std::unexpected(connection.error());
    std::string names;
    std::size_t count = 0;
    for (const inspect::SchemaObject &table : schema ? schema->objects : std::vector<inspect::SchemaObject>()) {
        const bool ordinary = table.type == inspect::ObjectType::Table && table.module.empty() &&
                              table.shadowOf.empty() && !table.name.starts_with("sqlite_");
        if (!ordinary || table.withoutRowid || inspect::rowidColumn(table))
            continue;
        if (++count <= MostNames)
            names += (names.empty() ? "" : ", ") + table.name;
    }
    return count > MostNames ? names + ", …" : names;
}

static Result<void> mayCompact(const Target &target, const Preflight &before, const Arguments &arguments)
{
    if (const Result<void> may = mayBeChanged(target, before, before.glance.siblings.wal + SmallRoom); !may)
        return may;
    if (const Result<void> may = mayBreakTracking(target.path, arguments); !may)
        return may;
    const inspect::Holders holders = inspect::holders(target.path);
    if (isInTheWay(holders, before.locked, arguments))
        return fail(ErrorCode::Busy, Reason::InUseByOthers, target.path, {who(holders)});
    return {};
}

static std::vector<NoteText> notes(const Target &target, const Preflight &before, const CompactSettings &settings,
                                   const Room &room, JobContext &context)
{
    std::vector<NoteText> notes = filesystemNotes(before);
    notes.push_back({Note::SpaceNeeded,
                     {std::to_string(room.beside), std::to_string(room.freeBeside), std::to_string(room.temporary),
                      room.folder.native(), std::to_string(room.freeTemporary)}});
    if (const std::string tables = tablesWithLooseRowids(target.path, context); !tables.empty())
        notes.push_back({Note::RowidsChange, {tables}});
    if (before.glance.stored->isWal() && settings.pageSize != 0 && settings.pageSize != before.glance.current->pageSize)
        notes.push_back({Note::RollbackMeanwhile, {}});
    if (inspect::holders(target.path).hidden)
        notes.push_back({Note::OthersHidden, {}});
    return notes;
}

/// What is known before anything is tried.
struct Plan
{
    CompactSettings settings;
    Preflight before;
    Room room;
};

static Result<Plan> makePlan(const Target &target, const Arguments &arguments)
{
    Result<Preflight> before = preflight(target);
    if (!before)
        return std::unexpected(before.error());
    if (const Result<void> may = mayCompact(target, *before, arguments); !may)
        return std::unexpected(may.error());
    Result<Room> room = findRoom(target, before->glance, value(arguments, "temp"));
    if (!room)
        return std::unexpected(room.error());
    return Plan{settingsFrom(arguments), std::move(*before), std::move(*room)};
}

static Report preflightCompact(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Plan> plan = makePlan(target, arguments);
    if (!plan)
        return skipped(plan.error());
    const sqlite::Header &header = *plan->before.glance.current;
    const CompactSettings &settings = plan->settings;
    Report report;
    report.fields = {
        {"bytes_before", static_cast<std::int64_t>(bytesOf(plan->before.glance))},
        {"page_size", static_cast<std::int64_t>(settings.pageSize != 0 ? settings.pageSize : header.pageSize)},
        {"auto_vacuum", settings.autoVacuum.empty() ? inspect::autoVacuumName(header) : settings.autoVacuum},
    };
    report.notes = notes(target, plan->before, settings, plan->room, context);
    return report;
}

static std::vector<Field> fieldsOf(const CompactOutcome &outcome)
{
    const auto before = static_cast<std::int64_t>(outcome.before.bytes);
    const auto after = static_cast<std::int64_t>(outcome.after.bytes);
    return {{"bytes_before", before},
            {"bytes_after", after},
            {"freed", before - after},
            {"page_size", static_cast<std::int64_t>(outcome.after.pageSize)},
            {"auto_vacuum", outcome.after.autoVacuum}};
}

/// "1.4": in seconds.
static std::string tenths(std::chrono::milliseconds time)
{
    return std::to_string(time.count() / 1000) + '.' + std::to_string(time.count() / 100 % 10);
}

static Report rehearseCompactOperation(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightCompact(target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const Result<CompactOutcome> outcome = rehearseCompact(target.path, settingsFrom(arguments), context);
    if (!outcome)
        return refusedOrFailed(outcome.error());
    report.fields = fieldsOf(*outcome);
    report.notes.push_back({Note::RehearsalTook, {tenths(outcome->took)}});
    return report;
}

/// Tells how far VACUUM is by what it writes: the new file, then a journal of the old pages (or, in WAL mode, the new
/// ones again), then the new pages into the database.
class RewriteProgress final : public sqlite::WriteWatcher
{
public:
    RewriteProgress(std::uint64_t bytes, Progress &progress)
        : m_expected(3 * std::max<std::uint64_t>(bytes, 1))
        , m_progress(progress)
    {
    }

    void wrote(std::uint64_t bytes) override
    {
        m_done += bytes;
        if (m_done - m_told < (1 << 20))
            return;
        m_told = m_done;
        m_progress.report({.fraction = std::min(0.99, static_cast<double>(m_done) / static_cast<double>(m_expected)),
                           .done = m_done,
                           .phase = Phase::Copying});
    }

private:
    std::uint64_t m_expected;
    Progress &m_progress;
    std::uint64_t m_done = 0;
    std::uint64_t m_told = 0;
};

/// For us alone, so that it needs no -shm; only in WAL mode: after a rollback it would leave its journal.
static Result<Connection> openAlone(const Path &path, const sqlite::OpenOptions &options, bool isWal)
{
    Result<Connection> connection = Connection::open(path, options);
    const Result<void> alone =
        connection && isWal ? connection->execute("PRAGMA locking_mode=exclusive") : Result<void>();
    return alone ? std::move(connection) : std::unexpected(alone.error());
}

/// Opens the database once more as any program would: what an interrupted VACUUM left is undone by that, and what is
/// in the -wal goes into the database. Nothing stops it.
static Result<Figures> settle(const Path &path, bool isWal, const JobContext &context)
{
    Result<Connection> connection =
        openAlone(path, {.mode = sqlite::Mode::Act, .wait = context.wait, .checkpointOnClose = true}, isWal);
    return connection ? figures(*connection) : std::unexpected(connection.error());
}

/// In WAL mode nobody else may have the database open meanwhile: it ends with a checkpoint (safety.md, fact 16). A stop
/// that comes when it is done is none.
static Result<CompactOutcome> rewrite(const Target &target, const Plan &plan, bool isWal, JobContext &context)
{
    RewriteProgress watcher(bytesOf(plan.before.glance), context.progress);
    sqlite::OpenOptions options = vacuumOptions(context);
    options.mode = sqlite::Mode::Act;
    options.checkpointOnClose = true;
    options.writes = &watcher;
    options.temporaryFolder = plan.room.folder;
    Figures before;
    const Result<void> done = [&]() -> Result<void> {
        Result<Connection> connection = openAlone(target.path, options, isWal);
        const Result<Figures> now = connection ? figures(*connection) : std::unexpected(connection.error());
        before = now.value_or(before);
        return now ? vacuum(*connection, plan.settings) : std::unexpected(now.error());
    }();
    const Result<Figures> after = settle(target.path, isWal, context);
    if (!after)
        return fail(explained(after.error(), target));
    // VACUUM may fail after its commit, when it lets go of its temporary file: then what the file says counts.
    if (!done && *after == before)
        return fail(explained(done.error(), target));
    return CompactOutcome{.before = before, .after = *after};
}

/// What the file says now, not what was asked for.
static Result<void> readBack(const Target &target, const Plan &plan, const Figures &figures, JobContext &context)
{
    const Result<sqlite::Glance> after = sqlite::glance(target.path);
    if (!after)
        return std::unexpected(after.error());
    const CompactSettings &settings = plan.settings;
    const bool asPlanned = after->stored && after->stored->pageSize == figures.pageSize &&
                           (settings.pageSize == 0 || figures.pageSize == settings.pageSize) &&
                           inspect::autoVacuumName(*after->stored) == figures.autoVacuum &&
                           (settings.autoVacuum.empty() || figures.autoVacuum == settings.autoVacuum) &&
                           bytesOf(*after) == figures.bytes && after->siblings.wal == 0;
    if (!asPlanned)
        return fail(ErrorCode::Changed, target.path, "after VACUUM the file's header says something else");
    const Result<Verdict> verdict = undamaged(target.path, *after, context);
    return verdict ? Result<void>() : std::unexpected(verdict.error());
}

/// Switches the journal mode as the operation does it, to its end.
static Result<void> switchMode(const Target &target, const char *mode, JobContext &context)
{
    const Report report = find("journal")->run(target, {{"mode", mode}}, context);
    return report.error ? fail(*report.error) : Result<void>();
}

/// A new page size in WAL mode: WAL → rollback → VACUUM → WAL. If it ends between, the database is valid in rollback
/// mode, with its old or its new page size.
static Result<CompactOutcome> rewriteInRollback(const Target &target, const Plan &plan, JobContext &context)
{
    if (const Result<void> left = switchMode(target, "delete", context); !left)
        return std::unexpected(left.error());
    Result<CompactOutcome> outcome = rewrite(target, plan, false, context);
    JobContext unstoppable{{}, context.progress, context.wait};
    if (const Result<void> back = switchMode(target, "wal", unstoppable); !back)
        return std::unexpected(back.error());
    return outcome;
}

static Report runCompact(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = askPatiently(preflightCompact, target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const Result<Plan> plan = makePlan(target, arguments);
    if (!plan)
        return skipped(plan.error());
    PartOfProgress checking(context.progress, 0, CheckShare);
    PartOfProgress rewriting(context.progress, CheckShare, RewriteShare);
    PartOfProgress verifying(context.progress, RewriteShare, 1);
    JobContext step{context.stop, checking, context.wait};
    if (const Result<void> sound = soundToRewrite(target.path, plan->before.glance, step); !sound)
        return refusedOrFailed(sound.error());

    const bool isWal = plan->before.glance.stored->isWal();
    const std::uint32_t pageSize = plan->before.glance.current->pageSize;
    const bool otherPageSize = plan->settings.pageSize != 0 && plan->settings.pageSize != pageSize;
    JobContext rewriteStep{context.stop, rewriting, context.wait};
    const Result<CompactOutcome> outcome = isWal && otherPageSize ? rewriteInRollback(target, *plan, rewriteStep)
                                                                  : rewrite(target, *plan, isWal, rewriteStep);
    if (!outcome)
        return failed(outcome.error());
    JobContext unstoppable{{}, verifying, context.wait}; // it is done; only whether it is well is asked
    if (const Result<void> read = readBack(target, *plan, outcome->after, unstoppable); !read)
        return failed(read.error());
    report.fields = fieldsOf(*outcome);
    return report;
}

static std::vector<Parameter::Value> pageSizes()
{
    return {{"512", "512 B"},  {"1024", "1 KiB"},   {"2048", "2 KiB"},   {"4096", "4 KiB"},
            {"8192", "8 KiB"}, {"16384", "16 KiB"}, {"32768", "32 KiB"}, {"65536", "64 KiB"}};
}

extern const Operation compactOperation;
const Operation compactOperation{
    .id = "compact",
    .title = QT_TRANSLATE_NOOP("Operation", "Compact"),
    .summary =
        QT_TRANSLATE_NOOP("Operation", "Rewrites the file without free pages (VACUUM); its content stays the same."),
    .risk = Risk::RewritesFile,
    .parameters =
        {
            {.id = "page-size",
             .kind = Parameter::Kind::Option,
             .title = QT_TRANSLATE_NOOP("Operation", "Page size"),
             .help = QT_TRANSLATE_NOOP("Operation", "a new page size; a database in WAL mode leaves it meanwhile"),
             .choices = pageSizes()},
            {.id = "auto-vacuum",
             .kind = Parameter::Kind::Option,
             .title = QT_TRANSLATE_NOOP("Operation", "Auto-vacuum"),
             .help =
                 QT_TRANSLATE_NOOP("Operation", "whether free pages are given back: none never, full at each commit, "
                                                "incremental when they are asked for"),
             .choices = {{"none", QT_TRANSLATE_NOOP("Operation", "None")},
                         {"full", QT_TRANSLATE_NOOP("Operation", "Full")},
                         {"incremental", QT_TRANSLATE_NOOP("Operation", "Incremental")}}},
            {.id = "temp",
             .kind = Parameter::Kind::Folder,
             .title = QT_TRANSLATE_NOOP("Operation", "Folder for the temporary file"),
             .help = QT_TRANSLATE_NOOP("Operation", "where the new file is built first; default: where there is room"),
             .optional = true},
            pauseLitestream(),
        },
    .preflight = preflightCompact,
    .rehearse = rehearseCompactOperation,
    .run = runCompact,
};

}
