// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QWidget>

namespace lk::window {

/// An icon of ours beside a text; it follows the palette, as a pixmap in a label would not.
class IconLabel final : public QWidget
{
    Q_OBJECT

public:
    explicit IconLabel(QWidget *parent = nullptr);
    /// \a name as theme::icon() takes it.
    void setIcon(const char *name);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_icon;
};

}
