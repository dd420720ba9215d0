// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/copy.h"

#include "operations/preflight.h"
#include "platform/diskspace.h"
#include "sqlite/connection.h"

namespace lk::operations {

using sqlite::Connection;
using sqlite::Mode;

/// A header may claim far more pages than the file has; the copy would write them all (safety.md, fact 21).
static Result<void> hasRoom(const Path &source, const Path &target, std::uint64_t bytesNeeded)
{
    const Path folder = target.parent_path();
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (!free)
        return std::unexpected(free.error());
    if (*free < bytesNeeded)
        return fail(ErrorCode::NoSpace, Reason::NotEnoughSpace, source,
                    {std::to_string(bytesNeeded), std::to_string(*free), folder.native()});
    return {};
}

static Result<CopyReport> copyOver(const Path &source, Mode mode, const Path &target, JobContext &context)
{
    Result<Connection> from = Connection::open(source, {.mode = mode, .stop = context.stop, .wait = context.wait});
    if (!from)
        return std::unexpected(from.error());
    // The first read of a transaction fixes its moment; on a -wal nobody can take it from us (safety.md, fact 12).
    if (const Result<void> begun = from->execute("BEGIN; SELECT count(*) FROM sqlite_schema"); !begun)
        return std::unexpected(begun.error());
    const Result<std::int64_t> pages = from->number("PRAGMA page_count");
    const Result<std::int64_t> pageSize = from->number("PRAGMA page_size");
    if (!pages || !pageSize)
        return std::unexpected(pages ? pageSize.error() : pages.error());
    const auto bytes = static_cast<std::uint64_t>(*pages) * static_cast<std::uint64_t>(*pageSize);
    if (const Result<void> room = hasRoom(source, target, bytes); !room)
        return std::unexpected(room.error());

    Result<Connection> to =
        Connection::open(target, {.mode = Mode::Scratch, .stop = context.stop, .wait = context.wait});
    if (!to)
        return std::unexpected(to.error());
    // The target counts only once it is whole, checked and synced, so SQLite need not protect it on the way.
    if (const Result<void> set =
            to->execute("PRAGMA synchronous=off; PRAGMA journal_mode=memory; PRAGMA locking_mode=exclusive");
        !set)
        return std::unexpected(set.error());
    if (const Result<void> copied = from->copyTo(*to, context.progress); !copied)
        return std::unexpected(copied.error());
    return CopyReport{.pages = static_cast<std::uint32_t>(*pages),
                      .pageSize = static_cast<std::uint32_t>(*pageSize),
                      .joined = mode == Mode::Join};
}

/// Whether \a path still is the file that was copied: unlinked, replaced or cut meanwhile, SQLite would not notice.
static Result<void> stillThere(const Path &path, const platform::FileId &id)
{
    const Result<platform::FileStatus> now = platform::status(path);
    if (!now || now->id != id)
        return fail(ErrorCode::Changed, path, "replaced or removed while it was copied");
    return {};
}

/// Without a lock, and therefore only if nothing changed meanwhile: Busy (ChangingTooFast) otherwise.
static Result<CopyReport> copyUnheld(const Path &source, const sqlite::Glance &before, const Path &target,
                                     JobContext &context)
{
    Result<CopyReport> copied = copyOver(source, Mode::Look, target, context);
    if (!copied && copied.error().code == ErrorCode::Cancelled)
        return copied;
    const Result<sqlite::Glance> after = sqlite::glance(source);
    if (!after || after->file.id != before.file.id)
        return fail(ErrorCode::Changed, source, "replaced or removed while it was copied");
    if (!sqlite::sameMoment(before, *after))
        return fail(ErrorCode::Busy, Reason::ChangingTooFast, source);
    if (copied)
        copied->recovered = before.hotJournal || (before.wal && before.wal->committedFrames > 0);
    return copied;
}

Result<CopyReport> copyDatabase(const Target &source, const Path &target, JobContext &context)
{
    Result<Preflight> before = preflight(source);
    if (!before)
        return std::unexpected(before.error());
    if (!before->locked) {
        Result<CopyReport> copied = copyUnheld(source.path, before->glance, target, context);
        if (copied || copied.error().reason != Reason::ChangingTooFast)
            return copied;
    }
    // Somebody writes, seen or unseen. A -wal without its -shm can't be joined without making one.
    if (before->glance.stored->isWal() && !before->glance.siblings.shmExists) {
        before = preflight(source);
        if (!before)
            return std::unexpected(before.error());
        if (!before->glance.siblings.shmExists)
            return copyUnheld(source.path, before->glance, target, context);
    }
    Result<CopyReport> copied = copyOver(source.path, Mode::Join, target, context);
    if (copied) {
        if (const Result<void> there = stillThere(source.path, before->glance.file.id); !there)
            return std::unexpected(there.error());
    } else if (copied.error().code == ErrorCode::Busy) {
        copied.error().reason = Reason::InUseByOthers;
        copied.error().arguments = {who(inspect::holders(source.path))};
    }
    return copied;
}

}
