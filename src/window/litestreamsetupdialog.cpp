// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/litestreamsetupdialog.h"

#include "ui_litestreamsetupdialog.h"

#include "litestream/checkconfig.h"
#include "litestream/roundtrip.h"
#include "models/display.h"
#include "platform/datafolder.h"
#include "platform/diskspace.h"
#include "window/filepicker.h"
#include "window/fixes.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/litestreamconfig.h"

#include <QFontDatabase>
#include <QLineEdit>

#include <algorithm>
#include <set>

namespace lk::window {

using litestream::Fault;
using litestream::Key;
using litestream::KeyKind;
using litestream::Problem;
using litestream::Weight;

static QString keyText(const char *text)
{
    return QCoreApplication::translate("LitestreamKey", text);
}

/// The one that is there for the person to write, else one of their own.
static Path usualConfig()
{
    const Path usual = litestream::usualConfigFile();
    const Result<Path> own = platform::configFolder();
    return platform::isWritableFile(usual) || !own ? usual : *own / "litestream.yml";
}

LitestreamSetupDialog::LitestreamSetupDialog(std::vector<Path> files, Questions &questions, QWidget *parent)
    : QDialog(parent)
    , m_questions(questions)
    , m_files(std::move(files))
    , m_ui(std::make_unique<Ui::LitestreamSetupDialog>())
{
    m_ui->setupUi(this);
    theme::fitToScreen(*this, QSize(fontMetrics().averageCharWidth() * 130, fontMetrics().lineSpacing() * 34));
    m_ui->preview->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    for (const litestream::StorageKind &one : litestream::storageKinds())
        m_ui->kindBox->addItem(keyText(one.label));
    connect(m_ui->kindBox, &QComboBox::currentIndexChanged, this, &LitestreamSetupDialog::makeFields);
    connect(m_ui->configButton, &QPushButton::clicked, this, [this] {
        pickFolder(this, tr("Folder of litestream.yml"), m_config.parent_path(),
                   [this](const Path &folder) { setConfig(folder / "litestream.yml"); });
    });
    connect(m_ui->walButton, &QPushButton::clicked, this, &LitestreamSetupDialog::switchToWal);
    connect(m_ui->tryButton, &QPushButton::clicked, this, &LitestreamSetupDialog::tryIt);
    connect(m_ui->saveButton, &QPushButton::clicked, this, &LitestreamSetupDialog::save);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    m_ui->walButton->hide();
    setConfig(usualConfig());
    makeFields();
    findProgram();
}

LitestreamSetupDialog::~LitestreamSetupDialog()
{
    if (m_trying != 0)
        m_questions.stop(m_trying);
}

void LitestreamSetupDialog::setConfig(const Path &config)
{
    m_config = config;
    m_ui->configLabel->setText(QString::fromStdString(path::display(config)));
    if (!m_fields.empty())
        judge();
}

/// Which Litestream there is decides how its configuration is written.
void LitestreamSetupDialog::findProgram()
{
    using Found = Result<litestream::Program>;
    m_ui->introduction->setText(words::litestreamSetup(m_files.size(), std::nullopt, false));
    m_questions.ask<Found>(
        {}, this, [](const std::stop_token &, Progress &) { return litestream::Program::find(); },
        [this](const Found &found) {
            if (found) {
                m_program = *found;
                m_syntax = found->syntax();
            }
            m_ui->introduction->setText(
                words::litestreamSetup(m_files.size(), found ? std::optional(found->version()) : std::nullopt, true));
            makeFields();
        });
}

// Fields -------------------------------------------------------------------------------------------------------------

const litestream::StorageKind &LitestreamSetupDialog::kind() const
{
    return litestream::storageKinds()[static_cast<std::size_t>(std::max(0, m_ui->kindBox->currentIndex()))];
}

void LitestreamSetupDialog::makeFields()
{
    std::map<std::string, QString> typed; // what another kind has too, stays
    for (const Field &field : m_fields)
        typed[field.key->name] = field.edit->text();
    m_fields.clear();
    while (m_ui->fields->rowCount() > 0)
        m_ui->fields->removeRow(0);
    for (const Key &key : litestream::allKeys()) {
        // From 0.5 on, what is kept for how long is said for all databases at once.
        const bool isMine = key.in == litestream::Section::Replica && key.label && (key.storages & kind().storage);
        if (isMine && (key.versions & litestream::versionOf(m_syntax)))
            addField(key);
    }
    for (const Field &field : m_fields) {
        field.edit->setText(typed[field.key->name]);
        connect(field.edit, &QLineEdit::textChanged, this, &LitestreamSetupDialog::judge);
    }
    judge();
}

void LitestreamSetupDialog::addField(const Key &key)
{
    auto *label = new QLabel(keyText(key.label), this);
    auto *edit = new QLineEdit(this);
    edit->setObjectName(QLatin1String(key.name));
    edit->setAccessibleName(label->text());
    edit->setPlaceholderText(QLatin1String(key.usual));
    label->setBuddy(edit);
    if (key.kind == KeyKind::Secret)
        edit->setEchoMode(QLineEdit::Password);
    auto *problem = new QLabel(this);
    problem->setTextFormat(Qt::PlainText);
    problem->setWordWrap(true);
    problem->hide();
    auto *both = new QVBoxLayout;
    both->addWidget(edit);
    both->addWidget(problem);
    m_ui->fields->addRow(label, both);
    m_fields.push_back({.key = &key, .edit = edit, .problem = problem});
}

litestream::Replica LitestreamSetupDialog::replica() const
{
    litestream::Replica replica;
    replica.settings.set("type", m_syntax == litestream::Syntax::V03 ? kind().type : kind().newType);
    for (const Field &field : m_fields) {
        if (field.key->kind != KeyKind::Secret)
            replica.settings.set(field.key->name, field.edit->text().trimmed().toStdString());
    }
    return replica;
}

std::vector<litestream::Database> LitestreamSetupDialog::databases() const
{
    return litestream::replicated(m_files, replica());
}

litestream::Secrets LitestreamSetupDialog::secrets() const
{
    litestream::Secrets secrets;
    for (const Field &field : m_fields) {
        if (field.key->kind == KeyKind::Secret && !field.edit->text().isEmpty())
            secrets[field.key->environment] = field.edit->text().toStdString();
    }
    return secrets;
}

// Judging ------------------------------------------------------------------------------------------------------------

static bool isStopped(const std::vector<Problem> &problems)
{
    return std::ranges::any_of(problems,
                               [](const Problem &one) { return litestream::weightOf(one.fault) == Weight::Stops; });
}

void LitestreamSetupDialog::judge()
{
    struct Answer
    {
        Result<litestream::Plan> plan;
        std::vector<Problem> ofFiles;
    };
    m_plan.reset();
    const std::vector<litestream::Database> all = databases();
    showProblems(litestream::problemsOfDraft(all, m_syntax), {});
    m_questions.ask<Answer>(
        {}, this,
        [all, config = m_config, syntax = m_syntax](const std::stop_token &, Progress &) -> Answer {
            return {litestream::planFor(config, all, syntax), litestream::problemsOfFiles({.databases = all})};
        },
        [this, judged = ++m_judged](const Answer &answer) {
            if (judged == m_judged)
                showPlan(answer.plan, answer.ofFiles);
        });
}

void LitestreamSetupDialog::showPlan(const Result<litestream::Plan> &plan, const std::vector<Problem> &ofFiles)
{
    const std::vector<Problem> draft = litestream::problemsOfDraft(databases(), m_syntax);
    showProblems(draft, ofFiles);
    m_ui->preview->setPlainText(plan ? QString::fromStdString(path::toUtf8(plan->text))
                                     : words::describe(plan.error()));
    if (plan && m_isReady)
        m_plan = *plan;
    showState();
}

/// Those of a field stand below it, the others together. What is merely missing yet is no reproach.
void LitestreamSetupDialog::showProblems(const std::vector<Problem> &draft, const std::vector<Problem> &ofFiles)
{
    std::set<const Problem *> shown;
    for (const Field &field : m_fields) {
        const auto own = std::ranges::find_if(draft, [&](const Problem &problem) {
            return problem.key == field.key->name && !(problem.key == "path" && problem.replica.empty());
        });
        const bool isWrong = own != draft.end() && own->fault != Fault::KeyMissing;
        field.problem->setVisible(isWrong);
        field.problem->setText(isWrong ? words::describe(*own) : QString());
        if (own != draft.end())
            shown.insert(&*own);
    }
    QStringList lines;
    for (const std::vector<Problem> *problems : {&draft, &ofFiles}) {
        for (const Problem &problem : *problems) {
            if (!shown.contains(&problem) && problem.fault != Fault::KeyMissing)
                lines += words::weightOf(problem) + QStringLiteral(": ") + words::describe(problem);
        }
    }
    if (m_files.empty())
        lines.prepend(tr("Select the databases that are to be replicated, then set it up."));
    lines.removeDuplicates();
    m_ui->problems->setText(lines.join(QLatin1Char('\n')));
    m_ui->walButton->setVisible(std::ranges::find(ofFiles, Fault::NotWalYet, &Problem::fault) != ofFiles.end());
    m_isReady = !m_files.empty() && !isStopped(draft) && !isStopped(ofFiles);
    showState();
}

void LitestreamSetupDialog::showState()
{
    m_ui->saveButton->setEnabled(m_plan.has_value() && m_trying == 0);
    m_ui->tryButton->setEnabled(m_trying != 0 || (m_isReady && m_program));
    m_ui->tryButton->setText(m_trying != 0 ? tr("S&top") : tr("&Try it"));
}

// Acting -------------------------------------------------------------------------------------------------------------

void LitestreamSetupDialog::save()
{
    using Saved = Result<Path>;
    m_questions.ask<Saved>(
        {}, this,
        [plan = *m_plan, config = m_config, secrets = secrets()](const std::stop_token &, Progress &) -> Saved {
            const Result<void> kept =
                secrets.empty() ? Result<void>() : litestream::saveSecrets(litestream::secretsFileOf(config), secrets);
            return kept ? litestream::carryOut(plan) : std::unexpected(kept.error());
        },
        [this, plan = *m_plan](const Saved &saved) {
            m_ui->outcome->setText(saved ? words::litestreamSaved(plan, *saved) : words::describe(saved.error()));
            if (saved && plan.inPlace)
                Q_EMIT configWritten(plan.to);
            judge();
        });
    m_plan.reset();
    showState();
}

void LitestreamSetupDialog::tryIt()
{
    if (m_trying != 0) {
        m_questions.stop(m_trying);
        m_trying = 0;
        m_ui->outcome->setText(tr("Stopped."));
        showState();
        return;
    }
    using Tried = Result<litestream::RoundTrip>;
    m_ui->outcome->setText(tr("Copying there and back…"));
    m_trying = m_questions.ask<Tried>(
        {}, this,
        [program = *m_program, database = databases().front(), secrets = secrets()](const std::stop_token &stop,
                                                                                    Progress &progress) {
            return litestream::tryRoundTrip(program, database.path, database.replicas.front(), secrets, stop, progress);
        },
        [this](const Tried &tried) {
            m_trying = 0;
            m_ui->outcome->setText(tried ? words::describe(*tried) : words::describe(tried.error()));
            showState();
        });
    showState();
}

void LitestreamSetupDialog::switchToWal()
{
    const auto request =
        requestFor({.kind = advice::Fix::Operation, .operation = "journal", .parameter = "mode", .value = "wal"});
    std::vector<operations::Target> targets;
    for (const Path &file : m_files) {
        if (const auto status = platform::status(file))
            targets.push_back({.path = file, .seen = *status});
    }
    if (request)
        Q_EMIT operationRequested(*request, targets);
}

}
