// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/copy.h"
#include "operations/preflight.h"
#include "operations/salvage.h"
#include "operations/verdict.h"

#include "platform/diskspace.h"
#include "platform/safefile.h"
#include "platform/scratchfile.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::operations {

/// How the time of a job is shared, roughly: the copy, the reading, the new file and its check.
static constexpr double CopyShare = 0.1;
static constexpr double SalvageShare = 0.8;

static Report notEnoughSpace(const Target &target, std::uint64_t needed, std::uint64_t free, const Path &folder)
{
    return skipped({.code = ErrorCode::NoSpace,
                    .reason = Reason::NotEnoughSpace,
                    .path = target.path,
                    .arguments = {std::to_string(needed), std::to_string(free), folder.native()},
                    .detail = {}});
}

/// Where the new file goes: nothing there is ever replaced.
static Result<Path> newFile(const Target &target, const Arguments &arguments)
{
    const Path given = value(arguments, "to");
    const Result<Path> folder = platform::resolve(given.parent_path().empty() ? Path(".") : given.parent_path());
    const auto status = folder ? platform::status(*folder) : std::unexpected(folder.error());
    if (given.filename().empty() || !status || !status->isFolder())
        return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, target.path, {given.parent_path().native()});
    if (!platform::isWritableFolder(*folder))
        return fail(ErrorCode::NoPermission, Reason::FolderNotWritable, target.path, {folder->native()});
    const Path path = *folder / given.filename();
    if (path == target.path)
        return fail(ErrorCode::Refused, Reason::TargetIsSource, target.path);
    if (platform::status(path))
        return fail(ErrorCode::Refused, Reason::TargetExists, target.path, {path.native()});
    return path;
}

/// A backup is worth more than what is left of a damaged file, so the newest one beside it or beside the new file is
/// named first.
static void offerBackup(Report &report, const Target &target, const Path &path, const JobContext &context)
{
    for (const Path &folder : {target.path.parent_path(), path.parent_path()}) {
        const Result<std::vector<BackupInfo>> backups = backupsIn(folder, target.path, context.stop);
        if (backups && !backups->empty()) {
            report.notes.push_back({Note::BackupExists, {backups->front().backup.native()}});
            return;
        }
    }
}

static Report preflightRecover(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    const Result<Path> path = newFile(target, arguments);
    if (!path)
        return skipped(path.error());
    if (const Result<void> able = canSalvage(target.path, context); !able)
        return skipped(able.error());
    // The private copy and what is saved of it; then the new file.
    const std::uint64_t bytes = before->glance.file.size + before->glance.siblings.wal;
    if (const std::uint64_t free = platform::freeScratchBytes(); free < 2 * bytes)
        return notEnoughSpace(target, 2 * bytes, free, platform::temporaryFolders().front());
    const Result<std::uint64_t> free = platform::freeBytes(path->parent_path());
    if (free && *free < bytes)
        return notEnoughSpace(target, bytes, *free, path->parent_path());

    Report report;
    report.fields = {{"recovered", path->native()}};
    offerBackup(report, target, *path, context);
    const inspect::Holders holders = inspect::holders(target.path);
    if (!holders.list.empty())
        report.notes.push_back({Note::OthersHaveItOpen, {who(holders)}});
    return report;
}

/// What was saved, as a new file under its name: opened, copied and checked before it gets that.
static Result<Report> publish(const Target &target, const Path &saved, const Path &path, Progress &progress,
                              const JobContext &context)
{
    const Result<platform::FileStatus> source = platform::status(target.path);
    Result<platform::PartialFile> partial =
        source ? platform::PartialFile::create(path, *source) : std::unexpected(source.error());
    if (!partial)
        return std::unexpected(partial.error());
    JobContext step{context.stop, progress, context.wait};
    const Result<CopyReport> copied = copyDatabase({.path = saved, .seen = {}}, partial->path(), step);
    if (!copied)
        return std::unexpected(copied.error());
    if (const Result<void> synced = partial->sync(); !synced)
        return std::unexpected(synced.error());
    const Result<sqlite::Glance> glance = sqlite::glance(partial->path());
    const Result<Verdict> verdict =
        glance ? checkDatabase(partial->path(), *glance, {}, step) : std::unexpected(glance.error());
    if (!verdict)
        return std::unexpected(verdict.error());
    if (verdict->kind == Verdict::Damaged)
        return fail(ErrorCode::Damaged, Reason::CopyDamaged, target.path, {verdict->messages.front()});
    if (const Result<void> published = partial->publish(); !published)
        return std::unexpected(published.error());

    Report report;
    report.fields = {{"recovered", path.native()},
                     {"bytes", static_cast<std::int64_t>(std::uint64_t(copied->pages) * copied->pageSize)},
                     {"verdict", verdictName(verdict->kind)}};
    for (const std::string &missing : verdict->missing)
        report.notes.push_back({Note::MissingExtension, {missing}});
    if (!partial->ownerKept())
        report.notes.push_back({Note::OwnerNotKept, {}});
    return report;
}

static Result<Report> recover(const Target &target, const Path &path, JobContext &context)
{
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return std::unexpected(folder.error());
    PartOfProgress copying(context.progress, 0, CopyShare);
    PartOfProgress saving(context.progress, CopyShare, SalvageShare);
    PartOfProgress publishing(context.progress, SalvageShare, 1);
    JobContext copyStep{context.stop, copying, context.wait};
    if (const Result<void> copied = copyAsItIs(target.path, folder->path(), copyStep); !copied)
        return std::unexpected(copied.error());
    JobContext saveStep{context.stop, saving, context.wait};
    const Result<Salvaged> saved = salvage(target.path, folder->path(), saveStep);
    if (!saved)
        return std::unexpected(saved.error());
    if (saved->rows.empty() && saved->lostAndFound == 0)
        return fail(ErrorCode::Damaged, Reason::NothingSaved, target.path);
    Result<Report> report = publish(target, saved->path, path, publishing, context);
    if (!report)
        return report;
    report->fields.push_back({"rows", saved->rows});
    report->fields.push_back({"lost_and_found", saved->lostAndFound});
    if (saved->lostAndFound > 0)
        report->notes.push_back({Note::LostAndFound, {std::to_string(saved->lostAndFound)}});
    return report;
}

static Report runRecover(const Target &target, const Arguments &arguments, JobContext &context)
{
    // A run that was killed once the new file was in its place is answered by a refusal, and leaves no more to clean
    // up.
    platform::ScratchFolder::removeLeftovers();
    const Report before = preflightRecover(target, arguments, context);
    if (before.status != Status::Done)
        return before;
    Result<Report> report = recover(target, std::get<std::string>(*before.field("recovered")), context);
    if (!report) {
        report.error().path = target.path;
        return failed(report.error());
    }
    report->notes.insert(report->notes.begin(), before.notes.begin(), before.notes.end());
    return *report;
}

extern const Operation recoverOperation;
const Operation recoverOperation{
    .id = "recover",
    .title = QT_TRANSLATE_NOOP("Operation", "Recover"),
    .summary = QT_TRANSLATE_NOOP("Operation",
                                 "Saves what can be read of a damaged file into a new one; the damaged file stays as "
                                 "it is."),
    .risk = Risk::WritesNewFile,
    .parameters = {{.id = "to",
                    .kind = Parameter::Kind::File,
                    .title = QT_TRANSLATE_NOOP("Operation", "New file"),
                    .help = QT_TRANSLATE_NOOP("Operation", "the new file; nothing that is there is replaced")}},
    .preflight = preflightRecover,
    .run = runRecover,
};

}
