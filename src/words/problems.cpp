// SPDX-License-Identifier: GPL-3.0-or-later
// What does not fit about a file, in words. %1 is the note's value, %2 what was expected.
#include "base/text.h"
#include "words/describe.h"
#include "words/fill.h"

#include <QCoreApplication>

#include <system_error>

namespace lk::words {

using sqlite::Problem;

static const char *sentence(Problem problem)
{
    switch (problem) {
    case Problem::HeaderCutShort:
        return QT_TRANSLATE_NOOP("Problem", "The file has %1 bytes; a database's header alone has 100.");
    case Problem::BadPageSize:
        return QT_TRANSLATE_NOOP("Problem",
                                 "The stored page size, %1, is none: it must be a power of two from 512 to 65536.");
    case Problem::UnknownFormatVersion:
        return QT_TRANSLATE_NOOP("Problem", "The stored format version, %1, is not known: 1 is rollback, 2 is WAL.");
    case Problem::BadPayloadFractions:
        return QT_TRANSLATE_NOOP("Problem", "The stored payload fractions are not 64, 32 and 32, as they must be.");
    case Problem::BadEncoding:
        return QT_TRANSLATE_NOOP("Problem", "The stored text encoding, %1, means none: 1 to 3 do.");
    case Problem::BadSchemaFormat:
        return QT_TRANSLATE_NOOP("Problem", "The stored schema format, %1, is not known: 1 to 4 are.");
    case Problem::BadReservedBytes:
        return QT_TRANSLATE_NOOP("Problem", "%1 reserved bytes a page leave less than the 480 that must be usable.");
    case Problem::BadFreelist:
        return QT_TRANSLATE_NOOP("Problem", "The header counts %1 free pages, and the file has %2 pages in all.");
    case Problem::FirstPageNotATable:
        return QT_TRANSLATE_NOOP("Problem", "The first page is of type %1, and must be a table's (5 or 13).");
    case Problem::VersionsDiffer:
        return QT_TRANSLATE_NOOP("Problem", "The write version (%1) and the read version (%2) differ.");
    case Problem::SizeNotWholePages:
        return QT_TRANSLATE_NOOP("Problem", "%1 bytes stand behind the last whole page: cut short, or added to.");
    case Problem::FewerPagesThanStored:
        return QT_TRANSLATE_NOOP("Problem", "The file has %1 pages, and its header counts %2: it was cut short.");
    case Problem::HotJournal:
        return QT_TRANSLATE_NOOP("Problem", "A program stopped in mid-write. SQLite will undo that the next time the "
                                            "program opens the file.");
    case Problem::WalNotReadable:
        return QT_TRANSLATE_NOOP("Problem", "The -wal beside it does not begin as one, so it does not count.");
    case Problem::WalPageSizeDiffers:
        return QT_TRANSLATE_NOOP("Problem", "The -wal beside it has pages of %1 bytes, the database of %2: it can't "
                                            "belong to it.");
    case Problem::WalBesideRollback:
        return QT_TRANSLATE_NOOP("Problem",
                                 "A -wal with content lies beside a database in rollback mode. It may belong "
                                 "to another one: don't open them together before copying both.");
    case Problem::WalTooLarge:
        return QT_TRANSLATE_NOOP("Problem", "The -wal beside it was too large to read here (%1 bytes).");
    case Problem::JournalNotReadable:
        return QT_TRANSLATE_NOOP("Problem", "The -journal beside it could not be read: whether a transaction waits for "
                                            "its undoing is not known.");
    case Problem::NotReadable:
        return QT_TRANSLATE_NOOP("Problem", "It could not be read: %1.");
    case Problem::HeldByUs:
        return QT_TRANSLATE_NOOP("Problem", "Litekeeper itself is working on it; it was read through that connection.");
    case Problem::ManyLinks:
        return QT_TRANSLATE_NOOP("Problem",
                                 "It has %1 names (hard links), and SQLite keeps a journal for each: use one "
                                 "name only.");
    case Problem::NotCurrent:
        return QT_TRANSLATE_NOOP("Problem", "It changed while it was looked at: some of this may be old already.");
    }
    return "";
}

QString describe(const sqlite::ProblemNote &problem)
{
    const QString value = problem.kind == Problem::NotReadable
                              ? QString::fromStdString(std::generic_category().message(static_cast<int>(problem.value)))
                              : QString::number(problem.value);
    return fill("Problem", sentence(problem.kind), {value, QString::number(problem.expected)});
}

}
