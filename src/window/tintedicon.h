// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIconEngine>

namespace lk::window {

/// A one-colour SVG of ours, painted in the colour that text has at that moment, so that a change of the palette needs
/// no new icons.
class TintedIcon final : public QIconEngine
{
public:
    explicit TintedIcon(const QString &name);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QIconEngine *clone() const override { return new TintedIcon(m_name); }

private:
    QString m_name;
};

}
