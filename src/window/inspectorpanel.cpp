// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/inspectorpanel.h"

#include "ui_inspectorpanel.h"

#include "base/text.h"
#include "inspect/gather.h"
#include "models/databasecolumns.h"
#include "models/display.h"
#include "words/describe.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QStyledItemDelegate>

namespace lk::window {

using Looked = Result<inspect::DatabaseFacts>;

static constexpr int MovingPauseMs = 60;

/// Rows with some air between them.
class RoomyDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index).grownBy({0, 2, 0, 2});
    }
};

InspectorPanel::InspectorPanel(ScanSession &session, Questions &questions, const DatabasePanel &databases,
                               QWidget *parent)
    : QWidget(parent)
    , m_questions(questions)
    , m_databases(databases)
    , m_ui(std::make_unique<Ui::InspectorPanel>())
{
    m_ui->setupUi(this);
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.2);
    larger.setBold(true);
    m_ui->nameLabel->setFont(larger);
    setUpFields();
    m_moving.setSingleShot(true);
    m_moving.setInterval(MovingPauseMs);
    connect(&m_moving, &QTimer::timeout, this, &InspectorPanel::look);
    connect(&databases, &DatabasePanel::selectionChanged, this, &InspectorPanel::follow);
    connect(&session, &ScanSession::renewed, this, [this](const inspect::DatabaseFacts &facts) {
        if (facts.path == m_path)
            showFacts(facts);
    });
    showNothing();
}

InspectorPanel::~InspectorPanel() = default;

QSize InspectorPanel::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 54, 400};
}

void InspectorPanel::setUpFields()
{
    m_ui->fields->setModel(&m_fields);
    connect(&m_fields, &QAbstractItemModel::modelReset, this, [this] {
        m_ui->fields->expandAll();
        for (int group = 0; group < m_fields.rowCount(); ++group)
            m_ui->fields->setFirstColumnSpanned(group, {}, true);
        showExplanation({});
    });
    connect(m_ui->fields->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { showExplanation(index); });
    auto *copy = new QAction(tr("Copy value"), this);
    connect(copy, &QAction::triggered, this, [this] {
        const QModelIndex index = m_ui->fields->currentIndex();
        const QString stored = index.siblingAtColumn(models::FieldModel::StoredColumn).data().toString();
        const QString meaning = index.siblingAtColumn(models::FieldModel::MeaningColumn).data().toString();
        QGuiApplication::clipboard()->setText(stored.isEmpty() ? meaning : stored);
    });
    m_ui->fields->addAction(copy);
    QHeaderView *header = m_ui->fields->header();
    const int character = fontMetrics().averageCharWidth();
    header->setMinimumSectionSize(character * 6);
    header->setStretchLastSection(false);
    header->setSectionResizeMode(models::FieldModel::MeaningColumn, QHeaderView::Stretch);
    header->resizeSection(models::FieldModel::NameColumn, character * 19);
    header->resizeSection(models::FieldModel::StoredColumn, character * 11);
    m_ui->fields->setItemDelegate(new RoomyDelegate(this));
    m_ui->explanationLabel->setMinimumHeight(fontMetrics().lineSpacing() * 4);
}

void InspectorPanel::showExplanation(const QModelIndex &index)
{
    const QString explanation = m_fields.explanation(index);
    m_ui->explanationLabel->setText(explanation.isEmpty() ? tr("Choose a field to read what it means.") : explanation);
}

void InspectorPanel::follow()
{
    m_questions.stop(m_question);
    const models::DatabaseRow *row = m_databases.selectedOne();
    if (!row) {
        m_moving.stop();
        showNothing();
        return;
    }
    if (m_path.native() == row->path)
        return;
    showRow(*row);
    m_moving.start();
}

void InspectorPanel::showNothing()
{
    m_path.clear();
    m_fields.clear();
    const int count = m_databases.selectedCount();
    if (count == 0) {
        m_ui->nothingText->setText(tr("Select a database to see how it is set up."));
    } else {
        m_ui->nothingText->setText(
            tr("%1 selected, %2 altogether.")
                .arg(models::counted(static_cast<std::uint64_t>(count), tr("1 database"), tr("%1 databases")),
                     QString::fromStdString(text::bytes(m_databases.selectedBytes()))));
    }
    m_ui->pages->setCurrentWidget(m_ui->nothingPage);
}

/// What the table knows is there at once; the rest follows.
void InspectorPanel::showRow(const models::DatabaseRow &row)
{
    m_path = row.path;
    m_ui->nameLabel->setText(models::display(row.name()));
    m_ui->folderLabel->setText(models::displayFolder(row.folder()));
    m_ui->stateLabel->setText(models::stateText(row.state));
    const auto &column = models::databaseColumns()[static_cast<std::size_t>(models::columnIndex("name"))];
    m_ui->stateIcon->setIcon(column.icon(row));
    m_ui->problemLabel->clear();
    m_ui->problemLabel->hide();
    m_fields.clear();
    m_ui->pages->setCurrentWidget(m_ui->factsPage);
}

void InspectorPanel::look()
{
    const Path path = m_path;
    m_question = m_questions.ask<Looked>(
        path, this, [path](const std::stop_token &stop, Progress &) { return inspect::look(path, stop); },
        [this, path](const Looked &facts) {
            if (path != m_path)
                return;
            if (facts) {
                showFacts(*facts);
                return;
            }
            m_ui->problemLabel->setText(words::describe(facts.error()));
            m_ui->problemLabel->show();
        });
}

void InspectorPanel::showFacts(const inspect::DatabaseFacts &facts)
{
    showRow(models::makeRow(facts));
    QStringList sentences;
    for (const sqlite::ProblemNote &problem : facts.seen.problems)
        sentences += words::describe(problem);
    if (facts.lookError)
        sentences += words::describe(*facts.lookError);
    m_ui->problemLabel->setText(sentences.join(QLatin1Char('\n')));
    m_ui->problemLabel->setVisible(!sentences.isEmpty());
    m_fields.setFacts(facts);
}

}
