// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/litestreampause.h"
#include "operations/preflight.h"
#include "operations/turn.h"
#include "operations/verdict.h"
#include "sqlite/connection.h"

#include <QtGlobal>

namespace lk::operations {

using sqlite::Connection;

/// An empty -wal and a -shm, and one page of a journal while the header is changed.
static constexpr std::uint64_t RoomForSiblings = 1 << 20;

static std::string modeOf(const sqlite::Header &header)
{
    return inspect::journalModeName(header);
}

static Result<void> mayChangeMode(const Target &target, const Preflight &before, const inspect::Holders &holders,
                                  bool toWal, const Arguments &arguments, JobContext &context)
{
    const std::uint64_t bytesNeeded = RoomForSiblings + before.glance.siblings.wal;
    if (const Result<void> may = mayBeChanged(target, before, bytesNeeded); !may)
        return may;
    if (toWal && before.filesystemKind == platform::FilesystemKind::Network)
        return fail(ErrorCode::Refused, Reason::NetworkFilesystem, target.path, {before.filesystem});
    if (!toWal && managedByLitestream(target.path))
        return fail(ErrorCode::Refused, Reason::LitestreamNeedsWal, target.path);
    if (const Result<void> may = mayBreakTracking(target.path, arguments); !may)
        return may;
    // Leaving WAL needs the file for us alone, even idle connections prevent it (safety.md, fact 9).
    if (!toWal && isInTheWay(holders, before.locked, arguments))
        return fail(ErrorCode::Busy, Reason::InUseWhileLeavingWal, target.path, {who(holders)});
    // A -wal with content that nobody has open was left by a crash, or belongs to another database (safety.md, fact
    // 22): only the state it leads to tells.
    if (holders.list.empty() && before.glance.siblings.wal > 0) {
        if (const Result<Verdict> whole = undamaged(target.path, before.glance, context); !whole)
            return std::unexpected(whole.error());
    }
    return {};
}

static Report preflightJournal(const Target &target, const Arguments &arguments, JobContext &context)
{
    const bool toWal = value(arguments, "mode") == "wal";
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    Report report;
    report.fields = {{"before", modeOf(*before->glance.stored)}, {"after", toWal ? "wal" : "rollback"}};
    if (before->glance.stored->isWal() == toWal) {
        report.status = Status::Unchanged;
        return report;
    }
    const inspect::Holders holders = inspect::holders(target.path);
    if (const Result<void> may = mayChangeMode(target, *before, holders, toWal, arguments, context); !may)
        return skipped(may.error());
    report.notes = filesystemNotes(*before);
    if (toWal)
        report.notes.push_back({Note::BackupsMustIncludeWal, {}});
    if (!holders.list.empty())
        report.notes.push_back({Note::OthersHaveItOpen, {who(holders)}});
    if (holders.hidden)
        report.notes.push_back({Note::OthersHidden, {}});
    return report;
}

static const char *askFor(bool toWal)
{
    return toWal ? "PRAGMA journal_mode=wal" : "PRAGMA journal_mode=delete";
}

static Error modeNotChanged(const Path &path, bool toWal, const std::string &answer)
{
    return {.code = ErrorCode::Unsupported,
            .reason = Reason::ModeNotChanged,
            .path = path,
            .arguments = {toWal ? "wal" : "rollback", answer},
            .detail = "journal_mode answered " + answer};
}

/// Asks for the mode once. SQLite answers with the mode there is, or with an error.
static Result<std::string> askForMode(const Path &path, bool toWal, JobContext &context)
{
    Result<Connection> connection = Connection::open(
        path, {.mode = sqlite::Mode::Act, .stop = context.stop, .wait = context.wait, .checkpointOnClose = true});
    if (!connection)
        return std::unexpected(connection.error());
    return connection->text(askFor(toWal));
}

/// Busy, with who is in the way if that can be seen.
static Error busyError(const Target &target, bool toWal, const Error &cause, JobContext &context)
{
    Error error = cause;
    const inspect::Holders holders = inspect::holders(target.path);
    const std::string seconds = std::to_string(context.wait.count() / 1000);
    error.path = target.path;
    if (!toWal) {
        error.reason = Reason::InUseWhileLeavingWal;
        error.arguments = {who(holders)};
    } else if (!holders.list.empty()) {
        error.reason = Reason::InUseByOthers;
        error.arguments = {who(holders)};
    } else {
        error.reason = Reason::BusyWithReader;
        error.arguments = {seconds};
    }
    return error;
}

/// Leaving WAL, SQLite does not wait for a lock (safety.md, fact 9), so this does.
static Result<std::string> setMode(const Target &target, bool toWal, JobContext &context)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + context.wait;
    for (;;) {
        Result<std::string> answer = askForMode(target.path, toWal, context);
        if (answer || answer.error().code != ErrorCode::Busy)
            return answer;
        if (toWal || std::chrono::steady_clock::now() >= giveUpAt)
            return fail(busyError(target, toWal, answer.error(), context));
        context.progress.report({.phase = Phase::Waiting});
        if (!pause(context.stop, std::chrono::milliseconds(50)))
            return fail(ErrorCode::Cancelled, target.path);
    }
}

static Report runJournal(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = askPatiently(preflightJournal, target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const bool toWal = value(arguments, "mode") == "wal";
    context.progress.report({.phase = Phase::Finishing});
    const Result<std::string> answer = setMode(target, toWal, context);
    if (!answer)
        return failed(answer.error());
    // Not what SQLite answered, but what the file says now.
    const Result<sqlite::Glance> after = sqlite::glance(target.path);
    if (!after)
        return failed(after.error());
    if (!after->stored || after->stored->isWal() != toWal)
        return failed(modeNotChanged(target.path, toWal, *answer));
    report.fields.back().value = modeOf(*after->stored);
    report.undo = Invocation{"journal", target.path, {{"mode", toWal ? "delete" : "wal"}}};
    return report;
}

/// Lets SQLite switch the mode on an overlay: what it says there, it would say of the file.
static Report rehearseJournal(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightJournal(target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const bool toWal = value(arguments, "mode") == "wal";
    Result<Connection> connection = Connection::open(target.path, {.stop = context.stop});
    const Result<std::string> answer =
        connection ? connection->text(askFor(toWal)) : std::unexpected(connection.error());
    if (!answer)
        return failed(answer.error());
    if ((*answer == "wal") != toWal)
        return failed(modeNotChanged(target.path, toWal, *answer));
    report.fields.back().value = toWal ? "wal" : "rollback";
    return report;
}

extern const Operation journalOperation;
const Operation journalOperation{
    .id = "journal",
    .title = QT_TRANSLATE_NOOP("Operation", "Journal mode"),
    .summary = QT_TRANSLATE_NOOP("Operation", "Sets the journal mode and reads it back from the file."),
    .risk = Risk::ChangesFile,
    .parameters =
        {
            {.id = "mode",
             .kind = Parameter::Kind::Choice,
             .title = QT_TRANSLATE_NOOP("Operation", "Journal mode"),
             .help =
                 QT_TRANSLATE_NOOP("Operation", "wal: readers and one writer at once; delete: the rollback journal"),
             .choices = {{"wal", QT_TRANSLATE_NOOP("Operation", "Switch to WAL")},
                         {"delete", QT_TRANSLATE_NOOP("Operation", "Switch back to a rollback journal")}}},
            pauseLitestream(),
        },
    .preflight = preflightJournal,
    .rehearse = rehearseJournal,
    .run = runJournal,
};

}
