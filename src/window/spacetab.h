// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/compactmodel.h"
#include "models/spacemodel.h"
#include "window/inspectortab.h"
#include "window/operationactions.h"

namespace Ui {
class SpaceTab;
}

namespace lk::window {

/// What takes up the room in the database, as a map and as a list that select each other, and what compacting would
/// give back. A small file is measured at once, a large one when asked.
class SpaceTab final : public InspectorTab
{
    Q_OBJECT

public:
    explicit SpaceTab(Questions &questions, QWidget *parent = nullptr);
    ~SpaceTab() override;

Q_SIGNALS:
    /// Belongs to the facts from now on.
    void measured(const lk::inspect::Space &space);
    void operationRequested(const lk::window::OperationRequest &request);

protected:
    void showFacts() override;
    void clear() override;

private:
    template <class Answer>
    void start(const QString &what, std::function<Answer(const Path &, operations::JobContext &)> work,
               std::function<void(const Answer &)> take);
    void setUpViews();
    void measure();
    void rehearseCompact();
    void rehearsePageSizes();
    void compact();
    void showSpace(const inspect::Space &space);
    void showError(const Error &error);
    void showState();

    std::unique_ptr<Ui::SpaceTab> m_ui;
    models::SpaceModel m_space;
    models::CompactModel m_pageSizes;
    jobs::JobId m_running = 0;
};

}
