// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/siblings.h"

#include "sqlite/locks.h"
#include "sqlite/ownlocks.h"

#include <algorithm>
#include <array>

namespace lk::inspect {

using platform::FileReader;
using sqlite::Glance;
using sqlite::Problem;
using sqlite::WalIndex;

/// A journal is followed for undoing's figures, not for its own sake: this much comes in well under a tenth of a
/// second.
static constexpr std::uint64_t MostJournalRead = 64 << 20;

const char *siblingStateName(SiblingState state)
{
    static constexpr std::array Names{"missing",        "empty",           "live", "left-by-crash", "spent",
                                      "other-database", "beside-rollback", "hot",  "not-readable"};
    return Names[static_cast<std::size_t>(state)];
}

static Path beside(const Path &path, const char *suffix)
{
    return path.native() + suffix;
}

static bool has(const Glance &glance, Problem problem)
{
    return std::ranges::find(glance.problems, problem, &sqlite::ProblemNote::kind) != glance.problems.end();
}

/// The start of the -shm; nothing where it is no index of a -wal. \a readable says whether it could be read at all.
static std::optional<WalIndex> readIndex(const Path &path, const Glance &glance, bool &readable)
{
    const Path shm = beside(path, "-shm");
    const Result<platform::FileStatus> status = platform::status(shm);
    std::optional<WalIndex> index;
    const auto look = [&](const FileReader &reader) -> Result<void> {
        std::array<std::byte, WalIndex::Size> start{};
        const Result<std::size_t> count = reader.read(0, start);
        if (!count)
            return std::unexpected(count.error());
        if (const Result<WalIndex> parsed = sqlite::parseWalIndex(sqlite::Bytes(start).first(*count)))
            index = *parsed;
        return {};
    };
    readable = status && sqlite::OwnLocks::instance().readBeside(
                             glance.file.id, status->id, [&] { return FileReader::open(shm); }, look);
    return index;
}

/// Whether the index was made for this very -wal and describes all of it.
static bool describes(const WalIndex &index, const sqlite::WalSummary &wal)
{
    return index.initialised && index.copiesAgree && index.salt1 == wal.salt1 && index.salt2 == wal.salt2 &&
           index.maxFrame == wal.committedFrames;
}

/// By the header and by page 1, as the -wal has them. What else may be wrong, only opening the two together shows.
static bool fitsToDatabase(const sqlite::WalSummary &wal, const sqlite::Header &stored)
{
    if (wal.committedFrames == 0)
        return true;
    if (wal.pageSize != stored.pageSize)
        return false;
    if (wal.firstPage.empty())
        return true;
    const Result<sqlite::Header> header = sqlite::parseHeader(wal.firstPage);
    // Neither can change in WAL mode once there is content.
    return header && header->pageSize == stored.pageSize &&
           (header->textEncoding == stored.textEncoding || stored.textEncoding == 0);
}

static SiblingState walState(const Path &path, const Glance &glance, const std::optional<WalIndex> &index, bool open)
{
    const sqlite::Siblings &siblings = glance.siblings;
    if (siblings.wal == 0)
        return siblings.walExists ? SiblingState::Empty : SiblingState::Missing;
    // Nothing of SQLite's has locks on a -wal: it may be opened and closed.
    if (!glance.wal)
        return FileReader::open(beside(path, "-wal")) ? SiblingState::Spent : SiblingState::NotReadable;
    if (!glance.stored->isWal())
        return SiblingState::BesideRollback;
    if (!fitsToDatabase(*glance.wal, *glance.stored))
        return SiblingState::OtherDatabase;
    if (open)
        return SiblingState::Live;
    const bool checkpointed = index && describes(*index, *glance.wal) && index->notBackfilled() == 0;
    return glance.wal->committedFrames == 0 || checkpointed ? SiblingState::Spent : SiblingState::LeftByCrash;
}

static SiblingState shmState(const Glance &glance, const SiblingsFacts &facts, bool readable, bool open)
{
    if (!glance.siblings.shmExists)
        return SiblingState::Missing;
    if (glance.siblings.shm == 0)
        return SiblingState::Empty;
    if (!readable)
        return SiblingState::NotReadable;
    if (open && glance.stored->isWal())
        return SiblingState::Live;
    // Without anybody to use it, it is made anew at the next open, whatever it says.
    return facts.wal == SiblingState::LeftByCrash ? SiblingState::LeftByCrash : SiblingState::Spent;
}

static SiblingState journalState(const Glance &glance)
{
    if (glance.siblings.journal == 0)
        return glance.siblings.journalExists ? SiblingState::Empty : SiblingState::Missing;
    if (has(glance, Problem::JournalNotReadable))
        return SiblingState::NotReadable;
    if (glance.hotJournal)
        return SiblingState::Hot;
    // Neither hot nor spent: somebody is in the middle of this transaction.
    return glance.journal ? SiblingState::Live : SiblingState::Spent;
}

static std::optional<JournalUndo> undoing(const Path &path, const Glance &glance)
{
    const Result<FileReader> reader = FileReader::open(beside(path, "-journal"));
    if (!reader || !glance.journal || !sqlite::isPageSize(glance.journal->pageSize))
        return std::nullopt;
    const auto content = sqlite::readJournal(
        reader->status().size, MostJournalRead,
        [&](std::uint64_t offset, std::span<std::byte> into) { return reader->read(offset, into); });
    if (!content)
        return std::nullopt;
    const auto pagesBefore = static_cast<std::uint32_t>(glance.file.size / glance.journal->pageSize);
    // A journal that never reached the disk whole undoes nothing: the database was not written to yet.
    const bool begun = glance.journal->records > 0;
    return JournalUndo{.records = content->records,
                       .pagesAfter = begun ? glance.journal->initialPages : pagesBefore,
                       .pagesBefore = pagesBefore,
                       .complete = content->complete};
}

/// Only what is locked is in use: a reader that has ended leaves its mark behind.
static void findReaders(SiblingsFacts &facts, const std::vector<platform::FileLock> &shmLocks)
{
    for (std::size_t i = 0; i < WalIndex::ReadMarks; ++i) {
        const std::uint64_t byte = sqlite::WalReadFirst + i;
        // A checkpoint locks it to write, for a moment.
        const bool held = std::ranges::any_of(shmLocks, [&](const platform::FileLock &lock) {
            return !lock.write && lock.first <= byte && lock.last >= byte;
        });
        const std::optional<std::uint32_t> mark = facts.index->readMarks[i];
        if (!held || !mark)
            continue;
        ++facts.readMarksHeld;
        facts.oldestReader = std::min(facts.oldestReader.value_or(*mark), *mark);
    }
}

SiblingsFacts siblingsOf(const Path &path, const Glance &glance, const InUse &inUse)
{
    SiblingsFacts facts;
    if (!glance.stored)
        return facts; // then nothing beside it was looked at
    bool shmReadable = false;
    if (glance.siblings.shm > 0)
        facts.index = readIndex(path, glance, shmReadable);
    facts.wal = walState(path, glance, facts.index, inUse.open);
    facts.shm = shmState(glance, facts, shmReadable, inUse.open);
    facts.journal = journalState(glance);
    if (glance.hotJournal)
        facts.undo = undoing(path, glance);
    if (facts.index)
        findReaders(facts, inUse.shmLocks);

    const bool counts = facts.shm == SiblingState::Live && facts.index && facts.index->copiesAgree;
    if (facts.wal == SiblingState::Live && counts)
        facts.notCheckpointed = facts.index->notBackfilled();
    else if (facts.wal == SiblingState::Live || facts.wal == SiblingState::LeftByCrash)
        facts.notCheckpointed = glance.wal->committedFrames;
    else if (glance.stored->isWal() && facts.wal != SiblingState::NotReadable)
        facts.notCheckpointed = 0;
    return facts;
}

}
