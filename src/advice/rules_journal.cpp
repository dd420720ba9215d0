// SPDX-License-Identifier: GPL-3.0-or-later
// Journal modes, what they need of a place, and what lies beside a database.
#include "advice/rules.h"
#include "sqlite/connection.h"
#include "sqlite/versions.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace lk::advice {

using inspect::SiblingState;
using platform::FilesystemKind;
using sqlite::Problem;

namespace {

/// What SQLite begins an automatic checkpoint with, in frames (sqlite.org/pragma.html#pragma_wal_autocheckpoint).
constexpr std::uint64_t AutoCheckpoint = 1000;
constexpr std::uint64_t FrameHeader = 24; ///< bytes before each page in a -wal
constexpr std::uint64_t LargeKeptJournal = 64 * MiB;

bool isWal(const DatabaseFacts &facts)
{
    return facts.header() && facts.header()->isWal();
}

bool isReadOnlyPlace(const DatabaseFacts &facts)
{
    static constexpr std::array ReadOnlyTypes{"iso9660", "squashfs", "erofs", "cramfs"};
    return (facts.seen.file.mode & 0222) == 0 ||
           std::ranges::find(ReadOnlyTypes, facts.filesystem) != ReadOnlyTypes.end();
}

/// The client whose synchronized folder \a path lies in: "Dropbox" for /home/a/Dropbox (Work)/x.db. What lies below a
/// hidden folder is the client's own.
std::string syncedBy(const Path &path)
{
    static constexpr std::array Clients{"Dropbox",     "OneDrive",  "Nextcloud",    "ownCloud",    "Google Drive",
                                        "GoogleDrive", "Syncthing", "iCloud Drive", "pCloudDrive", "Mobile Documents",
                                        "iCloudDrive", "Seafile",   "Proton Drive", "MEGAsync",    "Insync"};
    for (const Path &component : path.parent_path()) {
        const std::string &name = component.native();
        if (name.starts_with('.') || name == "AppData" || name == "Application Support")
            return {};
        for (const std::string_view client : Clients) {
            if (name.starts_with(client) && (name.size() == client.size() || name[client.size()] == ' '))
                return std::string(client);
        }
    }
    return {};
}

std::optional<Finding> serverRollback(const DatabaseFacts &facts)
{
    const std::string server = serverOf(facts);
    if (isWal(facts) || server.empty() || filesystemOf(facts) == FilesystemKind::Network || isReadOnlyPlace(facts) ||
        !syncedBy(facts.path).empty())
        return {};
    return found({server});
}

std::optional<Finding> walOnNetwork(const DatabaseFacts &facts)
{
    if (!isWal(facts) || filesystemOf(facts) != FilesystemKind::Network)
        return {};
    return found({facts.filesystem});
}

std::optional<Finding> onNetwork(const DatabaseFacts &facts)
{
    if (isWal(facts) || filesystemOf(facts) != FilesystemKind::Network)
        return {};
    return found({facts.filesystem});
}

std::optional<Finding> synced(const DatabaseFacts &facts)
{
    const std::string client = syncedBy(facts.path);
    if (client.empty())
        return {};
    return found({client}, isWal(facts) ? Severity::Warning : Severity::Advice);
}

std::optional<Finding> walReadOnly(const DatabaseFacts &facts)
{
    return isWal(facts) && isReadOnlyPlace(facts) ? found() : std::nullopt;
}

/// How many times a checkpoint's beginning the -wal is large; 0 below four.
std::uint64_t timesTooLarge(const DatabaseFacts &facts)
{
    const std::uint64_t usual = AutoCheckpoint * (facts.header()->pageSize + FrameHeader);
    const std::uint64_t times = facts.seen.siblings.wal / usual;
    return times >= 4 ? times : 0;
}

bool isCheckpointed(const DatabaseFacts &facts)
{
    return facts.siblings.notCheckpointed && *facts.siblings.notCheckpointed < AutoCheckpoint;
}

/// Frames that wait for the oldest reader; 0 if no reader keeps them.
std::uint64_t heldByReader(const DatabaseFacts &facts)
{
    const inspect::SiblingsFacts &siblings = facts.siblings;
    if (!siblings.oldestReader || !siblings.index || *siblings.oldestReader >= siblings.index->maxFrame)
        return 0;
    return siblings.index->maxFrame - *siblings.oldestReader;
}

std::optional<Finding> walPinned(const DatabaseFacts &facts)
{
    const std::uint64_t held = heldByReader(facts);
    if (held < AutoCheckpoint)
        return {};
    return found({number(*facts.siblings.oldestReader), number(facts.siblings.index->maxFrame), number(held)});
}

std::optional<Finding> walLarge(const DatabaseFacts &facts)
{
    const std::uint64_t times = timesTooLarge(facts);
    if (times == 0 || isCheckpointed(facts) || heldByReader(facts) >= AutoCheckpoint)
        return {};
    return found({Bytes{facts.seen.siblings.wal}, number(times)});
}

std::optional<Finding> walKept(const DatabaseFacts &facts)
{
    if (timesTooLarge(facts) == 0 || !isCheckpointed(facts))
        return {};
    return found({Bytes{facts.seen.siblings.wal}});
}

std::optional<Finding> walLeft(const DatabaseFacts &facts)
{
    const std::uint32_t frames = facts.siblings.notCheckpointed.value_or(0);
    if (facts.siblings.wal != SiblingState::LeftByCrash || frames == 0)
        return {};
    return found({number(frames)});
}

std::optional<Finding> hotJournal(const DatabaseFacts &facts)
{
    return facts.seen.hotJournal ? found({Bytes{facts.seen.siblings.journal}}) : std::nullopt;
}

std::optional<Finding> walOfAnother(const DatabaseFacts &facts)
{
    const bool isOther = facts.siblings.wal == SiblingState::OtherDatabase ||
                         hasProblem(facts, {Problem::WalPageSizeDiffers, Problem::WalNotReadable});
    return isOther ? found({Bytes{facts.seen.siblings.wal}}) : std::nullopt;
}

std::optional<Finding> walBesideRollback(const DatabaseFacts &facts)
{
    const bool isThere =
        facts.siblings.wal == SiblingState::BesideRollback || hasProblem(facts, {Problem::WalBesideRollback});
    return isThere ? found({Bytes{facts.seen.siblings.wal}}) : std::nullopt;
}

std::optional<Finding> journalOfAnother(const DatabaseFacts &facts)
{
    if (facts.siblings.journal != SiblingState::OtherDatabase)
        return {};
    return found({Bytes{facts.seen.siblings.journal}});
}

std::optional<Finding> journalKept(const DatabaseFacts &facts)
{
    if (facts.siblings.journal != SiblingState::Spent || facts.seen.siblings.journal < LargeKeptJournal)
        return {};
    return found({Bytes{facts.seen.siblings.journal}});
}

std::optional<Finding> shmLeft(const DatabaseFacts &facts)
{
    const sqlite::Siblings &siblings = facts.seen.siblings;
    if (!siblings.shmExists || siblings.walExists || !facts.holders.empty() || facts.holdersHidden)
        return {};
    return found();
}

std::optional<Finding> writerHasResetBug(const DatabaseFacts &facts)
{
    const std::uint32_t version = facts.header()->writerVersion;
    if (!isWal(facts) || !sqlite::hasWalResetBug(version))
        return {};
    return found({text::sqliteVersion(version)});
}

/// Of Litekeeper's own SQLite: it matters where others have the file open.
std::optional<Finding> libraryHasResetBug(const DatabaseFacts &facts)
{
    if (!isWal(facts) || facts.holders.empty() || !sqlite::libraryHasWalResetBug())
        return {};
    return found({std::string(sqlite::libraryVersion())});
}

// Litestream (facts.md, 5; litestream.io)
// ------------------------------------------------------------------------------

bool isLitestream(const inspect::Holder &holder)
{
    return holder.name == "litestream";
}

bool hasLitestream(const DatabaseFacts &facts)
{
    return facts.structure->find(inspect::ObjectType::Table, "_litestream_seq") != nullptr;
}

std::optional<Finding> litestreamManaged(const DatabaseFacts &facts)
{
    return hasLitestream(facts) && isWal(facts) ? found() : std::nullopt;
}

std::optional<Finding> litestreamNeedsWal(const DatabaseFacts &facts)
{
    return hasLitestream(facts) && !isWal(facts) ? found() : std::nullopt;
}

std::optional<Finding> litestreamNotRunning(const DatabaseFacts &facts)
{
    if (!hasLitestream(facts) || facts.holders.empty() || facts.holdersHidden ||
        std::ranges::any_of(facts.holders, isLitestream))
        return {};
    return found({facts.holders.front().name});
}

std::optional<Finding> litestreamOtherCheckpointer(const DatabaseFacts &facts)
{
    if (!hasLitestream(facts))
        return {};
    const auto checkpoints = [](const inspect::Holder &holder) {
        return !isLitestream(holder) && std::ranges::find(holder.locks, "wal-checkpoint") != holder.locks.end();
    };
    const auto other = std::ranges::find_if(facts.holders, checkpoints);
    return other == facts.holders.end() ? std::nullopt : found({other->name, Value(other->pid)});
}

}

std::span<const Rule> journalRules()
{
    static constexpr Rule Rules[] = {
        {.id = "server-rollback-journal",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Rollback journal under a web application"),
         .seen = LK_RULE("It is in rollback mode, and %1 uses it."),
         .why = LK_RULE("In rollback mode a writer stops all readers, and a reader stops the writer. A web application "
                        "reads and writes at the same time."),
         .gain =
             LK_RULE("In WAL mode readers go on while somebody writes, and a commit waits for the disk less often."),
         .risk =
             LK_RULE("The -wal beside it belongs to the database from then on: whoever copies one has to copy both. "
                     "All programs that use it must run on this machine."),
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Switch it to WAL. Then give each connection a busy timeout, and begin transactions "
                                 "that write with BEGIN IMMEDIATE."),
                 .operation = "journal",
                 .parameter = "mode",
                 .value = "wal"},
         .undo = LK_RULE("Switch it back to a rollback journal while no program has it open."),
         .link = "https://sqlite.org/wal.html",
         .judge = serverRollback},
        {.id = "wal-on-network",
         .severity = Severity::Critical,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("WAL on a network file system"),
         .seen = LK_RULE("It is in WAL mode on %1: another machine keeps the file."),
         .why = LK_RULE("WAL needs memory that all programs share, and machines don't share any. Two machines that "
                        "have it open at once damage it."),
         .gain = LK_RULE("The database survives being opened from two machines."),
         .risk = LK_RULE("In rollback mode writers and readers wait for each other, and locks over a network are "
                         "still slow and not always kept."),
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Close it everywhere and switch it to a rollback journal; better, move it to a disk "
                                 "of the machine that uses it."),
                 .operation = "journal",
                 .parameter = "mode",
                 .value = "delete"},
         .undo = LK_RULE("Switch it to WAL again once it is on a local disk."),
         .link = "https://sqlite.org/useovernet.html",
         .judge = walOnNetwork},
        {.id = "network-filesystem",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("On a network file system"),
         .seen = LK_RULE("It is on %1: another machine keeps the file."),
         .why = LK_RULE("SQLite relies on the file locks of the system. Over a network they are slow, and some servers "
                        "and mount options only pretend to keep them; then two writers damage the file."),
         .gain = LK_RULE("Locks that hold, and much shorter waits."),
         .risk = LK_RULE("Programs on other machines can't open it any more: they need a server program."),
         .fix = {.text = LK_RULE("Move it, with the program that uses it, to a local disk. If it has to stay: "
                                 "rollback journal, synchronous FULL, mmap_size 0, and one machine at a time.")},
         .undo = LK_RULE("Move it back."),
         .link = "https://sqlite.org/useovernet.html",
         .judge = onNetwork},
        {.id = "synced-folder",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("In a folder that is synchronized"),
         .seen = LK_RULE("It lies in a folder that %1 keeps in step with other machines."),
         .why = LK_RULE("Such a client copies the database and the journal beside it at different moments, and knows "
                        "nothing of transactions: what arrives elsewhere, or comes back, may be damaged."),
         .gain = LK_RULE("Nobody but SQLite writes to the file."),
         .risk = LK_RULE("It is not on the other machines any more, but for the backups that you put there."),
         .fix = {.text = LK_RULE("Close the program, move the database out of that folder, and let backups go there "
                                 "instead.")},
         .undo = LK_RULE("Move it back while the program is closed."),
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = synced},
        {.id = "wal-read-only",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("WAL where nobody can write"),
         .seen = LK_RULE("It is in WAL mode, and nobody may write to the file."),
         .why = LK_RULE("A reader of a WAL database has to create files beside it. Where it can't, the database does "
                        "not open, or only with immutable=1, which ignores a -wal."),
         .gain = LK_RULE("Any program can read it from a read-only place."),
         .risk = LK_RULE("None for a file that is only read."),
         .fix = {.text = LK_RULE("Make the file that you publish in rollback mode: switch a writable copy with "
                                 "journal_mode=DELETE, and put that in its place.")},
         .undo = LK_RULE("Switch the copy to WAL again."),
         .link = "https://sqlite.org/wal.html",
         .judge = walReadOnly},
        {.id = "wal-pinned",
         .severity = Severity::Warning,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("A reader keeps the -wal from shrinking"),
         .seen = LK_RULE("A reader holds on to frame %1 of %2 in the -wal, so that %3 frames can't be moved into the "
                         "database."),
         .why = LK_RULE("As long as a read transaction stays open, the -wal only grows, and each read has more to "
                        "search."),
         .gain = LK_RULE("The -wal is used again from its start."),
         .risk = LK_RULE("None: the reader gets a newer state the next time."),
         .fix = {.text = LK_RULE("Find the program that keeps a transaction or a query open, under In use by, and let "
                                 "it finish: reset statements, and commit after reading.")},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/wal.html",
         .judge = walPinned},
        {.id = "wal-large",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("Large -wal"),
         .seen = LK_RULE("The -wal is %1, %2 times what an automatic checkpoint begins with."),
         .why = LK_RULE("Each read searches the -wal first. One this large says that automatic checkpoints are off, "
                        "that readers leave them no gap, or that one transaction wrote all of it."),
         .gain = LK_RULE("Faster reads, and the disk space back."),
         .risk = LK_RULE("None: a checkpoint moves what is committed into the database."),
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Close every program that uses it, and checkpoint it if the last one did not. If it "
                                 "grows again, look for wal_autocheckpoint=0 and for readers without an end."),
                 .operation = "checkpoint",
                 .parameter = "truncate"},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/wal.html",
         .judge = walLarge},
        {.id = "wal-kept-large",
         .severity = Severity::Info,
         .need = Need::Look,
         .scope = Scope::Undecided,
         .title = LK_RULE("-wal that is not cut back"),
         .seen = LK_RULE("The -wal takes up %1, and what is in it has been moved into the database."),
         .why = LK_RULE("SQLite writes over the -wal from its start and never makes it smaller by itself, so one large "
                        "transaction leaves a large file."),
         .gain = LK_RULE("The disk space back after each checkpoint."),
         .risk = LK_RULE("Next to none: the file has to be made longer again."),
         .fix = {.kind = Fix::Settings,
                 .text = LK_RULE("Set journal_size_limit in the program that writes to it, 64 MiB for example.")},
         .undo = LK_RULE("Set journal_size_limit to -1 again."),
         .link = "https://sqlite.org/pragma.html#pragma_journal_size_limit",
         .judge = walKept},
        {.id = "wal-left-by-crash",
         .severity = Severity::Info,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("Committed rows only in the -wal"),
         .seen = LK_RULE("No program has it open, and %1 frames in the -wal beside it are not in the database yet."),
         .why = LK_RULE("A program ended without closing it. Nothing is lost, but a copy of the database file alone "
                        "would be without those rows."),
         .gain = LK_RULE("A copy that has everything."),
         .risk = LK_RULE("None: a backup only reads."),
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Back it up, which takes the -wal with it; or start its program, which moves the -wal "
                                 "into the database when it closes."),
                 .operation = "backup"},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/wal.html",
         .judge = walLeft},
        {.id = "hot-journal",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("Interrupted transaction"),
         .seen =
             LK_RULE("A program stopped in the middle of a transaction: a journal of %1 waits beside the database to "
                     "undo it."),
         .why =
             LK_RULE("Until that is done, the file holds half of a change. Without its -journal it would be damaged."),
         .gain = LK_RULE("The state before that transaction, whole."),
         .risk = LK_RULE("The transaction that was interrupted is gone, as SQLite means it."),
         .fix = {.text = LK_RULE("Copy the database and its -journal together, then start the program that owns it: "
                                 "SQLite undoes the rest by itself. Never delete or rename the -journal.")},
         .undo = LK_RULE("Put both copies back."),
         .link = "https://sqlite.org/lockingv3.html",
         .judge = hotJournal},
        {.id = "wal-beside-rollback",
         .severity = Severity::Critical,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("-wal beside a database in rollback mode"),
         .seen = LK_RULE("The database is in rollback mode, and a -wal of %1 lies beside it."),
         .why = LK_RULE("It may be another database's. Any program that opens the two together for writing may take it "
                        "for its own, and then the database is destroyed."),
         .gain = LK_RULE("The database can be opened again without that danger."),
         .risk = LK_RULE("If the -wal did belong to it, what is only in there is missing: so keep the copies."),
         .fix = {.text =
                     LK_RULE("Open it with no program yet. Copy the database and everything beside it, then move the "
                             "-wal away and check the database.")},
         .undo = LK_RULE("Put the -wal back beside it."),
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = walBesideRollback},
        {.id = "wal-of-another",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("-wal that does not fit"),
         .seen = LK_RULE("The -wal beside it (%1) can't be this database's."),
         .why = LK_RULE("Somebody exchanged one of the two, or it was damaged. SQLite ignores it or, at worst, applies "
                        "it."),
         .gain = LK_RULE("The database is what it seems to be."),
         .risk =
             LK_RULE("If the database was exchanged and not the -wal, the rows in it are needed: so keep the copies."),
         .fix = {.text = LK_RULE("Copy the database and everything beside it, then move the -wal away and check the "
                                 "database.")},
         .undo = LK_RULE("Put the -wal back beside it."),
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = walOfAnother},
        {.id = "journal-of-another",
         .severity = Severity::Warning,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("-journal that does not fit"),
         .seen = LK_RULE("The -journal beside it (%1) can't be this database's."),
         .why = LK_RULE("Rolling back another database's journal destroys this one, and removing the right one does, "
                        "too."),
         .gain = LK_RULE("The database is what it seems to be."),
         .risk = LK_RULE("If the database was exchanged and not the -journal, it is needed: so keep the copies."),
         .fix = {.text =
                     LK_RULE("Copy the database and everything beside it, then move the -journal away and check the "
                             "database.")},
         .undo = LK_RULE("Put the -journal back beside it."),
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = journalOfAnother},
        {.id = "journal-kept-large",
         .severity = Severity::Info,
         .need = Need::Look,
         .scope = Scope::Undecided,
         .title = LK_RULE("-journal that is not cut back"),
         .seen = LK_RULE("A -journal of %1 lies beside it, and nothing in it counts any more."),
         .why = LK_RULE("With journal_mode=PERSIST the file stays as large as the largest transaction made it."),
         .gain = LK_RULE("The disk space back after each transaction."),
         .risk = LK_RULE("Next to none: the file has to be made longer again."),
         .fix = {.kind = Fix::Settings, .text = LK_RULE("Set journal_size_limit in the program that writes to it.")},
         .undo = LK_RULE("Set journal_size_limit to -1 again."),
         .link = "https://sqlite.org/pragma.html#pragma_journal_size_limit",
         .judge = journalKept},
        {.id = "shm-left",
         .severity = Severity::Info,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("Left-over -shm"),
         .seen = LK_RULE("A -shm lies beside it without a -wal, and no program has it open."),
         .why = LK_RULE("It is what a copy or a program that ended at once leaves. It holds no rows."),
         .gain = LK_RULE("One file less to wonder about."),
         .risk = LK_RULE("None while no program has the database open."),
         .fix = {.text = LK_RULE("Leave it: the next program that opens the database makes a new one.")},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/tempfiles.html",
         .judge = shmLeft},
        {.id = "writer-wal-reset-bug",
         .severity = Severity::Advice,
         .need = Need::Header,
         .scope = Scope::Undecided,
         .title = LK_RULE("Written by an SQLite with the WAL-reset bug"),
         .seen = LK_RULE("It is in WAL mode, and SQLite %1 wrote to it last."),
         .why =
             LK_RULE("In versions 3.7.0 to 3.51.2 a checkpoint and a write by two connections at just the wrong moment "
                     "can damage a WAL database. It is very rare."),
         .gain = LK_RULE("That can't happen any more."),
         .risk = LK_RULE("As with any new version of a library: test the program with it."),
         .fix = {.text =
                     LK_RULE("Give the program SQLite 3.51.3 or newer (3.50.7 and 3.44.6 have the correction, too). "
                             "An upgrade at the next occasion will do.")},
         .undo = LK_RULE("Go back to the former version."),
         .link = "https://sqlite.org/wal.html",
         .judge = writerHasResetBug},
        {.id = "library-wal-reset-bug",
         .severity = Severity::Info,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("Litekeeper makes no checkpoint here"),
         .seen = LK_RULE("Litekeeper runs with SQLite %1, which has the WAL-reset bug, and another program has this "
                         "database open."),
         .why =
             LK_RULE("A checkpoint of ours beside a write of theirs could damage it, so Litekeeper leaves checkpoints "
                     "to that program."),
         .gain = LK_RULE("With a newer SQLite, Litekeeper may checkpoint it, too."),
         .risk = LK_RULE("None."),
         .fix = {.text = LK_RULE("Upgrade the system's SQLite to 3.51.3 or newer when it is there.")},
         .undo = LK_RULE("Go back to the former version."),
         .link = "https://sqlite.org/wal.html",
         .judge = libraryHasResetBug},
        {.id = "litestream-managed",
         .severity = Severity::Info,
         .need = Need::Structure,
         .scope = Scope::Every,
         .title = LK_RULE("Litestream replicates it"),
         .seen = LK_RULE("It has Litestream's tables."),
         .why = LK_RULE("VACUUM, another journal mode or replacing the file break Litestream's tracking, so Litekeeper "
                        "refuses them."),
         .gain = LK_RULE("The replicas stay whole."),
         .risk = LK_RULE("None."),
         .fix = {.text = LK_RULE("Before such a change: stop Litestream, make it, reset Litestream's position, and "
                                 "start it again.")},
         .undo = NothingToUndo,
         .link = "https://litestream.io/how-it-works/",
         .judge = litestreamManaged},
        {.id = "litestream-needs-wal",
         .severity = Severity::Warning,
         .need = Need::Structure,
         .scope = Scope::Every,
         .title = LK_RULE("Litestream's database is not in WAL mode"),
         .seen = LK_RULE("It has Litestream's tables, and is in rollback mode."),
         .why = LK_RULE("Litestream copies the -wal. In rollback mode there is none, and nothing is replicated."),
         .gain = LK_RULE("Replicas that are up to date."),
         .risk = LK_RULE("Litestream begins with a new snapshot."),
         .fix = {.kind = Fix::Operation,
                 .text =
                     LK_RULE("If Litestream is still meant to replicate it: stop it, switch the database to WAL, and "
                             "start it again."),
                 .operation = "journal",
                 .parameter = "mode",
                 .value = "wal"},
         .undo = LK_RULE("Switch it back to a rollback journal."),
         .link = "https://litestream.io/how-it-works/",
         .judge = litestreamNeedsWal},
        {.id = "litestream-not-running",
         .severity = Severity::Warning,
         .need = Need::Structure,
         .scope = Scope::Every,
         .title = LK_RULE("Litestream is not running"),
         .seen = LK_RULE("It has Litestream's tables, %1 has it open, and no Litestream has."),
         .why = LK_RULE("What is written now is in no replica. After a while Litestream has to begin with a new "
                        "snapshot."),
         .gain = LK_RULE("Replicas that are up to date."),
         .risk = LK_RULE("None."),
         .fix = {.text = LK_RULE("Start Litestream, and look at its log. If it is not used any more, drop the tables "
                                 "_litestream_seq and _litestream_lock.")},
         .undo = NothingToUndo,
         .link = "https://litestream.io/how-it-works/",
         .judge = litestreamNotRunning},
        {.id = "litestream-other-checkpointer",
         .severity = Severity::Warning,
         .need = Need::Structure,
         .scope = Scope::Every,
         .title = LK_RULE("Someone checkpoints beside Litestream"),
         .seen = LK_RULE("Litestream replicates it, and %1 (%2) holds the lock for checkpoints."),
         .why =
             LK_RULE("Litestream has to be the one who moves the -wal into the database. If another program does while "
                     "it is away, frames are missing, and it begins anew."),
         .gain = LK_RULE("One unbroken history in the replicas."),
         .risk = LK_RULE("The -wal grows as long as Litestream does not run."),
         .fix = {.kind = Fix::Settings, .text = LK_RULE("Set wal_autocheckpoint to 0 in that program.")},
         .undo = LK_RULE("Set wal_autocheckpoint to 1000 again."),
         .link = "https://litestream.io/tips/",
         .judge = litestreamOtherCheckpointer},
    };
    return Rules;
}

}
