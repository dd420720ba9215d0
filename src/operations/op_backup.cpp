// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"
#include "operations/keeprules.h"
#include "operations/makebackup.h"
#include "operations/preflight.h"
#include "operations/rawset.h"
#include "operations/turn.h"

#include "platform/diskspace.h"
#include "platform/safefile.h"
#include "sqlite/connection.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::operations {

/// Of the database's size, what its packed form takes at most, as far as one can guess: seen were 10 to 71 %.
static constexpr double PackedShare = 0.75;

static Result<void> folderIsThere(const Target &target, const Path &folder)
{
    const Result<Path> resolved = platform::resolve(folder);
    const auto status = resolved ? platform::status(*resolved) : std::unexpected(resolved.error());
    if (folder.empty() || !status || !status->isFolder())
        return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, target.path, {folder.native()});
    if (!platform::isWritableFolder(*resolved))
        return fail(ErrorCode::NoPermission, Reason::FolderNotWritable, target.path, {folder.native()});
    return {};
}

/// In bytes; 0 if the header can't be read.
static std::uint64_t sizeOf(const sqlite::Glance &glance)
{
    return glance.current ? std::uint64_t(glance.pageCount) * glance.current->pageSize : 0;
}

static BackupFormat formatOf(const Arguments &arguments)
{
    if (flag(arguments, "raw"))
        return BackupFormat::Raw;
    return flag(arguments, "zstd") ? BackupFormat::Zstd : BackupFormat::Plain;
}

/// Of a database. It is packed from a copy beside it.
static std::uint64_t roomFor(const sqlite::Glance &glance, BackupFormat format)
{
    if (format == BackupFormat::Raw)
        return rawSetSize(glance);
    const std::uint64_t bytes = sizeOf(glance);
    const auto packed = static_cast<std::uint64_t>(static_cast<double>(bytes) * PackedShare);
    return format == BackupFormat::Zstd ? bytes + packed : bytes;
}

/// The backups of \a source in \a folder that go once \a made is there as well.
static std::vector<BackupInfo> goingAfter(const BackupInfo &made, const Path &folder, const Arguments &arguments,
                                          const std::stop_token &stop)
{
    const KeepRules rules = keepRules(arguments);
    if (!rules.any() || formatOf(arguments) == BackupFormat::Raw)
        return {};
    Result<std::vector<BackupInfo>> backups = backupsIn(folder, made.source, stop);
    if (!backups)
        return {};
    // What is not as it was made is not ours to judge, and a raw set is kept for its own sake: neither counts nor goes.
    std::erase_if(*backups, [&](const BackupInfo &info) {
        return !isThere(info) || info.format == BackupFormat::Raw || info.backup == made.backup;
    });
    backups->push_back(made);
    return superseded(*backups, rules);
}

static Field removedField(const std::vector<BackupInfo> &backups)
{
    std::vector<std::string> paths;
    for (const BackupInfo &info : backups)
        paths.push_back(info.backup.native());
    return {"removed", paths};
}

static Report preflightBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    const Path folder = value(arguments, "to");
    if (const Result<void> there = folderIsThere(target, folder); !there)
        return skipped(there.error());
    const BackupFormat format = formatOf(arguments);
    if (format != BackupFormat::Raw && sizeOf(before->glance) == 0)
        return skipped(
            {.code = ErrorCode::Damaged, .path = target.path, .arguments = {}, .detail = "no readable header"});
    const std::uint64_t needed = roomFor(before->glance, format);
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (free && *free < needed)
        return skipped({.code = ErrorCode::NoSpace,
                        .reason = Reason::NotEnoughSpace,
                        .path = target.path,
                        .arguments = {std::to_string(needed), std::to_string(*free), folder.native()},
                        .detail = {}});

    Report report;
    report.fields = {
        {"bytes", static_cast<std::int64_t>(format == BackupFormat::Raw ? needed : sizeOf(before->glance))}};
    if (keepRules(arguments).any()) {
        const Result<Path> resolved = platform::resolve(folder);
        BackupInfo made;
        made.source = target.path;
        made.made = isoTime(std::chrono::system_clock::now());
        report.fields.push_back(
            removedField(resolved ? goingAfter(made, *resolved, arguments, context.stop) : std::vector<BackupInfo>()));
    }
    if (format == BackupFormat::Raw)
        return report;
    if (before->glance.hotJournal)
        report.notes.push_back({Note::RecoveredState, {}});
    if (before->locked && !before->glance.stored->isWal())
        report.notes.push_back({Note::WriterDelayed, {}});
    return report;
}

/// By the rules, and only now that the new one is there.
static void tidyUp(MadeBackup &made, const Path &folder, const Arguments &arguments)
{
    if (!keepRules(arguments).any() || made.info.format == BackupFormat::Raw)
        return;
    std::vector<BackupInfo> gone = goingAfter(made.info, folder, arguments, {});
    for (const BackupInfo &old : gone) {
        platform::removeFile(old.backup); // before its sidecar, which alone is harmless
        if (!platform::status(old.backup))
            platform::removeFile(sidecarOf(old.backup));
    }
    std::erase_if(gone, isThere);
    made.report.fields.push_back(removedField(gone));
}

/// A folder on a disk that is not there yet is waited for.
static Report waitForFolder(const Target &target, const Arguments &arguments, JobContext &context)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + context.wait;
    for (;;) {
        Report report = preflightBackup(target, arguments, context);
        if (!report.error || report.error->reason != Reason::TargetFolderMissing ||
            std::chrono::steady_clock::now() >= giveUpAt)
            return report;
        context.progress.report({.phase = Phase::Waiting});
        if (!pause(context.stop, std::chrono::milliseconds(100)))
            return failed({.code = ErrorCode::Cancelled, .path = target.path, .arguments = {}, .detail = {}});
    }
}

static Report runBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Report before = waitForFolder(target, arguments, context);
    if (before.status != Status::Done)
        return before;
    const Path given = value(arguments, "to");
    const Result<Path> folder = platform::resolve(given);
    if (!folder)
        return failed(folder.error());
    platform::removeLeftovers(*folder, isBackupName);
    Result<MadeBackup> made = makeBackup(target, formatOf(arguments), *folder, context);
    if (!made) {
        if (made.error().path.empty())
            made.error().path = target.path;
        return failed(made.error());
    }
    tidyUp(*made, *folder, arguments);
    return made->report;
}

/// Reads and checks all that would be copied. That the copy is what was read, only the real one can prove.
static Report rehearseBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightBackup(target, arguments, context);
    if (report.status != Status::Done || formatOf(arguments) == BackupFormat::Raw)
        return report;
    const Result<Verdict> verdict = verifyCopy(target.path, target.path, context);
    if (!verdict)
        return failed(verdict.error());
    Result<sqlite::Connection> connection = sqlite::Connection::open(target.path, {.stop = context.stop});
    const auto number = [&](const char *pragma) {
        return connection ? connection->number(pragma) : std::unexpected(connection.error());
    };
    const Result<std::int64_t> pages = number("PRAGMA page_count");
    const Result<std::int64_t> pageSize = number("PRAGMA page_size");
    if (!pages || !pageSize)
        return failed(pages ? pageSize.error() : pages.error());
    report.fields.front() = {"bytes", *pages * *pageSize};
    report.fields.push_back({"verified", true});
    report.fields.push_back({"pages", *pages});
    addMissing(report, *verdict);
    return report;
}

static std::vector<Parameter> parameters()
{
    std::vector<Parameter> list{
        {
            .id = "to",
            .kind = Parameter::Kind::Folder,
            .title = QT_TRANSLATE_NOOP("Operation", "Folder for the backup"),
            .help = QT_TRANSLATE_NOOP("Operation", "the folder that the backup goes to"),
        },
        {
            .id = "zstd",
            .kind = Parameter::Kind::Flag,
            .title = QT_TRANSLATE_NOOP("Operation", "Pack it (zstd)"),
            .help = QT_TRANSLATE_NOOP("Operation", "takes less room, and any program that knows zstd can unpack it"),
            .excludesOthers = true,
        },
        {
            .id = "raw",
            .kind = Parameter::Kind::Flag,
            .title = QT_TRANSLATE_NOOP("Operation", "The files as they are, unchecked"),
            .help = QT_TRANSLATE_NOOP("Operation", "for a damaged or crashed database: the file, its -wal and its "
                                                   "journal, byte for byte, in a tar file"),
            .excludesOthers = true,
        },
    };
    std::ranges::move(keepParameters(), std::back_inserter(list));
    return list;
}

extern const Operation backupOperation;
const Operation backupOperation{
    .id = "backup",
    .title = QT_TRANSLATE_NOOP("Operation", "Back up"),
    .summary = QT_TRANSLATE_NOOP("Operation",
                                 "Makes a consistent copy, also while others write, and checks it before it counts."),
    .risk = Risk::WritesNewFile,
    .parameters = parameters(),
    .preflight = preflightBackup,
    .rehearse = rehearseBackup,
    .run = runBackup,
};

}