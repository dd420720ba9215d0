// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/copy.h"
#include "operations/difference.h"
#include "operations/litestreampause.h"
#include "operations/preflight.h"
#include "operations/proof.h"
#include "operations/replace.h"
#include "operations/restore.h"
#include "operations/turn.h"

#include "platform/diskspace.h"
#include "platform/filecopy.h"
#include "platform/scratchfile.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::operations {

/// How the time is shared, roughly: the copy beside the target, and its check.
static constexpr double CopyShare = 0.2;

namespace {

/// What is restored, and where to.
struct Plan
{
    BackupInfo backup;
    Path to;                           ///< absolute; its folder resolved, its own name not followed
    std::optional<sqlite::Glance> now; ///< of what is there; nothing: a new place
};

Result<Path> absoluteTarget(const Path &given)
{
    const Path name = given.filename();
    if (given.empty() || name.empty() || name == "." || name == "..")
        return fail(ErrorCode::NotFound, Reason::UnknownArgument, given, {given.native()});
    const Path parent = given.has_parent_path() ? given.parent_path() : Path(".");
    const Result<Path> folder = platform::resolve(parent);
    if (!folder)
        return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, given, {parent.native()});
    return *folder / name;
}

/// What differs so much that it is another database; empty: nothing does. The name it was backed up under says a lot,
/// so a schema that went on meanwhile is no other database; for another name the tables have to be the same.
std::string difference(const Plan &plan)
{
    const sqlite::Glance &now = *plan.now;
    const bool sameName = plan.backup.source == plan.to;
    if (now.state != sqlite::State::Database || !now.current)
        return sameName && now.state == sqlite::State::Damaged ? "" : "kind";
    if (now.current->applicationId != plan.backup.applicationId)
        return "application_id";
    const std::vector<std::string> tables = tableNames(plan.to);
    if (!sameName)
        return tables == plan.backup.tables ? "" : "tables";
    const bool common = std::ranges::any_of(tables, [&](const std::string &name) {
        return std::ranges::find(plan.backup.tables, name) != plan.backup.tables.end();
    });
    return common || tables.empty() || plan.backup.tables.empty() ? "" : "tables";
}

/// Whether the file that is there may be put aside at all.
Result<void> mayBeReplaced(const Path &to, const sqlite::Glance &now, const Arguments &arguments)
{
    if (now.file.links > 1 + unusedNames(to))
        return fail(ErrorCode::Refused, Reason::ManyLinks, to, {std::to_string(now.file.links)});
    if (!platform::isWritableFile(to))
        return fail(ErrorCode::NoPermission, Reason::FileNotWritable, to);
    if (!platform::isWritableFolder(to.parent_path()))
        return fail(ErrorCode::NoPermission, Reason::FolderNotWritable, to, {to.parent_path().native()});
    if (const Result<void> may = mayBreakTracking(to, arguments); !may)
        return may;
    const inspect::Holders holders = inspect::holders(to);
    if (isInTheWay(holders, inspect::isLocked(to), arguments))
        return fail(ErrorCode::Busy, Reason::InUseByOthers, to, {who(holders)});
    return {};
}

Result<void> hasRoom(const Path &to, std::uint64_t bytes)
{
    const Path folder = to.parent_path();
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (free && *free < bytes)
        return fail(ErrorCode::NoSpace, Reason::NotEnoughSpace, to,
                    {std::to_string(bytes), std::to_string(*free), folder.native()});
    return {};
}

/// Looks at both ends. Nothing is opened for writing.
Result<Plan> planFor(const Target &target, const Arguments &arguments)
{
    const Result<platform::FileStatus> stored = platform::status(target.path);
    if (!stored)
        return std::unexpected(stored.error());
    if (target.seen && target.seen->id != stored->id)
        return fail(ErrorCode::Changed, target.path, "another file has this name now");
    Result<BackupInfo> backup = readSidecar(target.path);
    if (!backup)
        return std::unexpected(backup.error());
    const Result<Path> to = absoluteTarget(value(arguments, "to"));
    if (!to)
        return std::unexpected(to.error());
    Plan plan{.backup = std::move(*backup), .to = *to, .now = {}};
    const Result<platform::FileStatus> there = platform::status(*to);
    if (!there && there.error().code != ErrorCode::NotFound)
        return std::unexpected(there.error());
    if (there) {
        if (there->id == stored->id)
            return fail(ErrorCode::Refused, Reason::TargetIsSource, target.path);
        if (there->isSymbolicLink())
            return fail(ErrorCode::Refused, Reason::SymbolicLink, *to);
        if (!there->isRegular())
            return fail(ErrorCode::Refused, Reason::NotARegularFile, *to);
        const Result<sqlite::Glance> now = sqlite::glance(*to);
        if (!now)
            return std::unexpected(now.error());
        plan.now = *now;
    }
    return plan;
}

Result<Plan> mayRestore(const Target &target, const Arguments &arguments)
{
    Result<Plan> plan = planFor(target, arguments);
    if (!plan)
        return plan;
    std::uint64_t room = plan->backup.bytes;
    if (plan->now) {
        if (!flag(arguments, "replace"))
            return fail(ErrorCode::Refused, Reason::OnlyWhenAsked, plan->to, {"--replace"});
        if (const std::string what = difference(*plan); !what.empty() && !flag(arguments, "another"))
            return fail(ErrorCode::Refused, Reason::OtherDatabase, plan->to, {what});
        if (const Result<void> may = mayBeReplaced(plan->to, *plan->now, arguments); !may)
            return std::unexpected(may.error());
        room += roomToReplace(*plan->now);
    }
    if (const Result<void> has = hasRoom(plan->to, room); !has)
        return std::unexpected(has.error());
    return plan;
}

std::vector<Field> fieldsOf(const Plan &plan)
{
    std::vector<Field> fields{
        {"to", plan.to.native()},
        {"made", plan.backup.made},
        {"bytes", static_cast<std::int64_t>(plan.backup.bytes)},
    };
    if (plan.now)
        fields.push_back({"bytes_before", static_cast<std::int64_t>(plan.now->file.size)});
    return fields;
}

/// How many rows each table will have, and has.
void addRows(Report &report, const Plan &plan, const Path &then, const std::stop_token &stop)
{
    report.fields.push_back({"rows", rowCounts(then, stop)});
    if (plan.now)
        report.fields.push_back({"rows_before", rowCounts(plan.to, stop)});
}

Report preflightRestore(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Plan> plan = mayRestore(target, arguments);
    if (!plan)
        return skipped(plan.error());
    Report report;
    report.fields = fieldsOf(*plan);
    if (plan->backup.format == BackupFormat::Plain) // what is packed is unpacked by a rehearsal
        addRows(report, *plan, plan->backup.backup, context.stop);
    if (plan->now && inspect::holders(plan->to).hidden)
        report.notes.push_back({Note::OthersHidden, {}});
    return report;
}

/// Fills \a file with what the backup holds, and proves it there: what is put in place is what was checked.
Result<Verdict> fill(const Plan &plan, const Path &file, JobContext &context)
{
    PartOfProgress copying(context.progress, 0, CopyShare);
    PartOfProgress checking(context.progress, CopyShare, 1);
    JobContext copyContext{context.stop, copying, context.wait};
    if (const Result<void> out = bringOut(plan.backup, file, copyContext); !out)
        return std::unexpected(out.error());
    JobContext checkContext{context.stop, checking, context.wait};
    return proveContent(plan.backup, file, checkContext);
}

/// Proves the backup, and counts what is in it and in what it would replace.
Report rehearseRestore(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Plan> plan = mayRestore(target, arguments);
    if (!plan)
        return skipped(plan.error());
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return failed(folder.error());
    const Path copy = folder->path() / "backup.sqlite";
    const Result<Verdict> verdict = fill(*plan, copy, context);
    if (!verdict)
        return failed(verdict.error());
    Report report;
    report.fields = fieldsOf(*plan);
    report.fields.push_back({"verdict", verdictName(verdict->kind)});
    addRows(report, *plan, copy, context.stop);
    return report;
}

void addVerdict(Report &report, const Verdict &verdict)
{
    report.fields.push_back({"verdict", verdictName(verdict.kind)});
    for (const std::string &missing : verdict.missing)
        report.notes.push_back({Note::MissingExtension, {missing}});
}

Result<Report> restoreAnew(const Plan &plan, JobContext &context)
{
    const Result<platform::FileStatus> like = platform::status(plan.backup.backup);
    if (!like)
        return std::unexpected(like.error());
    Result<platform::PartialFile> file = platform::PartialFile::create(plan.to, *like);
    if (!file)
        return std::unexpected(file.error());
    const Result<Verdict> verdict = fill(plan, file->path(), context);
    if (!verdict)
        return std::unexpected(verdict.error());
    Report report;
    report.fields = fieldsOf(plan);
    addVerdict(report, *verdict);
    if (!file->ownerKept())
        report.notes.push_back({Note::OwnerNotKept, {}});
    if (!platform::copyAttributes(plan.backup.backup, file->path(), false))
        report.notes.push_back({Note::ExtendedAttributesNotKept, {}});
    if (const Result<void> published = file->publish(); !published)
        return std::unexpected(published.error());
    return report;
}

/// What takes it back, for a history. What came from Litestream has its tables, so that it looks replicated.
Invocation undoing(const Path &to, const Path &kept)
{
    return {"unrestore", to, {{"kept", kept.native()}, {pauseLitestream().id, true}}};
}

/// Swaps in what \a fillFile fills a file beside \a to with.
template <class Fill>
Result<Report> replaceBy(const Target &to, JobContext &context, Fill fillFile)
{
    Result<Replacement> replacement = Replacement::prepare(to, context);
    if (!replacement)
        return std::unexpected(replacement.error());
    Result<platform::PartialFile> file = replacement->makeFile();
    if (!file)
        return std::unexpected(file.error());
    Report report;
    if (const Result<void> filled = fillFile(file->path(), report); !filled)
        return std::unexpected(filled.error());
    context.progress.report({.fraction = 1, .phase = Phase::Finishing});
    const Result<Path> kept = replacement->putInPlace(*file);
    if (!kept)
        return std::unexpected(kept.error());
    std::ranges::copy(replacement->notes(), std::back_inserter(report.notes));
    report.fields.push_back({"kept_as", kept->native()});
    report.undo = undoing(to.path, *kept);
    return report;
}

Report runRestore(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Path> to = absoluteTarget(value(arguments, "to"));
    if (!to)
        return skipped(to.error());
    if (*to == target.path) // it has its turn already
        return skipped(
            {.code = ErrorCode::Refused, .reason = Reason::TargetIsSource, .path = *to, .arguments = {}, .detail = {}});
    const Result<Turn> turn = Turn::take(*to, context);
    return turn ? restoreInTurn(target, arguments, context) : failed(turn.error());
}

// ---- taking it back

/// The set that a restore put aside.
Result<Path> keptSet(const Target &target, const Arguments &arguments)
{
    const Path kept = value(arguments, "kept");
    const Result<platform::FileStatus> status = platform::status(kept);
    if (!isPutAside(kept, target.path) || !status || !status->isRegular())
        return fail(ErrorCode::NotFound, Reason::NoUndo, target.path, {}, "what was put aside is not there any more");
    return kept;
}

Result<sqlite::Glance> mayTakeBack(const Target &target, const Arguments &arguments)
{
    if (const Result<Path> kept = keptSet(target, arguments); !kept)
        return std::unexpected(kept.error());
    const Result<Preflight> before = preflight(target);
    if (!before)
        return std::unexpected(before.error());
    if (const Result<void> may = mayBeReplaced(target.path, before->glance, arguments); !may)
        return std::unexpected(may.error());
    return before->glance;
}

Report preflightUnrestore(const Target &target, const Arguments &arguments, JobContext &)
{
    const Result<sqlite::Glance> may = mayTakeBack(target, arguments);
    return may ? Report{} : skipped(may.error());
}

/// What was put aside comes back as one file, its -wal or journal worked in; it stays where it is too if that can't be
/// done.
Result<void> bringBack(const Path &kept, const Path &file, JobContext &context)
{
    const Result<CopyReport> copied = copyDatabase({.path = kept, .seen = {}}, file, context);
    return copied ? Result<void>() : std::unexpected(copied.error());
}

Report runUnrestore(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<sqlite::Glance> now = mayTakeBack(target, arguments);
    if (!now)
        return skipped(now.error());
    const Path kept = value(arguments, "kept");
    Result<Report> report = replaceBy({.path = target.path, .seen = now->file}, context,
                                      [&](const Path &file, Report &) { return bringBack(kept, file, context); });
    if (!report)
        return failed(report.error());
    // It is in its place again, and what was restored is kept in its stead.
    for (const char *suffix : {"-wal", "-journal", ""})
        platform::removeFile(kept.native() + suffix);
    return *report;
}

}

Report restoreInTurn(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Path> to = absoluteTarget(value(arguments, "to"));
    if (!to)
        return skipped(to.error());
    const Path name = to->filename();
    platform::removeLeftovers(to->parent_path(), [&](std::string_view left) {
        return left == name.native() || left == name.native() + ".restoring" || left == name.native() + ".merged";
    });
    const Result<Plan> plan = mayRestore(target, arguments);
    if (!plan)
        return skipped(plan.error());
    if (!plan->now) {
        const Result<Report> report = restoreAnew(*plan, context);
        return report ? *report : failed(report.error());
    }
    Result<Report> report =
        replaceBy({.path = *to, .seen = plan->now->file}, context, [&](const Path &file, Report &into) -> Result<void> {
            const Result<Verdict> verdict = fill(*plan, file, context);
            if (!verdict)
                return std::unexpected(verdict.error());
            into.fields = fieldsOf(*plan);
            addVerdict(into, *verdict);
            return {};
        });
    return report ? *report : failed(report.error());
}

extern const Operation restoreOperation;
const Operation restoreOperation{
    .id = "restore",
    .title = QT_TRANSLATE_NOOP("Operation", "Restore"),
    .summary =
        QT_TRANSLATE_NOOP("Operation", "Brings a backup back, checked, in one step. What it replaces is put aside, "
                                       "with all that lies beside it."),
    .risk = Risk::RewritesFile,
    .parameters =
        {
            {.id = "to",
             .kind = Parameter::Kind::File,
             .title = QT_TRANSLATE_NOOP("Operation", "Restore to"),
             .help = QT_TRANSLATE_NOOP("Operation", "the database that it becomes: a new file, or with --replace one "
                                                    "that is there")},
            {.id = "replace",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Replace the file that is there"),
             .help = QT_TRANSLATE_NOOP("Operation", "it is put aside as NAME.before-restore-TIME, and can be brought "
                                                    "back")},
            {.id = "another",
             .kind = Parameter::Kind::Flag,
             .title = QT_TRANSLATE_NOOP("Operation", "Even if it is another database"),
             .help = QT_TRANSLATE_NOOP("Operation", "of another application, or with other tables")},
            pauseLitestream(),
        },
    .preflight = preflightRestore,
    .rehearse = rehearseRestore,
    .run = runRestore,
    .subject = Subject::Backup,
};

extern const Operation unrestoreOperation;
const Operation unrestoreOperation{
    .id = "unrestore",
    .title = QT_TRANSLATE_NOOP("Operation", "Undo restore"),
    .summary = QT_TRANSLATE_NOOP("Operation", "Brings back what a restore put aside, and puts aside what it restored."),
    .risk = Risk::RewritesFile,
    .parameters = {},
    .preflight = preflightUnrestore,
    .run = runUnrestore,
    .subject = Subject::Undo,
};

}
