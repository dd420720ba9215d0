// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/facetmodel.h"

#include <QWidget>

#include <memory>

namespace Ui {
class FacetPanel;
}

namespace lk::window {

class ScanSession;

/// The facets: a click on one filters, several combine.
class FacetPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit FacetPanel(ScanSession &session, QWidget *parent = nullptr);
    ~FacetPanel() override;

    QSize sizeHint() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    std::unique_ptr<Ui::FacetPanel> m_ui;
    models::FacetModel m_facets;
};

}
