// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/iconlabel.h"

#include "window/theme.h"

#include <QPainter>

namespace lk::window {

IconLabel::IconLabel(QWidget *parent)
    : QWidget(parent)
{
    setFixedSize(16, 16);
}

void IconLabel::setIcon(const char *name)
{
    m_icon = theme::icon(name);
    update();
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

}
