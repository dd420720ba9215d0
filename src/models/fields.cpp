// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fields.h"

#include "base/text.h"
#include "models/display.h"
#include "words/describe.h"

#include <QCoreApplication>

#include <algorithm>

namespace lk::models {

using inspect::DatabaseFacts;
using sqlite::Header;

static QString tr(const char *text)
{
    return QCoreApplication::translate("Field", text);
}
static QString none()
{
    return QStringLiteral("–");
}
static QString count(std::uint64_t number)
{
    return QString::fromStdString(text::count(number));
}
static QString size(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}
static QString orNone(const char *text)
{
    return text ? display(text) : tr(QT_TRANSLATE_NOOP("Field", "not a known value"));
}
static QString hexadecimal(std::uint32_t id)
{
    return QStringLiteral("0x%1").arg(id, 8, 16, QLatin1Char('0'));
}

/// A field of the header: what it means is said of the current state, what is stored of the main file alone.
struct StoredField
{
    const char *name;
    QString (*meaning)(const DatabaseFacts &facts, const Header &header);
    QString (*stored)(const Header &header);
    const char *standard; ///< what SQLite would choose by itself; null where there is no such thing
    const char *explanation;
    const char *change; ///< what it would take
};

static QString journalMeaning(const DatabaseFacts &facts, const Header &)
{
    return words::journalMode(facts);
}

static QString pageCountMeaning(const DatabaseFacts &facts, const Header &header)
{
    return tr(QT_TRANSLATE_NOOP("Field", "%1 (%2)"))
        .arg(count(facts.seen.pageCount), size(std::uint64_t(facts.seen.pageCount) * header.pageSize));
}

static QString freeMeaning(const DatabaseFacts &, const Header &header)
{
    if (header.freelistPages == 0)
        return tr(QT_TRANSLATE_NOOP("Field", "none"));
    return tr(QT_TRANSLATE_NOOP("Field", "%1 (%2)"))
        .arg(count(header.freelistPages), size(std::uint64_t(header.freelistPages) * header.pageSize));
}

static QString writerMeaning(const DatabaseFacts &, const Header &header)
{
    if (header.writerVersion == 0)
        return tr(QT_TRANSLATE_NOOP("Field", "older than SQLite 3.7.0"));
    return tr(QT_TRANSLATE_NOOP("Field", "SQLite %1"))
        .arg(QString::fromStdString(text::sqliteVersion(header.writerVersion)));
}

static QString pageCountStored(const Header &header)
{
    return header.pageCountIsCurrent() ? QString::number(header.pageCount)
                                       : tr(QT_TRANSLATE_NOOP("Field", "%1, out of date")).arg(header.pageCount);
}

template <auto Member>
QString number(const Header &header)
{
    return QString::number(header.*Member);
}

template <auto Member>
QString meaningNumber(const DatabaseFacts &, const Header &header)
{
    return QString::number(header.*Member);
}

#define NOOP(text) QT_TRANSLATE_NOOP("Field", text)
// clang-format off
static constexpr StoredField StoredFields[] = {
    {NOOP("Journal mode"), journalMeaning,
     [](const Header &h) { return QStringLiteral("%1 / %2").arg(h.writeVersion).arg(h.readVersion); }, NOOP("a rollback journal"),
     NOOP("Write and read version, bytes 18 and 19: 2 is WAL, 1 is a rollback journal (which kind of rollback journal is up to each program)."),
     NOOP("Switch it here, in a moment, while no program has the database open.")},
    {NOOP("Page size"), [](const DatabaseFacts &, const Header &h) { return size(h.pageSize); }, number<&Header::pageSize>, NOOP("4096 bytes"),
     NOOP("The unit in which SQLite reads and writes, bytes 16 and 17."),
     NOOP("The file must be rewritten (VACUUM), in rollback mode.")},
    {NOOP("Pages"), pageCountMeaning, pageCountStored, nullptr,
     NOOP("Size of the database, bytes 28 to 31, and of its latest state including the WAL."),
     NOOP("It follows from the content.")},
    {NOOP("Free pages"), freeMeaning, number<&Header::freelistPages>, nullptr,
     NOOP("Pages that hold nothing and will be used again, bytes 36 to 39."),
     NOOP("Compacting (VACUUM) gives them back to the disk.")},
    {NOOP("Auto-vacuum"), [](const DatabaseFacts &, const Header &h) { return orNone(inspect::autoVacuumName(h)); },
     [](const Header &h) { return QStringLiteral("%1 / %2").arg(h.largestRootPage).arg(h.incrementalVacuum); }, NOOP("none"),
     NOOP("Whether free pages are given back by themselves, bytes 52 to 55 and 64 to 67."),
     NOOP("From none or to none the file must be rewritten (VACUUM); between full and incremental it is a moment's work.")},
    {NOOP("Text encoding"), [](const DatabaseFacts &, const Header &h) { return orNone(inspect::encodingName(h)); }, number<&Header::textEncoding>, NOOP("UTF-8"),
     NOOP("How text is stored, bytes 56 to 59."),
     NOOP("It can't be changed once there is a table: the content would have to go into a new database.")},
    {NOOP("Written by"), writerMeaning, number<&Header::writerVersion>, nullptr,
     NOOP("The SQLite version that wrote to the file last, bytes 96 to 99."),
     NOOP("Every program that writes sets it.")},
    {NOOP("User version"), meaningNumber<&Header::userVersion>, number<&Header::userVersion>, NOOP("0"),
     NOOP("A number the application keeps for itself, often the version of its tables, bytes 60 to 63."),
     NOOP("Leave it to the application: it may refuse to start.")},
    {NOOP("Application id"), [](const DatabaseFacts &, const Header &h) { return h.applicationId ? hexadecimal(h.applicationId) : none(); }, number<&Header::applicationId>, NOOP("0"),
     NOOP("Says what kind of document this is, if the application set it, bytes 68 to 71."),
     NOOP("Leave it to the application: programs that check it would refuse the file.")},
    {NOOP("Schema format"), meaningNumber<&Header::schemaFormat>, number<&Header::schemaFormat>, NOOP("4"),
     NOOP("1 to 4, bytes 44 to 47; 4 since 2006."),
     NOOP("The file must be rewritten (VACUUM) by a newer SQLite.")},
    {NOOP("Schema cookie"), meaningNumber<&Header::schemaCookie>, number<&Header::schemaCookie>, nullptr,
     NOOP("Grows with each change of tables or indexes, bytes 40 to 43."),
     NOOP("Never set it by hand: programs rely on it to see such changes.")},
    {NOOP("Change counter"), meaningNumber<&Header::changeCounter>, number<&Header::changeCounter>, nullptr,
     NOOP("Grows with each transaction in rollback mode, bytes 24 to 27. In WAL mode it mostly stands still."),
     NOOP("Every program that writes sets it.")},
    {NOOP("Reserved bytes"), meaningNumber<&Header::reservedBytes>, number<&Header::reservedBytes>, NOOP("0"),
     NOOP("Bytes at the end of each page that extensions use, for encryption or checksums, byte 20."),
     NOOP("The file must be rewritten by a program with that extension.")},
};
// clang-format on

std::vector<Field> storedFields(const DatabaseFacts &facts)
{
    std::vector<Field> fields;
    const Header *current = facts.header();
    if (!current)
        return fields;
    const Header &stored = facts.seen.stored ? *facts.seen.stored : *current;
    for (const StoredField &field : StoredFields) {
        QString explanation = tr(field.explanation);
        if (field.stored(stored) != field.stored(*current))
            explanation +=
                QLatin1Char(' ') + tr(NOOP("The latest value, %1, is in the WAL or comes back from the journal."))
                                       .arg(field.stored(*current));
        if (field.standard)
            explanation += QLatin1Char('\n') + tr(NOOP("Default: %1.")).arg(tr(field.standard));
        explanation += QLatin1Char('\n') + tr(NOOP("To change it: %1")).arg(tr(field.change));
        fields.push_back({tr(field.name), field.meaning(facts, *current), field.stored(stored), explanation});
    }
    return fields;
}

// Overview -----------------------------------------------------------------------------------------------------------

static QString applicationMeaning(const DatabaseFacts &facts)
{
    return facts.application ? words::application(*facts.application) : tr(NOOP("not known"));
}

static QString projectMeaning(const DatabaseFacts &facts)
{
    const inspect::Project &project = *facts.project;
    QString text = display(project.name);
    if (!project.version.empty())
        text += QLatin1Char(' ') + display(project.version);
    if (project.settings.empty())
        return text;
    QString place = displayFolder(project.settings.native());
    if (project.line > 0)
        place += QLatin1Char(':') + QString::number(project.line);
    return project.namesThisFile ? tr(NOOP("%1, named in %2")).arg(text, place)
                                 : tr(NOOP("%1, settings in %2")).arg(text, place);
}

static QString schemaMeaning(const DatabaseFacts &facts)
{
    if (!facts.schema)
        return none();
    const auto number = [](std::int64_t n, const char *one, const char *many) {
        return counted(static_cast<std::uint64_t>(n), tr(one), tr(many));
    };
    QStringList parts{number(facts.schema->tables, NOOP("1 table"), NOOP("%1 tables"))};
    if (facts.schema->indexes > 0)
        parts += number(facts.schema->indexes, NOOP("1 index"), NOOP("%1 indexes"));
    if (facts.schema->views > 0)
        parts += number(facts.schema->views, NOOP("1 view"), NOOP("%1 views"));
    if (facts.schema->triggers > 0)
        parts += number(facts.schema->triggers, NOOP("1 trigger"), NOOP("%1 triggers"));
    return parts.join(QStringLiteral(", "));
}

static QString sizeMeaning(const DatabaseFacts &facts)
{
    QStringList parts{size(facts.seen.file.size)};
    if (facts.seen.siblings.wal > 0)
        parts += tr(NOOP("WAL %1")).arg(size(facts.seen.siblings.wal));
    if (facts.seen.siblings.journal > 0)
        parts += tr(NOOP("journal %1")).arg(size(facts.seen.siblings.journal));
    const Header *header = facts.header();
    if (header && header->freelistPages > 0)
        parts += tr(NOOP("%1 of it free")).arg(size(std::uint64_t(header->freelistPages) * header->pageSize));
    return parts.join(QStringLiteral(", "));
}

static QString healthMeaning(const DatabaseFacts &facts)
{
    QStringList lines;
    for (const sqlite::ProblemNote &problem : facts.seen.problems)
        lines += words::describe(problem);
    if (facts.lookError)
        lines += words::describe(*facts.lookError);
    if (!lines.isEmpty())
        return lines.join(QLatin1Char('\n'));
    return facts.seen.state == sqlite::State::Database ? tr(NOOP("nothing conspicuous"))
                                                       : words::state(facts.seen.state);
}

static QString holdersMeaning(const DatabaseFacts &facts)
{
    if (!facts.looked)
        return none();
    if (!facts.holders.empty())
        return words::list(facts.holders);
    return facts.holdersHidden ? tr(NOOP("nobody seen; other users' programs can't be seen")) : tr(NOOP("nobody"));
}

static QString when(std::chrono::system_clock::time_point time)
{
    return localTime(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

/// Of what was never done.
static QString neverMeaning(const DatabaseFacts &facts)
{
    return facts.history ? tr(NOOP("never by Litekeeper")) : tr(NOOP("not known: nothing is remembered"));
}

static QString checkMeaning(const DatabaseFacts &facts)
{
    if (!facts.history || !facts.history->lastCheck)
        return neverMeaning(facts);
    return (facts.history->lastCheckOk ? tr(NOOP("%1: sound")) : tr(NOOP("%1: not found sound")))
        .arg(when(*facts.history->lastCheck));
}

static QString backupMeaning(const DatabaseFacts &facts)
{
    return facts.history && facts.history->lastBackup ? when(*facts.history->lastBackup) : neverMeaning(facts);
}

/// What somebody who changes the file has to know of its application.
static QString noteSentence(inspect::ApplicationNote note, const inspect::Application &application)
{
    using inspect::ApplicationNote;
    switch (note) {
    case ApplicationNote::LocksWhileRunning:
        return tr(NOOP("Keeps an exclusive lock while it runs: others can't even read."));
    case ApplicationNote::NeedsExtension:
        return tr(NOOP("Needs its own %1, which other programs lack: that is no damage."))
            .arg(display(application.extension));
    case ApplicationNote::PurgeInstead:
        return tr(NOOP("Purge in the application rather than compact."));
    case ApplicationNote::Secrets:
        return tr(NOOP("Holds secrets: keep copies as private as the file."));
    case ApplicationNote::NeverModify:
        return tr(NOOP("Never change it."));
    case ApplicationNote::CanBeRebuilt:
        return tr(NOOP("Can be rebuilt by its application."));
    case ApplicationNote::LeaveToApplication:
        return tr(NOOP("Sets its journal mode and settings itself."));
    case ApplicationNote::WorkOnACopy:
        return tr(NOOP("Work on a copy."));
    }
    return {};
}

static QString notesMeaning(const inspect::Application &application)
{
    QStringList sentences;
    for (const inspect::ApplicationNote note : application.notes)
        sentences += noteSentence(note, application);
    return sentences.join(QLatin1Char('\n'));
}

/// By the tables that Litestream keeps in what it replicates.
static bool isReplicated(const DatabaseFacts &facts)
{
    const auto isItsOwn = [](const inspect::SchemaObject &object) {
        return object.name == "_litestream_seq" || object.name == "_litestream_lock";
    };
    return facts.structure && std::ranges::any_of(facts.structure->objects, isItsOwn);
}

std::vector<Field> overviewFields(const DatabaseFacts &facts)
{
    const auto &file = facts.seen.file;
    std::vector<Field> fields;
    const auto add = [&](const char *name, const QString &meaning, const char *explanation) {
        fields.push_back({tr(name), meaning, {}, tr(explanation)});
    };
    add(NOOP("Application"), applicationMeaning(facts), NOOP("By its application id, its path and its tables."));
    if (isReplicated(facts))
        add(NOOP("Litestream"), tr(NOOP("replicates it, or did")),
            NOOP("By the tables that it keeps here. Compacting, checkpoints, restoring and leaving WAL break its "
                 "tracking, so they are refused or done while it is paused."));
    if (facts.application && !facts.application->application->notes.empty())
        add(NOOP("Good to know"), notesMeaning(*facts.application->application),
            NOOP("What to mind with this application's databases."));
    if (facts.project)
        add(NOOP("Project"), projectMeaning(facts),
            NOOP("Read from the project's files as text; nothing of it was run."));
    add(NOOP("Health"), healthMeaning(facts),
        NOOP("What the file's first bytes and its siblings tell; a check reads all of it."));
    add(NOOP("Size"), sizeMeaning(facts), NOOP("Of the main file and of what lies beside it."));
    if (facts.header()) {
        add(NOOP("Journal"), journalMeaning(facts, *facts.header()),
            NOOP("Stored in the file: WAL, or a rollback journal."));
        add(NOOP("Content"), schemaMeaning(facts), NOOP("Counted in the schema."));
    }
    add(NOOP("In use by"), holdersMeaning(facts), NOOP("Programs that have the database open now."));
    add(NOOP("Last check"), checkMeaning(facts), NOOP("By Litekeeper, since it was started."));
    add(NOOP("Last backup"), backupMeaning(facts), NOOP("By Litekeeper, since it was started."));
    add(NOOP("Modified"), localTime(file.modifiedNs),
        NOOP("Of the main file. In WAL mode the latest change may be in the -wal."));
    if (file.links > 1)
        add(NOOP("Names"), count(file.links),
            NOOP("Hard links. A database with several names can be damaged if programs open it by different ones."));
    add(NOOP("File system"), facts.filesystem.empty() ? none() : display(facts.filesystem),
        NOOP("WAL needs a file system on this machine, not one of the network."));
    return fields;
}
#undef NOOP

}
