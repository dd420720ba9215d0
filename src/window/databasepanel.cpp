// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/databasepanel.h"

#include "ui_databasepanel.h"

#include "base/settings.h"
#include "models/databasecolumns.h"
#include "models/display.h"
#include "window/scanbar.h"
#include "window/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>

#include <algorithm>

namespace lk::window {

using models::databaseColumns;

static constexpr int TypingPauseMs = 150;
/// What was saved of other columns would put widths and places to the wrong ones.
static QString columnsState()
{
    return QStringLiteral("columns.%1").arg(databaseColumns().size());
}

DatabasePanel::DatabasePanel(ScanSession &session, Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_session(session)
    , m_settings(settings)
    , m_ui(std::make_unique<Ui::DatabasePanel>())
    , m_filterEdit(new QLineEdit(this))
{
    m_ui->setupUi(this);
    m_ui->noticeIcon->setIcon("info");
    m_ui->noticeClose->setIcon(theme::icon("close"));
    m_ui->notice->hide();
    connect(m_ui->noticeClose, &QToolButton::clicked, m_ui->notice, &QWidget::hide);
    setUpTable();
    setUpColumns();
    setUpFilter();
    connect(&session, &ScanSession::started, this, &DatabasePanel::showState);
    connect(&session, &ScanSession::finished, this, &DatabasePanel::showState);
    connect(&session.databases(), &QAbstractItemModel::rowsInserted, this, &DatabasePanel::showHosts);
    connect(&session.databases(), &QAbstractItemModel::modelReset, this, &DatabasePanel::showHosts);
    showState();
}

DatabasePanel::~DatabasePanel() = default;

void DatabasePanel::setUpTable()
{
    QTableView *table = m_ui->table;
    models::DatabaseFilter &filter = m_session.filter();
    table->setModel(&filter);
    theme::showIcons(table, models::DatabaseModel::IconNameRole);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    connect(table, &QTableView::customContextMenuRequested, this,
            [this](const QPoint &at) { Q_EMIT contextMenuRequested(m_ui->table->viewport()->mapToGlobal(at)); });
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_resetting)
            Q_EMIT selectionChanged();
    });
    connect(&filter, &QAbstractItemModel::modelAboutToBeReset, this, &DatabasePanel::keepSelection);
    connect(&filter, &QAbstractItemModel::modelReset, this, &DatabasePanel::bringBackSelection);
    connect(&filter, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_ui->pages->currentWidget() != m_ui->tablePage)
            showState();
    });
    connect(&filter, &models::DatabaseFilter::countsChanged, this, [this] {
        if (m_ui->hiddenBar->isVisible() != (m_session.filter().hidden() > 0) || m_session.filter().hidden() > 0)
            showState();
    });
}

void DatabasePanel::setUpColumns()
{
    QHeaderView *header = m_ui->table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicatorClearable(true);
    header->setHighlightSections(false);
    header->setStretchLastSection(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    if (!header->restoreState(m_settings.state(columnsState()))) {
        for (int i = 0; i < static_cast<int>(databaseColumns().size()); ++i) {
            const models::Column &column = databaseColumns()[static_cast<std::size_t>(i)];
            header->resizeSection(i, column.width * fontMetrics().averageCharWidth());
            header->setSectionHidden(i, !column.shownAtFirst);
        }
        header->setSortIndicator(-1, Qt::AscendingOrder);
    }
    m_session.filter().sort(header->sortIndicatorSection(), header->sortIndicatorOrder());
    connect(header, &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) { m_session.filter().sort(column, order); });
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnMenu(menu);
        menu->popup(header->mapToGlobal(at));
    });
}

void DatabasePanel::setUpFilter()
{
    m_filterEdit->setObjectName(QStringLiteral("filterEdit"));
    m_filterEdit->setPlaceholderText(tr("Filter by name or folder"));
    m_filterEdit->setAccessibleName(tr("Filter by name or folder"));
    m_filterEdit->setClearButtonEnabled(true);
    m_filterEdit->addAction(theme::icon("search"), QLineEdit::LeadingPosition);
    m_typing.setSingleShot(true);
    m_typing.setInterval(TypingPauseMs);
    connect(m_filterEdit, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, [this] { m_session.filter().setText(m_filterEdit->text()); });
    connect(m_ui->clearButton, &QPushButton::clicked, this, [this] { m_session.filter().clearFilter(); });
    connect(&m_session.filter(), &models::DatabaseFilter::filterChanged, this, [this] {
        if (m_session.filter().text().isEmpty() && !m_typing.isActive())
            m_filterEdit->clear();
        showState();
    });
}

// Selection ----------------------------------------------------------------------------------------------------------

int DatabasePanel::selectedCount() const
{
    int count = 0;
    for (const QItemSelectionRange &range : m_ui->table->selectionModel()->selection())
        count += range.left() == 0 ? range.height() : 0;
    return count;
}

std::vector<int> DatabasePanel::selectedNumbers() const
{
    std::vector<int> numbers;
    for (const QItemSelectionRange &range : m_ui->table->selectionModel()->selection()) {
        for (int row = range.top(); range.left() == 0 && row <= range.bottom(); ++row)
            numbers.push_back(m_session.filter().number(row));
    }
    return numbers;
}

std::uint64_t DatabasePanel::selectedBytes() const
{
    std::uint64_t bytes = 0;
    for (const int number : selectedNumbers())
        bytes += m_session.databases().row(number).file.size;
    return bytes;
}

bool DatabasePanel::isElsewhereSelected() const
{
    return m_session.databases().hosts().size() > 1 && std::ranges::any_of(selectedNumbers(), [this](int number) {
               return m_session.databases().row(number).isElsewhere();
           });
}

/// Where there is more than this machine, its column stands behind the names, unless the person put it elsewhere.
void DatabasePanel::showHosts()
{
    QHeaderView *header = m_ui->table->horizontalHeader();
    const int column = models::columnIndex("host");
    const bool isSeveral = m_session.databases().hosts().size() > 1;
    if (header->isSectionHidden(column) != isSeveral)
        return;
    header->setSectionHidden(column, !isSeveral);
    if (header->visualIndex(column) == column)
        header->moveSection(column, 1);
    if (isSeveral && header->sectionSize(column) == 0)
        header->resizeSection(column, databaseColumns()[static_cast<std::size_t>(column)].width *
                                          fontMetrics().averageCharWidth());
}

std::vector<operations::Target> DatabasePanel::selectedTargets() const
{
    std::vector<operations::Target> targets;
    for (const int number : selectedNumbers()) {
        const models::DatabaseRow &row = m_session.databases().row(number);
        targets.push_back({.path = row.path, .seen = row.file});
    }
    return targets;
}

const models::DatabaseRow *DatabasePanel::selectedOne() const
{
    const QItemSelection selection = m_ui->table->selectionModel()->selection();
    if (selection.size() != 1 || selection.front().height() != 1)
        return nullptr;
    return &m_session.filter().rowAt(selection.front().top());
}

void DatabasePanel::select(const Path &path)
{
    const std::optional<int> number = m_session.databases().find(path.native());
    if (!number)
        return;
    const QModelIndex source = m_session.databases().index(*number, 0);
    if (!m_session.filter().mapFromSource(source).isValid())
        m_session.filter().clearFilter();
    const QModelIndex here = m_session.filter().mapFromSource(source);
    // Not by selectRow(): from right to left Qt 6.4 finds no column to do it with.
    m_ui->table->selectionModel()->setCurrentIndex(here,
                                                   QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_ui->table->scrollTo(here);
}

void DatabasePanel::selectAll()
{
    m_ui->table->setFocus();
    m_ui->table->selectAll();
}

/// A reset of 100 000 rows is quick; that it forgets the selection is made good here.
void DatabasePanel::keepSelection()
{
    m_resetting = true;
    m_kept = selectedNumbers();
    const QModelIndex current = m_ui->table->currentIndex();
    m_keptCurrent = current.isValid() ? m_session.filter().number(current.row()) : -1;
}

void DatabasePanel::bringBackSelection()
{
    const models::DatabaseFilter &filter = m_session.filter();
    std::vector<int> rows;
    for (const int number : m_kept) {
        if (number >= m_session.databases().rowCount())
            continue;
        const QModelIndex here = filter.mapFromSource(m_session.databases().index(number, 0));
        if (here.isValid())
            rows.push_back(here.row());
    }
    std::ranges::sort(rows);
    QItemSelectionModel *selection = m_ui->table->selectionModel();
    if (m_keptCurrent >= 0 && m_keptCurrent < m_session.databases().rowCount())
        selection->setCurrentIndex(filter.mapFromSource(m_session.databases().index(m_keptCurrent, 0)),
                                   QItemSelectionModel::NoUpdate);
    selection->select(selectionOf(rows), QItemSelectionModel::ClearAndSelect);
    m_kept.clear();
    m_resetting = false;
    Q_EMIT selectionChanged();
}

QItemSelection DatabasePanel::selectionOf(const std::vector<int> &rows) const
{
    const models::DatabaseFilter &filter = m_session.filter();
    QItemSelection selection;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1)
            ++end;
        selection.append(
            QItemSelectionRange(filter.index(rows[i], 0), filter.index(rows[end - 1], filter.columnCount() - 1)));
        i = end;
    }
    return selection;
}

void DatabasePanel::copyPaths() const
{
    QStringList paths;
    for (const operations::Target &target : selectedTargets())
        paths += models::pasteable(target.path.native());
    if (!paths.isEmpty())
        QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n')));
}

// Columns and what stands around -------------------------------------------------------------------------------------

void DatabasePanel::fillColumnMenu(QMenu *menu)
{
    QHeaderView *header = m_ui->table->horizontalHeader();
    for (int i = 0; i < header->count(); ++i) {
        QAction *action = menu->addAction(models::columnTitle(databaseColumns()[static_cast<std::size_t>(i)]));
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(i));
        action->setEnabled(i != 0); // a table without names helps nobody
        connect(action, &QAction::toggled, header, [this, header, i](bool shown) {
            header->setSectionHidden(i, !shown);
            if (shown && header->sectionSize(i) == 0)
                header->resizeSection(i, databaseColumns()[static_cast<std::size_t>(i)].width *
                                             fontMetrics().averageCharWidth());
        });
    }
}

void DatabasePanel::saveColumns()
{
    m_settings.setState(columnsState(), m_ui->table->horizontalHeader()->saveState());
}

void DatabasePanel::showNotice(const QString &text)
{
    m_ui->noticeText->setText(text);
    m_ui->notice->setVisible(!text.isEmpty());
}

void DatabasePanel::addNotice(const QString &text)
{
    const QString before = m_ui->notice->isHidden() ? QString() : m_ui->noticeText->text();
    showNotice(before.isEmpty() ? text : before + QLatin1Char('\n') + text);
}

QString DatabasePanel::emptyText() const
{
    if (m_session.isScanning())
        return tr("Looking for databases…");
    if (m_session.filter().isFiltering() && m_session.databases().rowCount() > 0)
        return tr("No database matches the filter.");
    if (m_session.roots().size() == 1)
        return tr("No databases found in %1.").arg(placeTitle(m_session.roots().front()));
    return tr("No databases found.");
}

void DatabasePanel::showState()
{
    const int hidden = m_session.filter().hidden();
    const bool empty = m_session.filter().rowCount() == 0;
    m_ui->emptyText->setText(emptyText());
    m_ui->pages->setCurrentWidget(empty ? m_ui->emptyPage : m_ui->tablePage);
    m_ui->hiddenBar->setVisible(hidden > 0);
    m_ui->hiddenText->setText(models::counted(static_cast<std::uint64_t>(hidden), tr("1 hidden by the filter."),
                                              tr("%1 hidden by the filter.")));
}

}
