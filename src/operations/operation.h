// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "platform/filereader.h"

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace lk::operations {

/// What an operation may do to the person's files; decides how it is confirmed.
enum class Risk
{
    Reads,         ///< leaves no trace
    WritesNewFile, ///< beside or elsewhere; the database itself is only read
    ChangesFile,   ///< a setting in the file
    RewritesFile,  ///< every byte of it
};

/// A file to act on, and what it was when the person chose it.
struct Target
{
    Path path;                                ///< absolute and resolved
    std::optional<platform::FileStatus> seen; ///< Changed is the answer if it is another file by now
};

/// A choice the person has: an option or argument of the CLI verb, a control of the dialog.
struct Parameter
{
    enum class Kind
    {
        Flag,   ///< bool
        Choice, ///< one of choices; positional, before the files
        Option, ///< one of choices by name; may be missing
        Number, ///< a whole number, 0 or more, as text; may be missing
        Folder, ///< a path that is there; required
        File,   ///< a path that may be new; required
        Text,   ///< what the operation understands; may be missing
    };
    struct Value
    {
        const char *id;    ///< "wal"
        const char *title; ///< of the menu item, untranslated
    };

    const char *id; ///< "quick": --quick
    Kind kind;
    const char *title; ///< untranslated
    const char *help;  ///< untranslated
    std::vector<Value> choices{};
    bool excludesOthers = false;   ///< a flag that can't be combined with the other such flags
    bool optional = false;         ///< a folder or file that may be missing
    Reason answers = Reason::None; ///< a flag that is worth a thought only where this is why not
};

using Argument = std::variant<bool, std::string>;
using Arguments = std::map<std::string, Argument, std::less<>>; ///< by Parameter::id; paths as bytes

bool flag(const Arguments &arguments, std::string_view id);
/// Empty if it is missing.
std::string value(const Arguments &arguments, std::string_view id);
/// Nothing if it is missing, or no Parameter::Number.
std::optional<std::uint64_t> number(const Arguments &arguments, std::string_view id);

/// An operation with all it takes to run it: what a history keeps.
struct Invocation
{
    std::string operation; ///< its id
    Path path;
    Arguments arguments{};
};

/// How a job runs.
struct JobContext
{
    std::stop_token stop;
    Progress &progress;
    std::chrono::milliseconds wait{5000}; ///< for somebody else's lock
};

enum class Status
{
    Done,
    Unchanged, ///< it was so already
    Skipped,   ///< a rule said no before anything was done
    Failed,
};

/// Something the person should know although nothing failed; words/describe makes the sentence.
enum class Note
{
    MemoryFilesystem,    ///< %1 file system
    OverlayFilesystem,   ///< %1 file system
    RemovableFilesystem, ///< %1 file system
    FuseFilesystem,      ///< %1 file system
    UnknownFilesystem,   ///< %1 file system
    BackupsMustIncludeWal,
    OthersHidden,     ///< other users' processes can't be seen
    OthersHaveItOpen, ///< %1 who
    RecoveredState,   ///< the copy or check is of the state after a hot journal's undoing or a -wal's replay
    ReadBesideWriter, ///< %1 attempts
    CheckedSnapshot,
    MessagesLimited,  ///< %1 messages: SQLite stops there
    MissingExtension, ///< %1 what: "collation unicase"
    OwnerNotKept,
    ExtendedAttributesNotKept,
    WillWait, ///< %1 seconds at most
    RunningAsRoot,
    WriterDelayed,     ///< in rollback mode writers wait while the copy is made
    SpaceNeeded,       ///< %1 bytes beside the file, %2 bytes free there, %3 bytes in %4, a folder, %5 bytes free there
    RowidsChange,      ///< %1 tables
    RollbackMeanwhile, ///< a database in WAL mode leaves it for a while
    RehearsalTook,     ///< %1 seconds
    AlreadyInRollback, ///< there is no -wal to move
    BackupExists,      ///< %1 path of the newest one
    LostAndFound,      ///< %1 rows whose table is not known
    LitestreamStarted, ///< %1 unit
    StartLitestream,   ///< %1 unit, or the program: the person has to
};

struct NoteText
{
    Note note{};
    std::vector<std::string> arguments{};
};

/// Numbers by name, in order: rows by table.
using Counts = std::vector<std::pair<std::string, std::int64_t>>;

/// A value of a record: null, bool, number, text, list of texts, numbers by name. Ids are cli.md's.
using FieldValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>, Counts>;
struct Field
{
    std::string id;
    FieldValue value;
};

/// What came of it for one file.
struct Report
{
    Status status = Status::Done;
    std::optional<Error> error{}; ///< for Skipped and Failed
    std::vector<Field> fields{};
    std::vector<NoteText> notes{};
    std::optional<Invocation> undo{}; ///< takes back what was done
    bool damageFound = false;         ///< the operation ran, and found the file damaged

    const FieldValue *field(std::string_view id) const;
};

/// What an operation is offered for.
enum class Subject
{
    Database,
    Backup,  ///< not for what a scan finds, but for a backup that was made of it
    Replica, ///< a database that Litestream replicates, which may be gone: offered where its replicas are shown
    Undo,    ///< only to take back another operation: in no menu, and no verb of the CLI
};

struct Operation
{
    const char *id;      ///< the CLI verb, see verbOf()
    const char *title;   ///< of menus: QT_TRANSLATE_NOOP("Operation", …)
    const char *summary; ///< one sentence
    Risk risk;
    std::vector<Parameter> parameters;

    /// What run() would do and why not: Done (it would be done), Unchanged, or Skipped with the error. Touches nothing.
    Report (*preflight)(const Target &target, const Arguments &arguments, JobContext &context);
    /// The same, and more: really does it, on an overlay that never reaches the disk (safety.md, fact 4), so that the
    /// fields are those that run() would give. Null where preflight() can say no more by trying.
    Report (*rehearse)(const Target &target, const Arguments &arguments, JobContext &context) = nullptr;
    /// Does it, after a preflight of its own. Never throws; every failure is in the report.
    Report (*run)(const Target &target, const Arguments &arguments, JobContext &context);
    Subject subject = Subject::Database;
};

/// Runs \a operation. What writes has the file to itself among all of Litekeeper's processes: it waits for its turn as
/// long as for a lock, then it is Busy (AnotherOperation).
Report act(const Operation &operation, const Target &target, const Arguments &arguments, JobContext &context);

/// All there are; menus, dialogs and CLI verbs are made from this table.
std::span<const Operation *const> all();
const Operation *find(std::string_view id);
/// The words of the CLI verb: "litestream-test" is `litestream test`.
std::vector<std::string> verbOf(std::string_view id);

Report failed(Error error);
Report skipped(Error error);

}
