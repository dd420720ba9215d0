// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobmodel.h"
#include "window/operationactions.h"
#include "window/questions.h"
#include "window/scansession.h"

#include <QMainWindow>

#include <memory>

namespace Ui {
class MainWindow;
}

namespace lk {
class Settings;
}

namespace lk::window {

class DatabasePanel;
class InspectorPanel;
class JobsPanel;
class LitestreamWatch;
class OperationStarter;
class ScanBar;

/// The one window: it brings the panels together and remembers how they were arranged.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    /// \a settings and \a memory must outlive this.
    MainWindow(Settings &settings, catalog::Memory &memory, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Scans folders and opens files, as the command line names them.
    void open(const std::vector<Path> &paths);
    void scan(const Path &place);
    /// Shows what the last scan found, if anything is remembered.
    void restore() { m_session.restore(); }
    /// Removes what measuring left when it was killed.
    void cleanUp();
    /// Tells of schedules that have not gone well for too long, here and on the desktop.
    void watchSchedules();
    /// Follows Litestream's replicas, if there are any; tells where one fails or stalls, here and on the desktop.
    void watchLitestream();

    ScanSession &session() { return m_session; }
    models::JobModel &jobs() { return m_jobs; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void setUpPanels();
    void setUpToolBar();
    void setUpMenus();
    void setUpViewMenu();
    void addThemeMenu();
    void setUpSession();
    void showSelection();
    /// Those that are on this machine.
    std::vector<operations::Target> selectedHere() const;
    void showNotEntered();
    void showAdvice();
    void startOperation(const OperationRequest &request, const std::vector<operations::Target> &targets);
    void showHistory();
    void showMeasure();
    void setUpReplication();
    void showLitestream();
    void showReplicas(const Path &database, const Path &config);
    LitestreamWatch &litestreamWatch();
    void notify(const QString &title, const QString &text);
    void askBeforeUndo(const catalog::Entry &entry);
    void openFiles();
    void askForMachine();
    void tellOfMachines(const std::vector<fleet::ScanEnd> &ends);
    void stopFocused();
    void askBeforeClosing();
    void saveArrangement();
    void hidePanels();
    void showPanels();

    Settings &m_settings;
    catalog::Memory &m_memory;
    std::unique_ptr<Ui::MainWindow> m_ui;
    Questions m_questions;
    jobs::JobRunner m_runner;
    models::JobModel m_jobs;
    ScanSession m_session;
    ScanBar *m_scanBar = nullptr;
    DatabasePanel *m_databases = nullptr;
    InspectorPanel *m_inspector = nullptr;
    JobsPanel *m_jobsPanel = nullptr;
    OperationActions *m_operations = nullptr;
    OperationStarter *m_starter = nullptr;
    LitestreamWatch *m_litestream = nullptr;
    std::vector<QDockWidget *> m_hidden; ///< until there is something to show in them
    bool m_quitting = false;             ///< when the last job has ended
};

}
