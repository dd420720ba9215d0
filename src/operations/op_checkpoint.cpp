// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/litestreampause.h"
#include "operations/transaction.h"
#include "operations/verdict.h"

#include <QtGlobal>

namespace lk::operations {

using sqlite::Connection;

static constexpr std::uint64_t SmallRoom = 1 << 20;

/// Never beside another program with a SQLite that has the WAL-reset bug (safety.md, fact 16). What a crash left and
/// nobody has open is moved only if what it leads to is sound.
static Result<void> mayCheckpoint(const Target &target, const Preflight &before, const inspect::Holders &holders,
                                  const Arguments &arguments, JobContext &context)
{
    // Pages of the -wal may lie behind the database's end.
    if (const Result<void> may = mayBeChanged(target, before, before.glance.siblings.wal + SmallRoom); !may)
        return may;
    if (const Result<void> may = mayBreakTracking(target.path, arguments); !may)
        return may;
    const bool inUse = isInTheWay(holders, before.locked, arguments);
    if (inUse && sqlite::libraryHasWalResetBug())
        return fail(ErrorCode::Busy, Reason::WalResetBug, target.path, {sqlite::libraryVersion(), who(holders)});
    if (inUse)
        return {};
    const Result<Verdict> whole = undamaged(target.path, before.glance, context);
    return whole ? Result<void>() : std::unexpected(whole.error());
}

/// \a moved and \a walSize once it is done.
static std::vector<Field> fieldsOf(std::int64_t frames, std::int64_t moved, std::uint64_t walSize)
{
    return {{"frames", frames}, {"moved", moved}, {"wal_size", static_cast<std::int64_t>(walSize)}};
}

static Report preflightCheckpoint(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    const sqlite::Glance &glance = before->glance;
    Report report;
    report.fields = fieldsOf(0, 0, glance.siblings.wal);
    if (!glance.stored->isWal() || glance.siblings.wal == 0) {
        report.status = Status::Unchanged;
        if (!glance.stored->isWal())
            report.notes.push_back({Note::AlreadyInRollback, {}});
        return report;
    }
    const inspect::Holders holders = inspect::holders(target.path);
    if (const Result<void> may = mayCheckpoint(target, *before, holders, arguments, context); !may)
        return skipped(may.error());
    const auto frames = static_cast<std::int64_t>(glance.wal ? glance.wal->committedFrames : 0);
    report.fields = fieldsOf(frames, frames, flag(arguments, "truncate") ? 0 : glance.siblings.wal);
    if (holders.hidden)
        report.notes.push_back({Note::OthersHidden, {}});
    return report;
}

/// What SQLite says of a checkpoint: all is well only if it was not kept from its end.
struct Moved
{
    bool busy = false;
    std::int64_t frames = 0;
    std::int64_t moved = 0;
};

static Result<Moved> ask(Connection &connection, const char *pragma)
{
    Result<sqlite::Statement> statement = connection.prepare(pragma);
    const Result<bool> row = statement ? statement->step() : std::unexpected(statement.error());
    if (!row)
        return std::unexpected(row.error());
    return Moved{statement->number(0) != 0, statement->number(1), statement->number(2)};
}

/// First without making anybody wait, which tells the numbers; then, if that is wanted, with waiting until nobody reads
/// from the -wal any more, so that it can be cut to nothing.
static Result<Moved> move(Connection &connection, bool truncate)
{
    const Result<Moved> moved = ask(connection, "PRAGMA wal_checkpoint(PASSIVE)");
    if (!moved || !truncate)
        return moved;
    const Result<Moved> cut = ask(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    if (!cut)
        return cut;
    return Moved{cut->busy, moved->frames, cut->busy ? cut->moved : moved->frames};
}

static Report runCheckpoint(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = askPatiently(preflightCheckpoint, target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const bool truncate = flag(arguments, "truncate");
    const inspect::Holders holders = inspect::holders(target.path);
    Result<Moved> moved = [&]() -> Result<Moved> {
        Result<Connection> connection = Connection::open(
            target.path, {.mode = sqlite::Mode::Act, .stop = context.stop, .wait = context.wait, .sizeCells = false});
        if (!connection)
            return std::unexpected(connection.error());
        // For us alone, where we are: who comes later waits, and can't write at the wrong moment.
        if (holders.list.empty()) {
            if (const Result<void> alone = connection->execute("PRAGMA locking_mode=exclusive"); !alone)
                return std::unexpected(alone.error());
        }
        return move(*connection, truncate);
    }();
    if (moved && moved->busy)
        moved = fail(ErrorCode::Busy, target.path, "wal_checkpoint answered busy");
    if (!moved)
        return failed(explained(moved.error(), target));
    const Result<sqlite::Glance> after = sqlite::glance(target.path);
    if (!after)
        return failed(after.error());
    report.fields = fieldsOf(moved->frames, moved->moved, after->siblings.wal);
    return report;
}

/// On an overlay, where nobody is in the way.
static Report rehearseCheckpoint(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightCheckpoint(target, arguments, context);
    if (report.status != Status::Done)
        return report;
    Result<Connection> connection = Connection::open(target.path, {.stop = context.stop});
    const Result<Moved> moved =
        connection ? ask(*connection, "PRAGMA wal_checkpoint(PASSIVE)") : std::unexpected(connection.error());
    if (!moved)
        return failed(moved.error());
    const auto walSize = std::get<std::int64_t>(*report.field("wal_size"));
    report.fields = fieldsOf(moved->frames, moved->moved, static_cast<std::uint64_t>(walSize));
    return report;
}

extern const Operation checkpointOperation;
const Operation checkpointOperation{
    .id = "checkpoint",
    .title = QT_TRANSLATE_NOOP("Operation", "Checkpoint"),
    .summary = QT_TRANSLATE_NOOP("Operation", "Moves what is in the -wal into the database."),
    .risk = Risk::ChangesFile,
    .parameters = {{.id = "truncate",
                    .kind = Parameter::Kind::Flag,
                    .title = QT_TRANSLATE_NOOP("Operation", "Empty the -wal"),
                    .help = QT_TRANSLATE_NOOP("Operation",
                                              "wait for readers, and cut the -wal to nothing (TRUNCATE); without this "
                                              "nobody waits, and the -wal keeps its size and is written anew from its "
                                              "start (PASSIVE)")},
                   pauseLitestream()},
    .preflight = preflightCheckpoint,
    .rehearse = rehearseCheckpoint,
    .run = runCheckpoint,
};

}
