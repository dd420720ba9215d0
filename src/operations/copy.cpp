// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/copy.h"

#include "operations/preflight.h"
#include "platform/diskspace.h"
#include "platform/filecopy.h"
#include "platform/safefile.h"
#include "sqlite/connection.h"
#include "sqlite/ownlocks.h"
#include "sqlite/wal.h"

#include <array>

namespace lk::operations {

using platform::FileReader;
using platform::FileWriter;
using sqlite::Connection;
using sqlite::Mode;

namespace {

Path walOf(const Path &database)
{
    return database.native() + "-wal";
}

/// One copy under way: from where to where, and who is told.
struct Copying
{
    const Path &source;
    const Path &target;
    JobContext &context;
};

/// A header may claim far more pages than the file has; the copy would write them all (safety.md, fact 21).
Result<void> hasRoom(const Copying &copy, std::uint64_t bytesNeeded)
{
    const Path folder = copy.target.parent_path();
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (!free)
        return std::unexpected(free.error());
    if (*free < bytesNeeded)
        return fail(ErrorCode::NoSpace, Reason::NotEnoughSpace, copy.source,
                    {std::to_string(bytesNeeded), std::to_string(*free), folder.native()});
    return {};
}

// ---- by pages

Result<Connection> openScratch(const Copying &copy)
{
    Result<Connection> to =
        Connection::open(copy.target, {.mode = Mode::Scratch, .stop = copy.context.stop, .wait = copy.context.wait});
    // The target counts only once it is whole, checked and synced, so SQLite need not protect it on the way. Exclusive
    // locking, set before the first read, keeps the index of a -wal on the heap.
    if (to) {
        if (const Result<void> set = to->execute("PRAGMA locking_mode=exclusive; PRAGMA synchronous=off"); !set)
            return std::unexpected(set.error());
    }
    return to;
}

Result<void> copyPages(const Copying &copy, Connection &from)
{
    Result<Connection> to = openScratch(copy);
    if (!to)
        return std::unexpected(to.error());
    if (const Result<void> set = to->execute("PRAGMA journal_mode=memory"); !set)
        return set;
    return from.copyTo(*to, copy.context.progress);
}

// ---- by bytes

/// \a whole: what all files together come to, for the progress; \a before: what was copied of them by now.
Result<void> copyFile(const Copying &copy, const FileReader &from, const Path &to, std::uint64_t size,
                      std::uint64_t before, std::uint64_t whole)
{
    Result<FileWriter> writer = FileWriter::open(to);
    if (!writer)
        return std::unexpected(writer.error());
    const Result<std::uint64_t> copied = writer->copy(from, size, [&](std::uint64_t done) {
        const std::uint64_t sum = before + done;
        copy.context.progress.report(
            {.fraction = whole > 0 ? static_cast<double>(sum) / static_cast<double>(std::max(whole, sum)) : 0,
             .done = sum,
             .phase = Phase::Copying});
        return !copy.context.stop.stop_requested();
    });
    return copied ? Result<void>() : std::unexpected(copied.error());
}

using WalHead = std::array<std::byte, sqlite::WalHeader::Size>;

/// Zeros where there is no header (yet).
WalHead headOf(const FileReader &wal)
{
    WalHead head{};
    if (wal.read(0, head) != head.size())
        head.fill(std::byte{});
    return head;
}

/// Copies the -wal beside the source, if there is one with content. A reader that needs nothing of the -wal any more
/// can't keep a writer from beginning it anew; copied meanwhile, it would be a mix whose old part is valid. Its header
/// is written first then and tells, and it can happen only once (until that is moved into the database, which our
/// transaction prevents).
Result<void> copyWal(const Copying &copy, std::uint64_t before, std::uint64_t whole)
{
    static constexpr int MostRounds = 4;
    const Path target = walOf(copy.target);
    for (int round = 0; round < MostRounds; ++round) {
        platform::removeFile(target);
        const Result<FileReader> wal = FileReader::open(walOf(copy.source));
        if (!wal && wal.error().code == ErrorCode::NotFound)
            return {};
        if (!wal)
            return std::unexpected(wal.error());
        const WalHead head = headOf(*wal);
        const Result<platform::FileStatus> status = wal->statusNow();
        if (!status)
            return std::unexpected(status.error());
        if (const Result<void> copied = copyFile(copy, *wal, target, status->size, before, whole); !copied)
            return copied;
        if (headOf(*wal) == head)
            return {};
    }
    return fail(ErrorCode::Busy, Reason::ChangingTooFast, copy.source);
}

/// The main file, then the -wal: what was moved from one to the other meanwhile is in both then.
Result<void> copyFiles(const Copying &copy, const FileReader &from, std::uint64_t size, bool isWal)
{
    const Result<platform::FileStatus> wal =
        isWal ? platform::status(walOf(copy.source)) : fail(ErrorCode::NotFound, copy.source);
    const std::uint64_t walSize = wal ? wal->size : 0;
    if (const Result<void> room = hasRoom(copy, size + walSize); !room)
        return room;
    const std::uint64_t whole = std::min(size, from.status().size) + walSize;
    if (const Result<void> copied = copyFile(copy, from, copy.target, size, 0, whole); !copied)
        return copied;
    return isWal ? copyWal(copy, whole - walSize, whole) : Result<void>();
}

/// Moves what is in the -wal of our own copy into it, and removes the -wal.
Result<void> foldWal(const Copying &copy)
{
    const Path wal = walOf(copy.target);
    const Result<platform::FileStatus> status = platform::status(wal);
    if (!status)
        return {};
    if (status->size > 0) {
        Result<Connection> connection = openScratch(copy);
        // The first column: 1 if somebody was in the way.
        const Result<std::int64_t> busy =
            connection ? connection->number("PRAGMA wal_checkpoint(truncate)") : std::unexpected(connection.error());
        if (!busy)
            return std::unexpected(busy.error());
        if (*busy != 0)
            return fail(ErrorCode::Internal, copy.target, "the -wal of the copy could not be moved into it");
    }
    platform::removeFile(wal);
    return {};
}

/// Whether the source's bytes, and those of its -wal, are all that it takes. What a hot journal undoes, and a -wal
/// beside a database in rollback mode, is better left to SQLite in the looking glass.
bool isWholeInBytes(const sqlite::Glance &glance)
{
    return !glance.hotJournal && (glance.stored->isWal() || glance.siblings.wal == 0);
}

// ---- beside others, and alone

Result<void> copyJoined(const Copying &copy, CopyWay way)
{
    Result<Connection> from =
        Connection::open(copy.source, {.mode = Mode::Join, .stop = copy.context.stop, .wait = copy.context.wait});
    if (!from)
        return std::unexpected(from.error());
    // The first read of a transaction fixes its moment; on a -wal nobody can take it from us (safety.md, fact 12).
    if (const Result<void> begun = from->execute("BEGIN; SELECT count(*) FROM sqlite_schema"); !begun)
        return begun;
    const Result<std::int64_t> pages = from->number("PRAGMA page_count");
    const Result<std::int64_t> pageSize = from->number("PRAGMA page_size");
    const Result<std::string> mode = from->text("PRAGMA journal_mode");
    if (!pages || !pageSize || !mode)
        return std::unexpected(!pages ? pages.error() : !pageSize ? pageSize.error() : mode.error());
    const auto bytes = static_cast<std::uint64_t>(*pages) * static_cast<std::uint64_t>(*pageSize);
    if (way == CopyWay::Bytes)
        return copyFiles(copy, from->file(), bytes, *mode == "wal");
    if (const Result<void> room = hasRoom(copy, bytes); !room)
        return room;
    return copyPages(copy, *from);
}

Result<void> copyThroughGlass(const Copying &copy, const sqlite::Glance &glance)
{
    const std::uint64_t bytes =
        std::uint64_t(glance.pageCount) * (glance.current ? glance.current->pageSize : glance.stored->pageSize);
    if (const Result<void> room = hasRoom(copy, bytes); !room)
        return room;
    Result<Connection> from = Connection::open(copy.source, {.stop = copy.context.stop, .wait = copy.context.wait});
    return from ? copyPages(copy, *from) : std::unexpected(from.error());
}

Result<void> copyAlone(const Copying &copy, const sqlite::Glance &before, CopyWay way)
{
    if (way == CopyWay::Pages)
        return copyThroughGlass(copy, before);
    const bool isWal = before.stored->isWal();
    // In WAL mode the page count is not that of the main file alone.
    const std::uint64_t size = isWal ? before.file.size : std::uint64_t(before.pageCount) * before.stored->pageSize;
    return sqlite::OwnLocks::instance().read(
        before.file.id, [&] { return FileReader::open(copy.source); },
        [&](const FileReader &reader) { return copyFiles(copy, reader, size, isWal); });
}

/// Without a lock, and therefore only if nothing changed meanwhile: Busy (ChangingTooFast) otherwise.
Result<void> copyUnheld(const Copying &copy, const sqlite::Glance &before, CopyWay way)
{
    const Result<void> copied = copyAlone(copy, before, way);
    if (!copied && copied.error().code == ErrorCode::Cancelled)
        return copied;
    const Result<sqlite::Glance> after = sqlite::glance(copy.source);
    if (!after || after->file.id != before.file.id)
        return fail(ErrorCode::Changed, copy.source, "replaced or removed while it was copied");
    if (!sqlite::sameMoment(before, *after))
        return fail(ErrorCode::Busy, Reason::ChangingTooFast, copy.source);
    return copied;
}

/// Whether \a path still is the file that was copied: unlinked, replaced or cut meanwhile, SQLite would not notice.
Result<void> stillThere(const Path &path, const platform::FileId &id)
{
    const Result<platform::FileStatus> now = platform::status(path);
    if (!now || now->id != id)
        return fail(ErrorCode::Changed, path, "replaced or removed while it was copied");
    return {};
}

/// What an attempt that came to nothing left in the target.
Result<void> startAnew(const Copying &copy)
{
    platform::removeFile(walOf(copy.target));
    return platform::emptyFile(copy.target);
}

/// The files are there; now the copy is one file, and says what it is.
Result<CopyReport> finish(const Copying &copy, CopyReport report)
{
    if (const Result<void> folded = foldWal(copy); !folded)
        return std::unexpected(folded.error());
    const Result<sqlite::Glance> glance = sqlite::glance(copy.target);
    if (!glance)
        return std::unexpected(glance.error());
    report.pages = glance->pageCount;
    report.pageSize = glance->stored ? glance->stored->pageSize : 0;
    return report;
}

}

Result<CopyReport> copyDatabase(const Target &source, const Path &target, JobContext &context, CopyWay way)
{
    const Copying copy{source.path, target, context};
    Result<Preflight> before = preflight(source);
    if (!before)
        return std::unexpected(before.error());
    if (!before->glance.stored)
        return fail(ErrorCode::Damaged, source.path, "no readable header");
    CopyReport report{.way = isWholeInBytes(before->glance) ? way : CopyWay::Pages};
    const auto copyNow = [&] {
        report.recovered = before->glance.hotJournal || (before->glance.wal && before->glance.wal->committedFrames > 0);
        return copyUnheld(copy, before->glance, report.way);
    };
    if (!before->locked) {
        const Result<void> copied = copyNow();
        if (copied)
            return finish(copy, report);
        if (copied.error().reason != Reason::ChangingTooFast)
            return std::unexpected(copied.error());
        if (const Result<void> empty = startAnew(copy); !empty)
            return std::unexpected(empty.error());
    }
    // Somebody writes, seen or unseen. A -wal without its -shm can't be joined without making one.
    if (before->glance.stored->isWal() && !before->glance.siblings.shmExists) {
        before = preflight(source);
        if (!before)
            return std::unexpected(before.error());
        if (!before->glance.siblings.shmExists) {
            const Result<void> copied = copyNow();
            return copied ? finish(copy, report) : std::unexpected(copied.error());
        }
    }
    report.way = way;
    report.joined = true;
    report.recovered = false;
    const Result<void> copied = copyJoined(copy, way);
    if (!copied && copied.error().code == ErrorCode::Busy && copied.error().reason == Reason::None)
        return fail(Error{.code = ErrorCode::Busy,
                          .reason = Reason::InUseByOthers,
                          .path = source.path,
                          .arguments = {who(inspect::holders(source.path))},
                          .detail = copied.error().detail,
                          .sqliteCode = copied.error().sqliteCode});
    if (!copied)
        return std::unexpected(copied.error());
    if (const Result<void> there = stillThere(source.path, before->glance.file.id); !there)
        return std::unexpected(there.error());
    return finish(copy, report);
}

}
