// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/historyview.h"

#include "ui_historyview.h"

#include "window/icondelegate.h"
#include "words/describe.h"

namespace lk::window {

using models::HistoryModel;

/// Whoever wants older ones asks the command line.
static constexpr std::int64_t MostShown = 1000;

HistoryView::HistoryView(catalog::Memory &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_ui(std::make_unique<Ui::HistoryView>())
{
    m_ui->setupUi(this);
    m_filter.setSourceModel(&m_entries);
    m_filter.setFilterKeyColumn(-1);
    m_filter.setFilterCaseSensitivity(Qt::CaseInsensitive);
    QTableView *table = m_ui->historyTable;
    table->setModel(&m_filter);
    table->setItemDelegate(new IconDelegate(HistoryModel::IconNameRole, table));
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    const int character = fontMetrics().averageCharWidth();
    table->setColumnWidth(HistoryModel::WhenColumn, character * 19);
    table->setColumnWidth(HistoryModel::WhatColumn, character * 28);
    table->setColumnWidth(HistoryModel::FileColumn, character * 22);
    m_ui->text->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    connect(table->selectionModel(), &QItemSelectionModel::currentChanged, this, &HistoryView::showCurrent);
    connect(&m_filter, &QAbstractItemModel::dataChanged, this, &HistoryView::showCurrent);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, &HistoryView::showCurrent);
    connect(table, &QTableView::activated, this, [this] {
        if (const catalog::Entry *entry = current())
            Q_EMIT showRequested(entry->path);
    });
    connect(m_ui->undoButton, &QPushButton::clicked, this, [this] {
        if (const catalog::Entry *entry = current())
            Q_EMIT undoRequested(*entry);
    });
    connect(&memory, &catalog::Memory::kept, this, [this](const Path &path) {
        if (m_path && (m_path->empty() || *m_path == path))
            ask();
    });
    showCurrent();
}

HistoryView::~HistoryView() = default;

void HistoryView::showHistory(const Path &path)
{
    m_path = path;
    m_ui->historyTable->setColumnHidden(HistoryModel::FileColumn, !path.empty());
    ask();
}

void HistoryView::clear()
{
    m_path.reset();
    m_entries.setEntries({});
}

void HistoryView::setFilter(const QString &text)
{
    m_filter.setFilterFixedString(text);
}

void HistoryView::ask()
{
    using Entries = std::vector<catalog::Entry>;
    catalog::Wanted wanted{.paths = {}, .limit = MostShown};
    if (!m_path->empty())
        wanted.paths.push_back(*m_path);
    m_memory.ask<Entries>(
        this, [wanted](catalog::Database &database) { return catalog::entries(database, wanted); },
        [this, path = *m_path](const Result<Entries> &entries) {
            if (m_path == path) // and no other one's turn meanwhile
                take(entries);
        });
}

void HistoryView::take(const Result<std::vector<catalog::Entry>> &entries)
{
    m_entries.setEntries(entries.value_or(std::vector<catalog::Entry>()));
    if (!entries)
        m_ui->text->setText(words::describe(entries.error()));
    else if (m_entries.rowCount() > 0 && !m_ui->historyTable->currentIndex().isValid())
        m_ui->historyTable->setCurrentIndex(m_filter.index(0, 0));
    else
        showCurrent();
}

const catalog::Entry *HistoryView::current() const
{
    const QModelIndex index = m_filter.mapToSource(m_ui->historyTable->currentIndex());
    return index.isValid() ? &m_entries.entry(index.row()) : nullptr;
}

void HistoryView::showCurrent()
{
    const catalog::Entry *entry = current();
    m_ui->undoButton->setEnabled(entry && entry->isUndoable());
    if (entry)
        m_ui->text->setText(QString::fromStdString(entry->said));
    else if (!m_memory.isOn())
        m_ui->text->setText(tr("Litekeeper was asked to remember nothing."));
    else
        m_ui->text->setText(m_path && !m_path->empty() ? tr("Nothing was done with this database yet.")
                                                       : tr("Nothing was done yet."));
}

}
