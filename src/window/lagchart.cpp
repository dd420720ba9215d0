// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/lagchart.h"

#include <QDateTime>
#include <QDateTimeAxis>
#include <QEvent>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QValueAxis>

#include <algorithm>

namespace lk::window {

using models::LagModel;

LagChart::LagChart(const LagModel &model, QWidget *parent)
    : QChartView(parent)
    , m_model(model)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    chart()->legend()->hide();
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    connect(&model, &QAbstractItemModel::modelReset, this, &LagChart::draw);
    draw();
}

void LagChart::draw()
{
    chart()->removeAllSeries();
    for (QAbstractAxis *axis : chart()->axes()) {
        chart()->removeAxis(axis);
        axis->deleteLater();
    }
    auto *series = new QLineSeries;
    double highest = 10; // seconds: what is less is no lag to speak of
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QVariant seconds = m_model.index(row, LagModel::SecondsColumn).data(Qt::EditRole);
        if (!seconds.isValid())
            continue;
        series->append(m_model.index(row, LagModel::TimeColumn).data(Qt::EditRole).toDouble(), seconds.toDouble());
        highest = std::max(highest, seconds.toDouble());
    }
    chart()->addSeries(series);
    auto *times = new QDateTimeAxis;
    times->setFormat(QStringLiteral("HH:mm:ss"));
    times->setTickCount(5);
    const qint64 from = series->count() > 0 ? static_cast<qint64>(series->at(0).x()) : 0;
    const qint64 to = series->count() > 0 ? static_cast<qint64>(series->points().constLast().x()) : 0;
    static constexpr qint64 ShortestMs = 60'000;
    times->setRange(QDateTime::fromMSecsSinceEpoch(from),
                    QDateTime::fromMSecsSinceEpoch(std::max(to, from + ShortestMs)));
    auto *seconds = new QValueAxis;
    seconds->setRange(0, highest);
    seconds->applyNiceNumbers();
    seconds->setLabelFormat(QStringLiteral("%.0f s"));
    chart()->addAxis(times, Qt::AlignBottom);
    chart()->addAxis(seconds, Qt::AlignLeft);
    series->attachAxis(times);
    series->attachAxis(seconds);
    paintInPalette();
}

void LagChart::paintInPalette()
{
    const QPalette colours = palette();
    chart()->setBackgroundBrush(colours.base());
    chart()->setBackgroundRoundness(0);
    for (QAbstractAxis *axis : chart()->axes()) {
        axis->setLabelsColor(colours.color(QPalette::Text));
        axis->setLinePenColor(colours.color(QPalette::Mid));
        axis->setGridLineColor(colours.color(QPalette::Mid));
    }
    for (QAbstractSeries *series : chart()->series())
        static_cast<QLineSeries *>(series)->setPen(QPen(colours.color(QPalette::Highlight), 2));
}

void LagChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintInPalette();
}

}
