// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/transaction.h"

#include "operations/verdict.h"
#include "sqlite/standins.h"

namespace lk::operations {

using sqlite::Connection;

Result<Preflight> mayWrite(const Target &target, std::uint64_t bytesNeeded, std::vector<NoteText> &notes,
                           JobContext &context)
{
    Result<Preflight> before = preflight(target);
    if (!before)
        return before;
    if (const Result<void> may = mayBeChanged(target, *before, bytesNeeded + before->glance.siblings.wal); !may)
        return std::unexpected(may.error());
    const inspect::Holders holders = inspect::holders(target.path);
    if (holders.list.empty() && before->glance.siblings.wal > 0) {
        if (const Result<Verdict> whole = undamaged(target.path, before->glance, context); !whole)
            return std::unexpected(whole.error());
    }
    if (!holders.list.empty()) {
        notes.push_back({Note::OthersHaveItOpen, {who(holders)}});
        notes.push_back({Note::WillWait, {std::to_string(context.wait.count() / 1000)}});
    }
    if (holders.hidden)
        notes.push_back({Note::OthersHidden, {}});
    return before;
}

Error missingExtension(const Path &path, const std::vector<std::string> &names)
{
    return {.code = ErrorCode::Unsupported,
            .reason = Reason::MissingExtension,
            .path = path,
            .arguments = {names.front()},
            .detail = {}};
}

Report refusedOrFailed(const Error &error)
{
    const bool refused = error.code == ErrorCode::Damaged || error.code == ErrorCode::Unsupported;
    return refused ? skipped(error) : failed(error);
}

Error explained(Error error, const Target &target)
{
    error.path = target.path;
    if (error.code == ErrorCode::Busy && error.reason == Reason::None) {
        error.reason = Reason::InUseByOthers;
        error.arguments = {who(inspect::holders(target.path))};
    }
    if (error.code == ErrorCode::Internal && error.sqliteCode != 0) { // an SQL error
        error.code = ErrorCode::Unsupported;
        error.reason = Reason::UnknownSchema;
        error.arguments = {error.detail};
    }
    return error;
}

Result<void> inTransaction(const Target &target, sqlite::Mode mode, JobContext &context,
                           const std::function<Result<void>(Connection &)> &work)
{
    Result<Connection> connection = Connection::open(
        target.path,
        {.mode = mode, .stop = context.stop, .wait = context.wait, .checkpointOnClose = true, .sizeCells = false});
    if (!connection)
        return fail(explained(connection.error(), target));
    sqlite::StandIns standIns(*connection);
    Result<void> done = connection->execute("BEGIN IMMEDIATE");
    if (done)
        done = work(*connection);
    if (!done)
        standIns.provideFor(done.error());
    if (!standIns.names().empty()) // closing takes the transaction back
        return fail(missingExtension(target.path, standIns.names()));
    if (done)
        done = connection->execute("COMMIT");
    return done ? done : fail(explained(done.error(), target));
}

}
