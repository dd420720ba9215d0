// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/rowsmodel.h"

#include "base/text.h"
#include "models/display.h"
#include "models/schemamodel.h"

#include <QFont>

namespace lk::models {

using inspect::Cell;

/// A cell shows one line; the rest is below the table.
static constexpr std::size_t LongestShown = 200;   // in bytes
static constexpr std::size_t BlobBytesInCell = 16; // in bytes

static QString hexadecimal(std::string_view bytes)
{
    return QString::fromLatin1(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex(' '));
}

static QString size(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}

static QString blob(const Cell &cell, std::size_t most)
{
    const std::string_view start = std::string_view(cell.text).substr(0, most);
    const QString more = start.size() < cell.size ? QStringLiteral(" …") : QString();
    return RowsModel::tr("BLOB, %1: %2").arg(size(cell.size), hexadecimal(start)) + more;
}

static QString shortText(const Cell &cell)
{
    switch (cell.kind) {
    case Cell::Null:
        return QStringLiteral("NULL");
    case Cell::Blob:
        return blob(cell, BlobBytesInCell);
    default:
        return display(std::string_view(cell.text).substr(0, LongestShown));
    }
}

RowsModel::RowsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_page.rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_page.columns.size());
}

/// Null where a row has fewer values than there are columns.
const Cell *RowsModel::cell(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const std::vector<Cell> &row = m_page.rows[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<std::size_t>(index.column());
    return column < row.size() ? &row[column] : nullptr;
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    const Cell *of = cell(index);
    if (!of)
        return {};
    const bool number = of->kind == Cell::Integer || of->kind == Cell::Real;
    switch (role) {
    case Qt::DisplayRole:
        return shortText(*of);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignTrailing : Qt::AlignLeading) | Qt::AlignVCenter);
    case Qt::FontRole:
        if (of->kind == Cell::Null || of->kind == Cell::Blob) {
            QFont italic;
            italic.setItalic(true);
            return italic;
        }
        return {};
    case Qt::ToolTipRole:
        return of->kind == Cell::Null ? plainToolTip(tr("No value (NULL)")) : QVariant();
    default:
        return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section >= columnCount())
        return {};
    return display(m_page.columns[static_cast<std::size_t>(section)]);
}

void RowsModel::setPage(inspect::RowsPage page)
{
    beginResetModel();
    m_page = std::move(page);
    endResetModel();
}

QString RowsModel::value(const QModelIndex &index) const
{
    const Cell *of = cell(index);
    if (!of)
        return {};
    if (of->kind == Cell::Blob)
        return blob(*of, Cell::BlobStart);
    if (of->kind != Cell::Text)
        return shortText(*of);
    const QString text = displayLines(of->text);
    return of->size > of->text.size() ? text + tr("\n… (%1 in all)").arg(size(of->size)) : text;
}

}
