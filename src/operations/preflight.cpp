// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/preflight.h"

#include "litestream/config.h"
#include "operations/turn.h"
#include "platform/diskspace.h"
#include "sqlite/connection.h"

namespace lk::operations {

using platform::FilesystemKind;

std::string who(const inspect::Holders &holders)
{
    std::string text;
    for (const inspect::Holder &holder : holders.list)
        text += (text.empty() ? "" : ", ") + path::display(holder.name) + " (" + std::to_string(holder.pid) + ')';
    return text;
}

static Result<void> isADatabase(const Path &path, sqlite::State state)
{
    switch (state) {
    case sqlite::State::Database:
    case sqlite::State::Damaged:
        return {};
    case sqlite::State::Empty:
        return fail(ErrorCode::NotADatabase, Reason::EmptyFile, path);
    case sqlite::State::MaybeEncrypted:
        return fail(ErrorCode::Encrypted, Reason::LooksEncrypted, path);
    case sqlite::State::Sqlite2:
        return fail(ErrorCode::NotADatabase, Reason::Sqlite2File, path);
    case sqlite::State::Other:
        break;
    }
    return fail(ErrorCode::NotADatabase, path);
}

Result<Preflight> preflight(const Target &target)
{
    const Result<sqlite::Glance> glance = sqlite::glance(target.path);
    if (!glance)
        return std::unexpected(glance.error());
    if (target.seen && target.seen->id != glance->file.id)
        return fail(ErrorCode::Changed, target.path, "another file has this name now");
    if (glance->file.size == 0)
        return fail(ErrorCode::NotADatabase, Reason::EmptyFile, target.path);
    if (const Result<void> database = isADatabase(target.path, glance->state); !database)
        return std::unexpected(database.error());

    Preflight result;
    result.glance = *glance;
    result.locked = inspect::isLocked(target.path);
    const platform::Mounts mounts = platform::Mounts::current();
    if (const platform::Mount *mount = mounts.of(target.path)) {
        result.filesystem = mount->type;
        result.filesystemKind = mount->kind();
        result.readOnlyMount = mount->readOnly;
    }
    return result;
}

Report askPatiently(decltype(Operation::preflight) ask, const Target &target, const Arguments &arguments,
                    JobContext &context)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + context.wait;
    for (;;) {
        Report report = ask(target, arguments, context);
        if (!report.error || report.error->code != ErrorCode::Busy || std::chrono::steady_clock::now() >= giveUpAt)
            return report;
        context.progress.report({.phase = Phase::Waiting});
        if (!pause(context.stop, std::chrono::milliseconds(100)))
            return failed({.code = ErrorCode::Cancelled, .path = target.path, .arguments = {}, .detail = {}});
    }
}

Result<void> mayBeChanged(const Target &target, const Preflight &before, std::uint64_t bytesNeeded)
{
    const Path &path = target.path;
    const Path folder = path.parent_path();
    const sqlite::Glance &glance = before.glance;
    if (glance.state == sqlite::State::Damaged)
        return fail(ErrorCode::Damaged, path, "the header does not fit the file");
    if (before.readOnlyMount)
        return fail(ErrorCode::ReadOnly, Reason::ReadOnlyFilesystem, path, {before.filesystem});
    if (!platform::isWritableFile(path))
        return fail(ErrorCode::NoPermission, Reason::FileNotWritable, path);
    if (!platform::isWritableFolder(folder))
        return fail(ErrorCode::NoPermission, Reason::FolderNotWritable, path, {folder.native()});
    if (glance.file.links > 1)
        return fail(ErrorCode::Refused, Reason::ManyLinks, path, {std::to_string(glance.file.links)});
    if (glance.hotJournal)
        return fail(ErrorCode::Refused, Reason::HotJournal, path);
    // SQLite would take its frames for this database's own and destroy it (safety.md, fact 22).
    if (!glance.stored->isWal() && glance.siblings.wal > 0)
        return fail(ErrorCode::Refused, Reason::ForeignWal, path);
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (free && *free < bytesNeeded)
        return fail(ErrorCode::NoSpace, Reason::NotEnoughSpace, path,
                    {std::to_string(bytesNeeded), std::to_string(*free), folder.native()});
    return {};
}

bool hasLitestreamPosition(const Path &path)
{
    const Path folder = path.parent_path() / ('.' + path.filename().native() + "-litestream");
    const auto status = platform::status(folder);
    return status && status->isFolder();
}

/// One that is gone is nobody's: it is to be brought back.
static bool isConfigured(const Path &path)
{
    const auto config = litestream::readConfig(litestream::usualConfigFile());
    return config && config->find(path) && platform::status(path);
}

bool managedByLitestream(const Path &path)
{
    if (hasLitestreamPosition(path) || isConfigured(path))
        return true;
    Result<sqlite::Connection> connection =
        sqlite::Connection::open(path, {.budget = {.time = std::chrono::seconds(2), .longestValue = 1'000'000}});
    if (!connection)
        return false;
    return connection->number("SELECT 1 FROM sqlite_schema WHERE name IN ('_litestream_seq', '_litestream_lock')")
        .has_value();
}

std::vector<NoteText> filesystemNotes(const Preflight &before)
{
    switch (before.filesystemKind) {
    case FilesystemKind::Memory:
        return {{Note::MemoryFilesystem, {before.filesystem}}};
    case FilesystemKind::Overlay:
        return {{Note::OverlayFilesystem, {before.filesystem}}};
    case FilesystemKind::Removable:
        return {{Note::RemovableFilesystem, {before.filesystem}}};
    case FilesystemKind::Fuse:
        return {{Note::FuseFilesystem, {before.filesystem}}};
    case FilesystemKind::Unknown:
        return {{Note::UnknownFilesystem, {before.filesystem}}};
    default:
        return {};
    }
}

}
