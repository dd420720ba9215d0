// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/operationdialog.h"

#include "ui_operationdialog.h"

#include "base/settings.h"
#include "fleet/hosts.h"
#include "models/display.h"
#include "models/elsewhere.h"
#include "window/filepicker.h"
#include "window/icondelegate.h"
#include "window/scanbar.h"
#include "window/theme.h"
#include "words/describe.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QFile>
#include <QSpinBox>

#include <limits>
#include <utility>

namespace lk::window {

using operations::Parameter;
using operations::Report;
using operations::Risk;

/// So many questions at a time that its threads are never idle, and stopping is cheap.
static constexpr std::size_t AskedAtOnce = 64;

static QString translated(const char *text)
{
    return QCoreApplication::translate("Operation", text);
}

static QString databases(std::size_t count)
{
    return models::counted(count, OperationDialog::tr("1 database"), OperationDialog::tr("%1 databases"));
}

QString titleFor(const QString &verb, const std::vector<operations::Target> &targets)
{
    const QString what = targets.size() == 1 ? words::displayName(targets.front().path) : databases(targets.size());
    return OperationDialog::tr("%1: %2", "what is done: to which files").arg(verb, what);
}

OperationDialog::OperationDialog(const OperationRequest &request, std::vector<operations::Target> targets,
                                 Questions &questions, Settings &settings, QWidget *parent)
    : QDialog(parent)
    , m_request(request)
    , m_questions(questions)
    , m_settings(settings)
    , m_ui(std::make_unique<Ui::OperationDialog>())
    , m_preview(*request.operation, std::move(targets))
{
    m_ui->setupUi(this);
    setWindowTitle(request.verb);
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.2);
    larger.setBold(true);
    m_ui->heading->setFont(larger);
    m_ui->heading->setText(titleFor(request.verb, m_preview.targets()));
    m_ui->summary->setText(translated(request.operation->summary));
    setUpFiles();
    addParameters();
    setUpButtons();
    theme::fitToScreen(*this, size());
    lookAgain();
}

OperationDialog::~OperationDialog()
{
    stopAsking();
}

void OperationDialog::setUpFiles()
{
    QTableView *files = m_ui->files;
    files->setModel(&m_preview);
    auto *delegate = new IconDelegate(models::PreviewModel::IconNameRole, files);
    delegate->setPathColumn(models::PreviewModel::FolderColumn);
    files->setItemDelegate(delegate);
    files->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    const int character = fontMetrics().averageCharWidth();
    QHeaderView *header = files->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    header->setHighlightSections(false);
    header->setSectionResizeMode(models::PreviewModel::ActionColumn, QHeaderView::Stretch);
    files->setColumnWidth(models::PreviewModel::NameColumn, character * 28);
    files->setColumnWidth(models::PreviewModel::FolderColumn, character * 36);
    m_ui->bottom->setStretch(0, 1);
    connect(files->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) { m_ui->sentence->setText(m_preview.sentence(index.row())); });
    connect(&m_preview, &QAbstractItemModel::dataChanged, this, [this] {
        const QModelIndex current = m_ui->files->currentIndex();
        m_ui->sentence->setText(current.isValid() ? m_preview.sentence(current.row()) : QString());
    });
    m_ui->sentence->setMinimumHeight(fontMetrics().lineSpacing() * 2);
}

void OperationDialog::setUpButtons()
{
    m_ui->goButton->setText(m_request.verb);
    m_ui->goButton->setIcon(theme::icon(m_request.operation->id));
    connect(m_ui->goButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &QDialog::reject);
    m_ui->rehearseButton->setVisible(m_request.operation->rehearse);
    m_ui->rehearseButton->setAutoDefault(false);
    m_ui->rehearseButton->setToolTip(
        models::plainToolTip(tr("Really does it, in memory: the files stay as they are, and the figures are exact.")));
    connect(m_ui->rehearseButton, &QPushButton::clicked, this, &OperationDialog::rehearse);
    m_ui->goButton->setAutoDefault(false);
    // Where something can be lost, Enter must not be what does it.
    const bool careful = m_request.operation->risk >= Risk::ChangesFile;
    (careful ? m_ui->cancelButton : m_ui->goButton)->setDefault(true);
    (careful ? m_ui->cancelButton : m_ui->goButton)->setFocus();
}

void OperationDialog::addParameters()
{
    for (const Parameter &parameter : m_request.operation->parameters) {
        if (parameter.kind == Parameter::Kind::Folder || parameter.kind == Parameter::Kind::File)
            addPlace(parameter);
        else if (parameter.kind == Parameter::Kind::Flag)
            addFlag(parameter);
        else if (parameter.kind == Parameter::Kind::Option)
            addOption(parameter);
        else if (parameter.kind == Parameter::Kind::Number)
            addNumber(parameter);
        else if (parameter.kind == Parameter::Kind::Text)
            addText(parameter);
    }
}

/// Was chosen where the wish came from.
void OperationDialog::addText(const Parameter &parameter)
{
    auto *text = new QLabel(models::display(operations::value(m_request.arguments, parameter.id)), this);
    text->setTextFormat(Qt::PlainText);
    m_ui->parameters->addRow(translated(parameter.title), text);
}

/// Each machine has folders of its own.
QString OperationDialog::folderKey(const char *parameter) const
{
    const auto place = fleet::placeOf(m_preview.targets().front().path);
    const QString key =
        QStringLiteral("folder.%1.%2").arg(QLatin1String(m_request.operation->id), QLatin1String(parameter));
    return place ? key + QLatin1Char('@') + QString::fromStdString(place->host) : key;
}

/// `shop.db` → `shop-recovered.db`, beside it: what a new file is called until the person says otherwise.
static Path newName(const Path &source, std::string_view operation)
{
    const std::string stem = source.stem().native() + '-' + std::string(operation) + "ed";
    return source.parent_path() / (stem + source.extension().native());
}

/// The folder or file that is chosen at first; empty if none is.
Path OperationDialog::firstPlace(const Parameter &parameter) const
{
    if (const std::string asked = operations::value(m_request.arguments, parameter.id); !asked.empty())
        return asked;
    if (parameter.optional) // chosen for one occasion
        return {};
    if (parameter.kind == Parameter::Kind::File)
        return newName(m_preview.targets().front().path, m_request.operation->id);
    return m_settings.state(folderKey(parameter.id)).toStdString();
}

void OperationDialog::pick(const Parameter &parameter)
{
    const Path before = operations::value(m_request.arguments, parameter.id);
    const QString title = translated(parameter.title);
    const auto take = [this, &parameter](const Path &path) { setPlace(parameter.id, path); };
    if (models::isElsewhere(m_preview.targets().front().path))
        typeFolder(this, title, before, take);
    else if (parameter.kind == Parameter::Kind::Folder)
        pickFolder(this, title, before.empty() ? homePlace() : before, take);
    else
        pickNewFile(this, title, QFile::decodeName(before.c_str()), {}, take);
}

void OperationDialog::addPlace(const Parameter &parameter)
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *shown = new QLabel(row);
    shown->setTextFormat(Qt::PlainText);
    const char *icon = parameter.kind == Parameter::Kind::Folder ? "folder" : "file";
    auto *button = new QPushButton(theme::icon(icon), tr("Choose…"), row);
    button->setAutoDefault(false);
    button->setObjectName(QStringLiteral("choose.%1").arg(QLatin1String(parameter.id)));
    button->setToolTip(models::plainToolTip(translated(parameter.help)));
    button->setAccessibleName(translated(parameter.title));
    layout->addWidget(shown, 1);
    layout->addWidget(button);
    m_ui->parameters->addRow(translated(parameter.title), row);
    m_places[parameter.id] = shown;
    connect(button, &QPushButton::clicked, this, [this, &parameter] { pick(parameter); });
    if (const Path first = firstPlace(parameter); first.empty()) {
        shown->setText(parameter.optional ? tr("Chosen for you") : tr("Not chosen yet"));
    } else {
        m_request.arguments[parameter.id] = first.native();
        shown->setText(models::displayFolder(first.native()));
    }
}

void OperationDialog::setPlace(const char *parameter, const Path &place)
{
    m_request.arguments[parameter] = place.native();
    m_places.at(parameter)->setText(models::displayFolder(place.native()));
    m_settings.setState(folderKey(parameter), QByteArray::fromStdString(place.native()));
    lookAgain();
}

void OperationDialog::addFlag(const Parameter &parameter)
{
    auto *box = new QCheckBox(translated(parameter.title), this);
    box->setObjectName(QStringLiteral("flag.%1").arg(QLatin1String(parameter.id)));
    box->setToolTip(models::plainToolTip(translated(parameter.help)));
    box->setChecked(operations::flag(m_request.arguments, parameter.id));
    m_ui->parameters->addRow(QString(), box);
    connect(box, &QCheckBox::toggled, this, [this, &parameter](bool on) {
        m_request.arguments[parameter.id] = on;
        if (on && parameter.excludesOthers)
            uncheckOthers(parameter);
        lookAgain();
    });
}

/// Flags of which one at a time can be had.
void OperationDialog::uncheckOthers(const Parameter &chosen)
{
    for (const Parameter &other : m_request.operation->parameters) {
        auto *box = findChild<QCheckBox *>(QStringLiteral("flag.%1").arg(QLatin1String(other.id)));
        if (box && other.excludesOthers && &other != &chosen)
            box->setChecked(false);
    }
}

void OperationDialog::addOption(const Parameter &parameter)
{
    auto *box = new QComboBox(this);
    box->setObjectName(QStringLiteral("option.%1").arg(QLatin1String(parameter.id)));
    box->setToolTip(models::plainToolTip(translated(parameter.help)));
    box->addItem(tr("As it is"), QString());
    for (const Parameter::Value &value : parameter.choices)
        box->addItem(translated(value.title), QLatin1String(value.id));
    const QString chosen = QString::fromStdString(operations::value(m_request.arguments, parameter.id));
    box->setCurrentIndex(std::max(box->findData(chosen), 0));
    m_ui->parameters->addRow(translated(parameter.title), box);
    connect(box, &QComboBox::currentIndexChanged, this, [this, &parameter, box] {
        m_request.arguments[parameter.id] = box->currentData().toString().toStdString();
        lookAgain();
    });
}

void OperationDialog::addNumber(const Parameter &parameter)
{
    auto *box = new QSpinBox(this);
    box->setObjectName(QStringLiteral("number.%1").arg(QLatin1String(parameter.id)));
    box->setToolTip(models::plainToolTip(translated(parameter.help)));
    box->setRange(0, std::numeric_limits<int>::max());
    box->setSpecialValueText(tr("Not set"));
    box->setValue(static_cast<int>(operations::number(m_request.arguments, parameter.id).value_or(0)));
    m_ui->parameters->addRow(translated(parameter.title), box);
    connect(box, &QSpinBox::valueChanged, this, [this, &parameter](int number) {
        m_request.arguments[parameter.id] = number > 0 ? std::to_string(number) : std::string();
        lookAgain();
    });
}

bool OperationDialog::isComplete() const
{
    return std::ranges::all_of(m_request.operation->parameters, [&](const Parameter &parameter) {
        const bool needed = parameter.kind == Parameter::Kind::Folder && !parameter.optional;
        return !needed || !operations::value(m_request.arguments, parameter.id).empty();
    });
}

void OperationDialog::stopAsking()
{
    for (const jobs::JobId id : std::exchange(m_asked, {}))
        m_questions.stop(id);
    ++m_generation;
    m_next = 0;
}

void OperationDialog::lookAgain()
{
    stopAsking();
    m_rehearsing = false;
    m_preview.forget();
    m_preview.setAsking(isComplete());
    if (isComplete())
        askMore();
    showCounts();
}

/// Or, while it is under way, stops it: what was tried by then stays.
void OperationDialog::rehearse()
{
    const bool start = !m_rehearsing;
    stopAsking();
    m_rehearsing = start;
    if (start)
        askMore();
    showCounts();
}

void OperationDialog::askMore()
{
    const auto ask = m_rehearsing ? m_request.operation->rehearse : m_request.operation->preflight;
    const models::Deed deed = m_rehearsing ? models::Deed::Rehearse : models::Deed::Preflight;
    for (; m_asked.size() < AskedAtOnce && m_next < m_preview.rowCount(); ++m_next) {
        if (m_rehearsing && !m_preview.isDoable(m_next))
            continue;
        const operations::Target target = m_preview.targets()[static_cast<std::size_t>(m_next)];
        const auto id = std::make_shared<jobs::JobId>();
        *id = m_questions.ask<Report>(
            target.path, this,
            [ask, deed, request = m_request, target](const std::stop_token &stop, Progress &progress) {
                operations::JobContext context{.stop = stop, .progress = progress};
                return models::isElsewhere(target.path)
                           ? models::doElsewhere(deed, *request.operation, target, request.arguments, context)
                           : ask(target, request.arguments, context);
            },
            [this, id, row = m_next, generation = m_generation](Report report) {
                if (generation != m_generation)
                    return;
                m_asked.erase(*id);
                take(row, std::move(report));
            });
        m_asked.insert(*id);
    }
}

void OperationDialog::take(int row, Report report)
{
    if (m_rehearsing) {
        m_preview.setRehearsal(row, std::move(report));
    } else {
        m_preview.setReport(row, std::move(report));
        if (m_preview.counts().unknown == 0)
            arrange();
    }
    askMore();
    if (m_asked.empty())
        m_rehearsing = false;
    showCounts();
}

/// What needs to be read comes first, and its first line is read out in full below.
void OperationDialog::arrange()
{
    m_preview.arrange();
    m_ui->files->selectionModel()->setCurrentIndex(m_preview.index(0, 0),
                                                   QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

/// A choice that answers a refusal is shown where there is one.
void OperationDialog::showAnswers()
{
    for (const Parameter &parameter : m_request.operation->parameters) {
        auto *box = findChild<QCheckBox *>(QStringLiteral("flag.%1").arg(QLatin1String(parameter.id)));
        if (box && parameter.answers != Reason::None)
            m_ui->parameters->setRowVisible(box, box->isChecked() || m_preview.isRefusedFor(parameter.answers));
    }
}

void OperationDialog::showCounts()
{
    showAnswers();
    const models::PreviewModel::Counts counts = m_preview.counts();
    const int files = m_preview.rowCount();
    QStringList parts;
    if (!isComplete())
        parts += tr("Choose a folder first.");
    else if (counts.unknown > 0)
        parts += tr("Looking at %1 of %2…").arg(files - counts.unknown + 1).arg(files);
    const auto add = [&](int count, const QString &text) {
        if (count > 0)
            parts += text.arg(count);
    };
    if (counts.unknown == 0) {
        add(counts.doable, tr("%1 to do"));
        add(counts.unchanged, tr("%1 already so"));
        add(counts.leftAlone, tr("%1 left alone"));
    }
    if (m_rehearsing)
        parts += tr("rehearsing, %1 still to come").arg(m_asked.size());
    m_ui->rehearseButton->setText(m_rehearsing ? tr("Stop rehearsing") : tr("Rehearse"));
    m_ui->rehearseButton->setEnabled(counts.unknown == 0 && counts.doable > 0);
    m_ui->counts->setText(parts.join(QStringLiteral(", ")));
    m_ui->goButton->setEnabled(counts.unknown == 0 && counts.doable > 0);
    m_ui->goButton->setText(
        counts.unknown == 0 && counts.doable > 0
            ? titleFor(m_request.verb, m_preview.doable()).replace(QLatin1Char('&'), QLatin1String("&&"))
            : m_request.verb);
}

}
