// SPDX-License-Identifier: GPL-3.0-or-later
// What Litestream's replicas are for: bringing a database back, and trying now and then whether that would work.
#include "operations/litestreampause.h"
#include "operations/makebackup.h"
#include "operations/replicas.h"
#include "operations/restore.h"

#include "litestream/points.h"
#include "platform/scratchfile.h"
#include "sqlite/glance.h"

#include <QtGlobal>

#include <chrono>

namespace lk::operations {

/// How the time is shared, roughly: what comes over a network, and what is done with it here.
static constexpr double FetchShare = 0.5;

namespace {

using litestream::Point;

Result<std::optional<litestream::Moment>> momentOf(const Path &database, const Arguments &arguments)
{
    const std::string said = value(arguments, "at");
    if (said.empty())
        return std::nullopt;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto moment = litestream::momentFrom(said, now);
    if (!moment)
        return fail(ErrorCode::Unsupported, Reason::UnknownArgument, database, {said});
    return moment;
}

/// What a replica gave back, in a folder of ours.
struct Fetched
{
    platform::ScratchFolder folder;
    Path file;
    Point point;
};

Result<Point> pointFor(const ReplicaSource &source, const Arguments &arguments, std::stop_token stop)
{
    const auto moment = momentOf(source.database.path, arguments);
    if (!moment)
        return std::unexpected(moment.error());
    const auto contents = litestream::contentsOf(source.access, source.database, std::move(stop));
    if (!contents)
        return std::unexpected(contents.error());
    return litestream::pointAt(*contents, *moment, value(arguments, "replica"), source.database.path);
}

Result<Fetched> fetchFor(const Path &database, const Arguments &arguments, JobContext &context)
{
    context.progress.report({.phase = Phase::Copying});
    const Result<ReplicaSource> source = replicaSourceOf(database, value(arguments, "config"));
    const Result<Point> point = source ? pointFor(*source, arguments, context.stop) : std::unexpected(source.error());
    Result<platform::ScratchFolder> folder = point ? platform::ScratchFolder::create() : std::unexpected(point.error());
    if (!folder)
        return std::unexpected(folder.error());
    const Path file = folder->path() / "replica.sqlite";
    const Result<void> fetched = litestream::fetch(source->access, source->database, *point, file, context.stop);
    if (!fetched)
        return std::unexpected(fetched.error());
    return Fetched{.folder = std::move(*folder), .file = file, .point = *point};
}

std::vector<Field> fieldsOf(const Point &point)
{
    return {{"replica", point.replica}, {"generation", point.generation}, {"moment", isoTime(point.moment)}};
}

void add(Report &report, const std::vector<Field> &fields)
{
    report.fields.insert(report.fields.begin(), fields.begin(), fields.end());
}

/// Whether it could be done at all, as far as the configuration tells.
Report preflightReplica(const Target &target, const Arguments &arguments, JobContext &)
{
    const Result<ReplicaSource> source = replicaSourceOf(target.path, value(arguments, "config"));
    const auto moment = momentOf(target.path, arguments);
    if (!source || !moment)
        return skipped(source ? moment.error() : source.error());
    return {};
}

// ---- bringing it back

/// The arguments of the operation "restore".
Arguments restoreArguments(const Target &target, const Arguments &arguments)
{
    Arguments same = arguments;
    if (value(arguments, "to").empty())
        same["to"] = target.path.native();
    return same;
}

/// The same for the file that would be replaced, before anything is fetched.
Report preflightRestore(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightReplica(target, arguments, context);
    const Path to = value(restoreArguments(target, arguments), "to");
    if (report.error || !platform::status(to))
        return report;
    if (!flag(arguments, "replace"))
        return skipped({.code = ErrorCode::Refused,
                        .reason = Reason::OnlyWhenAsked,
                        .path = to,
                        .arguments = {"--replace"},
                        .detail = {}});
    const Result<void> may = mayBreakTracking(to, arguments);
    return may ? report : skipped(may.error());
}

/// What the replica gave back becomes a backup, checked as every backup is, and then \a then has it.
template <class Then>
Report withBackup(const Target &target, const Arguments &arguments, JobContext &context, Then then)
{
    if (const Report may = preflightRestore(target, arguments, context); may.error)
        return may;
    PartOfProgress fetching(context.progress, 0, FetchShare);
    JobContext fetchContext{context.stop, fetching, context.wait};
    const Result<Fetched> fetched = fetchFor(target.path, arguments, fetchContext);
    if (!fetched)
        return failed(fetched.error());
    PartOfProgress restoring(context.progress, FetchShare, 1);
    JobContext restoreContext{context.stop, restoring, context.wait};
    const Result<MadeBackup> made =
        makeBackup({.path = fetched->file, .seen = {}}, BackupFormat::Plain, fetched->folder.path(), restoreContext,
                   Identity{.source = target.path, .made = fetched->point.moment});
    if (!made)
        return failed(made.error());
    Report report =
        then(Target{.path = made->info.backup, .seen = {}}, restoreArguments(target, arguments), restoreContext);
    add(report, fieldsOf(fetched->point));
    return report;
}

Report rehearseFromReplica(const Target &target, const Arguments &arguments, JobContext &context)
{
    return withBackup(target, arguments, context, operations::find("restore")->rehearse);
}

Report restoreFromReplica(const Target &target, const Arguments &arguments, JobContext &context)
{
    // Another file than the target, whose turn this is, needs one of its own.
    const bool elsewhere = !value(arguments, "to").empty() && Path(value(arguments, "to")) != target.path;
    return withBackup(target, arguments, context, elsewhere ? operations::find("restore")->run : restoreInTurn);
}

// ---- trying it

Report testReplica(const Target &target, const Arguments &arguments, JobContext &context)
{
    const auto begun = std::chrono::steady_clock::now();
    PartOfProgress fetching(context.progress, 0, FetchShare);
    JobContext fetchContext{context.stop, fetching, context.wait};
    const Result<Fetched> fetched = fetchFor(target.path, arguments, fetchContext);
    if (!fetched)
        return failed(fetched.error());
    PartOfProgress checking(context.progress, FetchShare, 1);
    JobContext checkContext{context.stop, checking, context.wait};
    const Result<Verdict> verdict = verifyCopy(target.path, fetched->file, checkContext);
    if (!verdict)
        return failed(verdict.error());
    const Result<platform::FileStatus> status = platform::status(fetched->file);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    Report report;
    report.fields = {{"verdict", verdictName(verdict->kind)},
                     {"bytes", static_cast<std::int64_t>(status ? status->size : 0)},
                     {"tables", static_cast<std::int64_t>(tableNames(fetched->file).size())},
                     {"seconds", took.count()}};
    add(report, fieldsOf(fetched->point));
    addMissing(report, *verdict);
    return report;
}

const Parameter ConfigParameter{
    .id = "config",
    .kind = Parameter::Kind::File,
    .title = QT_TRANSLATE_NOOP("Operation", "Configuration"),
    .help = QT_TRANSLATE_NOOP("Operation", "Litestream's (default: $LITESTREAM_CONFIG, else /etc/litestream.yml)"),
    .optional = true};
const Parameter ReplicaParameter{
    .id = "replica",
    .kind = Parameter::Kind::Text,
    .title = QT_TRANSLATE_NOOP("Operation", "Replica"),
    .help = QT_TRANSLATE_NOOP("Operation", "its name (default: the one with the newest change)"),
    .optional = true};

}

extern const Operation litestreamRestoreOperation;
const Operation litestreamRestoreOperation{
    .id = "litestream-restore",
    .title = QT_TRANSLATE_NOOP("Operation", "Restore from Litestream"),
    .summary = QT_TRANSLATE_NOOP("Operation", "Brings a database back as it was at a moment, from a replica of "
                                              "Litestream, checked. What it replaces is put aside."),
    .risk = Risk::RewritesFile,
    .parameters =
        {
            {.id = "at",
             .kind = Parameter::Kind::Text,
             .title = QT_TRANSLATE_NOOP("Operation", "As it was at"),
             .help = QT_TRANSLATE_NOOP("Operation", "2026-11-22T10:42:00Z; in the time of this place \"2026-11-22 "
                                                    "10:42\" or 10:42 (default: the newest there is)"),
             .optional = true},
            ReplicaParameter,
            ConfigParameter,
            {.id = "to",
             .kind = Parameter::Kind::File,
             .title = QT_TRANSLATE_NOOP("Operation", "Restore to"),
             .help = QT_TRANSLATE_NOOP("Operation", "another file than the database itself"),
             .optional = true},
            {.id = "replace",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Replace the file that is there"),
             .help = QT_TRANSLATE_NOOP("Operation", "it is put aside as NAME.before-restore-TIME, and can be brought "
                                                    "back")},
            pauseLitestream(),
        },
    .preflight = preflightRestore,
    .rehearse = rehearseFromReplica,
    .run = restoreFromReplica,
    .subject = Subject::Replica,
};

extern const Operation litestreamTestOperation;
const Operation litestreamTestOperation{
    .id = "litestream-test",
    .title = QT_TRANSLATE_NOOP("Operation", "Test restore from Litestream"),
    .summary = QT_TRANSLATE_NOOP("Operation", "Restores the newest copy in a replica to a temporary file, checks it, "
                                              "and removes it: proof that it could be done."),
    .risk = Risk::Reads,
    .parameters = {ReplicaParameter, ConfigParameter},
    .preflight = preflightReplica,
    .run = testReplica,
    .subject = Subject::Replica,
};

}
