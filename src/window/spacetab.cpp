// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/spacetab.h"

#include "ui_spacetab.h"

#include "base/text.h"
#include "models/display.h"
#include "window/roomydelegate.h"
#include "window/theme.h"
#include "words/describe.h"

namespace lk::window {

using models::CompactModel;
using models::SpaceModel;
using operations::CompactOutcome;

/// Up to this size measuring takes a moment, and needn't be asked for.
static constexpr std::uint64_t MeasuredUnasked = 64 << 20;
static constexpr int ProgressSteps = 1000;

static QString shown(std::uint64_t bytes)
{
    return QString::fromStdString(text::bytes(bytes));
}

SpaceTab::SpaceTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::SpaceTab>())
{
    m_ui->setupUi(this);
    m_ui->stopButton->setIcon(theme::icon("stop"));
    m_ui->progress->setMaximum(ProgressSteps);
    setUpViews();
    connect(m_ui->measureButton, &QPushButton::clicked, this, &SpaceTab::measure);
    connect(m_ui->compactButton, &QPushButton::clicked, this, &SpaceTab::rehearseCompact);
    connect(m_ui->pageSizesButton, &QPushButton::clicked, this, &SpaceTab::rehearsePageSizes);
    m_ui->compactNowButton->setIcon(theme::icon("compact"));
    connect(m_ui->compactNowButton, &QPushButton::clicked, this, &SpaceTab::compact);
    connect(m_ui->stopButton, &QPushButton::clicked, this, [this] {
        stop(std::exchange(m_running, 0));
        showState();
    });
    connect(&questions, &Questions::progressed, this, [this](jobs::JobId id, const ProgressReport &report) {
        if (id == m_running && report.fraction >= 0)
            m_ui->progress->setValue(static_cast<int>(report.fraction * ProgressSteps));
    });
    clear();
}

SpaceTab::~SpaceTab() = default;

void SpaceTab::setUpViews()
{
    QTreeView *list = m_ui->list;
    list->setModel(&m_space);
    list->setItemDelegate(new RoomyDelegate(list));
    const int character = fontMetrics().averageCharWidth();
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(SpaceModel::NameColumn, QHeaderView::Stretch);
    list->header()->setMinimumSectionSize(character * 6);
    list->header()->resizeSection(SpaceModel::SizeColumn, character * 10);
    list->header()->resizeSection(SpaceModel::ShareColumn, character * 9);
    list->header()->resizeSection(SpaceModel::RowsColumn, character * 11);
    m_ui->map->setModel(&m_space, list->selectionModel());
    m_ui->splitter->setStretchFactor(0, 3);
    m_ui->splitter->setStretchFactor(1, 2);
    connect(list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        m_ui->explanation->setText(m_space.explanation(index));
        m_ui->list->scrollTo(index);
    });
    connect(m_ui->map, &TreeMap::activated, this, [this](const QModelIndex &index) {
        m_ui->list->setExpanded(index, !m_ui->list->isExpanded(index));
        m_ui->list->setFocus(Qt::OtherFocusReason);
    });
    m_ui->explanation->setMinimumHeight(fontMetrics().lineSpacing() * 3);
    m_ui->pageSizes->setModel(&m_pageSizes);
    m_ui->pageSizes->setItemDelegate(new RoomyDelegate(m_ui->pageSizes));
}

void SpaceTab::clear()
{
    m_running = 0;
    m_space.clear();
    m_pageSizes.setOutcomes({}, 0);
    for (QLabel *label : {m_ui->totals, m_ui->warning, m_ui->explanation, m_ui->compactText})
        label->clear();
    showState();
}

void SpaceTab::showFacts()
{
    if (facts().space) {
        showSpace(*facts().space);
        return;
    }
    clear();
    if (facts().header() && facts().seen.file.size <= MeasuredUnasked)
        measure();
}

/// What is there to be seen and done now.
void SpaceTab::showState()
{
    const bool readable = hasFacts() && facts().header();
    const bool busy = m_running != 0;
    const bool there = m_space.rowCount() > 0;
    m_ui->busyRow->setVisible(busy);
    m_ui->askRow->setVisible(readable && !busy && !there);
    m_ui->compactRow->setVisible(readable);
    m_ui->compactRow->setEnabled(!busy);
    m_ui->splitter->setVisible(there);
    m_ui->explanation->setVisible(there);
    m_ui->warning->setVisible(!m_ui->warning->text().isEmpty());
    m_ui->compactText->setVisible(!m_ui->compactText->text().isEmpty());
    m_ui->pageSizes->setVisible(m_pageSizes.rowCount() > 0);
    if (!there && m_ui->warning->text().isEmpty())
        m_ui->totals->setText(readable ? tr("Measuring reads every page of the database once.")
                                       : tr("The file has no content that could be measured."));
}

template <class Answer>
void SpaceTab::start(const QString &what, std::function<Answer(const Path &, operations::JobContext &)> work,
                     std::function<void(const Answer &)> take)
{
    if (m_running != 0)
        return;
    m_ui->busyText->setText(what);
    m_ui->progress->setValue(0);
    m_ui->warning->clear();
    m_running = ask<Result<typename Answer::value_type>>(
        [path = facts().path, work = std::move(work)](const std::stop_token &stop, Progress &progress) {
            operations::JobContext context{.stop = stop, .progress = progress};
            return work(path, context);
        },
        [this, take = std::move(take)](const Answer &answer) {
            m_running = 0;
            if (!answer)
                showError(answer.error());
            else
                take(answer);
            showState();
        });
    showState();
}

void SpaceTab::showError(const Error &error)
{
    m_ui->warning->setText(words::describe(error));
    if (m_space.rowCount() == 0)
        m_ui->totals->clear();
}

void SpaceTab::measure()
{
    using Measured = Result<inspect::Space>;
    start<Measured>(
        tr("Measuring"),
        [](const Path &path, operations::JobContext &context) {
            return inspect::measureSpace(path, context.stop, context.progress);
        },
        [this](const Measured &space) { Q_EMIT measured(*space); });
}

void SpaceTab::rehearseCompact()
{
    using Rehearsed = Result<CompactOutcome>;
    start<Rehearsed>(
        tr("Rehearsing"),
        [](const Path &path, operations::JobContext &context) {
            return operations::rehearseCompact(path, {}, context);
        },
        [this](const Rehearsed &outcome) { m_ui->compactText->setText(models::compactSentence(*outcome)); });
}

void SpaceTab::rehearsePageSizes()
{
    using Rehearsed = Result<std::vector<CompactOutcome>>;
    start<Rehearsed>(
        tr("Rehearsing"),
        [](const Path &path, operations::JobContext &context) { return operations::rehearsePageSizes(path, context); },
        [this](const Rehearsed &outcomes) {
            m_pageSizes.setOutcomes(*outcomes, facts().header()->pageSize);
            m_ui->pageSizes->setFixedHeight(m_ui->pageSizes->header()->sizeHint().height() +
                                            m_pageSizes.rowCount() * m_ui->pageSizes->sizeHintForRow(0) + 2);
        });
}

/// With the page size that is selected among those that were rehearsed.
void SpaceTab::compact()
{
    OperationRequest request{.operation = operations::find("compact"), .arguments = {}, .verb = tr("Compact")};
    if (const QModelIndex chosen = m_ui->pageSizes->currentIndex(); chosen.isValid())
        request.arguments["page-size"] = std::to_string(m_pageSizes.pageSize(chosen.row()));
    Q_EMIT operationRequested(request);
}

void SpaceTab::showSpace(const inspect::Space &space)
{
    m_space.setSpace(space);
    const std::uint64_t free = space.freelistPages * space.pageSize;
    m_ui->totals->setText(tr("%1 in %2 of %3: %4 free pages (%5), %6 unused within pages.")
                              .arg(shown(space.pageCount * space.pageSize),
                                   models::counted(space.pageCount, tr("1 page"), tr("%1 pages")),
                                   shown(space.pageSize), QString::fromStdString(text::count(space.freelistPages)),
                                   shown(free), shown(space.unusedBytes)));
    if (space.partial)
        m_ui->warning->setText(tr("This is only a part of it: damage kept the rest from being measured.") +
                               (space.why ? QLatin1Char('\n') + words::describe(*space.why) : QString()));
    m_ui->list->setCurrentIndex(m_space.index(0, 0));
    showState();
}

}
