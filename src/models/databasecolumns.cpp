// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasecolumns.h"

#include "base/text.h"
#include "models/display.h"
#include "words/describe.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace lk::models {

static QString tr(const char *text)
{
    return QCoreApplication::translate("DatabaseColumn", text);
}
static QString none()
{
    return QStringLiteral("–");
}

// Sorting ------------------------------------------------------------------------------------------------------------

template <auto Member>
constexpr Order by{.number = [](const DatabaseRow &row) { return static_cast<std::uint64_t>(row.*Member); }};

static std::string_view filesystem(const DatabaseRow &row)
{
    return row.filesystem ? std::string_view(*row.filesystem) : std::string_view();
}

static std::string_view autoVacuum(const DatabaseRow &row)
{
    return row.autoVacuum ? row.autoVacuum : "";
}
static std::string_view encoding(const DatabaseRow &row)
{
    return row.encoding ? row.encoding : "";
}
static std::string_view application(const DatabaseRow &row)
{
    return row.application ? std::string_view(row.application->application->name) : std::string_view();
}
static std::string_view name(const DatabaseRow &row)
{
    return row.name();
}
static std::string_view host(const DatabaseRow &row)
{
    return row.host();
}
static std::string_view folder(const DatabaseRow &row)
{
    return row.folder();
}

template <auto Text>
constexpr Order byText{.text = Text};

constexpr Order bySize{.number = [](const DatabaseRow &row) { return row.file.size; }};
constexpr Order byFree{.number = [](const DatabaseRow &row) { return row.freeBytes(); }};
constexpr Order byLinks{.number = [](const DatabaseRow &row) { return row.file.links; }};
constexpr Order byModified{.number = [](const DatabaseRow &row) {
    return static_cast<std::uint64_t>(row.file.modifiedNs) ^ (std::uint64_t(1) << 63); // also before 1970
}};

// Display ------------------------------------------------------------------------------------------------------------

static QString size(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}
static QString sizeOrNone(std::uint64_t bytes)
{
    return bytes == 0 ? none() : size(bytes);
}
static QString exact(std::uint64_t bytes)
{
    return QCoreApplication::translate("DatabaseColumn", "%1 bytes").arg(QString::fromStdString(text::count(bytes)));
}
static QString count(std::uint64_t number)
{
    return QString::fromStdString(text::count(number));
}
static QString ofHeader(const DatabaseRow &row, const QString &text)
{
    return row.hasHeader ? text : none();
}

static QString modified(const DatabaseRow &row)
{
    return localTime(row.file.modifiedNs);
}

static QString hexadecimal(std::uint32_t id)
{
    return QStringLiteral("0x%1").arg(id, 8, 16, QLatin1Char('0'));
}

static const char *stateIcon(const DatabaseRow &row)
{
    switch (row.state) {
    case sqlite::State::Damaged:
        return "damaged";
    case sqlite::State::MaybeEncrypted:
        return "locked";
    case sqlite::State::Empty:
        return "empty";
    default:
        return row.needsCare() ? "warning" : "database";
    }
}

static QString verdict(const DatabaseRow &row)
{
    switch (row.verdict) {
    case Verdict::Ok:
        return tr(QT_TRANSLATE_NOOP("DatabaseColumn", "ok"));
    case Verdict::Damaged:
        return tr(QT_TRANSLATE_NOOP("DatabaseColumn", "damaged"));
    case Verdict::Unchecked:
        return tr(QT_TRANSLATE_NOOP("DatabaseColumn", "not possible"));
    case Verdict::None:
        break;
    }
    return none();
}

static const char *verdictIcon(const DatabaseRow &row)
{
    switch (row.verdict) {
    case Verdict::Ok:
        return "done";
    case Verdict::Damaged:
        return "damaged";
    case Verdict::Unchecked:
        return "warning";
    case Verdict::None:
        break;
    }
    return nullptr;
}

static QString journal(const DatabaseRow &row)
{
    switch (row.journal) {
    case Journal::Wal:
        return QStringLiteral("WAL");
    case Journal::Rollback:
        return tr(QT_TRANSLATE_NOOP("DatabaseColumn", "rollback"));
    case Journal::Unknown:
        break;
    }
    return none();
}

using Row = DatabaseRow;
constexpr auto Left = Qt::AlignLeading;
constexpr auto Right = Qt::AlignTrailing;
#define TITLE(text) QT_TRANSLATE_NOOP("DatabaseColumn", text)

// clang-format off
static constexpr std::array Columns{
    Column{"name", TITLE("Name"), Left, [](const Row &row) { return display(row.name()); }, byText<name>, 25, true,
           [](const Row &row) { return display(row.path); }, stateIcon},
    Column{"folder", TITLE("Folder"), Left, [](const Row &row) { return displayFolder(row.folder()); }, byText<folder>, 25, true,
           [](const Row &row) { return display(row.folder()); }},
    Column{"application", TITLE("Application"), Left, [](const Row &row) { return row.application ? words::application(*row.application) : none(); }, byText<application>, 18, true,
           [](const Row &row) { return row.application ? words::application(*row.application) : QString(); }},
    Column{"size", TITLE("Size"), Right, [](const Row &row) { return size(row.file.size); }, bySize, 9, true,
           [](const Row &row) { return exact(row.file.size); }},
    Column{"journal_mode", TITLE("Journal"), Left, journal, by<&Row::journal>, 9, true},
    Column{"page_size", TITLE("Page"), Right, [](const Row &row) { return ofHeader(row, size(row.pageSize)); }, by<&Row::pageSize>, 9, true,
           [](const Row &row) { return exact(row.pageSize); }},
    Column{"wal_size", TITLE("WAL size"), Right, [](const Row &row) { return sizeOrNone(row.walSize); }, by<&Row::walSize>, 10, true,
           [](const Row &row) { return exact(row.walSize); }},
    Column{"state", TITLE("State"), Left, [](const Row &row) { return stateText(row.state); }, by<&Row::state>, 13, true},
    Column{"modified", TITLE("Modified"), Left, modified, byModified, 20, true,
           [](const Row &row) { return QString::fromStdString(text::isoTime(row.file.modifiedNs)); }},
    Column{"verdict", TITLE("Checked"), Left, verdict, by<&Row::verdict>, 13, false, nullptr, verdictIcon},
    Column{"problems", TITLE("Problems"), Right, [](const Row &row) { return row.problems ? count(row.problems) : none(); }, by<&Row::problems>, 10, false},
    Column{"page_count", TITLE("Pages"), Right, [](const Row &row) { return ofHeader(row, count(row.pageCount)); }, by<&Row::pageCount>, 11, false},
    Column{"freelist_pages", TITLE("Free inside"), Right, [](const Row &row) { return ofHeader(row, sizeOrNone(row.freeBytes())); }, byFree, 12, false,
           [](const Row &row) { return exact(row.freeBytes()); }},
    Column{"auto_vacuum", TITLE("Auto-vacuum"), Left, [](const Row &row) { return ofHeader(row, display(autoVacuum(row))); }, byText<autoVacuum>, 13, false},
    Column{"encoding", TITLE("Encoding"), Left, [](const Row &row) { return row.encoding ? display(row.encoding) : none(); }, byText<encoding>, 11, false},
    Column{"user_version", TITLE("User version"), Right, [](const Row &row) { return ofHeader(row, QString::number(row.userVersion)); }, by<&Row::userVersion>, 13, false},
    Column{"application_id", TITLE("Application id"), Right, [](const Row &row) { return row.applicationId ? hexadecimal(row.applicationId) : none(); }, by<&Row::applicationId>, 14, false},
    Column{"writer_version", TITLE("Written by"), Right, [](const Row &row) { return row.writerVersion ? QString::fromStdString(text::sqliteVersion(row.writerVersion)) : none(); }, by<&Row::writerVersion>, 11, false},
    Column{"journal_size", TITLE("Journal size"), Right, [](const Row &row) { return sizeOrNone(row.journalSize); }, by<&Row::journalSize>, 12, false,
           [](const Row &row) { return exact(row.journalSize); }},
    Column{"filesystem", TITLE("File system"), Left, [](const Row &row) { return row.filesystem ? display(*row.filesystem) : none(); }, byText<filesystem>, 12, false},
    Column{"links", TITLE("Links"), Right, [](const Row &row) { return count(row.file.links); }, byLinks, 8, false},
    Column{"host", TITLE("Host"), Left, [](const Row &row) { return row.isElsewhere() ? display(row.host()) : none(); }, byText<host>, 12, false},
};
// clang-format on
#undef TITLE

std::span<const Column> databaseColumns()
{
    return Columns;
}

int columnIndex(std::string_view id)
{
    const auto found = std::ranges::find(Columns, id, &Column::id);
    return found == Columns.end() ? -1 : static_cast<int>(found - Columns.begin());
}

QString columnTitle(const Column &column)
{
    return tr(column.title);
}

}
