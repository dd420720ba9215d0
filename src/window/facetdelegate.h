// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/icondelegate.h"

namespace lk::window {

/// A facet: check box, name, and its count at the other edge. Titles of groups stand apart.
class FacetDelegate final : public IconDelegate
{
    Q_OBJECT

public:
    explicit FacetDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

}
