// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/waltab.h"

#include "ui_waltab.h"

#include "models/siblingfields.h"

namespace lk::window {

using models::HolderModel;

static constexpr int RefreshMs = 2000;

/// One look at what changes while other programs work.
struct Surroundings
{
    sqlite::Glance glance;
    inspect::Holders holders;
    inspect::SiblingsFacts siblings;
};

static Result<Surroundings> look(const Path &path)
{
    Result<sqlite::Glance> glance = sqlite::glance(path);
    if (!glance)
        return std::unexpected(glance.error());
    Surroundings seen{.glance = std::move(*glance), .holders = inspect::holders(path), .siblings = {}};
    seen.siblings = inspect::siblingsOf(path, seen.glance, seen.holders.inUse);
    return seen;
}

WalTab::WalTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::WalTab>())
{
    m_ui->setupUi(this);
    QFont bold = font();
    bold.setBold(true);
    m_ui->holdersTitle->setFont(bold);
    QTableView *table = m_ui->holders;
    table->setModel(&m_holders);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    const int character = fontMetrics().averageCharWidth();
    table->setColumnWidth(HolderModel::NameColumn, character * 14);
    table->setColumnWidth(HolderModel::PidColumn, character * 9);
    table->setColumnWidth(HolderModel::UserColumn, character * 9);
    m_ui->splitter->setStretchFactor(0, 3);
    m_ui->splitter->setStretchFactor(1, 1);
    m_clock.setInterval(RefreshMs);
    connect(&m_clock, &QTimer::timeout, this, &WalTab::lookAgain);
    clear();
}

WalTab::~WalTab() = default;

void WalTab::clear()
{
    m_looking = 0;
    m_ui->siblings->setGroups({});
    m_holders.setHolders({});
    m_ui->holders->hide();
    m_ui->holdersText->clear();
}

void WalTab::showFacts()
{
    show(facts().seen, facts().siblings, {facts().holders, facts().holdersHidden, {}});
    m_clock.start();
}

void WalTab::showEvent(QShowEvent *event)
{
    InspectorTab::showEvent(event);
    lookAgain();
    m_clock.start();
}

void WalTab::hideEvent(QHideEvent *event)
{
    m_clock.stop();
    InspectorTab::hideEvent(event);
}

void WalTab::lookAgain()
{
    if (!hasFacts() || m_looking != 0)
        return; // the last look is still under way: a file system that hangs is not asked twice
    m_looking =
        ask<Result<Surroundings>>([path = facts().path](const std::stop_token &, Progress &) { return look(path); },
                                  [this](const Result<Surroundings> &seen) {
                                      m_looking = 0;
                                      if (seen)
                                          show(seen->glance, seen->siblings, seen->holders);
                                  });
}

void WalTab::show(const sqlite::Glance &glance, const inspect::SiblingsFacts &siblings, const inspect::Holders &holders)
{
    m_ui->siblings->setGroups(models::siblingGroups(glance, siblings));
    m_holders.setHolders(holders.list);
    m_ui->holders->setVisible(!holders.list.empty());
    QStringList sentences;
    if (holders.list.empty())
        sentences += holders.hidden ? tr("Nobody that can be seen.") : tr("Nobody.");
    if (holders.hidden)
        sentences += tr("Other users' programs can't be seen from here.");
    m_ui->holdersText->setText(sentences.join(QLatin1Char(' ')));
    m_ui->holdersText->setVisible(!sentences.isEmpty());
}

}
