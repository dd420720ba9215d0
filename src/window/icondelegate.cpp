// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/icondelegate.h"

#include "window/theme.h"

namespace lk::window {

IconDelegate::IconDelegate(int iconNameRole, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_iconNameRole(iconNameRole)
{
}

void IconDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.column() == m_pathColumn)
        option->textElideMode = Qt::ElideMiddle;
    const QString name = index.data(m_iconNameRole).toString();
    if (name.isEmpty())
        return;
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->icon = theme::icon(name);
    option->decorationSize = QSize(16, 16);
}

}
