// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pagemodel.h"

#include "base/text.h"

namespace lk::models {

using inspect::PageFacts;
using inspect::PageKind;

QString pageKindText(PageKind kind)
{
    switch (kind) {
    case PageKind::InteriorIndex:
        return PageModel::tr("index, interior");
    case PageKind::InteriorTable:
        return PageModel::tr("table, interior");
    case PageKind::LeafIndex:
        return PageModel::tr("index, leaf");
    case PageKind::LeafTable:
        return PageModel::tr("table, leaf");
    case PageKind::FreeTrunk:
        return PageModel::tr("free, names others");
    case PageKind::FreeLeaf:
        return PageModel::tr("free");
    case PageKind::PointerMap:
        return PageModel::tr("pointer map");
    case PageKind::LockByte:
        return PageModel::tr("for locks, never used");
    case PageKind::Overflow:
        return PageModel::tr("overflow of a long row");
    }
    return {};
}

static QString count(std::uint64_t number)
{
    return QString::fromStdString(text::count(number));
}

static bool isTree(const PageFacts &page)
{
    return page.kind <= PageKind::LeafTable;
}

PageModel::PageModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int PageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_pages.size());
}

int PageModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QVariant PageModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole && index.column() != KindColumn)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignTrailing) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const PageFacts &page = m_pages[static_cast<std::size_t>(index.row())];
    const QString none = QStringLiteral("–");
    switch (index.column()) {
    case NumberColumn:
        return count(page.number);
    case KindColumn:
        return pageKindText(page.kind);
    case CellsColumn:
        return isTree(page) ? count(page.cells) : none;
    case GapColumn:
        return isTree(page) ? count(page.gap) : none;
    default:
        return page.link == 0 ? none : count(page.link);
    }
}

QVariant PageModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NumberColumn:
        return tr("Page");
    case KindColumn:
        return tr("Kind");
    case CellsColumn:
        return tr("Cells");
    case GapColumn:
        return tr("Gap");
    case LinkColumn:
        return tr("Leads to");
    default:
        return {};
    }
}

void PageModel::setPages(std::vector<PageFacts> pages)
{
    beginResetModel();
    m_pages = std::move(pages);
    endResetModel();
}

}
