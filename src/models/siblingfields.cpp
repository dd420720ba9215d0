// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/siblingfields.h"

#include "base/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace lk::models {

using inspect::SiblingsFacts;
using inspect::SiblingState;

#define NOOP(text) QT_TRANSLATE_NOOP("Sibling", text)

static QString tr(const char *text)
{
    return QCoreApplication::translate("Sibling", text);
}
static QString count(std::uint64_t number)
{
    return QString::fromStdString(text::count(number));
}
static QString size(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}

struct StateWords
{
    SiblingState state;
    const char *words;
    const char *explanation;
};

// clang-format off
static constexpr StateWords States[] = {
    {SiblingState::Missing, NOOP("not there"), NOOP("There is no such file.")},
    {SiblingState::Empty, NOOP("empty"), NOOP("It holds nothing: what a reader, or journal_mode=TRUNCATE, leaves behind. It does no harm.")},
    {SiblingState::Live, NOOP("in use"), NOOP("A program has the database open. It belongs to the database: never delete it.")},
    {SiblingState::LeftByCrash, NOOP("left by a crash"), NOOP("Nobody has the database open, and it holds what is not in the database yet. The next program that opens the database brings it in. Never delete it.")},
    {SiblingState::Spent, NOOP("spent"), NOOP("Nothing in it counts any more: all of it is in the database, or was never committed.")},
    {SiblingState::OtherDatabase, NOOP("of another database"), NOOP("It does not fit to this database. Opening them together can destroy the database: copy both first.")},
    {SiblingState::BesideRollback, NOOP("does not belong here"), NOOP("A -wal with content beside a database in rollback mode. Opening them together can destroy the database: copy both first.")},
    {SiblingState::Hot, NOOP("waits to be undone"), NOOP("A program stopped in the middle of a transaction. The next program that opens the database undoes it. Never delete it.")},
    {SiblingState::NotReadable, NOOP("could not be read"), NOOP("So what it holds is not known.")},
};
// clang-format on

static const StateWords &wordsOf(SiblingState state)
{
    return *std::ranges::find(States, state, &StateWords::state);
}

QString siblingStateText(SiblingState state)
{
    return tr(wordsOf(state).words);
}

static Field stateField(SiblingState state)
{
    return {tr(NOOP("State")), siblingStateText(state), {}, tr(wordsOf(state).explanation)};
}

static void add(FieldGroup &group, const char *name, const QString &meaning, const char *explanation)
{
    group.fields.push_back({tr(name), meaning, {}, tr(explanation)});
}

static QString salts(std::uint32_t first, std::uint32_t second)
{
    return QStringLiteral("%1 %2").arg(first, 8, 16, QLatin1Char('0')).arg(second, 8, 16, QLatin1Char('0'));
}

static FieldGroup walGroup(const sqlite::Glance &glance, const SiblingsFacts &siblings)
{
    FieldGroup group{tr(NOOP("Write-ahead log (-wal)")), {stateField(siblings.wal)}};
    if (!glance.siblings.walExists)
        return group;
    add(group, NOOP("Size"), size(glance.siblings.wal),
        NOOP("It does not shrink by itself: SQLite writes over it from its start."));
    if (!glance.wal)
        return group;
    const sqlite::WalSummary &wal = *glance.wal;
    add(group, NOOP("Frames"), count(wal.frames),
        NOOP("Pages that fit into it. Those behind the last valid one are left over from an earlier round."));
    add(group, NOOP("Committed"), count(wal.committedFrames),
        NOOP("Frames whose salts and running checksum hold, up to the last commit: what a reader sees."));
    if (wal.validFrames > wal.committedFrames)
        add(group, NOOP("Not committed"), count(wal.validFrames - wal.committedFrames),
            NOOP("Frames of a transaction that was never committed, or is under way. They don't count."));
    if (siblings.notCheckpointed)
        add(group, NOOP("Not yet checkpointed"), count(*siblings.notCheckpointed),
            NOOP("Committed frames that are not in the main file yet. Whoever copies only the main file loses them."));
    if (siblings.oldestReader)
        add(group, NOOP("Oldest reader"), tr(NOOP("at frame %1")).arg(count(*siblings.oldestReader)),
            NOOP("A checkpoint can't go beyond the frame that the oldest reader holds on to."));
    add(group, NOOP("Page size"), size(wal.pageSize), NOOP("Must be the database's."));
    add(group, NOOP("Salts"), salts(wal.salt1, wal.salt2),
        NOOP("They change each time the -wal begins anew; frames with others don't count."));
    return group;
}

static QString readMarks(const sqlite::WalIndex &index)
{
    QStringList marks;
    for (const std::optional<std::uint32_t> &mark : index.readMarks)
        marks += mark ? count(*mark) : QStringLiteral("–");
    return marks.join(QStringLiteral("  "));
}

static FieldGroup shmGroup(const sqlite::Glance &glance, const SiblingsFacts &siblings)
{
    FieldGroup group{tr(NOOP("Index of the log (-shm)")), {stateField(siblings.shm)}};
    if (!glance.siblings.shmExists)
        return group;
    add(group, NOOP("Size"), size(glance.siblings.shm),
        NOOP("Shared by the programs that have the database open. It can be made anew from the -wal at any time."));
    if (!siblings.index)
        return group;
    const sqlite::WalIndex &index = *siblings.index;
    if (!index.copiesAgree)
        add(group, NOOP("Its two copies"), tr(NOOP("differ")),
            NOOP("A program was writing at this moment, or died while it did."));
    add(group, NOOP("Last frame"), count(index.maxFrame), NOOP("The last committed frame of the -wal."));
    add(group, NOOP("Checkpointed"), count(index.backfilled), NOOP("Frames that are in the main file already."));
    add(group, NOOP("Read marks"), readMarks(index),
        NOOP("Up to which frame each of five kinds of readers may look. That a mark is set does not say that somebody "
             "holds it: the locks below do."));
    return group;
}

static FieldGroup journalGroup(const sqlite::Glance &glance, const SiblingsFacts &siblings)
{
    FieldGroup group{tr(NOOP("Rollback journal (-journal)")), {stateField(siblings.journal)}};
    if (!glance.siblings.journalExists)
        return group;
    add(group, NOOP("Size"), size(glance.siblings.journal), NOOP("Of the pages' old content, to undo a transaction."));
    if (!siblings.undo)
        return group;
    const inspect::JournalUndo &undo = *siblings.undo;
    add(group, NOOP("Would bring back"),
        undo.complete ? tr(NOOP("%1 pages")).arg(count(undo.records))
                      : tr(NOOP("%1 pages or more")).arg(count(undo.records)),
        NOOP("Pages whose old content comes back when the transaction is undone."));
    add(group, NOOP("Size after it"),
        undo.pagesBefore == undo.pagesAfter
            ? tr(NOOP("%1 pages, as now")).arg(count(undo.pagesAfter))
            : tr(NOOP("%1 pages, now %2")).arg(count(undo.pagesAfter), count(undo.pagesBefore)),
        NOOP("Of the database."));
    return group;
}

std::vector<FieldGroup> siblingGroups(const sqlite::Glance &glance, const SiblingsFacts &siblings)
{
    return {walGroup(glance, siblings), shmGroup(glance, siblings), journalGroup(glance, siblings)};
}
#undef NOOP

}
