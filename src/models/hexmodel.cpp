// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hexmodel.h"

#include "base/text.h"
#include "models/display.h"
#include "sqlite/header.h"
#include "sqlite/pages.h"

#include <QCoreApplication>

#include <algorithm>
#include <string_view>

namespace lk::models {

using sqlite::HeaderField;

#define NOOP(text) QT_TRANSLATE_NOOP("HeaderField", text)

static QString tr(const char *text)
{
    return QCoreApplication::translate("HeaderField", text);
}

/// What a field is, by the id it has in sqlite/pages.
struct FieldWords
{
    std::string_view id;
    const char *name;
    const char *explanation;
    QString (*meaning)(std::uint32_t value); ///< null: the number itself
};

static QString pages(std::uint32_t value)
{
    return counted(value, tr(NOOP("1 page")), tr(NOOP("%1 pages")));
}
static QString pageNumber(std::uint32_t value)
{
    return value == 0 ? tr(NOOP("none")) : tr(NOOP("page %1")).arg(value);
}
static QString journalVersion(std::uint32_t value)
{
    return value == 1 ? tr(NOOP("rollback")) : value == 2 ? QStringLiteral("WAL") : tr(NOOP("not known"));
}
static QString fraction(std::uint32_t value)
{
    return tr(NOOP("%1 of 255")).arg(value);
}
static QString yesNo(std::uint32_t value)
{
    return value == 0 ? tr(NOOP("no")) : tr(NOOP("yes"));
}
static QString pageSize(std::uint32_t value)
{
    return QString::fromStdString(text::bytes(value == 1 ? 65536 : value));
}
static QString encoding(std::uint32_t value)
{
    static constexpr const char *Names[] = {NOOP("not set yet"), "UTF-8", "UTF-16le", "UTF-16be"};
    return value < std::size(Names) ? tr(Names[value]) : tr(NOOP("not known"));
}
static QString writer(std::uint32_t value)
{
    return value == 0 ? tr(NOOP("not said")) : QString::fromStdString(text::sqliteVersion(value));
}

// clang-format off
static constexpr FieldWords Words[] = {
    {"magic", NOOP("Magic text"), NOOP("Every SQLite 3 database begins with “SQLite format 3” and a zero byte."), nullptr},
    {"page-size", NOOP("Page size"), NOOP("In bytes, a power of two from 512 to 32768; 1 stands for 65536."), pageSize},
    {"write-version", NOOP("Write version"), NOOP("1: rollback journal, 2: WAL. A higher one may not be written to."), journalVersion},
    {"read-version", NOOP("Read version"), NOOP("1: rollback journal, 2: WAL. A higher one may not even be read."), journalVersion},
    {"reserved-bytes", NOOP("Reserved bytes"), NOOP("At the end of each page, for extensions: encryption or checksums."), nullptr},
    {"max-payload", NOOP("Largest payload"), NOOP("Of a row in an index page, in 255ths. Must be 64."), fraction},
    {"min-payload", NOOP("Smallest payload"), NOOP("Of a row in an index page, in 255ths. Must be 32."), fraction},
    {"leaf-payload", NOOP("Leaf payload"), NOOP("Of a row in a table page, in 255ths. Must be 32."), fraction},
    {"change-counter", NOOP("Change counter"), NOOP("Grows with each transaction in rollback mode, so that others see their cache is old."), nullptr},
    {"page-count", NOOP("Pages"), NOOP("Size of the database. It counts only if the change counter equals “valid for”."), pages},
    {"freelist-trunk", NOOP("First free page"), NOOP("The first page of the list of free pages."), pageNumber},
    {"freelist-pages", NOOP("Free pages"), NOOP("Pages that hold nothing and will be used again."), pages},
    {"schema-cookie", NOOP("Schema cookie"), NOOP("Grows with each change of tables and indexes, so that prepared statements are prepared again."), nullptr},
    {"schema-format", NOOP("Schema format"), NOOP("1 to 4; decides how rows and descending indexes are stored."), nullptr},
    {"cache-size", NOOP("Suggested cache"), NOOP("In pages; a program may ask for it with default_cache_size. Out of use."), pages},
    {"largest-root", NOOP("Largest root page"), NOOP("Not 0: auto-vacuum is on."), pageNumber},
    {"encoding", NOOP("Text encoding"), NOOP("1: UTF-8, 2: UTF-16le, 3: UTF-16be."), encoding},
    {"user-version", NOOP("User version"), NOOP("The application's own number, as PRAGMA user_version gives it."), nullptr},
    {"incremental-vacuum", NOOP("Incremental vacuum"), NOOP("Not 0: free pages are given back only when a program asks for it."), yesNo},
    {"application-id", NOOP("Application id"), NOOP("What kind of document this is, if the application says so."), nullptr},
    {"expansion", NOOP("For later"), NOOP("Reserved, must be zero."), nullptr},
    {"version-valid-for", NOOP("Valid for"), NOOP("The change counter when the SQLite version and the number of pages were stored."), nullptr},
    {"writer-version", NOOP("SQLite version"), NOOP("Of the library that wrote last."), writer},
};
// clang-format on

static QString hexadecimal(std::span<const std::byte> bytes)
{
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())).toHex(' '));
}

static QString meaning(const FieldWords &words, const HeaderField &field, std::span<const std::byte> header)
{
    if (field.size > 4) {
        const auto bytes = header.subspan(field.offset, field.size);
        const bool zero = std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
        const bool text = words.id == "magic";
        return text   ? display({reinterpret_cast<const char *>(bytes.data()), bytes.size()})
               : zero ? tr(NOOP("all zero"))
                      : tr(NOOP("not zero"));
    }
    const std::uint32_t value = sqlite::headerValue(header, field);
    return words.meaning ? words.meaning(value) : QString::number(value);
}

std::vector<Field> headerFieldRows(std::span<const std::byte> header)
{
    std::vector<Field> rows;
    if (header.size() < sqlite::Header::Size)
        return rows;
    for (const HeaderField &field : sqlite::headerFields()) {
        const FieldWords &words = *std::ranges::find(Words, std::string_view(field.id), &FieldWords::id);
        const QString place = field.size == 1
                                  ? tr(NOOP("Byte %1.")).arg(field.offset)
                                  : tr(NOOP("Bytes %1 to %2.")).arg(field.offset).arg(field.offset + field.size - 1);
        rows.push_back({tr(words.name), meaning(words, field, header),
                        field.size > 4 ? QString() : hexadecimal(header.subspan(field.offset, field.size)),
                        place + QLatin1Char(' ') + tr(words.explanation)});
    }
    return rows;
}
#undef NOOP

HexModel::HexModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int HexModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : (static_cast<int>(m_bytes.size()) + Columns - 1) / Columns;
}

int HexModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

static std::size_t offsetOf(const QModelIndex &index)
{
    return static_cast<std::size_t>(index.row() * HexModel::Columns + index.column());
}

int HexModel::fieldOf(const QModelIndex &index)
{
    const std::optional<std::size_t> field =
        index.isValid() ? sqlite::headerFieldAt(offsetOf(index)) : std::optional<std::size_t>();
    return field ? static_cast<int>(*field) : -1;
}

QModelIndex HexModel::indexOf(std::size_t offset) const
{
    return index(static_cast<int>(offset) / Columns, static_cast<int>(offset) % Columns);
}

QVariant HexModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || offsetOf(index) >= m_bytes.size())
        return {};
    const int byte = static_cast<int>(m_bytes[offsetOf(index)]);
    switch (role) {
    case Qt::DisplayRole:
        return QStringLiteral("%1").arg(byte, 2, 16, QLatin1Char('0'));
    case Qt::TextAlignmentRole:
        return Qt::AlignCenter;
    case Qt::AccessibleTextRole:
        return tr("byte %1: %2").arg(offsetOf(index)).arg(byte, 2, 16, QLatin1Char('0'));
    default:
        return {};
    }
}

QVariant HexModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    return orientation == Qt::Vertical ? QString::number(section * Columns) : QString::number(section, 16);
}

Qt::ItemFlags HexModel::flags(const QModelIndex &index) const
{
    return index.isValid() && offsetOf(index) < m_bytes.size() ? QAbstractTableModel::flags(index) : Qt::NoItemFlags;
}

void HexModel::setBytes(std::vector<std::byte> bytes)
{
    beginResetModel();
    m_bytes = std::move(bytes);
    if (m_bytes.size() > sqlite::Header::Size)
        m_bytes.resize(sqlite::Header::Size);
    endResetModel();
}

}
