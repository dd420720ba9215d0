// SPDX-License-Identifier: GPL-3.0-or-later
// What a person should know although nothing failed.
#include "words/describe.h"
#include "words/fill.h"

#include <QCoreApplication>

namespace lk::words {

using operations::Note;

static const char *sentence(Note note)
{
    switch (note) {
    case Note::MemoryFilesystem:
        return QT_TRANSLATE_NOOP("Note", "It is in memory (%1): it is gone when the system restarts.");
    case Note::OverlayFilesystem:
        return QT_TRANSLATE_NOOP("Note", "It is in a container's own layer (%1): it goes when the container goes.");
    case Note::RemovableFilesystem:
        return QT_TRANSLATE_NOOP("Note",
                                 "It is on a removable disk's file system (%1): eject it before pulling it out.");
    case Note::FuseFilesystem:
        return QT_TRANSLATE_NOOP("Note",
                                 "A program provides this file system (%1): whether its locks hold is not known.");
    case Note::UnknownFilesystem:
        return QT_TRANSLATE_NOOP("Note",
                                 "Its file system (%1) is not known to Litekeeper: whether WAL is safe there is "
                                 "not either.");
    case Note::BackupsMustIncludeWal:
        return QT_TRANSLATE_NOOP("Note", "From now on whoever copies this file must copy the -wal beside it too.");
    case Note::OthersHidden:
        return QT_TRANSLATE_NOOP("Note",
                                 "Other users' programs can't be seen from here: one of them may have it open.");
    case Note::OthersHaveItOpen:
        return QT_TRANSLATE_NOOP("Note", "Also open in %1.");
    case Note::RecoveredState:
        return QT_TRANSLATE_NOOP("Note",
                                 "This is the state after SQLite's own recovery; the file itself was left as it "
                                 "is.");
    case Note::ReadBesideWriter:
        return QT_TRANSLATE_NOOP("Note", "Another program was writing: it took %1 attempts to read one state of it.");
    case Note::CheckedSnapshot:
        return QT_TRANSLATE_NOOP("Note", "A private snapshot of it was checked.");
    case Note::MessagesLimited:
        return QT_TRANSLATE_NOOP("Note", "SQLite stops after %1 messages: there may be more damage.");
    case Note::MissingExtension:
        return QT_TRANSLATE_NOOP("Note", "Unchecked in part: it needs its application's %1, which is not here. That is "
                                         "not damage.");
    case Note::OwnerNotKept:
        return QT_TRANSLATE_NOOP("Note",
                                 "The copy belongs to you: only the administrator can give it its first owner.");
    case Note::ExtendedAttributesNotKept:
        return QT_TRANSLATE_NOOP("Note", "The copy is without the file's extended attributes.");
    case Note::WillWait:
        return QT_TRANSLATE_NOOP("Note", "If another program holds a lock, this waits for it, %1 s at most.");
    case Note::RunningAsRoot:
        return QT_TRANSLATE_NOOP("Note",
                                 "Run as administrator: files that SQLite creates beside it would belong to root, "
                                 "and its own program might not be able to write them.");
    case Note::WriterDelayed:
        return QT_TRANSLATE_NOOP("Note", "In rollback mode other programs' writes wait while it is being read.");
    case Note::SpaceNeeded:
        return QT_TRANSLATE_NOOP("Note",
                                 "Needs up to %1 beside it, where %2 is free, and up to %3 for a temporary file "
                                 "in %4, where %5 is free.");
    case Note::RowidsChange:
        return QT_TRANSLATE_NOOP("Note",
                                 "The rowids of tables without an INTEGER PRIMARY KEY may change: %1. That matters "
                                 "only to a program that keeps those numbers.");
    case Note::RollbackMeanwhile:
        return QT_TRANSLATE_NOOP("Note",
                                 "For the new page size it leaves WAL mode and comes back to it; should that be "
                                 "interrupted, it is whole, and in rollback mode.");
    case Note::RehearsalTook:
        return QT_TRANSLATE_NOOP("Note",
                                 "Rehearsing it took %1 s without writing; the disk has to write it three times.");
    case Note::AlreadyInRollback:
        return QT_TRANSLATE_NOOP("Note", "It is not in WAL mode, so there is no -wal to move into it.");
    case Note::BackupExists:
        return QT_TRANSLATE_NOOP("Note", "There is a backup of it, %1: restoring that may be better than what can be "
                                         "saved from the damaged file.");
    case Note::LitestreamStarted:
        return QT_TRANSLATE_NOOP("Note", "Litestream (%1) was stopped meanwhile, and is started again: it begins with "
                                         "a new copy.");
    case Note::StartLitestream:
        return QT_TRANSLATE_NOOP("Note", "Start %1 again: until then nothing is replicated. It begins with a new "
                                         "copy.");
    case Note::LostAndFound:
        return QT_TRANSLATE_NOOP("Note", "Of %1 rows it is not known which table they are from; they are in the table "
                                         "lost_and_found of the new file.");
    }
    return "";
}

QString describe(const operations::NoteText &note)
{
    const As as = note.note == Note::SpaceNeeded ? As::Bytes : As::Text;
    QStringList arguments;
    for (const std::string &argument : note.arguments)
        arguments += shown(argument, as);
    return fill("Note", sentence(note.note), arguments);
}

}
