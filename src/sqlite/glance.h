// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"
#include "sqlite/header.h"
#include "sqlite/journal.h"
#include "sqlite/wal.h"

#include <optional>
#include <vector>

namespace lk::sqlite {

enum class State
{
    Database,
    Damaged,        ///< begins as a database, and can't be a whole one
    Empty,          ///< 0 bytes under a database's name
    MaybeEncrypted, ///< noise under a database's name, a whole number of sectors
    Sqlite2,
    Other, ///< not a database
};

/// Something about a file that does not fit; words/describe makes the sentence.
enum class Problem
{
    HeaderCutShort,       ///< value: the file's size in bytes
    BadPageSize,          ///< value: as stored
    SizeNotWholePages,    ///< value: bytes behind the last whole page
    FewerPagesThanStored, ///< value: pages in the file, expected: pages by the header
    UnknownFormatVersion, ///< value: the read or write version
    BadPayloadFractions,
    BadEncoding,        ///< value: as stored
    BadSchemaFormat,    ///< value: as stored
    BadReservedBytes,   ///< value: as stored
    BadFreelist,        ///< value: pages on the freelist, expected: pages in the file
    FirstPageNotATable, ///< value: the page type
    VersionsDiffer,     ///< value: write version, expected: read version
    HotJournal,
    WalNotReadable,     ///< a -wal whose header is not one
    WalPageSizeDiffers, ///< value: the -wal's, expected: the database's
    WalBesideRollback,  ///< a -wal with content beside a database in rollback mode
    WalTooLarge,        ///< value: its size in bytes; not read
    JournalNotReadable, ///< could not be opened: whether it is hot is not known
    NotReadable,        ///< value: errno
    HeldByUs,           ///< read through the descriptor of our own connection
    ManyLinks,          ///< value: names
    NotCurrent,         ///< changed while it was looked at
};

struct ProblemNote
{
    Problem kind{};
    std::int64_t value = 0;
    std::int64_t expected = 0;

    bool operator==(const ProblemNote &) const = default;
};

/// The files SQLite keeps beside a database. Sizes in bytes; 0: there is none.
struct Siblings
{
    std::uint64_t wal = 0;
    std::uint64_t journal = 0;
    std::uint64_t shm = 0;
    bool walExists = false;
    bool journalExists = false;
    bool shmExists = false;

    bool operator==(const Siblings &) const = default;
};

/// All that a look at a file's first bytes and its siblings tells. No lock, no trace, a few microseconds.
struct Glance
{
    platform::FileStatus file;
    State state = State::Other;
    std::optional<Header> stored;  ///< of the main file alone
    std::optional<Header> current; ///< as a reader would see it: from the -wal or, after its undoing, a hot journal
    std::uint32_t pageCount = 0;   ///< in pages, of the current state
    Siblings siblings;
    std::optional<WalSummary> wal;
    std::optional<JournalHeader> journal; ///< of a -journal that begins with one: hot, or of a transaction under way
    bool hotJournal = false;
    std::vector<ProblemNote> problems;
};

/// Whether nobody wrote to the database or its siblings between two glances, as far as the system and the files tell.
bool sameMoment(const Glance &a, const Glance &b);

/// Which siblings the caller already knows about, from having listed the folder.
enum class SiblingsHint
{
    Unknown, ///< ask for each
    None,    ///< there is none
    Some,    ///< at least one
};

/// Looks at the file \a name in the open \a folder (a descriptor). Errors: what opening and reading gives, and
/// Refused (NotARegularFile). A file that is no database is not an error: its state says so.
Result<Glance> glance(int folder, const char *name, SiblingsHint hint = SiblingsHint::Unknown);
Result<Glance> glance(const Path &path);

/// The same for a caller who has the first bytes in hand: judges, reads nothing. \a head holds as much of the file's
/// start as was read (at most 4096 bytes count).
Glance judge(const platform::FileStatus &file, std::string_view name, Bytes head);

}
