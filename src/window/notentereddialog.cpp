// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/notentereddialog.h"

#include "ui_notentereddialog.h"

#include "models/display.h"

namespace lk::window {

NotEnteredDialog::NotEnteredDialog(std::vector<scan::NotEntered> entries, QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::NotEnteredDialog>())
    , m_entries(std::move(entries))
{
    m_ui->setupUi(this);
    m_ui->heading->setText(tr("Databases may lie in here, too. Nothing in these places was looked at."));
    m_ui->list->setModel(&m_entries);
    m_ui->list->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_ui->list->setColumnWidth(0, fontMetrics().averageCharWidth() * 52);
    m_ui->list->horizontalHeader()->setStretchLastSection(true);
    m_ui->list->horizontalHeader()->setHighlightSections(false);
    m_ui->list->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    connect(m_ui->list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &NotEnteredDialog::showState);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->scanButton, &QPushButton::clicked, this, [this] {
        Q_EMIT scanRequested(selected());
        accept();
    });
    showState();
}

NotEnteredDialog::~NotEnteredDialog() = default;

std::vector<Path> NotEnteredDialog::selected() const
{
    std::vector<Path> folders;
    for (const QModelIndex &index : m_ui->list->selectionModel()->selectedRows()) {
        const scan::NotEntered &entry = m_entries.entry(index.row());
        if (models::NotEnteredModel::canBeScanned(entry))
            folders.push_back(entry.path);
    }
    return folders;
}

void NotEnteredDialog::showState()
{
    const bool any = m_ui->list->selectionModel()->hasSelection();
    const bool scannable = !selected().empty();
    m_ui->scanButton->setEnabled(scannable);
    if (!any)
        m_ui->hint->setText(tr("Select what you want to scan too."));
    else if (!scannable)
        m_ui->hint->setText(tr(
            "This can't be scanned from here. What is not permitted to you, its owner or an administrator can scan."));
    else
        m_ui->hint->setText(tr("What is found there is added to the list. Other file systems can be slow to answer."));
}

}
