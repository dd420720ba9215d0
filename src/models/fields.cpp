// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fields.h"

#include "base/text.h"
#include "models/display.h"
#include "words/describe.h"

#include <QCoreApplication>

namespace lk::models {

using Field = FieldModel::Field;
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
    const char *explanation;
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
     [](const Header &h) { return QStringLiteral("%1 / %2").arg(h.writeVersion).arg(h.readVersion); },
     NOOP("Write and read version, bytes 18 and 19: 2 is WAL, 1 is a rollback journal (which kind of rollback journal is up to each program).")},
    {NOOP("Page size"), [](const DatabaseFacts &, const Header &h) { return size(h.pageSize); }, number<&Header::pageSize>,
     NOOP("The unit in which SQLite reads and writes, bytes 16 and 17. Changing it means rewriting the file.")},
    {NOOP("Pages"), pageCountMeaning, pageCountStored,
     NOOP("Size of the database, bytes 28 to 31, and of its latest state including the WAL.")},
    {NOOP("Free pages"), freeMeaning, number<&Header::freelistPages>,
     NOOP("Pages that hold nothing and will be used again, bytes 36 to 39. Compacting gives them back.")},
    {NOOP("Auto-vacuum"), [](const DatabaseFacts &, const Header &h) { return orNone(inspect::autoVacuumName(h)); },
     [](const Header &h) { return QStringLiteral("%1 / %2").arg(h.largestRootPage).arg(h.incrementalVacuum); },
     NOOP("Whether free pages are given back by themselves, bytes 52 to 55 and 64 to 67.")},
    {NOOP("Text encoding"), [](const DatabaseFacts &, const Header &h) { return orNone(inspect::encodingName(h)); }, number<&Header::textEncoding>,
     NOOP("How text is stored, bytes 56 to 59. It can't be changed once there is a table.")},
    {NOOP("Written by"), writerMeaning, number<&Header::writerVersion>,
     NOOP("The SQLite version that wrote to the file last, bytes 96 to 99.")},
    {NOOP("User version"), meaningNumber<&Header::userVersion>, number<&Header::userVersion>,
     NOOP("A number the application keeps for itself, often the version of its tables, bytes 60 to 63.")},
    {NOOP("Application id"), [](const DatabaseFacts &, const Header &h) { return h.applicationId ? hexadecimal(h.applicationId) : none(); }, number<&Header::applicationId>,
     NOOP("Says what kind of document this is, if the application set it, bytes 68 to 71.")},
    {NOOP("Schema format"), meaningNumber<&Header::schemaFormat>, number<&Header::schemaFormat>,
     NOOP("1 to 4, bytes 44 to 47; 4 since 2006.")},
    {NOOP("Schema cookie"), meaningNumber<&Header::schemaCookie>, number<&Header::schemaCookie>,
     NOOP("Grows with each change of tables or indexes, bytes 40 to 43.")},
    {NOOP("Change counter"), meaningNumber<&Header::changeCounter>, number<&Header::changeCounter>,
     NOOP("Grows with each transaction in rollback mode, bytes 24 to 27. In WAL mode it mostly stands still.")},
    {NOOP("Reserved bytes"), meaningNumber<&Header::reservedBytes>, number<&Header::reservedBytes>,
     NOOP("Bytes at the end of each page that extensions use, for encryption or checksums, byte 20.")},
};

/// Questions whose answer belongs to the asking program.
struct ConnectionSetting
{
    const char *name;
    const char *explanation;
};

static constexpr ConnectionSetting ConnectionSettings[] = {
    {"synchronous", NOOP("How safely each write reaches the disk. Each program says so each time it opens the file; with WAL, NORMAL is the usual choice.")},
    {"busy_timeout", NOOP("How long a program waits for another one's lock. Without it, it fails at once.")},
    {"foreign_keys", NOOP("Whether references between tables are enforced. Off unless the program switches it on.")},
    {"cache_size", NOOP("How much memory a program's connection uses for pages.")},
    {"mmap_size", NOOP("How much of the file a program's connection reads through memory mapping.")},
    {"temp_store", NOOP("Where a program's connection keeps temporary tables.")},
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
        fields.push_back({tr(field.name), field.meaning(facts, *current), field.stored(stored), explanation});
    }
    return fields;
}

static QString existence(bool exists, std::uint64_t bytes)
{
    if (!exists)
        return tr(NOOP("none"));
    return bytes == 0 ? tr(NOOP("empty")) : size(bytes);
}

static QString walMeaning(const DatabaseFacts &facts)
{
    const QString there = existence(facts.seen.siblings.walExists, facts.seen.siblings.wal);
    if (!facts.seen.wal)
        return there;
    return tr(NOOP("%1, %2 of %3 frames committed"))
        .arg(there, count(facts.seen.wal->committedFrames), count(facts.seen.wal->frames));
}

static QString journalFileMeaning(const DatabaseFacts &facts)
{
    const QString there = existence(facts.seen.siblings.journalExists, facts.seen.siblings.journal);
    return facts.seen.hotJournal ? tr(NOOP("%1, waits to be undone")).arg(there) : there;
}

static QString holdersMeaning(const DatabaseFacts &facts)
{
    if (!facts.looked)
        return none();
    if (!facts.holders.empty())
        return words::list(facts.holders);
    return facts.holdersHidden ? tr(NOOP("nobody seen")) : tr(NOOP("nobody"));
}

static QString holdersExplanation(const DatabaseFacts &facts)
{
    return facts.holdersHidden
               ? tr(NOOP("Programs that have the database open now. Other users' programs can't be seen."))
               : tr(NOOP("Programs that have the database open now."));
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

std::vector<Field> surroundingFields(const DatabaseFacts &facts)
{
    const auto &file = facts.seen.file;
    std::vector<Field> fields{
        {tr(NOOP("In use by")), holdersMeaning(facts), {}, holdersExplanation(facts)},
        {tr(NOOP("WAL")), walMeaning(facts), QString::number(facts.seen.siblings.wal),
         tr(NOOP("Changes that are not yet in the main file. It belongs to the database: never delete it."))},
        {tr(NOOP("Rollback journal")), journalFileMeaning(facts), QString::number(facts.seen.siblings.journal),
         tr(NOOP("What a transaction under way would undo. It belongs to the database: never delete it."))},
        {tr(NOOP("Size")), size(file.size), QString::number(file.size), tr(NOOP("Of the main file, in bytes."))},
        {tr(NOOP("Modified")),
         localTime(file.modifiedNs),
         {},
         tr(NOOP("Of the main file. In WAL mode the latest change may be in the -wal."))},
        {tr(NOOP("Names")), file.links == 1 ? tr(NOOP("one")) : count(file.links), QString::number(file.links),
         tr(NOOP("Hard links. A database with several names can be damaged if programs open it by different ones."))},
        {tr(NOOP("File system")),
         facts.filesystem.empty() ? none() : display(facts.filesystem),
         {},
         tr(NOOP("WAL needs a file system on this machine, not one of the network."))},
    };
    if (facts.header())
        fields.insert(fields.begin(),
                      {tr(NOOP("Content")), schemaMeaning(facts), {}, tr(NOOP("Counted in the schema."))});
    return fields;
}

std::vector<Field> connectionFields()
{
    std::vector<Field> fields;
    for (const ConnectionSetting &setting : ConnectionSettings)
        fields.push_back(
            {QString::fromLatin1(setting.name), tr(NOOP("not in the file")), none(), tr(setting.explanation)});
    return fields;
}
#undef NOOP

}
