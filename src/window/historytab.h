// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "window/inspectortab.h"

namespace lk::window {

class HistoryView;

/// What Litekeeper did with the selected database.
class HistoryTab final : public InspectorTab
{
    Q_OBJECT

public:
    HistoryTab(Questions &questions, catalog::Memory &memory, QWidget *parent = nullptr);

Q_SIGNALS:
    void undoRequested(const lk::catalog::Entry &entry);

protected:
    void showFacts() override;
    void clear() override;

private:
    HistoryView *m_view;
};

}
