// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/facetdelegate.h"

#include "models/facetmodel.h"

#include <QApplication>
#include <QPainter>

namespace lk::window {

using models::FacetModel;

static constexpr int Edge = 8;

FacetDelegate::FacetDelegate(QObject *parent)
    : IconDelegate(FacetModel::IconNameRole, parent)
{
}

static void paintTitle(QPainter *painter, const QStyleOptionViewItem &option, const QString &text)
{
    QFont font = option.font;
    font.setBold(true);
    painter->save();
    painter->setFont(font);
    QPalette palette = option.palette;
    palette.setCurrentColorGroup(QPalette::Normal);
    const QRect rect = option.rect.adjusted(Edge, 0, -Edge, 0);
    option.widget->style()->drawItemText(painter, rect, Qt::AlignLeading | Qt::AlignBottom, palette, true, text,
                                         QPalette::WindowText);
    painter->restore();
}

void FacetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto kind = static_cast<FacetModel::Kind>(index.data(FacetModel::KindRole).toInt());
    if (kind == FacetModel::Kind::Title) {
        paintTitle(painter, option, index.data().toString());
        return;
    }
    QStyleOptionViewItem item = option;
    const QString count = index.data(FacetModel::CountRole).toString();
    const int countWidth = option.fontMetrics.horizontalAdvance(count);
    const bool rightToLeft = option.direction == Qt::RightToLeft;
    const int room = countWidth + 2 * Edge;
    item.rect.adjust(rightToLeft ? room : Edge / 2, 0, rightToLeft ? -Edge / 2 : -room, 0);
    IconDelegate::paint(painter, item, index);
    const QRect rest = option.rect.adjusted(Edge, 0, -Edge, 0);
    option.widget->style()->drawItemText(painter, rest, Qt::AlignTrailing | Qt::AlignVCenter, option.palette, true,
                                         count, QPalette::WindowText);
}

QSize FacetDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = IconDelegate::sizeHint(option, index);
    return {hint.width(), std::max(hint.height() + 4, option.fontMetrics.height() + 10)};
}

}
