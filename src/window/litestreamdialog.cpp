// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/litestreamdialog.h"

#include "ui_litestreamdialog.h"

#include "litestream/environmentfile.h"
#include "models/display.h"
#include "platform/filereader.h"
#include "window/filepicker.h"
#include "window/icondelegate.h"
#include "window/lagchart.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/replication.h"

#include <QFontDatabase>

#include <algorithm>

namespace lk::window {

using litestream::UnitFile;
using models::LitestreamModel;
using Unit = Result<UnitFile>;

LitestreamDialog::LitestreamDialog(LitestreamWatch &watch, Questions &questions, QWidget *parent)
    : QDialog(parent)
    , m_watch(watch)
    , m_questions(questions)
    , m_ui(std::make_unique<Ui::LitestreamDialog>())
{
    m_ui->setupUi(this);
    theme::fitToScreen(*this, QSize(fontMetrics().averageCharWidth() * 120, fontMetrics().lineSpacing() * 38));
    setUpTables();
    setUpService();
    m_ui->stopButton->setIcon(theme::icon("stop"));
    m_ui->startButton->setIcon(theme::icon("go"));
    m_ui->restoreButton->setIcon(theme::icon("restore"));
    connect(m_ui->openButton, &QPushButton::clicked, this, [this] {
        pickFiles(this, tr("Open a configuration of Litestream"), [this](const std::vector<Path> &files) {
            for (const Path &file : files)
                m_watch.open(file);
        });
    });
    connect(m_ui->startButton, &QPushButton::clicked, this, [this] { m_watch.start(config()); });
    connect(m_ui->stopButton, &QPushButton::clicked, this, [this] { m_watch.stop(config()); });
    connect(m_ui->setUpButton, &QPushButton::clicked, this, &LitestreamDialog::setUpRequested);
    connect(m_ui->restoreButton, &QPushButton::clicked, this, [this] {
        const LitestreamModel::Line &line = m_watch.model().line(m_ui->table->currentIndex().row());
        Q_EMIT restoreRequested(line.replica.database, line.config);
    });
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->configBox, &QComboBox::currentIndexChanged, this, [this] {
        showState();
        showUnit();
    });
    connect(&watch, &LitestreamWatch::changed, this, [this] {
        showConfigs();
        showState();
        showReplica();
    });
    connect(&watch, &LitestreamWatch::failed, this, [this](const Path &failed, const QString &why) {
        if (failed == config())
            m_ui->problem->setText(why);
    });
    watch.refresh();
    showConfigs();
    showState();
    showReplica();
    showUnit();
}

LitestreamDialog::~LitestreamDialog() = default;

static void setUp(QTableView *table)
{
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 8);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
}

void LitestreamDialog::setUpTables()
{
    QTableView *table = m_ui->table;
    table->setModel(&m_watch.model());
    table->setItemDelegate(new IconDelegate(LitestreamModel::IconNameRole, table));
    setUp(table);
    const int character = fontMetrics().averageCharWidth();
    table->setColumnWidth(LitestreamModel::StateColumn, character * 18);
    table->setColumnWidth(LitestreamModel::DatabaseColumn, character * 24);
    table->setColumnWidth(LitestreamModel::ReplicaColumn, character * 18);
    table->setColumnWidth(LitestreamModel::LagColumn, character * 18);
    table->setColumnWidth(LitestreamModel::LastSyncColumn, character * 26);
    connect(table->selectionModel(), &QItemSelectionModel::currentChanged, this, &LitestreamDialog::showReplica);
    auto *chart = new LagChart(m_lag, this);
    chart->setAccessibleName(tr("Lag over time as a chart; the table beside it says the same"));
    m_ui->chartLayout->addWidget(chart);
    m_ui->lagTable->setModel(&m_lag);
    setUp(m_ui->lagTable);
}

void LitestreamDialog::setUpService()
{
    m_ui->unit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    connect(m_ui->systemBox, &QCheckBox::toggled, this, &LitestreamDialog::showUnit);
    connect(m_ui->installButton, &QPushButton::clicked, this, [this] { tellSystemd(litestream::install); });
    connect(m_ui->removeButton, &QPushButton::clicked, this, [this] { tellSystemd(litestream::remove); });
}

Path LitestreamDialog::config() const
{
    const int index = m_ui->configBox->currentIndex();
    return index < 0 ? Path() : m_configs[static_cast<std::size_t>(index)];
}

void LitestreamDialog::showConfigs()
{
    std::vector<Path> configs = m_watch.configs();
    if (configs == m_configs)
        return;
    // The one that is new has just been opened.
    const auto isNew = [this](const Path &path) { return std::ranges::find(m_configs, path) == m_configs.end(); };
    const auto opened = std::ranges::find_if(configs, isNew);
    const auto index = opened == configs.end() ? 0 : static_cast<int>(opened - configs.begin());
    m_configs = std::move(configs);
    m_ui->configBox->clear();
    for (const Path &path : m_configs)
        m_ui->configBox->addItem(models::displayFolder(path.native()));
    m_ui->configBox->setCurrentIndex(index);
}

void LitestreamDialog::showState()
{
    const Path chosen = config();
    const bool runs = m_watch.runsHere(chosen);
    const QString problem = m_watch.problemOf(chosen);
    m_ui->startButton->setEnabled(!chosen.empty() && !runs && problem.isEmpty());
    m_ui->stopButton->setEnabled(runs);
    if (chosen.empty())
        m_ui->problem->setText(tr("No configuration of Litestream is known here. It is looked for at %1.")
                                   .arg(words::display(litestream::usualConfigFile())));
    else if (!problem.isEmpty())
        m_ui->problem->setText(problem);
    else if (runs)
        m_ui->problem->setText(tr("Litestream runs here, and ends with this window."));
    else
        m_ui->problem->clear();
    m_ui->problem->setVisible(!m_ui->problem->text().isEmpty());
    m_ui->installButton->setEnabled(m_unit && !m_busy);
    m_ui->removeButton->setEnabled(m_unit && !m_busy);
    if (!m_ui->table->currentIndex().isValid() && m_watch.model().rowCount() > 0)
        m_ui->table->selectRow(0);
}

void LitestreamDialog::showReplica()
{
    const QModelIndex current = m_ui->table->currentIndex();
    m_ui->restoreButton->setEnabled(current.isValid());
    if (!current.isValid()) {
        m_ui->advice->clear();
        m_lag.setPoints({});
        return;
    }
    const LitestreamModel::Line &line = m_watch.model().line(current.row());
    m_ui->advice->setText(words::advice(line.replica));
    m_lag.setPoints(m_watch.lagOf(line));
}

// Service ------------------------------------------------------------------------------------------------------------

/// What would be written is seen before it is.
void LitestreamDialog::showUnit()
{
    m_unit.reset();
    m_ui->unit->clear();
    m_ui->servicePath->clear();
    const Path chosen = config();
    if (chosen.empty())
        return;
    const bool ofSystem = m_ui->systemBox->isChecked();
    m_questions.ask<Unit>(
        chosen, this,
        [chosen, ofSystem](const std::stop_token &, Progress &) -> Unit {
            const Result<litestream::Program> program = litestream::Program::find();
            const Result<Path> resolved = program ? platform::resolve(chosen) : std::unexpected(program.error());
            const auto folders = resolved ? litestream::UnitFolders::usual() : std::unexpected(resolved.error());
            if (!folders)
                return std::unexpected(folders.error());
            return litestream::unitFileFor({.program = program->path(),
                                            .config = *resolved,
                                            .ofSystem = ofSystem,
                                            .environmentFile = litestream::environmentFileFor(*resolved)},
                                           *folders);
        },
        [this, chosen, ofSystem](const Unit &unit) {
            if (chosen != config() || ofSystem != m_ui->systemBox->isChecked())
                return; // another one's turn meanwhile
            if (unit)
                m_unit = *unit;
            m_ui->servicePath->setText(unit ? words::display(unit->path) : words::describe(unit.error()));
            m_ui->unit->setPlainText(unit ? QString::fromStdString(unit->content) : QString());
            showState();
        });
}

void LitestreamDialog::tellSystemd(Result<void> (*what)(const UnitFile &, bool))
{
    m_busy = true;
    showState();
    m_questions.ask<Result<void>>(
        m_unit->path, this,
        [what, unit = *m_unit, ofSystem = m_ui->systemBox->isChecked()](const std::stop_token &, Progress &) {
            return what(unit, ofSystem);
        },
        [this](const Result<void> &done) {
            m_busy = false;
            showState();
            m_ui->servicePath->setText(done ? tr("Done: %1").arg(words::display(m_unit ? m_unit->path : Path()))
                                            : words::describe(done.error()));
        });
}

}
