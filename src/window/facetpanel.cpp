// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/facetpanel.h"

#include "ui_facetpanel.h"

#include "window/facetdelegate.h"
#include "window/scansession.h"

#include <QKeyEvent>

namespace lk::window {

FacetPanel::FacetPanel(ScanSession &session, QWidget *parent)
    : QWidget(parent)
    , m_ui(std::make_unique<Ui::FacetPanel>())
    , m_facets(session.filter())
{
    m_ui->setupUi(this);
    m_ui->list->setModel(&m_facets);
    m_ui->list->setItemDelegate(new FacetDelegate(this));
    // The whole row is the switch: the view's own handling, which only knows the box, is left out.
    m_ui->list->viewport()->installEventFilter(this);
    m_ui->list->installEventFilter(this);
    connect(&session, &ScanSession::started, this, [this] { m_facets.setArriving(true); });
    connect(&session, &ScanSession::finished, this, [this] { m_facets.setArriving(false); });
}

FacetPanel::~FacetPanel() = default;

QSize FacetPanel::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 32, 400};
}

bool FacetPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_ui->list->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const QModelIndex index = m_ui->list->indexAt(mouse->position().toPoint());
        if (mouse->button() == Qt::LeftButton && index.isValid()) {
            m_ui->list->setCurrentIndex(index);
            m_facets.activate(index);
            return true;
        }
    }
    if (watched == m_ui->list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter) {
            const int row = m_ui->list->currentIndex().row();
            m_facets.activate(m_ui->list->currentIndex());
            m_ui->list->setCurrentIndex(m_facets.index(std::min(row, m_facets.rowCount() - 1)));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}
