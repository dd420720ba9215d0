// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/measurechart.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QBuffer>
#include <QEvent>
#include <QGraphicsLayout>
#include <QHorizontalBarSeries>
#include <QImage>
#include <QLegend>
#include <QPainter>
#include <QValueAxis>

namespace lk::window {

using models::MeasureModel;

MeasureChart::MeasureChart(const MeasureModel &model, QWidget *parent)
    : QChartView(parent)
    , m_model(model)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    chart()->legend()->setAlignment(Qt::AlignBottom);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    connect(&model, &QAbstractItemModel::modelReset, this, &MeasureChart::draw);
    connect(&model, &QAbstractItemModel::dataChanged, this, &MeasureChart::draw);
    draw();
}

/// A figure of each set-up, the first one on top. Those that are not measured yet have no length.
static QBarSet *bars(const MeasureModel &model, int column, const QString &title)
{
    auto *set = new QBarSet(title);
    for (int row = model.rowCount() - 1; row >= 0; --row)
        set->append(model.index(row, column).data(Qt::EditRole).toDouble());
    return set;
}

void MeasureChart::draw()
{
    chart()->removeAllSeries();
    for (QAbstractAxis *axis : chart()->axes()) {
        chart()->removeAxis(axis);
        axis->deleteLater();
    }
    if (m_model.rowCount() == 0)
        return;
    // Commits and queries differ by orders of magnitude, so they are never on one axis.
    const bool anyWrites = m_model.cells().front().load.writers > 0;
    const int column = anyWrites ? MeasureModel::CommitsColumn : MeasureModel::ReadsColumn;
    auto *series = new QHorizontalBarSeries;
    series->append(bars(m_model, column, anyWrites ? tr("Commits a second") : tr("Queries a second")));
    series->setLabelsVisible(false);
    chart()->addSeries(series);
    auto *names = new QBarCategoryAxis;
    double highest = 0;
    for (int row = m_model.rowCount() - 1; row >= 0; --row) {
        names->append(m_model.index(row, MeasureModel::NameColumn).data().toString());
        highest = std::max(highest, m_model.index(row, column).data(Qt::EditRole).toDouble());
    }
    auto *values = new QValueAxis;
    values->setRange(0, std::max(1.0, highest));
    values->applyNiceNumbers();
    values->setLabelFormat(QStringLiteral("%.0f"));
    chart()->addAxis(names, Qt::AlignLeft);
    chart()->addAxis(values, Qt::AlignBottom);
    series->attachAxis(names);
    series->attachAxis(values);
    paintInPalette();
}

void MeasureChart::paintInPalette()
{
    const QPalette colours = palette();
    chart()->setBackgroundBrush(colours.base());
    chart()->setBackgroundRoundness(0);
    chart()->legend()->setLabelColor(colours.color(QPalette::Text));
    for (QAbstractAxis *axis : chart()->axes()) {
        axis->setLabelsColor(colours.color(QPalette::Text));
        axis->setLinePenColor(colours.color(QPalette::Mid));
        axis->setGridLineColor(colours.color(QPalette::Mid));
    }
    for (QAbstractSeries *series : chart()->series()) {
        for (QBarSet *set : static_cast<QAbstractBarSeries *>(series)->barSets()) {
            set->setColor(colours.color(QPalette::Highlight));
            set->setBorderColor(colours.color(QPalette::Highlight));
        }
    }
}

void MeasureChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintInPalette();
}

QByteArray MeasureChart::png()
{
    static constexpr int Finer = 2;
    QImage image(size() * Finer, QImage::Format_RGB32);
    image.fill(palette().color(QPalette::Base));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    render(&painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

}
