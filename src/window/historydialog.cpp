// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/historydialog.h"

#include "ui_historydialog.h"

#include "window/historyview.h"
#include "window/theme.h"

namespace lk::window {

HistoryDialog::HistoryDialog(catalog::Memory &memory, QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::HistoryDialog>())
{
    m_ui->setupUi(this);
    theme::fitToScreen(*this, QSize(fontMetrics().averageCharWidth() * 120, fontMetrics().lineSpacing() * 32));
    auto *view = new HistoryView(memory, this);
    m_ui->layout->insertWidget(1, view, 1);
    connect(m_ui->filterEdit, &QLineEdit::textChanged, view, &HistoryView::setFilter);
    connect(view, &HistoryView::undoRequested, this, &HistoryDialog::undoRequested);
    connect(view, &HistoryView::showRequested, this, [this](const Path &path) {
        Q_EMIT showRequested(path);
        accept();
    });
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    view->showHistory({});
}

HistoryDialog::~HistoryDialog() = default;

}
