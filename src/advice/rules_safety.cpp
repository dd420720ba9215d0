// SPDX-License-Identifier: GPL-3.0-or-later
// Damage, backups, who may read it, and whose business it is.
#include "advice/rules.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace lk::advice {

using inspect::ApplicationNote;
using inspect::UseKind;
using sqlite::Problem;

namespace {

constexpr std::uint64_t WorthPurging = 256 * MiB;
constexpr std::int64_t MostDaysWithoutBackup = 7;
constexpr std::uint32_t OthersRead = 0004;
constexpr std::uint32_t OthersWrite = 0002;

std::string titleOf(const DatabaseFacts &facts)
{
    return facts.application->application->title();
}

std::optional<Finding> damaged(const DatabaseFacts &facts)
{
    if (facts.seen.state != sqlite::State::Damaged)
        return {};
    return found({Bytes{facts.seen.file.size}});
}

std::optional<Finding> oldFormat(const DatabaseFacts &facts)
{
    return facts.seen.state == sqlite::State::Sqlite2 ? found() : std::nullopt;
}

std::optional<Finding> manyNames(const DatabaseFacts &facts)
{
    return facts.seen.file.links > 1 && facts.seen.stored ? found({number(facts.seen.file.links)}) : std::nullopt;
}

bool othersMay(const DatabaseFacts &facts, std::uint32_t what)
{
    return facts.othersReach.value_or(false) && (facts.seen.file.mode & what) != 0;
}

std::optional<Finding> secretsReadable(const DatabaseFacts &facts)
{
    if (!hasNote(facts, ApplicationNote::Secrets) || !othersMay(facts, OthersRead))
        return {};
    return found({titleOf(facts)});
}

std::optional<Finding> worldWritable(const DatabaseFacts &facts)
{
    return othersMay(facts, OthersWrite) ? found() : std::nullopt;
}

/// The folder of a path that web servers hand out as it is.
std::optional<Finding> inWebFolder(const DatabaseFacts &facts)
{
    static constexpr std::array WebFolders{"public_html", "htdocs", "wwwroot", "www/html"};
    for (const char *folder : WebFolders) {
        if (facts.path.native().find(std::string("/") + folder + '/') != std::string::npos)
            return found({std::string(folder)});
    }
    const bool isPublic =
        facts.project && path::bytes(facts.path).starts_with((facts.project->root / "public/").native());
    return isPublic ? found({std::string("public")}) : std::nullopt;
}

std::optional<Finding> leaveIt(const DatabaseFacts &facts)
{
    return looksAfterItself(facts) ? found({titleOf(facts)}) : std::nullopt;
}

std::optional<Finding> purgeInstead(const DatabaseFacts &facts)
{
    if (!hasNote(facts, ApplicationNote::PurgeInstead) || facts.seen.file.size < WorthPurging)
        return {};
    return found({titleOf(facts), Bytes{facts.seen.file.size}});
}

std::optional<Finding> needsExtension(const DatabaseFacts &facts)
{
    if (!hasNote(facts, ApplicationNote::NeedsExtension))
        return {};
    return found({facts.application->application->name, facts.application->application->extension});
}

std::optional<Finding> workOnACopy(const DatabaseFacts &facts)
{
    return hasNote(facts, ApplicationNote::WorkOnACopy) ? found({titleOf(facts)}) : std::nullopt;
}

std::optional<Finding> connectionSettings(const DatabaseFacts &facts)
{
    if (!facts.project || facts.project->framework.empty())
        return {};
    const inspect::Project &project = *facts.project;
    const Path settings = project.settings.empty() ? project.root : project.settings;
    return found({project.name + (project.version.empty() ? "" : ' ' + project.version), settings.native()});
}

// What Litekeeper remembers
// --------------------------------------------------------------------------------------------

/// Whether losing it would hurt: not what its application makes again by itself.
bool isWorthABackup(const DatabaseFacts &facts)
{
    return facts.header() && !hasNote(facts, ApplicationNote::CanBeRebuilt) &&
           !(facts.application && facts.application->application->kind == UseKind::System);
}

std::optional<Finding> checkFoundDamage(const DatabaseFacts &facts)
{
    return facts.history->lastCheck && !facts.history->lastCheckOk ? found() : std::nullopt;
}

std::optional<Finding> neverChecked(const DatabaseFacts &facts)
{
    return facts.history->lastCheck || !facts.header() ? std::nullopt : found();
}

std::optional<Finding> neverBackedUp(const DatabaseFacts &facts)
{
    return facts.history->lastBackup || !isWorthABackup(facts) ? std::nullopt : found();
}

/// A backup is old when the file has gone on without it: a file that nobody writes to needs no second one.
std::optional<Finding> backupOld(const DatabaseFacts &facts)
{
    if (!facts.history->lastBackup || !isWorthABackup(facts))
        return {};
    const auto backup = facts.history->lastBackup->time_since_epoch();
    const auto modified = std::chrono::nanoseconds(facts.seen.file.modifiedNs);
    const auto days = std::chrono::floor<std::chrono::days>(modified - backup).count();
    return days > MostDaysWithoutBackup ? found({Value(std::int64_t(days))}) : std::nullopt;
}

}

std::span<const Rule> safetyRules()
{
    static constexpr const char *None = LK_RULE("None.");
    static constexpr const char *DamageWhy = LK_RULE("Every further write may destroy what can still be saved.");
    static constexpr const char *DamageGain = LK_RULE("Whatever is readable now stays so.");
    static constexpr const char *DamageFix =
        LK_RULE("Stop every program that uses it. Copy it with all files beside it, and work on the copy: "
                "a backup from before, else sqlite3's .recover.");
    static constexpr const char *BackupRisk = LK_RULE("None: a backup only reads, and takes up the same space again.");
    static constexpr const char *DeleteTheCopy = LK_RULE("Delete the copy.");
    static constexpr Rule Rules[] = {
        {.id = "damaged",
         .severity = Severity::Critical,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("Damaged"),
         .seen = LK_RULE("It begins as a database, and its %1 are not a sound one."),
         .why = DamageWhy,
         .gain = DamageGain,
         .risk = None,
         .fix = {.text = DamageFix},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/recovery.html",
         .judge = damaged},
        {.id = "check-found-damage",
         .severity = Severity::Critical,
         .need = Need::History,
         .scope = Scope::Every,
         .title = LK_RULE("The last check found damage"),
         .seen = LK_RULE("Litekeeper's last check found damage in it."),
         .why = DamageWhy,
         .gain = DamageGain,
         .risk = None,
         .fix = {.text = DamageFix},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/recovery.html",
         .judge = checkFoundDamage},
        {.id = "sqlite2-format",
         .severity = Severity::Advice,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("SQLite 2"),
         .seen = LK_RULE("It is a database of SQLite 2, which ended in 2005."),
         .why = LK_RULE("Today's SQLite can't read it, and programs that can become rare."),
         .gain = LK_RULE("A database that every program reads."),
         .risk = LK_RULE("The program that made it may know only the old format: keep the old file."),
         .fix = {.text = LK_RULE("Write it out with the old sqlite program's .dump, and read that into a new file with "
                                 "sqlite3.")},
         .undo = LK_RULE("Delete the new file."),
         .link = "https://sqlite.org/formatchng.html",
         .judge = oldFormat},
        {.id = "many-names",
         .severity = Severity::Warning,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("Several names for one file"),
         .seen = LK_RULE("The file has %1 names (hard links)."),
         .why =
             LK_RULE("SQLite puts the journal beside the name that a program opens. Two programs with two names don't "
                     "find each other's, and damage it."),
         .gain = LK_RULE("One journal, whoever opens it."),
         .risk = LK_RULE("A program that uses a name which is gone does not find its database: ask first which are in "
                         "use."),
         .fix = {.text = LK_RULE("Keep one name. Where a second is needed, make it a symbolic link.")},
         .undo = LK_RULE("Make the hard link again."),
         .link = "https://sqlite.org/howtocorrupt.html",
         .judge = manyNames},
        {.id = "secrets-readable",
         .severity = Severity::Warning,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("Secrets that everybody can read"),
         .seen = LK_RULE("It is %1, and every user of this machine may read the file."),
         .why = LK_RULE("Passwords, cookies, messages or keys in it are open to each of them and to each program they "
                        "run."),
         .gain = LK_RULE("Only its owner reads it."),
         .risk = LK_RULE("A program that runs as another user and needs it, can't read it any more."),
         .fix = {.text = LK_RULE(
                     "Take the others' permission away: chmod o-rwx on the file, and on its -wal and -journal.")},
         .undo = LK_RULE("chmod o+r on the file."),
         .link = "https://man7.org/linux/man-pages/man7/path_resolution.7.html",
         .judge = secretsReadable},
        {.id = "world-writable",
         .severity = Severity::Warning,
         .need = Need::Look,
         .scope = Scope::Every,
         .title = LK_RULE("Everybody can write to it"),
         .seen = LK_RULE("Every user of this machine may write to the file."),
         .why = LK_RULE("Each of them, and each program they run, can change or destroy it, past SQLite as well."),
         .gain = LK_RULE("Only those write to it who should."),
         .risk = LK_RULE("A program that runs as another user and writes to it needs a group in common."),
         .fix = {.text = LK_RULE(
                     "Take that permission away: chmod o-w on the file. Where two users need it, give it a group "
                     "of theirs.")},
         .undo = LK_RULE("chmod o+w on the file."),
         .link = "https://sqlite.org/security.html",
         .judge = worldWritable},
        {.id = "in-web-folder",
         .severity = Severity::Warning,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("In a folder that a web server may hand out"),
         .seen = LK_RULE("It lies below a folder that is called %1."),
         .why = LK_RULE("Web servers hand out the files below such a folder to anybody who knows or guesses the name."),
         .gain = LK_RULE("Nobody downloads the database."),
         .risk = LK_RULE("The program has to be told the new place."),
         .fix = {.text = LK_RULE(
                     "Move it, with the files beside it, out of what the server publishes; or forbid its name in "
                     "the server's settings.")},
         .undo = LK_RULE("Move it back."),
         .link = "https://owasp.org/www-project-web-security-testing-guide/",
         .judge = inWebFolder},
        {.id = "leave-to-application",
         .severity = Severity::Info,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("Leave it to the application"),
         .seen = LK_RULE("It is %1, which sets its databases up as it needs them."),
         .why = LK_RULE("It expects its own journal mode, page size and tables, and may refuse or undo what others "
                        "change. So Litekeeper gives no advice on them here."),
         .gain = LK_RULE("The application goes on working, also after its next update."),
         .risk = None,
         .fix = {.text = LK_RULE("Look, check and back up as you like. What should be different, change in the "
                                 "application.")},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/appfileformat.html",
         .judge = leaveIt},
        {.id = "purge-instead",
         .severity = Severity::Info,
         .need = Need::Header,
         .scope = Scope::Every,
         .title = LK_RULE("Purge in the application"),
         .seen = LK_RULE("It is %1, and has %2."),
         .why = LK_RULE(
             "It collects rows without end until its own purge removes them. Compacting alone gains little, and "
             "the application has to stand still for it."),
         .gain = LK_RULE("A smaller file that stays small."),
         .risk = LK_RULE("Old entries are gone."),
         .fix = {.text = LK_RULE("Set in the application how long it keeps entries, and let it purge.")},
         .undo = LK_RULE("Only a backup brings old entries back."),
         .link = "https://sqlite.org/lang_vacuum.html",
         .judge = purgeInstead},
        {.id = "needs-extension",
         .severity = Severity::Info,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("Needs something of its application"),
         .seen = LK_RULE("%1 brings its own %2, which is not here."),
         .why = LK_RULE("A check can't look at everything without it. What it can't look at is not damage."),
         .gain = LK_RULE("No false alarm."),
         .risk = None,
         .fix = {.text = LK_RULE("Read a partial check as that. Where certainty is needed, check in the application.")},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/loadext.html",
         .judge = needsExtension},
        {.id = "work-on-a-copy",
         .severity = Severity::Info,
         .need = Need::Nothing,
         .scope = Scope::Every,
         .title = LK_RULE("Work on a copy"),
         .seen = LK_RULE("It looks like a part of a telephone's backup: %1."),
         .why = LK_RULE("A backup with a changed file may not be restored any more."),
         .gain = LK_RULE("The backup stays what it is."),
         .risk = None,
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Make a copy with Back up, and change that."),
                 .operation = "backup"},
         .undo = DeleteTheCopy,
         .link = "https://sqlite.org/backup.html",
         .judge = workOnACopy},
        {.id = "connection-settings",
         .severity = Severity::Info,
         .need = Need::Look,
         .scope = Scope::Undecided,
         .title = LK_RULE("Settings of a project's connections"),
         .seen = LK_RULE("It lies in a project of %1; what its connections set is decided in %2."),
         .why = LK_RULE("busy_timeout, synchronous, foreign_keys and the way transactions begin are not stored in the "
                        "database. Without them a web application meets \"database is locked\" under load, also in WAL "
                        "mode."),
         .gain = LK_RULE("Writers wait for each other instead of failing."),
         .risk = LK_RULE("None: they can be taken out again."),
         .fix = {.kind = Fix::Settings, .text = LK_RULE("Compare that place with the code under Settings.")},
         .undo = LK_RULE("Take the lines out again."),
         .link = "https://sqlite.org/lang_transaction.html",
         .judge = connectionSettings},
        {.id = "never-backed-up",
         .severity = Severity::Advice,
         .need = Need::History,
         .scope = Scope::Every,
         .title = LK_RULE("No backup known"),
         .seen = LK_RULE("Litekeeper has made no backup of it."),
         .why = LK_RULE("A disk fails without asking, and a copy made with cp while a program writes may be damaged."),
         .gain = LK_RULE("A copy that was opened and checked."),
         .risk = BackupRisk,
         .fix = {.kind = Fix::Operation,
                 .text = LK_RULE("Back it up, onto another disk if there is one."),
                 .operation = "backup"},
         .undo = DeleteTheCopy,
         .link = "https://sqlite.org/backup.html",
         .judge = neverBackedUp},
        {.id = "backup-old",
         .severity = Severity::Advice,
         .need = Need::History,
         .scope = Scope::Every,
         .title = LK_RULE("Old backup"),
         .seen = LK_RULE("It was written to %1 days after its last backup."),
         .why = LK_RULE("What was added or changed in between is only in this file."),
         .gain = LK_RULE("A copy of today's state that was opened and checked."),
         .risk = BackupRisk,
         .fix = {.kind = Fix::Operation, .text = LK_RULE("Back it up again."), .operation = "backup"},
         .undo = DeleteTheCopy,
         .link = "https://sqlite.org/backup.html",
         .judge = backupOld},
        {.id = "never-checked",
         .severity = Severity::Info,
         .need = Need::History,
         .scope = Scope::Every,
         .title = LK_RULE("No check known"),
         .seen = LK_RULE("Litekeeper has never checked it."),
         .why = LK_RULE("Damage is often found long after it happened, when the backups have it, too."),
         .gain = LK_RULE("Certainty about the file as it is now."),
         .risk = LK_RULE("None: a check leaves no trace and locks nobody out."),
         .fix = {.kind = Fix::Operation, .text = LK_RULE("Check it."), .operation = "check"},
         .undo = NothingToUndo,
         .link = "https://sqlite.org/pragma.html#pragma_integrity_check",
         .judge = neverChecked},
    };
    return Rules;
}

}
