// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/inspectorpanel.h"

#include "ui_inspectorpanel.h"

#include "base/text.h"
#include "inspect/gather.h"
#include "models/databasecolumns.h"
#include "models/display.h"
#include "window/datatab.h"
#include "window/overviewtab.h"
#include "window/pagestab.h"
#include "window/sessionhistory.h"
#include "window/settingstab.h"
#include "window/spacetab.h"
#include "window/waltab.h"
#include "words/describe.h"

#include <QAction>
#include <QTabBar>

namespace lk::window {

using Looked = Result<inspect::DatabaseFacts>;

static constexpr int MovingPauseMs = 60;

InspectorPanel::InspectorPanel(ScanSession &session, Questions &questions, const DatabasePanel &databases,
                               const SessionHistory &history, QWidget *parent)
    : QWidget(parent)
    , m_questions(questions)
    , m_databases(databases)
    , m_history(history)
    , m_ui(std::make_unique<Ui::InspectorPanel>())
{
    m_ui->setupUi(this);
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.2);
    larger.setBold(true);
    m_ui->nameLabel->setFont(larger);
    addTab(new OverviewTab(questions), tr("Overview"));
    addTab(new SettingsTab(questions), tr("Settings"));
    addTab(new WalTab(questions), tr("WAL && locks"));
    auto *space = new SpaceTab(questions);
    addTab(space, tr("Space"), Qt::Key_F9);
    connect(space, &SpaceTab::measured, this, [this](const inspect::Space &measured) {
        inspect::DatabaseFacts facts = *m_facts;
        facts.space = measured;
        setFacts(std::make_shared<const inspect::DatabaseFacts>(std::move(facts)));
    });
    addTab(new DataTab(questions), tr("Data"));
    addTab(new PagesTab(questions), tr("Pages"));
    m_moving.setSingleShot(true);
    m_moving.setInterval(MovingPauseMs);
    connect(&m_moving, &QTimer::timeout, this, &InspectorPanel::look);
    connect(&databases, &DatabasePanel::selectionChanged, this, &InspectorPanel::follow);
    connect(&session, &ScanSession::renewed, this, [this](const inspect::DatabaseFacts &facts) {
        if (facts.path == m_path)
            look(); // a renewed row has not all that the tabs show
    });
    connect(&history, &SessionHistory::changed, this, [this](const Path &path) {
        if (path == m_path && m_facts)
            showFacts(*m_facts);
    });
    showNothing();
}

InspectorPanel::~InspectorPanel() = default;

QSize InspectorPanel::sizeHint() const
{
    return {std::max(fontMetrics().averageCharWidth() * 54, m_ui->tabs->tabBar()->sizeHint().width() + 20), 400};
}

void InspectorPanel::addTab(InspectorTab *tab, const QString &title, const QKeySequence &key)
{
    m_tabs.push_back(tab);
    m_ui->tabs->addTab(tab, title);
    auto *action = new QAction(title, this);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, [this, tab] {
        Q_EMIT wanted();
        m_ui->tabs->setCurrentWidget(tab);
        m_ui->tabs->tabBar()->setFocus(Qt::ShortcutFocusReason);
    });
    m_actions += action;
}

void InspectorPanel::setFacts(const Facts &facts)
{
    m_facts = facts;
    for (InspectorTab *tab : m_tabs)
        tab->setFacts(facts);
}

void InspectorPanel::follow()
{
    m_questions.stop(m_question);
    const models::DatabaseRow *row = m_databases.selectedOne();
    if (!row) {
        m_moving.stop();
        showNothing();
        return;
    }
    if (m_path.native() == row->path)
        return;
    setFacts(nullptr);
    showRow(*row);
    m_moving.start();
}

void InspectorPanel::showNothing()
{
    m_path.clear();
    setFacts(nullptr);
    const int count = m_databases.selectedCount();
    if (count == 0) {
        m_ui->nothingText->setText(tr("Select a database to see how it is set up."));
    } else {
        m_ui->nothingText->setText(
            tr("%1 selected, %2 altogether.")
                .arg(models::counted(static_cast<std::uint64_t>(count), tr("1 database"), tr("%1 databases")),
                     QString::fromStdString(text::bytes(m_databases.selectedBytes()))));
    }
    m_ui->pages->setCurrentWidget(m_ui->nothingPage);
}

/// What the table knows is there at once; the rest follows.
void InspectorPanel::showRow(const models::DatabaseRow &row)
{
    m_path = row.path;
    m_ui->nameLabel->setText(models::display(row.name()));
    m_ui->folderLabel->setText(models::displayFolder(row.folder()));
    m_ui->stateLabel->setText(models::stateText(row.state));
    const auto &column = models::databaseColumns()[static_cast<std::size_t>(models::columnIndex("name"))];
    m_ui->stateIcon->setIcon(column.icon(row));
    m_ui->errorLabel->hide();
    m_ui->pages->setCurrentWidget(m_ui->factsPage);
}

void InspectorPanel::look()
{
    m_questions.stop(m_question);
    const Path path = m_path;
    m_question = m_questions.ask<Looked>(
        path, this,
        [path](const std::stop_token &stop, Progress &) { return inspect::look(path, stop, {.structure = true}); },
        [this](Looked facts) {
            if (facts) {
                showFacts(std::move(*facts));
                return;
            }
            m_ui->errorLabel->setText(words::describe(facts.error()));
            m_ui->errorLabel->show();
        });
}

void InspectorPanel::showFacts(inspect::DatabaseFacts facts)
{
    showRow(models::makeRow(facts));
    facts.history = m_history.of(facts.path);
    setFacts(std::make_shared<const inspect::DatabaseFacts>(std::move(facts)));
}

}
