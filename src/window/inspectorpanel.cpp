// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/inspectorpanel.h"

#include "ui_inspectorpanel.h"

#include "base/settings.h"
#include "base/text.h"
#include "inspect/gather.h"
#include "models/databasecolumns.h"
#include "models/display.h"
#include "window/advicetab.h"
#include "window/backupstab.h"
#include "window/datatab.h"
#include "window/fixes.h"
#include "window/historytab.h"
#include "window/overviewtab.h"
#include "window/pagestab.h"
#include "window/remotepage.h"
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
                               catalog::Memory &memory, Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_questions(questions)
    , m_databases(databases)
    , m_memory(memory)
    , m_settings(settings)
    , m_ui(std::make_unique<Ui::InspectorPanel>())
{
    m_ui->setupUi(this);
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.2);
    larger.setBold(true);
    m_ui->nameLabel->setFont(larger);
    addTabs();
    m_remote = new RemotePage(questions, this);
    m_ui->pages->addWidget(m_remote);
    m_moving.setSingleShot(true);
    m_moving.setInterval(MovingPauseMs);
    connect(&m_moving, &QTimer::timeout, this, &InspectorPanel::look);
    connect(m_ui->adviceButton, &QPushButton::clicked, this, &InspectorPanel::adviceRequested);
    connect(&databases, &DatabasePanel::selectionChanged, this, &InspectorPanel::follow);
    connect(&session, &ScanSession::renewed, this, [this](const inspect::DatabaseFacts &facts) {
        if (facts.path == m_path)
            look(); // a renewed row has not all that the tabs show
    });
    connect(&memory, &catalog::Memory::kept, this, [this](const Path &path) {
        if (path == m_path && m_subject)
            judge(m_subject->facts);
    });
    showNothing();
}

InspectorPanel::~InspectorPanel() = default;

QSize InspectorPanel::sizeHint() const
{
    return {std::max(fontMetrics().averageCharWidth() * 54, m_ui->tabs->tabBar()->sizeHint().width() + 20), 400};
}

// Tabs ---------------------------------------------------------------------------------------------------------------

template <class Tab>
Tab *InspectorPanel::addTab(const QString &title, const QKeySequence &key)
{
    return add(new Tab(m_questions), title, key);
}

template <class Tab>
Tab *InspectorPanel::add(Tab *tab, const QString &title, const QKeySequence &key)
{
    m_tabs.push_back(tab);
    m_ui->tabs->addTab(tab, title);
    connect(tab, &InspectorTab::fixRequested, this, &InspectorPanel::fix);
    auto *action = new QAction(title, this);
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, [this, tab] {
        showTab(tab);
        m_ui->tabs->tabBar()->setFocus(Qt::ShortcutFocusReason);
    });
    m_actions += action;
    return tab;
}

void InspectorPanel::addTabs()
{
    auto *overview = addTab<OverviewTab>(tr("Overview"));
    auto *advice = addTab<AdviceTab>(tr("Advice"));
    m_settingsTab = addTab<SettingsTab>(tr("Settings"));
    auto *space = addTab<SpaceTab>(tr("Space"), Qt::Key_F9);
    addTab<DataTab>(tr("Data"));
    addTab<WalTab>(tr("WAL && locks"));
    addTab<PagesTab>(tr("Pages"));
    auto *backups = add(new BackupsTab(m_questions, m_memory), tr("Backups"), {});
    connect(backups, &BackupsTab::operationRequested, this, &InspectorPanel::operationRequested);
    connect(backups, &BackupsTab::backupOperationRequested, this, &InspectorPanel::backupOperationRequested);
    connect(backups, &BackupsTab::replicasRequested, this, &InspectorPanel::replicasRequested);
    auto *history = add(new HistoryTab(m_questions, m_memory), tr("History"), {});
    connect(history, &HistoryTab::undoRequested, this, &InspectorPanel::undoRequested);
    connect(overview, &OverviewTab::adviceRequested, this, [this, advice] { showTab(advice); });
    connect(advice, &AdviceTab::measureRequested, this, &InspectorPanel::measureRequested);
    connect(advice, &AdviceTab::mutesChanged, this, &InspectorPanel::setMutes);
    connect(space, &SpaceTab::operationRequested, this, &InspectorPanel::operationRequested);
    connect(space, &SpaceTab::measured, this, [this](const inspect::Space &measured) {
        inspect::DatabaseFacts facts = m_subject->facts;
        facts.space = measured;
        judge(std::move(facts)); // there is more to be said now
    });
}

void InspectorPanel::showTab(QWidget *tab)
{
    Q_EMIT wanted();
    m_ui->tabs->setCurrentWidget(tab);
}

void InspectorPanel::setSubject(const SubjectPointer &subject)
{
    m_subject = subject;
    for (InspectorTab *tab : m_tabs)
        tab->setSubject(subject);
}

void InspectorPanel::showConnections()
{
    showTab(m_settingsTab);
    m_settingsTab->showConnections();
}

void InspectorPanel::fix(const advice::Fix &fix)
{
    if (fix.kind == advice::Fix::Settings) {
        showConnections();
    } else if (const std::optional<OperationRequest> request = requestFor(fix)) {
        Q_EMIT operationRequested(*request);
    }
}

void InspectorPanel::setMutes(const std::vector<Mute> &mutes)
{
    m_settings.setMutes(mutes);
    auto subject = std::make_shared<Subject>(*m_subject);
    subject->mutes = mutes;
    setSubject(subject);
}

// Following the selection --------------------------------------------------------------------------------------------

void InspectorPanel::follow()
{
    const models::DatabaseRow *row = m_databases.selectedOne();
    if (!row) {
        m_questions.stop(m_question);
        m_moving.stop();
        showNothing();
        return;
    }
    if (m_path.native() == row->path)
        return;
    m_questions.stop(m_question);
    setSubject(nullptr);
    if (row->isElsewhere()) {
        m_moving.stop();
        m_path = row->path;
        m_remote->showRow(*row);
        m_ui->pages->setCurrentWidget(m_remote);
        return;
    }
    showRow(*row);
    m_moving.start();
}

void InspectorPanel::showNothing()
{
    m_path.clear();
    setSubject(nullptr);
    m_remote->clear();
    const int count = m_databases.selectedCount();
    m_ui->adviceButton->setVisible(count > 1);
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
                judge(std::move(*facts));
                return;
            }
            m_ui->errorLabel->setText(words::describe(facts.error()));
            m_ui->errorLabel->show();
        });
}

/// On another thread as well: a hostile schema can have very many tables.
void InspectorPanel::judge(inspect::DatabaseFacts facts)
{
    m_questions.stop(m_question);
    const auto subject = std::make_shared<Subject>();
    subject->facts = std::move(facts);
    subject->mutes = m_settings.mutes();
    m_question = m_questions.ask<advice::Advice>(
        m_path, this,
        [subject, &memory = m_memory](const std::stop_token &, Progress &) {
            subject->facts.history = memory.historyOf(subject->facts.path);
            return advice::judge(subject->facts);
        },
        [this, subject](advice::Advice advice) {
            subject->advice = std::move(advice);
            showRow(models::makeRow(subject->facts));
            setSubject(subject);
        });
}

}
