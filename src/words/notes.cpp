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
    }
    return "";
}

QString describe(const operations::NoteText &note)
{
    QStringList arguments;
    for (const std::string &argument : note.arguments)
        arguments += shown(argument);
    return fill("Note", sentence(note.note), arguments);
}

}
