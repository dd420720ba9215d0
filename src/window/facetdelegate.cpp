// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/facetdelegate.h"

#include "models/facetmodel.h"
#include "window/theme.h"

#include <QApplication>
#include <QPainter>

namespace lk::window {

using models::FacetModel;

static constexpr int Edge = 8;
static constexpr int BoxSize = 14;

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

/// The style's own box can hardly be seen on a dark base.
static void paintBox(QPainter *painter, const QRect &rect, const QPalette &palette, bool checked)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QColor line = palette.color(QPalette::Text);
    line.setAlphaF(0.55F);
    painter->setPen(QPen(checked ? palette.color(QPalette::Highlight) : line, 1));
    painter->setBrush(checked ? palette.brush(QPalette::Highlight) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
    if (checked)
        theme::icon("done").paint(painter, rect.adjusted(1, 1, -1, -1), Qt::AlignCenter, QIcon::Selected);
}

void FacetDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    IconDelegate::initStyleOption(option, index);
    option->features &= ~QStyleOptionViewItem::HasCheckIndicator;
}

void FacetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto kind = static_cast<FacetModel::Kind>(index.data(FacetModel::KindRole).toInt());
    if (kind == FacetModel::Kind::Title) {
        paintTitle(painter, option, index.data().toString());
        return;
    }
    const QString count = index.data(FacetModel::CountRole).toString();
    const int room = option.fontMetrics.horizontalAdvance(count) + 2 * Edge;
    const QVariant checked = index.data(Qt::CheckStateRole);
    QStyleOptionViewItem item = option;
    const bool rightToLeft = option.direction == Qt::RightToLeft;
    const int box = checked.isValid() ? BoxSize + Edge : 0;
    item.rect.adjust(rightToLeft ? room : box + Edge / 2, 0, rightToLeft ? -box - Edge / 2 : -room, 0);
    IconDelegate::paint(painter, item, index);
    if (checked.isValid()) {
        const QRect whole = option.rect.adjusted(Edge, 0, -Edge, 0);
        const QRect place =
            QStyle::alignedRect(option.direction, Qt::AlignLeading | Qt::AlignVCenter, QSize(BoxSize, BoxSize), whole);
        paintBox(painter, place, option.palette, checked.toInt() == Qt::Checked);
    }
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
