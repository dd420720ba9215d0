// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace lk::window {

/// Shows the icon that the model names in a role, and never takes a text for rich text.
class IconDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit IconDelegate(int iconNameRole, QObject *parent = nullptr);
    /// The column whose texts are paths: they lose their middle, not their end.
    void setPathColumn(int column) { m_pathColumn = column; }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

private:
    int m_iconNameRole;
    int m_pathColumn = -1;
};

}
