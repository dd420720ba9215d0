// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/jobdelegate.h"

#include "models/jobmodel.h"

#include <QApplication>
#include <QPainter>

namespace lk::window {

using models::JobModel;

JobDelegate::JobDelegate(QObject *parent)
    : IconDelegate(JobModel::IconNameRole, parent)
{
}

void JobDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    IconDelegate::paint(painter, option, index);
    const QVariant fraction = index.data(JobModel::FractionRole);
    if (!fraction.isValid())
        return;
    QStyleOptionProgressBar bar;
    bar.rect = option.rect.adjusted(4, 4, -4, -4);
    bar.palette = option.palette;
    bar.state = option.state | QStyle::State_Horizontal;
    bar.direction = option.direction;
    bar.fontMetrics = option.fontMetrics;
    bar.minimum = 0;
    bar.maximum = 1000;
    bar.progress = fraction.toDouble() < 0 ? 0 : static_cast<int>(fraction.toDouble() * 1000);
    option.widget->style()->drawControl(QStyle::CE_ProgressBar, &bar, painter, option.widget);
}

QSize JobDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = IconDelegate::sizeHint(option, index);
    return {hint.width(), std::max(hint.height(), option.fontMetrics.height() + 8)};
}

}
