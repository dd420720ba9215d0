// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/jobspanel.h"

#include "ui_jobspanel.h"

#include "models/display.h"
#include "window/jobdelegate.h"
#include "window/resultdialog.h"
#include "window/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace lk::window {

using models::JobModel;

JobsPanel::JobsPanel(JobModel &jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_ui(std::make_unique<Ui::JobsPanel>())
{
    m_ui->setupUi(this);
    m_ui->stopButton->setIcon(theme::icon("stop"));
    m_ui->detailsButton->setIcon(theme::icon("info"));
    setUpTree();
    connect(m_ui->stopButton, &QPushButton::clicked, this, &JobsPanel::stopSelected);
    connect(m_ui->detailsButton, &QPushButton::clicked, this, [this] { showDetails(m_ui->tree->currentIndex()); });
    connect(m_ui->clearButton, &QPushButton::clicked, &jobs, &JobModel::removeFinished);
    connect(&jobs, &QAbstractItemModel::dataChanged, this, &JobsPanel::showState);
    connect(&jobs, &QAbstractItemModel::rowsRemoved, this, &JobsPanel::showState);
    connect(&jobs, &QAbstractItemModel::rowsInserted, this, [this] {
        m_ui->tree->setCurrentIndex(m_jobs.index(0, 0));
        m_ui->tree->scrollToTop();
        showState();
    });
    showState();
}

JobsPanel::~JobsPanel() = default;

QSize JobsPanel::sizeHint() const
{
    return {600, fontMetrics().height() * 8};
}

void JobsPanel::setUpTree()
{
    QTreeView *tree = m_ui->tree;
    tree->setModel(&m_jobs);
    tree->setItemDelegate(new JobDelegate(this));
    const int character = fontMetrics().averageCharWidth();
    tree->header()->resizeSection(JobModel::TitleColumn, character * 44);
    tree->header()->resizeSection(JobModel::ProgressColumn, character * 24);
    tree->header()->setStretchLastSection(true);
    connect(tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &JobsPanel::showState);
    connect(tree, &QTreeView::activated, this, &JobsPanel::showDetails);
    connect(tree, &QTreeView::customContextMenuRequested, this, &JobsPanel::openMenu);
}

void JobsPanel::showState()
{
    m_ui->pages->setCurrentWidget(m_jobs.rowCount() > 0 ? m_ui->listPage : m_ui->emptyPage);
    const QModelIndex current = m_ui->tree->currentIndex();
    const models::BatchState state = m_jobs.state(current);
    m_ui->stopButton->setEnabled(state.isRunning() && !state.stopping && !m_jobs.report(current));
    m_ui->detailsButton->setEnabled(current.isValid());
    m_ui->clearButton->setEnabled(m_jobs.running() < m_jobs.rowCount());
}

bool JobsPanel::stopSelected()
{
    const QModelIndex current = m_ui->tree->currentIndex();
    if (!m_jobs.state(current).isRunning())
        return false;
    m_jobs.stop(current);
    return true;
}

/// A request opens to its files; a single file's request, and a file, to its whole report.
void JobsPanel::showDetails(const QModelIndex &index)
{
    QModelIndex file = index.siblingAtColumn(0);
    if (!m_jobs.path(file)) {
        if (m_jobs.rowCount(file) > 1) {
            m_ui->tree->setExpanded(file, !m_ui->tree->isExpanded(file));
            return;
        }
        file = m_jobs.index(0, 0, file);
    }
    const Path *path = m_jobs.path(file);
    const operations::Report *report = m_jobs.report(file);
    if (!path || !report)
        return;
    auto *dialog = new ResultDialog(*m_jobs.operation(file), *path, *report, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ResultDialog::showRequested, this, &JobsPanel::showRequested);
    dialog->open();
}

void JobsPanel::openMenu(const QPoint &at)
{
    const QModelIndex index = m_ui->tree->indexAt(at).siblingAtColumn(0);
    if (!index.isValid())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show…"), this, [this] { showDetails(m_ui->tree->currentIndex()); });
    if (const Path *path = m_jobs.path(index))
        menu->addAction(tr("Show in list"), this, [this, path = *path] { Q_EMIT showRequested(path); });
    menu->addAction(tr("Copy message"), this, [this] {
        const QModelIndex current = m_ui->tree->currentIndex().siblingAtColumn(JobModel::ResultColumn);
        QGuiApplication::clipboard()->setText(current.data().toString());
    });
    menu->addAction(tr("Stop"), this, [this] { stopSelected(); })->setEnabled(m_jobs.state(index).isRunning());
    menu->popup(m_ui->tree->viewport()->mapToGlobal(at));
}

}
