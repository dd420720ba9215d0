// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace lk {

/// What went wrong, for the program. The names that scripts see are in cli.md (see errorCodeName()).
enum class ErrorCode
{
    NotFound,
    NotADatabase,
    Damaged,
    Encrypted,
    Busy,
    ReadOnly,
    NoPermission,
    NoSpace,
    Io,
    Changed,     ///< not the file that was looked at any more
    Unsupported, ///< neither the file's fault nor ours: a limit of SQLite or of this system
    Refused,     ///< a safety rule says no; Reason tells which
    Cancelled,
    Internal,
};

/// Which sentence people get; words/describe has one for each. None: the sentence of the code itself.
/// What %1, %2 … of the sentence are, stands beside each.
enum class Reason
{
    None,
    InUseByOthers,        ///< %1 who: "firefox (4123), …"
    InUseWhileLeavingWal, ///< %1 who, or nothing
    BusyWithReader,       ///< DELETE→WAL waited for an open read transaction; %1 seconds waited
    LockedByWriter,       ///< %1 seconds waited
    HotJournal,           ///< an interrupted transaction waits for its undoing
    ForeignWal,           ///< a non-empty -wal beside a rollback-mode database
    NetworkFilesystem,    ///< %1 file system type
    FolderNotWritable,    ///< %1 folder
    FileNotWritable,
    ReadOnlyFilesystem,
    ManagedByLitestream,
    ManyLinks,      ///< %1 number of names
    NotEnoughSpace, ///< %1 bytes needed, %2 bytes free, %3 folder
    PathTooLong,    ///< %1 bytes of the path, %2 bytes that SQLite takes
    ModeNotChanged, ///< %1 wanted, %2 what the file says
    TargetExists,   ///< %1 target
    TargetIsSource,
    TargetFolderMissing, ///< %1 folder
    ChangingTooFast,
    NotARegularFile,
    EmptyFile,
    Sqlite2File,
    LooksEncrypted,
    TooExpensive,     ///< a budget of time or memory ended it
    CopyDamaged,      ///< %1 first message of the check
    MissingExtension, ///< %1 what is missing: "collation unicase"
    CheckedDamaged,   ///< %1 first message of the check
    UnknownArgument,  ///< %1 what was given
    SymbolicLink,
    NotATable,          ///< %1 name: a view, a virtual table, or nothing
    NotASelect,         ///< %1 what SQLite says of the query
    NotAnIndex,         ///< %1 what SQLite says of the statement
    UnknownSchema,      ///< %1 what SQLite says: it can't work with the file's schema, which need not be damage
    AnotherOperation,   ///< %1 who of us works on the file already: "litekeeper-cli (4123)"
    NotABackup,         ///< none that Litekeeper made: it has no sidecar that can be read
    BackupChanged,      ///< %1 SHA-256 it had when it was made, %2 what it has now
    BackupDamaged,      ///< %1 first message of the check
    OtherDatabase,      ///< the backup is of something else; %1 what differs: "application_id"
    OnlyWhenAsked,      ///< %1 the option that allows it: "--replace"
    WalResetBug,        ///< %1 version of SQLite; %2 who has it open
    ProgramMissing,     ///< %1 program
    ProgramFailed,      ///< %1 program, %2 what it said
    NothingSaved,       ///< recovering found no row
    NoUndo,             ///< of this operation there is none
    ChangedSince,       ///< %1 when the operation was done: the file is not what it left any more
    ProtectedFolder,    ///< %1 folder
    NotIncremental,     ///< auto_vacuum is not incremental
    RowsNotUnique,      ///< %1 what SQLite says: an index forbids rows that are there
    CatalogueNotOpened, ///< Litekeeper's own memory; %1 what SQLite says
    NotAConfig,         ///< of Litestream; %1 line, %2 what is wrong there
    NotReplicated,      ///< the configuration does not name this database; %1 configuration
    UnknownReplica,     ///< %1 name: the configuration has none of that name
    ReplicaFailed,      ///< %1 replica, %2 what Litestream says
    NothingRestorable,  ///< %1 replica, or nothing, %2 moment, or nothing: there is no copy
    RestoredDiffers,    ///< what a replica gave back is not what was there; %1 what differs
    StillReplicating,   ///< %1 who: Litestream has it open
    LitestreamNeedsWal, ///< it would switch it back at its next start
};

/// Why something could not be done. `detail` is for the log, in English; sentences for people are made at the edge.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    Reason reason = Reason::None;
    Path path;                          ///< the file it is about; may be empty
    std::vector<std::string> arguments; ///< what %1, %2 … of the reason's sentence stand for
    std::string detail;
    int sqliteCode = 0;  ///< SQLite's extended result code, or 0
    int systemError = 0; ///< errno, or 0
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error)
{
    return std::unexpected<Error>(std::move(error));
}

inline std::unexpected<Error> fail(ErrorCode code, Path path = {}, std::string detail = {})
{
    return fail(Error{.code = code, .path = std::move(path), .arguments = {}, .detail = std::move(detail)});
}

inline std::unexpected<Error> fail(ErrorCode code, Reason reason, Path path, std::vector<std::string> arguments = {},
                                   std::string detail = {})
{
    return fail(Error{.code = code,
                      .reason = reason,
                      .path = std::move(path),
                      .arguments = std::move(arguments),
                      .detail = std::move(detail)});
}

/// The error of a system call that just failed: the code that fits errno \a systemError, and "what: strerror".
Error systemError(int systemError, Path path, const char *what);

/// The name that scripts see: "not-found", "busy" … (cli.md).
const char *errorCodeName(ErrorCode code);

}
