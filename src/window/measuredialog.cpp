// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/measuredialog.h"

#include "ui_measuredialog.h"

#include "inspect/protection.h"
#include "models/display.h"
#include "models/tableexport.h"
#include "platform/filereader.h"
#include "platform/power.h"
#include "platform/safefile.h"
#include "window/filepicker.h"
#include "window/measurechart.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/history.h"
#include "words/measure.h"

#include <QCoreApplication>
#include <QFile>
#include <QPointer>

#include <algorithm>
#include <utility>

namespace lk::window {

using measure::Cell;
using measure::Preset;
using Outcome = Result<measure::Outcome>;

static constexpr int ProgressSteps = 1000;
/// What the boxes hold beside the presets' ids.
static constexpr auto FourModes = "modes";
static constexpr auto Own = "own";

/// A text for each of \a names, which are the values.
static void fill(QComboBox *box, const std::vector<std::string> &names, bool capitals)
{
    for (const std::string &name : names) {
        const QString text = QString::fromStdString(name);
        box->addItem(capitals ? text.toUpper() : text, text);
    }
}

static std::string chosen(const QComboBox *box)
{
    return box->currentData().toString().toStdString();
}

static void choose(QComboBox *box, const char *value)
{
    box->setCurrentIndex(std::max(0, box->findData(QLatin1String(value))));
}

MeasureDialog::MeasureDialog(Questions &questions, std::vector<Path> unlocked, const Path &place, QWidget *parent)
    : QDialog(parent)
    , m_questions(questions)
    , m_unlocked(std::move(unlocked))
    , m_ui(std::make_unique<Ui::MeasureDialog>())
{
    m_ui->setupUi(this);
    theme::fitToScreen(*this, QSize(fontMetrics().averageCharWidth() * 130, fontMetrics().lineSpacing() * 44));
    setUpChoices();
    setUpResults();
    connect(m_ui->folderButton, &QPushButton::clicked, this, &MeasureDialog::pickFolder);
    connect(m_ui->measureButton, &QPushButton::clicked, this, &MeasureDialog::start);
    connect(m_ui->stopButton, &QPushButton::clicked, this, &MeasureDialog::stop);
    connect(m_ui->applyButton, &QPushButton::clicked, this, &MeasureDialog::apply);
    connect(m_ui->settingsButton, &QPushButton::clicked, this, [this] {
        Q_EMIT settingsRequested();
        accept();
    });
    connect(m_ui->exportButton, &QPushButton::clicked, this, &MeasureDialog::exportTo);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::reject);
    connect(&questions, &Questions::progressed, this, [this](jobs::JobId id, const ProgressReport &report) {
        if (id == m_running && report.fraction >= 0)
            m_ui->progress->setValue(static_cast<int>(report.fraction * ProgressSteps));
    });
    connect(m_ui->batteryBox, &QCheckBox::toggled, this, &MeasureDialog::showState);
    setPlace(place);
    setOnBattery(platform::runsOnBattery());
}

MeasureDialog::~MeasureDialog()
{
    m_questions.stop(m_running);
}

void MeasureDialog::setUpChoices()
{
    m_ui->firstBox->addItem(tr("DELETE and WAL, each with FULL and NORMAL"), QLatin1String(FourModes));
    for (const Preset &preset : measure::presets()) {
        for (QComboBox *box : {m_ui->firstBox, m_ui->secondBox}) {
            box->addItem(QString::fromUtf8(preset.title), QLatin1String(preset.id));
            box->setItemData(box->count() - 1,
                             models::plainToolTip(QCoreApplication::translate("Preset", preset.about)),
                             Qt::ToolTipRole);
        }
    }
    m_ui->secondBox->addItem(tr("Settings of your own"), QLatin1String(Own));
    fill(m_ui->journalBox, measure::journalNames(), true);
    fill(m_ui->synchronousBox, measure::synchronousNames(), true);
    fill(m_ui->beginBox, measure::beginNames(), true);
    for (const std::string &name : measure::workNames()) {
        QComboBox *box = measure::writes(*measure::workOf(name)) ? m_ui->writeBox : m_ui->readBox;
        fill(box, {name}, false);
    }
    choose(m_ui->firstBox, "default");
    choose(m_ui->secondBox, "server");
    choose(m_ui->journalBox, "wal");
    const measure::Load load = measure::usualLoad();
    m_ui->writersSpin->setValue(load.writers);
    m_ui->readersSpin->setValue(load.readers);
    choose(m_ui->writeBox, measure::nameOf(load.write));
    choose(m_ui->readBox, measure::nameOf(load.read));
    for (const QComboBox *box : {m_ui->firstBox, m_ui->secondBox})
        connect(box, &QComboBox::currentIndexChanged, this, &MeasureDialog::showState);
    for (const QSpinBox *box : {m_ui->writersSpin, m_ui->readersSpin})
        connect(box, &QSpinBox::valueChanged, this, &MeasureDialog::showState);
}

void MeasureDialog::setUpResults()
{
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.2);
    larger.setBold(true);
    m_ui->verdict->setFont(larger);
    m_ui->progress->setMaximum(ProgressSteps);
    m_ui->stopButton->setIcon(theme::icon("stop"));
    m_ui->applyButton->setIcon(theme::icon("journal"));
    m_chart = new MeasureChart(m_model, this);
    m_chart->setAccessibleName(tr("Results as a chart; the table below says the same"));
    m_ui->resultsLayout->insertWidget(0, m_chart, 2);
    QTableView *table = m_ui->table;
    table->setModel(&m_model);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    static constexpr int RowsToSee = 5; // a heading and the four journal settings
    table->setMinimumHeight(table->verticalHeader()->defaultSectionSize() * (RowsToSee + 1));
    m_ui->resultsLayout->setStretch(1, 1);
}

void MeasureDialog::setPlace(const Path &place)
{
    m_place = place;
    const Result<platform::FileStatus> status = platform::status(place);
    m_placeIsFile = status && status->isRegular();
    m_ui->placeLabel->setText(models::displayFolder(place.native()));
    const Path inside = m_placeIsFile ? place : place / "scratch";
    const auto protection = status ? inspect::protectionOf(inside, *status) : std::nullopt;
    m_isProtected = protection && std::ranges::none_of(
                                      m_unlocked, [&](const Path &folder) { return inspect::liesIn(inside, folder); });
    m_ui->surroundings->setText(
        m_isProtected ? tr("%1 is protected (%2): choose another folder on the same disk to measure in.")
                            .arg(models::displayFolder(protection->folder.native()), words::describe(protection->guard))
                      : QString());
    showState();
}

void MeasureDialog::setOnBattery(bool onBattery)
{
    m_ui->batteryBox->setVisible(onBattery);
    m_ui->batteryBox->setChecked(false);
    if (onBattery)
        m_ui->surroundings->setText(words::onBattery());
    showState();
}

void MeasureDialog::pickFolder()
{
    window::pickFolder(this, tr("Folder on the disk to measure"), m_placeIsFile ? m_place.parent_path() : m_place,
                       [this](const Path &folder) { setPlace(folder); });
}

measure::Configuration MeasureDialog::own() const
{
    measure::Configuration configuration;
    configuration.journal = *measure::journalOf(chosen(m_ui->journalBox));
    configuration.synchronous = *measure::synchronousOf(chosen(m_ui->synchronousBox));
    configuration.begin = *measure::beginOf(chosen(m_ui->beginBox));
    configuration.busyTimeout = std::chrono::milliseconds(m_ui->busySpin->value());
    return configuration;
}

std::vector<Cell> MeasureDialog::cells() const
{
    const measure::Load load{.writers = m_ui->writersSpin->value(),
                             .write = *measure::workOf(chosen(m_ui->writeBox)),
                             .readers = m_ui->readersSpin->value(),
                             .read = *measure::workOf(chosen(m_ui->readBox))};
    if (chosen(m_ui->firstBox) == FourModes)
        return measure::journalModes({}, load);
    const bool isOwn = chosen(m_ui->secondBox) == Own;
    std::vector<const Preset *> presets{measure::findPreset(chosen(m_ui->firstBox))};
    if (!isOwn)
        presets.push_back(measure::findPreset(chosen(m_ui->secondBox)));
    std::vector<Cell> cells = measure::cellsOf(presets, load);
    if (isOwn)
        cells.push_back({.name = tr("Your own").toStdString(), .configuration = own(), .load = load});
    return cells;
}

measure::Plan MeasureDialog::plan() const
{
    measure::Plan plan{.place = m_place, .cells = cells()};
    plan.time = std::chrono::seconds(m_ui->secondsSpin->value());
    plan.program = m_program;
    plan.onBattery = m_ui->batteryBox->isChecked();
    return plan;
}

void MeasureDialog::start()
{
    const measure::Plan wanted = plan();
    m_model.begin(wanted.cells);
    m_ui->verdict->clear();
    m_ui->surroundings->clear();
    m_ui->progress->setValue(0);
    // They are told on the thread that measures, and shown on this one.
    const QPointer<MeasureDialog> self(this);
    const auto tell = [self, run = ++m_run](std::function<void(MeasureDialog &)> what) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), [self, run, what = std::move(what)] {
            if (self && self->m_run == run)
                what(*self);
        });
    };
    const measure::Listener listener{.began =
                                         [tell](const measure::Surroundings &around) {
                                             tell([around](MeasureDialog &dialog) { dialog.showSurroundings(around); });
                                         },
                                     .measured =
                                         [tell](const measure::CellResult &result) {
                                             tell(
                                                 [result](MeasureDialog &dialog) { dialog.m_model.setResult(result); });
                                         }};
    m_running = m_questions.ask<Outcome>(
        {}, this,
        [wanted, listener](const std::stop_token &stop, Progress &progress) {
            return measure::measure(wanted, listener, stop, progress);
        },
        [this](const Outcome &outcome) { take(outcome); });
    showState();
}

/// What is known by then stays.
void MeasureDialog::stop()
{
    m_questions.stop(std::exchange(m_running, 0));
    m_ui->verdict->setText(tr("Stopped. %1").arg(m_model.verdict()));
    showState();
}

void MeasureDialog::showSurroundings(const measure::Surroundings &around)
{
    m_ui->surroundings->setText(words::flush(around));
}

void MeasureDialog::take(const Outcome &outcome)
{
    m_running = 0;
    if (outcome) {
        for (const measure::CellResult &result : outcome->cells)
            m_model.setResult(result);
    }
    m_ui->verdict->setText(outcome ? m_model.verdict() : words::describe(outcome.error()));
    showState();
}

void MeasureDialog::showState()
{
    const bool modes = chosen(m_ui->firstBox) == FourModes;
    m_ui->secondBox->setEnabled(!modes);
    m_ui->own->setVisible(!modes && chosen(m_ui->secondBox) == Own);
    m_ui->writeBox->setEnabled(m_ui->writersSpin->value() > 0);
    m_ui->readBox->setEnabled(m_ui->readersSpin->value() > 0);
    const bool anybody = m_ui->writersSpin->value() + m_ui->readersSpin->value() > 0;
    const bool hasPower = m_ui->batteryBox->isHidden() || m_ui->batteryBox->isChecked();
    m_ui->measureButton->setEnabled(m_running == 0 && anybody && hasPower && !m_isProtected);
    m_ui->folderButton->setEnabled(m_running == 0);
    m_ui->busyRow->setVisible(m_running != 0);
    m_ui->results->setVisible(m_model.rowCount() > 0);
    m_ui->exportButton->setEnabled(m_running == 0 && m_model.isMeasured());
    m_ui->applyButton->setVisible(m_placeIsFile);
    m_ui->settingsButton->setVisible(m_placeIsFile);
    m_ui->applyButton->setEnabled(m_running == 0 && canApply());
}

/// What is stored in the file is the journal mode alone; the rest is up to each program.
bool MeasureDialog::canApply() const
{
    return m_model.isMeasured() && m_model.cells().back().configuration.journal == measure::Journal::Wal;
}

void MeasureDialog::apply()
{
    const Result<platform::FileStatus> seen = platform::status(m_place);
    const operations::Operation *operation = operations::find("journal");
    Q_EMIT operationRequested({operation, {{"mode", std::string("wal")}}, tr("Switch to WAL")},
                              {{.path = m_place, .seen = seen ? std::optional(*seen) : std::nullopt}});
}

void MeasureDialog::exportTo()
{
    pickNewFile(this, tr("Export what was measured"), QStringLiteral("measured.html"),
                tr("Page (*.html);;Table (*.csv);;JSON (*.json);;Picture (*.png)"), [this](const Path &path) {
                    const QByteArray content = exported(QString::fromStdString(path.extension().native()).toLower());
                    m_questions.ask<Result<void>>(
                        path, this, // syncing it may take a disk's time
                        [path, content](const std::stop_token &, Progress &) {
                            return platform::writeWhole(path, content.toStdString(), 0644);
                        },
                        [this](const Result<void> &written) {
                            if (!written)
                                m_ui->surroundings->setText(words::describe(written.error()));
                        });
                });
}

QByteArray MeasureDialog::exported(const QString &suffix) const
{
    if (suffix == QLatin1String(".csv"))
        return models::toCsv(m_model);
    if (suffix == QLatin1String(".json"))
        return models::toJson(m_model);
    if (suffix == QLatin1String(".png"))
        return m_chart->png();
    return models::toHtml(tr("Measured by Litekeeper"),
                          {m_ui->verdict->text(), m_ui->surroundings->text(), words::display(m_place)}, m_chart->png(),
                          m_model);
}

}
