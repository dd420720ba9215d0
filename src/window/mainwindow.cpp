// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/mainwindow.h"

#include "ui_mainwindow.h"

#include "base/settings.h"
#include "measure/scratch.h"
#include "models/display.h"
#include "models/elsewhere.h"
#include "window/aboutdialog.h"
#include "window/advicedialog.h"
#include "window/databasepanel.h"
#include "window/facetpanel.h"
#include "window/filepicker.h"
#include "window/helpdialog.h"
#include "window/historydialog.h"
#include "window/indexdialog.h"
#include "window/inspectorpanel.h"
#include "window/jobspanel.h"
#include "window/litestreamdialog.h"
#include "window/litestreamrestoredialog.h"
#include "window/litestreamsetupdialog.h"
#include "window/machinedialog.h"
#include "window/measuredialog.h"
#include "window/notentereddialog.h"
#include "window/operationactions.h"
#include "window/operationstarter.h"
#include "window/scanbar.h"
#include "window/schedulesdialog.h"
#include "window/schedulewatch.h"
#include "window/startpage.h"
#include "window/statusline.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/fleet.h"
#include "words/history.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QShortcut>

#include <algorithm>
#include <utility>

namespace lk::window {

static constexpr auto GeometryState = "geometry";
static constexpr auto ArrangementState = "arrangement";
static constexpr int ArrangementVersion = 1;
/// A job that took longer is worth a sign if the person has turned to another window.
static constexpr double LongJobSeconds = 10;

template <class Dialog, class... Arguments>
static Dialog *openDialog(Arguments &&...arguments)
{
    auto *dialog = new Dialog(std::forward<Arguments>(arguments)...);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    return dialog;
}

MainWindow::MainWindow(Settings &settings, catalog::Memory &memory, QWidget *parent)
    : QMainWindow(parent)
    , m_settings(settings)
    , m_memory(memory)
    , m_ui(std::make_unique<Ui::MainWindow>())
    , m_jobs(m_runner, memory)
    , m_session(m_questions, memory)
{
    theme::loadIcons();
    m_ui->setupUi(this);
    setWindowIcon(QIcon(QStringLiteral(":/icons/litekeeper.svg")));
    m_session.setExcludes(settings.excludes());
    setUpPanels();
    m_operations = new OperationActions(this);
    m_starter = new OperationStarter(m_session, m_questions, m_settings, m_jobs, this);
    setUpToolBar();
    setUpMenus();
    setUpViewMenu();
    setUpSession();
    resize(size().boundedTo(screen()->availableSize()));
    restoreGeometry(settings.state(GeometryState));
    restoreState(settings.state(ArrangementState), ArrangementVersion);
    hidePanels();
}

MainWindow::~MainWindow()
{
    // To their end they ask m_questions, which as a member goes before the children do.
    qDeleteAll(findChildren<QDialog *>(Qt::FindDirectChildrenOnly));
}

// Building -----------------------------------------------------------------------------------------------------------

void MainWindow::setUpPanels()
{
    auto *start = new StartPage(this);
    m_databases = new DatabasePanel(m_session, m_settings, this);
    m_ui->pages->addWidget(start);
    m_ui->pages->addWidget(m_databases);
    m_ui->facetDock->setWidget(new FacetPanel(m_session, this));
    m_inspector = new InspectorPanel(m_session, m_questions, *m_databases, m_memory, m_settings, this);
    m_ui->inspectorDock->setWidget(m_inspector);
    m_jobsPanel = new JobsPanel(m_jobs, this);
    m_ui->jobsDock->setWidget(m_jobsPanel);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    // The inspector would like to show all of its tabs; the databases are what the window is for.
    const int inspectorWidth = std::min(m_ui->inspectorDock->widget()->sizeHint().width(), width() * 2 / 5);
    resizeDocks({m_ui->facetDock, m_ui->inspectorDock}, {m_ui->facetDock->widget()->sizeHint().width(), inspectorWidth},
                Qt::Horizontal);
    resizeDocks({m_ui->jobsDock}, {m_jobsPanel->sizeHint().height()}, Qt::Vertical);
    auto *status = new StatusLine(m_session, *m_databases, m_ui->statusBar);
    connect(status, &StatusLine::notEnteredRequested, this, &MainWindow::showNotEntered);
    connect(start, &StartPage::homeRequested, this, [this] { scan(homePlace()); });
    connect(start, &StartPage::computerRequested, this, [this] { scan("/"); });
    connect(start, &StartPage::fileRequested, this, &MainWindow::openFiles);
    connect(m_databases, &DatabasePanel::selectionChanged, this, &MainWindow::showSelection);
    connect(m_inspector, &InspectorPanel::wanted, m_ui->inspectorDock, &QDockWidget::show);
    connect(m_inspector, &InspectorPanel::adviceRequested, this, &MainWindow::showAdvice);
    connect(m_inspector, &InspectorPanel::operationRequested, this,
            [this](const OperationRequest &request) { startOperation(request, m_databases->selectedTargets()); });
    connect(m_inspector, &InspectorPanel::backupOperationRequested, this,
            [this](const OperationRequest &request, const Path &backup) {
                const Result<platform::FileStatus> seen = platform::status(backup);
                startOperation(request, {{.path = backup, .seen = seen ? std::optional(*seen) : std::nullopt}});
            });
    connect(m_inspector, &InspectorPanel::measureRequested, this, &MainWindow::showMeasure);
    connect(m_inspector, &InspectorPanel::replicasRequested, this,
            [this](const Path &database) { showReplicas(database, litestream::usualConfigFile()); });
    connect(m_inspector, &InspectorPanel::undoRequested, this, &MainWindow::askBeforeUndo);
    connect(m_jobsPanel, &JobsPanel::showRequested, m_databases, &DatabasePanel::select);
}

void MainWindow::setUpToolBar()
{
    m_scanBar = new ScanBar(m_settings, this);
    m_ui->toolBar->addWidget(m_scanBar);
    m_ui->toolBar->setIconSize(QSize(18, 18));
    m_ui->toolBar->addSeparator();
    m_operations->addTo(m_ui->toolBar);
    auto *gap = new QWidget(this);
    gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_ui->toolBar->addWidget(gap);
    m_databases->filterEdit()->setMaximumWidth(fontMetrics().averageCharWidth() * 40);
    m_ui->toolBar->addWidget(m_databases->filterEdit());
    m_ui->toolBar->toggleViewAction()->setEnabled(false); // scanning starts there
    connect(m_scanBar, &ScanBar::scanRequested, this, &MainWindow::scan);
    connect(m_scanBar, &ScanBar::machineRequested, this, &MainWindow::askForMachine);
    connect(m_scanBar, &ScanBar::stopRequested, &m_session, &ScanSession::stop);
    connect(m_operations, &OperationActions::requested, this,
            [this](const OperationRequest &request) { startOperation(request, m_databases->selectedTargets()); });
}

void MainWindow::setUpMenus()
{
    m_operations->addTo(m_ui->databaseMenu);
    m_ui->databaseMenu->addSeparator();
    m_ui->databaseMenu->addAction(m_ui->tryIndexAction);
    m_ui->databaseMenu->addAction(m_ui->replicateAction);
    connect(m_ui->replicateAction, &QAction::triggered, this, &MainWindow::setUpReplication);
    connect(m_ui->tryIndexAction, &QAction::triggered, this, [this] {
        if (const models::DatabaseRow *row = m_databases->selectedOne())
            openDialog<IndexDialog>(m_questions, Path(row->path), this);
    });
    connect(m_ui->openAction, &QAction::triggered, this, &MainWindow::openFiles);
    connect(m_ui->scanFolderAction, &QAction::triggered, m_scanBar, &ScanBar::chooseFolder);
    connect(m_ui->scanMachineAction, &QAction::triggered, this, &MainWindow::askForMachine);
    connect(m_ui->scanAgainAction, &QAction::triggered, &m_session, &ScanSession::scanAgain);
    connect(m_ui->quitAction, &QAction::triggered, this, &QWidget::close);
    connect(m_ui->copyPathAction, &QAction::triggered, m_databases, &DatabasePanel::copyPaths);
    connect(m_ui->selectAllAction, &QAction::triggered, m_databases, &DatabasePanel::selectAll);
    connect(m_ui->findAction, &QAction::triggered, this, [this] {
        m_databases->filterEdit()->setFocus(Qt::ShortcutFocusReason);
        m_databases->filterEdit()->selectAll();
    });
    connect(m_ui->measureAction, &QAction::triggered, this, &MainWindow::showMeasure);
    connect(m_ui->historyAction, &QAction::triggered, this, &MainWindow::showHistory);
    connect(m_ui->schedulesAction, &QAction::triggered, this, [this] {
        std::vector<Path> files;
        for (const operations::Target &target : selectedHere())
            files.push_back(target.path);
        openDialog<SchedulesDialog>(std::move(files), m_questions, m_memory, this);
    });
    connect(m_ui->litestreamAction, &QAction::triggered, this, &MainWindow::showLitestream);
    connect(m_ui->helpAction, &QAction::triggered, this, [this] { openDialog<HelpDialog>(this); });
    connect(m_ui->aboutAction, &QAction::triggered, this, [this] { openDialog<AboutDialog>(this); });
    connect(new QShortcut(Qt::Key_Escape, this), &QShortcut::activated, this, &MainWindow::stopFocused);
    connect(m_databases, &DatabasePanel::contextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        m_operations->addTo(menu);
        menu->addAction(m_ui->tryIndexAction);
        menu->addAction(m_ui->replicateAction);
        menu->addSeparator();
        menu->addAction(m_ui->copyPathAction);
        menu->popup(at);
    });
    m_ui->copyPathAction->setIcon(theme::icon("copy"));
    m_ui->scanAgainAction->setEnabled(false);
    m_ui->tryIndexAction->setEnabled(false);
    m_ui->replicateAction->setEnabled(false);
}

void MainWindow::setUpViewMenu()
{
    for (QDockWidget *dock : {m_ui->facetDock, m_ui->inspectorDock, m_ui->jobsDock})
        m_ui->viewMenu->addAction(dock->toggleViewAction());
    m_ui->viewMenu->addMenu(tr("&Inspector"))->addActions(m_inspector->tabActions());
    connect(m_ui->viewMenu->addAction(tr("Advice for &all…")), &QAction::triggered, this, &MainWindow::showAdvice);
    QMenu *columns = m_ui->viewMenu->addMenu(tr("&Columns"));
    columns->setObjectName(QStringLiteral("columnsMenu"));
    connect(columns, &QMenu::aboutToShow, this, [this, columns] {
        columns->clear();
        m_databases->fillColumnMenu(columns);
    });
    m_ui->viewMenu->addSeparator();
    addThemeMenu();
}

void MainWindow::addThemeMenu()
{
    QMenu *menu = m_ui->viewMenu->addMenu(tr("&Appearance"));
    auto *group = new QActionGroup(this);
    const std::pair<Theme, QString> themes[] = {
        {Theme::System, tr("As the &system")}, {Theme::Light, tr("&Light")}, {Theme::Dark, tr("&Dark")}};
    for (const auto &[theme, title] : themes) {
        QAction *action = menu->addAction(title);
        action->setCheckable(true);
        action->setChecked(theme == m_settings.theme());
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, theme = theme] {
            m_settings.setTheme(theme);
            theme::apply(theme);
        });
    }
}

void MainWindow::setUpSession()
{
    connect(&m_session, &ScanSession::started, this, [this] {
        showPanels();
        m_databases->showNotice({}); // what was said of earlier results
        m_scanBar->setScanning(true);
        m_ui->scanAgainAction->setEnabled(false);
    });
    connect(&m_session, &ScanSession::finished, this, [this] {
        m_scanBar->setScanning(false);
        m_ui->scanAgainAction->setEnabled(true);
    });
    connect(&m_session, &ScanSession::failed, this,
            [this](const Error &error) { m_databases->showNotice(words::describe(error)); });
    connect(&m_session, &ScanSession::elsewhereEnded, this, &MainWindow::tellOfMachines);
    connect(&m_session, &ScanSession::opened, this, [this](const Path &path) {
        showPanels();
        m_databases->select(path);
    });
    connect(&m_session, &ScanSession::restored, this, [this](const QDateTime &when) {
        showPanels();
        m_scanBar->setPlace(m_session.roots().front());
        m_databases->showNotice(tr("These are the results of %1. Files may have come, gone or changed since: F5 scans "
                                   "again.")
                                    .arg(QLocale().toString(when, QLocale::ShortFormat)));
    });
    connect(&m_memory, &catalog::Memory::noticed, this,
            [this](const catalog::Notice &notice) { m_databases->showNotice(words::describe(notice)); });
    connect(&m_session, &ScanSession::notOpened, this, [this](const Error &error) {
        showPanels();
        m_databases->showNotice(words::describe(error));
    });
    connect(&m_jobs, &models::JobModel::batchFinished, this, [this](models::JobModel::BatchId, double seconds) {
        if (seconds > LongJobSeconds && !isActiveWindow())
            QApplication::alert(this);
        if (m_quitting && m_jobs.running() == 0)
            close();
    });
}

// Doing --------------------------------------------------------------------------------------------------------------

void MainWindow::scan(const Path &place)
{
    m_scanBar->setPlace(place);
    m_settings.addRecentPlace(place);
    m_session.scan({place});
}

void MainWindow::open(const std::vector<Path> &paths)
{
    if (paths.empty())
        return;
    m_scanBar->setPlace(paths.front());
    m_session.scan(paths);
}

/// On another thread: the folder may lie on a disk that does not answer.
void MainWindow::cleanUp()
{
    m_questions.ask<bool>(
        {}, this,
        [](const std::stop_token &, Progress &) {
            measure::Scratch::removeLeftovers();
            return true;
        },
        [](bool) {});
}

void MainWindow::watchSchedules()
{
    auto *watch = new ScheduleWatch(m_questions, m_memory, this);
    connect(watch, &ScheduleWatch::overdue, this,
            [this](const QString &text) { notify(tr("Litekeeper: a schedule is overdue"), text); });
}

void MainWindow::watchLitestream()
{
    litestreamWatch();
}

/// Made when it is first needed.
LitestreamWatch &MainWindow::litestreamWatch()
{
    if (!m_litestream) {
        m_litestream = new LitestreamWatch(m_questions, m_memory, m_settings, this);
        connect(m_litestream, &LitestreamWatch::careNeeded, this,
                [this](const QString &text) { notify(tr("Litekeeper: Litestream needs care"), text); });
    }
    return *m_litestream;
}

/// Here and on the desktop.
void MainWindow::notify(const QString &title, const QString &text)
{
    m_databases->addNotice(text);
    m_questions.ask<bool>(
        {}, this,
        [title, text](const std::stop_token &, Progress &) { return catalog::Scheduler::notify(title, text); },
        [](bool) {});
}

void MainWindow::openFiles()
{
    pickFiles(this, tr("Open databases"), [this](const std::vector<Path> &files) { m_session.open(files); });
}

void MainWindow::askForMachine()
{
    connect(openDialog<MachineDialog>(this), &MachineDialog::chosen, &m_session, &ScanSession::scanElsewhere);
}

void MainWindow::tellOfMachines(const std::vector<fleet::ScanEnd> &ends)
{
    for (const fleet::ScanEnd &end : ends) {
        if (end.trouble && end.trouble->why != fleet::Why::Stopped)
            m_databases->addNotice(words::describe(*end.trouble));
        if (end.notUnderstood > 0)
            m_databases->addNotice(words::notUnderstood(end.host, end.notUnderstood));
    }
}

void MainWindow::showSelection()
{
    const bool elsewhere = m_databases->isElsewhereSelected();
    m_operations->setSelected(m_databases->selectedCount(), elsewhere);
    m_ui->tryIndexAction->setEnabled(m_databases->selectedOne() != nullptr && !elsewhere);
    m_ui->replicateAction->setEnabled(m_databases->selectedCount() > 0 && !elsewhere);
}

std::vector<operations::Target> MainWindow::selectedHere() const
{
    std::vector<operations::Target> targets = m_databases->selectedTargets();
    std::erase_if(targets, [](const operations::Target &target) { return models::isElsewhere(target.path); });
    return targets;
}

void MainWindow::showNotEntered()
{
    if (!m_session.summary())
        return;
    auto *dialog = openDialog<NotEnteredDialog>(m_session.summary()->notEntered, this);
    connect(dialog, &NotEnteredDialog::scanRequested, &m_session, &ScanSession::scanToo);
}

void MainWindow::startOperation(const OperationRequest &request, const std::vector<operations::Target> &targets)
{
    m_ui->jobsDock->show();
    m_starter->start(request, targets);
}

/// For several that are selected, or else for all that are shown.
void MainWindow::showAdvice()
{
    if (m_databases->selectedCount() < 2)
        m_databases->selectAll();
    auto *dialog = openDialog<AdviceDialog>(selectedHere(), m_questions, m_memory, m_settings.mutes(), this);
    connect(dialog, &AdviceDialog::operationRequested, this, &MainWindow::startOperation);
    connect(dialog, &AdviceDialog::showRequested, m_databases, &DatabasePanel::select);
}

void MainWindow::showHistory()
{
    auto *dialog = openDialog<HistoryDialog>(m_memory, this);
    connect(dialog, &HistoryDialog::undoRequested, this, &MainWindow::askBeforeUndo);
    connect(dialog, &HistoryDialog::showRequested, m_databases, &DatabasePanel::select);
}

/// Where the selected database is, or where the last scan began.
void MainWindow::showMeasure()
{
    const models::DatabaseRow *row = m_databases->selectedOne();
    Path place = row ? Path(row->path) : m_session.roots().empty() ? homePlace() : m_session.roots().front();
    if (models::isElsewhere(place))
        place = homePlace();
    auto *dialog = openDialog<MeasureDialog>(m_questions, m_settings.unlockedFolders(), place, this);
    connect(dialog, &MeasureDialog::operationRequested, this, &MainWindow::startOperation);
    connect(dialog, &MeasureDialog::settingsRequested, m_inspector, &InspectorPanel::showConnections);
}

void MainWindow::setUpReplication()
{
    std::vector<Path> files;
    for (const operations::Target &target : m_databases->selectedTargets())
        files.push_back(target.path);
    auto *dialog = openDialog<LitestreamSetupDialog>(std::move(files), m_questions, this);
    connect(dialog, &LitestreamSetupDialog::operationRequested, this, &MainWindow::startOperation);
    connect(dialog, &LitestreamSetupDialog::configWritten, this,
            [this](const Path &config) { litestreamWatch().open(config); });
}

void MainWindow::showLitestream()
{
    auto *dialog = openDialog<LitestreamDialog>(litestreamWatch(), m_questions, this);
    connect(dialog, &LitestreamDialog::restoreRequested, this, &MainWindow::showReplicas);
    connect(dialog, &LitestreamDialog::setUpRequested, this, &MainWindow::setUpReplication);
}

void MainWindow::showReplicas(const Path &database, const Path &config)
{
    auto *dialog = openDialog<LitestreamRestoreDialog>(m_questions, database, config, this);
    connect(dialog, &LitestreamRestoreDialog::operationRequested, this, &MainWindow::startOperation);
}

void MainWindow::askBeforeUndo(const catalog::Entry &entry)
{
    const QString title = words::title(entry);
    QWidget *dialog = QApplication::activeModalWidget();
    auto *question = new QMessageBox(QMessageBox::Question, tr("Take back"),
                                     tr("Take back “%1” of %2?").arg(title, words::displayName(entry.path)),
                                     QMessageBox::Cancel, dialog ? dialog : this);
    question->setObjectName(QStringLiteral("undoQuestion"));
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(tr("On %1: %2 It is taken back only if that loses nothing that was written since.")
                                     .arg(models::localTime(entry.endedNs), QString::fromStdString(entry.said)));
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *undo = question->addButton(tr("Take back"), QMessageBox::AcceptRole);
    connect(undo, &QPushButton::clicked, this, [this, entry, title] {
        m_ui->jobsDock->show();
        m_jobs.undo(tr("Take back: %1, %2").arg(title, words::displayName(entry.path)), entry);
    });
    question->open();
}

void MainWindow::stopFocused()
{
    if (m_jobsPanel->isAncestorOf(focusWidget()) && m_jobsPanel->stopSelected())
        return;
    if (m_session.isScanning())
        m_session.stop();
}

// Closing ------------------------------------------------------------------------------------------------------------

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_jobs.running() > 0) {
        event->ignore();
        if (!m_quitting)
            askBeforeClosing();
        return;
    }
    saveArrangement();
    event->accept();
}

void MainWindow::askBeforeClosing()
{
    auto *question = new QMessageBox(QMessageBox::Question, tr("Jobs are running"),
                                     tr("Jobs are still running. Stop them and quit?"), QMessageBox::NoButton, this);
    question->setObjectName(QStringLiteral("closeQuestion"));
    question->setTextFormat(Qt::PlainText);
    question->setInformativeText(tr("What is stopped is undone cleanly; no database is left half changed."));
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *keep = question->addButton(tr("Keep running"), QMessageBox::RejectRole);
    QPushButton *stop = question->addButton(tr("Stop and quit"), QMessageBox::DestructiveRole);
    question->setDefaultButton(keep);
    question->setEscapeButton(keep);
    connect(stop, &QPushButton::clicked, this, [this] {
        m_quitting = true;
        m_jobs.stopAll();
        if (m_jobs.running() == 0)
            close();
    });
    question->open();
}

/// At the first start there is nothing in them but their titles.
void MainWindow::hidePanels()
{
    for (QDockWidget *dock : {m_ui->facetDock, m_ui->inspectorDock, m_ui->jobsDock}) {
        if (dock->isHidden())
            continue;
        m_hidden.push_back(dock);
        dock->hide();
    }
}

void MainWindow::showPanels()
{
    m_ui->pages->setCurrentWidget(m_databases);
    for (QDockWidget *dock : std::exchange(m_hidden, {}))
        dock->show();
}

void MainWindow::saveArrangement()
{
    showPanels();
    m_settings.setState(GeometryState, saveGeometry());
    m_settings.setState(ArrangementState, saveState(ArrangementVersion));
    m_databases->saveColumns();
}

}
