// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/fieldview.h"

#include "window/roomydelegate.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QTreeView>
#include <QVBoxLayout>

namespace lk::window {

using models::FieldModel;

FieldView::FieldView(QWidget *parent)
    : QWidget(parent)
    , m_tree(new QTreeView(this))
    , m_explanation(new QLabel(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_explanation);
    setUpTree();
    m_explanation->setObjectName(QStringLiteral("explanationLabel"));
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setWordWrap(true);
    m_explanation->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    m_explanation->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_explanation->setMinimumHeight(fontMetrics().lineSpacing() * 5);
    connect(&m_fields, &QAbstractItemModel::modelReset, this, &FieldView::arrange);
    connect(&m_fields, &QAbstractItemModel::dataChanged, this, [this] { showExplanation(m_tree->currentIndex()); });
    showExplanation({});
}

void FieldView::setUpTree()
{
    m_tree->setObjectName(QStringLiteral("fields"));
    m_tree->setAccessibleName(tr("What is known of the database"));
    m_tree->setModel(&m_fields);
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setRootIsDecorated(false);
    m_tree->setItemsExpandable(false);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setIndentation(10);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setItemDelegate(new RoomyDelegate(m_tree));
    QHeaderView *header = m_tree->header();
    const int character = fontMetrics().averageCharWidth();
    header->setMinimumSectionSize(character * 6);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(FieldModel::MeaningColumn, QHeaderView::Stretch);
    header->resizeSection(FieldModel::NameColumn, character * 25);
    header->resizeSection(FieldModel::StoredColumn, character * 15);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { showExplanation(index); });
    auto *copy = new QAction(tr("Copy value"), this);
    connect(copy, &QAction::triggered, this, &FieldView::copyValue);
    m_tree->addAction(copy);
}

void FieldView::setGroups(std::vector<models::FieldGroup> groups)
{
    const bool stored = std::ranges::any_of(groups, [](const models::FieldGroup &group) {
        return std::ranges::any_of(group.fields, [](const models::Field &field) { return !field.stored.isEmpty(); });
    });
    m_tree->setColumnHidden(FieldModel::StoredColumn, !stored);
    m_fields.setGroups(std::move(groups));
}

void FieldView::arrange()
{
    m_tree->expandAll();
    for (int group = 0; group < m_fields.rowCount(); ++group)
        m_tree->setFirstColumnSpanned(group, {}, true);
    showExplanation({});
}

void FieldView::showExplanation(const QModelIndex &index)
{
    const QString explanation = m_fields.explanation(index);
    m_explanation->setText(explanation.isEmpty() ? tr("Choose a field to read what it means.") : explanation);
}

void FieldView::copyValue() const
{
    const QModelIndex index = m_tree->currentIndex();
    const QString stored = index.siblingAtColumn(FieldModel::StoredColumn).data().toString();
    const QString meaning = index.siblingAtColumn(FieldModel::MeaningColumn).data().toString();
    QGuiApplication::clipboard()->setText(stored.isEmpty() ? meaning : stored);
}

}
