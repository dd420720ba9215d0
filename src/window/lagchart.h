// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/lagmodel.h"

#include <QChartView>

namespace lk::window {

/// How far a replica was behind, as a line over time. The table beside it says the same in numbers.
class LagChart final : public QChartView
{
    Q_OBJECT

public:
    /// \a model must outlive this.
    explicit LagChart(const models::LagModel &model, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void draw();
    void paintInPalette();

    const models::LagModel &m_model;
};

}
