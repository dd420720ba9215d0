// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fieldmodel.h"

#include <QWidget>

class QLabel;
class QTreeView;

namespace lk::window {

/// Fields in groups, and below them, in sentences, what the chosen one means.
class FieldView final : public QWidget
{
    Q_OBJECT

public:
    explicit FieldView(QWidget *parent = nullptr);

    void setGroups(std::vector<models::FieldGroup> groups);
    QTreeView *tree() const { return m_tree; }

private:
    void setUpTree();
    void arrange();
    void showExplanation(const QModelIndex &index);
    void copyValue() const;

    models::FieldModel m_fields;
    QTreeView *m_tree;
    QLabel *m_explanation;
};

}
