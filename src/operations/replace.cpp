// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/replace.h"

#include "base/text.h"
#include "inspect/gather.h"
#include "operations/copy.h"
#include "operations/preflight.h"
#include "platform/filecopy.h"
#include "platform/rangelock.h"
#include "sqlite/locks.h"

#include <algorithm>
#include <array>

namespace lk::operations {

using platform::PartialFile;
using platform::RangeLock;

static constexpr std::array Siblings{"-wal", "-journal", "-shm"};
static constexpr std::array KeptSiblings{"-wal", "-journal"}; // a -shm is made anew
static constexpr const char *Aside = ".before-restore-";

static Path withSuffix(const Path &path, std::string_view suffix)
{
    return path.native() + std::string(suffix);
}

/// Whether what lies beside the file is a part of its content.
static bool hasContentBeside(const sqlite::Glance &glance)
{
    return glance.hotJournal ||
           (glance.stored && glance.stored->isWal() && glance.wal && glance.wal->committedFrames > 0);
}

std::uint64_t roomToReplace(const sqlite::Glance &target)
{
    return hasContentBeside(target) ? target.file.size + target.siblings.wal : 0;
}

bool isPutAside(const Path &path, const Path &target)
{
    return path.native().starts_with(target.native() + Aside);
}

static std::vector<Path> unusedNamesOf(const Path &target)
{
    const Result<platform::FileStatus> own = platform::status(target);
    std::vector<Path> names;
    for (const std::string &name : platform::namesIn(target.parent_path())) {
        const Path path = target.parent_path() / name;
        const auto status = isPutAside(path, target) ? platform::status(path) : Result<platform::FileStatus>();
        if (own && isPutAside(path, target) && status && status->id == own->id)
            names.push_back(path);
    }
    return names;
}

std::size_t unusedNames(const Path &target)
{
    return unusedNamesOf(target).size();
}

/// All that SQLite locks of a database file: who has a connection that reads or writes, or in WAL mode any, is met.
static Result<RangeLock> lockOut(const Path &path)
{
    Result<RangeLock> lock =
        RangeLock::take(path, sqlite::PendingByte, sqlite::SharedFirst + sqlite::SharedSize - sqlite::PendingByte);
    if (!lock && lock.error().code == ErrorCode::Busy)
        return fail(ErrorCode::Busy, Reason::InUseByOthers, path, {who(inspect::holders(path))});
    return lock;
}

Result<Replacement> Replacement::prepare(const Target &target, JobContext &context)
{
    Replacement replacement(target.path);
    const Result<sqlite::Glance> seen = sqlite::glance(target.path);
    if (!seen)
        return std::unexpected(seen.error());
    replacement.m_seen = *seen;
    if (hasContentBeside(*seen)) {
        if (const Result<void> merged = replacement.merge(context); !merged)
            return std::unexpected(merged.error());
    }
    return replacement;
}

void Replacement::keepAttributes(const PartialFile &file)
{
    m_notes.clear();
    if (!file.ownerKept())
        m_notes.push_back({Note::OwnerNotKept, {}});
    // The access list is for the owner and group that it was made for.
    if (!platform::copyAttributes(m_path, file.path(), file.ownerKept()))
        m_notes.push_back({Note::ExtendedAttributesNotKept, {}});
}

/// What the siblings lead to, as one file. Damage that prevents it is no reason not to replace the database.
Result<void> Replacement::merge(JobContext &context)
{
    Result<PartialFile> file = PartialFile::create(withSuffix(m_path, ".merged"), m_seen.file);
    if (!file)
        return std::unexpected(file.error());
    const Result<CopyReport> copied = copyDatabase({.path = m_path, .seen = m_seen.file}, file->path(), context);
    const auto isDamage = [](ErrorCode code) { return code == ErrorCode::Damaged || code == ErrorCode::NotADatabase; };
    if (!copied && isDamage(copied.error().code))
        return {};
    if (!copied)
        return std::unexpected(copied.error());
    keepAttributes(*file);
    if (const Result<void> synced = file->sync(); !synced)
        return synced;
    m_merged = std::move(*file);
    return {};
}

Result<PartialFile> Replacement::makeFile()
{
    Result<PartialFile> file = PartialFile::create(withSuffix(m_path, ".restoring"), m_seen.file);
    if (file)
        keepAttributes(*file);
    return file;
}

/// What a killed run named and did not come to use: the database is still under its own name.
void Replacement::removeUnusedNames() const
{
    for (const Path &name : unusedNamesOf(m_path)) {
        for (const char *suffix : KeptSiblings)
            platform::removeName(withSuffix(name, suffix), withSuffix(m_path, suffix));
        platform::removeName(name, m_path);
    }
}

/// After a failure, where the siblings lost their names already and the old database still has its own.
void Replacement::giveBackSiblings(const Path &kept) const
{
    // Beside the merged file they are not needed, and beside the new one they would be poison.
    const Result<platform::FileStatus> inPlace = platform::status(m_path);
    if (!inPlace || inPlace->id != m_seen.file.id)
        return;
    for (const char *suffix : KeptSiblings) {
        if (platform::status(withSuffix(kept, suffix)))
            (void)platform::addName(withSuffix(kept, suffix), withSuffix(m_path, suffix));
    }
}

/// A second name for the database and each of its siblings. All or none.
Result<Path> Replacement::putAside() const
{
    static constexpr int MostInOneSecond = 1000;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::string time = text::isoTime(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    for (int number = 1; number < MostInOneSecond; ++number) {
        const Path kept = withSuffix(m_path, Aside + time + (number > 1 ? '-' + std::to_string(number) : ""));
        Result<void> named = platform::addName(m_path, kept);
        if (!named && named.error().reason == Reason::TargetExists)
            continue;
        for (const char *suffix : KeptSiblings) {
            if (named && platform::status(withSuffix(m_path, suffix)))
                named = platform::addName(withSuffix(m_path, suffix), withSuffix(kept, suffix));
        }
        if (named)
            named = platform::syncFolder(kept.parent_path());
        if (named)
            return kept;
        removeUnusedNames();
        return std::unexpected(named.error());
    }
    return fail(ErrorCode::Refused, Reason::TargetExists, m_path, {m_path.native()});
}

/// And their names are off the disk for good before another file has the database's.
Result<void> Replacement::removeSiblings() const
{
    for (const char *suffix : Siblings)
        platform::removeFile(withSuffix(m_path, suffix));
    if (const Result<void> synced = platform::syncFolder(m_path.parent_path()); !synced)
        return synced;
    for (const char *suffix : Siblings) {
        if (platform::status(withSuffix(m_path, suffix)))
            return fail(ErrorCode::NoPermission, withSuffix(m_path, suffix), "could not be removed");
    }
    return {};
}

Result<Path> Replacement::putInPlace(PartialFile &file)
{
    if (const Result<void> synced = file.sync(); !synced)
        return std::unexpected(synced.error());
    const Result<RangeLock> lock = lockOut(m_path);
    if (!lock)
        return std::unexpected(lock.error());
    const Result<sqlite::Glance> now = sqlite::glance(m_path);
    if (!now || !sqlite::sameMoment(m_seen, *now) || lock->file() != now->file.id)
        return fail(ErrorCode::Changed, m_path, "written to or replaced since it was looked at");
    removeUnusedNames();
    const Result<Path> kept = putAside();
    if (!kept)
        return kept;
    platform::FileId inPlace = now->file.id;
    std::optional<RangeLock> mergedLock;
    if (m_merged) {
        Result<RangeLock> taken = lockOut(m_merged->path());
        if (!taken)
            return std::unexpected(taken.error());
        mergedLock = std::move(*taken);
        if (const Result<void> swapped = m_merged->publishOver(m_path, inPlace); !swapped)
            return std::unexpected(swapped.error());
        inPlace = mergedLock->file();
    }
    Result<void> swapped = removeSiblings();
    if (swapped)
        swapped = file.publishOver(m_path, inPlace);
    if (!swapped) {
        giveBackSiblings(*kept);
        return std::unexpected(swapped.error());
    }
    return kept;
}

}
