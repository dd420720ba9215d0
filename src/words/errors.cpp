// SPDX-License-Identifier: GPL-3.0-or-later
// What people read when something could not be done: what failed, why, and what to do about it. The switches
// have no default, so that the compiler asks for the sentence of every code and reason.
#include "words/describe.h"
#include "words/fill.h"

#include <QCoreApplication>

namespace lk::words {

static const char *sentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
        return QT_TRANSLATE_NOOP("Error", "{file} is not there. Check the name, or scan again.");
    case ErrorCode::NotADatabase:
        return QT_TRANSLATE_NOOP("Error", "{file} is not a readable SQLite database. Nothing was done with it.");
    case ErrorCode::Damaged:
        return QT_TRANSLATE_NOOP("Error", "{file} is damaged. Stop writing to it, and copy it as it is, with the files "
                                          "beside it, before anything else.");
    case ErrorCode::Encrypted:
        return QT_TRANSLATE_NOOP("Error", "{file} looks encrypted. Only the program that made it can open it.");
    case ErrorCode::Busy:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} is in use by another program. Close it there, or wait, and try again.");
    case ErrorCode::ReadOnly:
        return QT_TRANSLATE_NOOP("Error", "{file} can't be written to: it, or the disk it is on, is read-only. Make it "
                                          "writable, or work on a copy.");
    case ErrorCode::NoPermission:
        return QT_TRANSLATE_NOOP("Error", "You don't have the permission that this needs for {file}. Ask its owner, or "
                                          "run Litekeeper as a user who has it.");
    case ErrorCode::NoSpace:
        return QT_TRANSLATE_NOOP("Error",
                                 "The disk is too full to finish this for {file}. Free some room and try again; "
                                 "the file is as it was.");
    case ErrorCode::Io:
        return QT_TRANSLATE_NOOP("Error", "{file} could not be read or written: the system reports a fault. Check the "
                                          "disk and its connection, then try again.");
    case ErrorCode::Changed:
        return QT_TRANSLATE_NOOP("Error", "{file} is not the file that was looked at any more, so it was left alone. "
                                          "Scan again, then repeat this.");
    case ErrorCode::Unsupported:
        return QT_TRANSLATE_NOOP("Error", "SQLite or this system can't do this with {file}. The details say what is "
                                          "missing; a copy elsewhere may work.");
    case ErrorCode::Refused:
        return QT_TRANSLATE_NOOP("Error",
                                 "A safety rule forbids this for {file}, so it was left alone. The details say "
                                 "which.");
    case ErrorCode::Cancelled:
        return QT_TRANSLATE_NOOP("Error", "Stopped before {file} was finished. It is as it was.");
    case ErrorCode::Internal:
        return QT_TRANSLATE_NOOP("Error",
                                 "Litekeeper made a mistake while working on {file}. Please report it with the "
                                 "details.");
    }
    return "";
}

/// Null for None alone.
static const char *sentence(Reason reason)
{
    switch (reason) {
    case Reason::None:
        break;
    // Other programs use the file.
    case Reason::InUseByOthers:
        return QT_TRANSLATE_NOOP("Error", "{file} is in use by %1. Close it there, or wait, and try again.");
    case Reason::InUseWhileLeavingWal:
        return QT_TRANSLATE_NOOP("Error", "{file} can leave WAL mode only while no other program has it open, not even "
                                          "idly, and %1 has. Close it there and try again.");
    case Reason::BusyWithReader:
        return QT_TRANSLATE_NOOP("Error", "Another program went on reading {file} for all of the %1 s that we waited. "
                                          "Close it there, or wait longer, and try again.");
    case Reason::LockedByWriter:
        return QT_TRANSLATE_NOOP("Error",
                                 "Another program went on writing to {file} for all of the %1 s that we waited. "
                                 "Close it there, or wait longer, and try again.");
    case Reason::ChangingTooFast:
        return QT_TRANSLATE_NOOP("Error", "{file} changed each time while it was being read, so nothing certain can be "
                                          "said of it. Try again when it is less busy.");
    case Reason::ManagedByLitestream:
        return QT_TRANSLATE_NOOP("Error", "Litestream replicates {file}, and this would break its tracking. Stop "
                                          "Litestream, do this, reset its position, and start it again.");
    // What the file is, or is in.
    case Reason::HotJournal:
        return QT_TRANSLATE_NOOP("Error", "A program stopped while it was writing to {file}. SQLite will undo that the "
                                          "next time the program opens it; we have not touched it. Start that program "
                                          "once, or copy the file and its -journal first.");
    case Reason::ForeignWal:
        return QT_TRANSLATE_NOOP("Error", "The -wal beside {file} can't belong to it, and opening both together could "
                                          "destroy the database. Copy both, move the -wal elsewhere, then try again.");
    case Reason::EmptyFile:
        return QT_TRANSLATE_NOOP("Error", "{file} is empty: there is nothing in it to work on. It was left alone.");
    case Reason::Sqlite2File:
        return QT_TRANSLATE_NOOP("Error", "{file} is an SQLite 2 database, which today's SQLite can't read. Convert it "
                                          "with the old sqlite program's .dump.");
    case Reason::LooksEncrypted:
        return QT_TRANSLATE_NOOP("Error", "{file} is not a readable SQLite database: it looks encrypted. Only the "
                                          "program that made it can open it.");
    case Reason::TooExpensive:
        return QT_TRANSLATE_NOOP("Error", "Reading {file} took more time or memory than a file may cost, so it was "
                                          "stopped. It may have been made to do that: treat it with care.");
    case Reason::CheckedDamaged:
        return QT_TRANSLATE_NOOP("Error", "{file} is damaged (%1). Stop writing to it, and copy it as it is, with the "
                                          "files beside it, before anything else.");
    case Reason::MissingExtension:
        return QT_TRANSLATE_NOOP("Error", "{file} needs its application's %1, which is not here. That is not damage; "
                                          "only that application can go further.");
    case Reason::NotARegularFile:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} is not an ordinary file (a folder, a pipe or a device), so it was not "
                                 "opened. Name a database file.");
    case Reason::SymbolicLink:
        return QT_TRANSLATE_NOOP("Error", "{file} is a symbolic link. Name the file that it points to: under another "
                                          "name SQLite would keep another journal.");
    case Reason::ManyLinks:
        return QT_TRANSLATE_NOOP("Error", "{file} has %1 names (hard links), and SQLite keeps its journal under one of "
                                          "them. Remove the others, or work on a copy.");
    // Where it is, and where something is to go.
    case Reason::NetworkFilesystem:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} is on a network file system (%1), where WAL is not safe. Move it to a "
                                 "local disk first.");
    case Reason::FolderNotWritable:
        return QT_TRANSLATE_NOOP("Error", "Nothing may be created in the folder of {file} (%1), and SQLite must. Make "
                                          "the folder writable, or work on a copy.");
    case Reason::FileNotWritable:
        return QT_TRANSLATE_NOOP("Error", "You don't have the permission to write to {file}. Ask its owner, or run "
                                          "Litekeeper as a user who has it.");
    case Reason::ReadOnlyFilesystem:
        return QT_TRANSLATE_NOOP("Error", "{file} is on a file system that is mounted read-only. Mount it writable, or "
                                          "work on a copy.");
    case Reason::NotEnoughSpace:
        return QT_TRANSLATE_NOOP("Error", "This needs %1 in %3 for {file}; %2 is free. Free some room there, or choose "
                                          "another folder.");
    case Reason::PathTooLong:
        return QT_TRANSLATE_NOOP("Error",
                                 "The path of {file} has %1 bytes, and SQLite can open %2 at most. Move it to a "
                                 "folder with a shorter path.");
    case Reason::TargetExists:
        return QT_TRANSLATE_NOOP("Error",
                                 "%1 exists already and is never replaced; nothing was done with {file}. Choose "
                                 "another name or folder.");
    case Reason::TargetIsSource:
        return QT_TRANSLATE_NOOP("Error", "The target is {file} itself. Choose another name or folder.");
    case Reason::TargetFolderMissing:
        return QT_TRANSLATE_NOOP("Error", "The folder %1 is not there; nothing was done with {file}. Create it, or "
                                          "choose another.");
    case Reason::ModeNotChanged:
        return QT_TRANSLATE_NOOP("Error",
                                 "%1 was asked for, and {file} still says %2: SQLite left it so without saying "
                                 "why. Close it in other programs and try again.");
    case Reason::CopyDamaged:
        return QT_TRANSLATE_NOOP("Error",
                                 "The copy of {file} did not pass its check (%1) and was removed. Check {file} "
                                 "itself for damage.");
    case Reason::UnknownArgument:
        return QT_TRANSLATE_NOOP("Error",
                                 "%1 is not known here; nothing was done with {file}. The help lists what is.");
    // What the person asked for.
    case Reason::NotATable:
        return QT_TRANSLATE_NOOP("Error", "%1 is no ordinary table of {file}: rows of views and virtual tables are not "
                                          "read, since that would run what the file says.");
    case Reason::NotASelect:
        return QT_TRANSLATE_NOOP("Error", "This is not one SELECT that {file} can answer: %1. Nothing was run.");
    case Reason::NotAnIndex:
        return QT_TRANSLATE_NOOP("Error", "This is not one CREATE INDEX that fits to {file}: %1. Nothing was run.");
    case Reason::UnknownSchema:
        return QT_TRANSLATE_NOOP("Error",
                                 "The SQLite in Litekeeper can't work with the schema of {file}: %1. The program "
                                 "that made it may be newer; that is not damage.");
    // Operations that keep, bring back and undo.
    case Reason::AnotherOperation:
        return QT_TRANSLATE_NOOP("Error", "%1 is at work on {file} already. Wait for it to end, and try again.");
    case Reason::NotABackup:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} is no backup that Litekeeper made: the .json file that belongs beside "
                                 "it is missing or can't be read. Name a backup that `backups` lists.");
    case Reason::BackupChanged:
        return QT_TRANSLATE_NOOP("Error", "{file} is not as it was made: its SHA-256 was %1 and is %2 now. Don't rely "
                                          "on it; use another backup.");
    case Reason::BackupDamaged:
        return QT_TRANSLATE_NOOP("Error", "The database in the backup {file} does not pass its check (%1). Nothing was "
                                          "changed; use another backup.");
    case Reason::OtherDatabase:
        return QT_TRANSLATE_NOOP("Error",
                                 "This backup is of another database than {file}: they differ in %1. Restore it "
                                 "to a new place, or say that it is meant.");
    case Reason::OnlyWhenAsked:
        return QT_TRANSLATE_NOOP("Error", "{file} is there already and was left as it is. %1 replaces it, and puts the "
                                          "old one aside.");
    case Reason::WalResetBug:
        return QT_TRANSLATE_NOOP("Error",
                                 "%2 has {file} open, and a checkpoint beside it can lose data with the SQLite "
                                 "used here (%1; fixed in 3.51.3). Close it there and try again.");
    case Reason::ProgramMissing:
        return QT_TRANSLATE_NOOP("Error",
                                 "This needs the program %1 for {file}, and it is not installed. Install it and "
                                 "try again.");
    case Reason::ProgramFailed:
        return QT_TRANSLATE_NOOP("Error", "The program %1 could not do it for {file}: %2. {file} was not changed.");
    case Reason::NothingSaved:
        return QT_TRANSLATE_NOOP("Error",
                                 "Nothing could be saved from {file}: no row was found in it. Look for a backup; "
                                 "the file itself was not changed.");
    case Reason::NoUndo:
        return QT_TRANSLATE_NOOP("Error", "What was done with {file} can't be taken back by Litekeeper.");
    case Reason::ChangedSince:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} was changed after %1, so taking that back would lose what came later. "
                                 "It was left as it is.");
    case Reason::ProtectedFolder:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} is in a protected folder (%1): it is looked at, and changed only after "
                                 "you unlock that folder.");
    case Reason::NotIncremental:
        return QT_TRANSLATE_NOOP("Error", "{file} gives no pages back by itself: its auto-vacuum is not incremental. "
                                          "Compact it, and set that there if you want it.");
    case Reason::RowsNotUnique:
        return QT_TRANSLATE_NOOP("Error",
                                 "{file} has rows that one of its indexes forbids, so that index can't be made again: "
                                 "%1. Check it, and decide which of the rows is right.");
    case Reason::CatalogueNotOpened:
        return QT_TRANSLATE_NOOP("Error", "Litekeeper can't open its own memory, {file}: %1. What was done is not "
                                          "remembered; your databases are not concerned.");
    // Litestream.
    case Reason::NotAConfig:
        return QT_TRANSLATE_NOOP("Error", "{file} is no configuration of Litestream: line %1: %2. Correct that line; "
                                          "Litestream would not start with it either.");
    case Reason::NotReplicated:
        return QT_TRANSLATE_NOOP("Error", "{file} is not in Litestream's configuration %1, so there is no replica of "
                                          "it. Set it up first, or name another configuration.");
    case Reason::UnknownReplica:
        return QT_TRANSLATE_NOOP("Error", "{file} has no replica that is called %1. See the names in Litestream's "
                                          "configuration.");
    case Reason::ReplicaFailed:
        return QT_TRANSLATE_NOOP("Error", "The replica %1 of {file} could not be used: %2. See that it can be reached "
                                          "and that the keys are right, and try again.");
    case Reason::NothingRestorable:
        return QT_TRANSLATE_NOOP("Error", "The replica %1 has no copy of {file} from %2 or before. Choose a later "
                                          "moment, or another replica.");
    case Reason::RestoredDiffers:
        return QT_TRANSLATE_NOOP("Error", "What the replica gave back is not what is in {file}: %1. Don't rely on this "
                                          "replica before that is understood.");
    case Reason::LitestreamNeedsWal:
        return QT_TRANSLATE_NOOP("Error",
                                 "Litestream replicates {file}, needs WAL, and would switch it back. Take it out "
                                 "of Litestream's configuration first.");
    case Reason::StillReplicating:
        return QT_TRANSLATE_NOOP("Error", "Litestream is still at work on {file}: %1. Stop it, and try again.");
    }
    return nullptr;
}

QString describe(const Error &error)
{
    const QString file =
        error.path.empty() ? QCoreApplication::translate("Error", "the file") : displayName(error.path);
    const char *text = sentence(error.reason);
    if (!text)
        return fill("Error", sentence(error.code), {}, file);

    const As as = error.reason == Reason::NotEnoughSpace ? As::Bytes : As::Text;
    QStringList arguments;
    for (const std::string &argument : error.arguments)
        arguments += shown(argument, as);
    // Who it is can't always be seen.
    const bool who = error.reason == Reason::InUseByOthers || error.reason == Reason::InUseWhileLeavingWal;
    if (who && (arguments.isEmpty() || arguments.first().isEmpty()))
        arguments = {QCoreApplication::translate("Error", "another program")};
    return fill("Error", text, arguments, file);
}

}
