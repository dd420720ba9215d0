// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/measuremodel.h"

#include <QChartView>

namespace lk::window {

/// What was measured, as bars: commits a second where somebody writes, queries a second where somebody reads. The table
/// beside it says the same in numbers.
class MeasureChart final : public QChartView
{
    Q_OBJECT

public:
    /// \a model must outlive this.
    explicit MeasureChart(const models::MeasureModel &model, QWidget *parent = nullptr);

    /// As it is shown, twice as fine.
    QByteArray png();

protected:
    void changeEvent(QEvent *event) override;

private:
    void draw();
    void paintInPalette();

    const models::MeasureModel &m_model;
};

}
