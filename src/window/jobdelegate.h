// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/icondelegate.h"

namespace lk::window {

/// A job's cell: icon and words, or a bar where the model gives a fraction.
class JobDelegate final : public IconDelegate
{
    Q_OBJECT

public:
    explicit JobDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

}
