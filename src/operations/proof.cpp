// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/proof.h"

#include "operations/aside.h"
#include "operations/copy.h"
#include "operations/digest.h"
#include "operations/rawset.h"
#include "platform/diskspace.h"
#include "platform/scratchfile.h"

#include <algorithm>

namespace lk::operations {

using platform::FileReader;
using platform::FileWriter;

static Result<void> sameHash(const BackupInfo &backup, const std::string &made, const std::string &found)
{
    if (made != found)
        return fail(ErrorCode::Damaged, Reason::BackupChanged, backup.backup, {made, found});
    return {};
}

static Result<void> hasRoom(const BackupInfo &backup, const Path &folder)
{
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (free && *free < backup.bytes)
        return fail(ErrorCode::NoSpace, Reason::NotEnoughSpace, backup.backup,
                    {std::to_string(backup.bytes), std::to_string(*free), folder.native()});
    return {};
}

static Result<void> unpackTo(const BackupInfo &backup, FileWriter &writer, JobContext &context)
{
    const Sink sink = [&](std::span<const std::byte> bytes) { return writer.write(bytes); };
    const Result<Packed> packed = unpack(backup.backup, backup.bytes, sink, context.stop, context.progress);
    if (!packed && packed.error().code == ErrorCode::Damaged)
        return fail(ErrorCode::Damaged, Reason::BackupDamaged, backup.backup, {packed.error().detail},
                    packed.error().detail);
    if (!packed)
        return std::unexpected(packed.error());
    const Result<void> same = sameHash(backup, backup.storedSha256, packed->storedSha256);
    return same ? sameHash(backup, backup.sha256, packed->sha256) : same;
}

static Result<void> copyTo(const BackupInfo &backup, FileWriter &writer, JobContext &context)
{
    const Result<FileReader> reader = FileReader::open(backup.backup);
    if (!reader)
        return std::unexpected(reader.error());
    const std::uint64_t size = reader->status().size;
    const Result<std::uint64_t> copied = writer.copy(*reader, size, [&](std::uint64_t done) {
        context.progress.report(
            {.fraction = static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(size, 1)),
             .done = done,
             .phase = Phase::Copying});
        return !context.stop.stop_requested();
    });
    return copied ? Result<void>() : std::unexpected(copied.error());
}

static Result<void> sameStoredHash(const BackupInfo &backup, const std::stop_token &stop, Progress &progress)
{
    const Result<std::string> found = sha256(backup.backup, stop, progress);
    return found ? sameHash(backup, backup.storedSha256, *found) : std::unexpected(found.error());
}

/// A raw set comes out as what SQLite makes of it: with the journal undone, with the -wal's content.
static Result<void> recoverTo(const BackupInfo &backup, const Path &to, JobContext &context)
{
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return std::unexpected(folder.error());
    if (const Result<void> same = sameStoredHash(backup, context.stop, context.progress); !same)
        return same;
    if (const Result<void> room = hasRoom(backup, folder->path()); !room)
        return room;
    const Path set = folder->path() / "set.sqlite";
    Result<void> unpacked = unpackRawSet(backup.backup, backup.bytes, set, context.stop);
    if (!unpacked && unpacked.error().code == ErrorCode::Damaged)
        return fail(ErrorCode::Damaged, Reason::BackupDamaged, backup.backup, {unpacked.error().detail});
    if (!unpacked)
        return unpacked;
    const Result<CopyReport> copied = copyDatabase({.path = set, .seen = {}}, to, context);
    if (!copied && copied.error().code == ErrorCode::Damaged)
        return fail(ErrorCode::Damaged, Reason::BackupDamaged, backup.backup, {copied.error().detail});
    return copied ? Result<void>() : std::unexpected(copied.error());
}

Result<void> bringOut(const BackupInfo &backup, const Path &to, JobContext &context)
{
    if (const Result<void> room = hasRoom(backup, to.parent_path()); !room)
        return room;
    if (backup.format == BackupFormat::Raw)
        return recoverTo(backup, to, context);
    Result<FileWriter> writer = FileWriter::open(to);
    if (!writer)
        return std::unexpected(writer.error());
    return backup.format == BackupFormat::Zstd ? unpackTo(backup, *writer, context) : copyTo(backup, *writer, context);
}

static Result<Verdict> checkContent(const BackupInfo &backup, const Path &database, JobContext &context)
{
    const Result<sqlite::Glance> glance = sqlite::glance(database);
    if (!glance)
        return std::unexpected(glance.error());
    Result<Verdict> verdict = checkDatabase(database, *glance, {}, context);
    if (verdict && verdict->kind == Verdict::Damaged)
        return fail(ErrorCode::Damaged, Reason::BackupDamaged, backup.backup, {verdict->messages.front()});
    return verdict;
}

Result<Verdict> proveContent(const BackupInfo &backup, const Path &database, JobContext &context)
{
    if (backup.format == BackupFormat::Raw) // its own hash was compared; what came of it has none
        return checkContent(backup, database, context);
    Aside<std::string> hash(context.stop, [&](const std::stop_token &stop) { return sha256(database, stop); });
    const Result<Verdict> verdict = checkContent(backup, database, context);
    if (!verdict && verdict.error().code == ErrorCode::Cancelled)
        return verdict;
    const Result<std::string> found = hash.result();
    if (!found)
        return std::unexpected(found.error());
    // The hash first: of a file that was changed it matters less how.
    if (const Result<void> same = sameHash(backup, backup.sha256, *found); !same)
        return std::unexpected(same.error());
    return verdict;
}

Result<Verdict> prove(const BackupInfo &backup, JobContext &context)
{
    if (backup.format == BackupFormat::Plain)
        return proveContent(backup, backup.backup, context);
    if (backup.format == BackupFormat::Raw) { // that it is damaged may be why it was made
        const Result<void> same = sameStoredHash(backup, context.stop, context.progress);
        return same ? Result<Verdict>(Verdict{.kind = Verdict::Unchecked, .messages = {}, .missing = {}})
                    : std::unexpected(same.error());
    }
    const Result<platform::ScratchFolder> folder = platform::ScratchFolder::create();
    if (!folder)
        return std::unexpected(folder.error());
    const Path database = folder->path() / "backup.sqlite";
    PartOfProgress unpacking(context.progress, 0, 0.4);
    PartOfProgress checking(context.progress, 0.4, 1);
    JobContext unpackContext{context.stop, unpacking, context.wait};
    if (const Result<void> out = bringOut(backup, database, unpackContext); !out)
        return std::unexpected(out.error());
    JobContext checkContext{context.stop, checking, context.wait};
    return checkContent(backup, database, checkContext);
}

}
