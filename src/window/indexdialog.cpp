// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/indexdialog.h"

#include "ui_indexdialog.h"

#include "models/display.h"
#include "window/sqlhighlighter.h"
#include "window/theme.h"
#include "words/describe.h"
#include "words/plans.h"

#include <QFontDatabase>

#include <utility>

namespace lk::window {

static constexpr int ProgressSteps = 1000;

IndexDialog::IndexDialog(Questions &questions, const Path &path, QWidget *parent)
    : QDialog(parent)
    , m_questions(questions)
    , m_path(path)
    , m_ui(std::make_unique<Ui::IndexDialog>())
{
    m_ui->setupUi(this);
    m_ui->pathLabel->setText(words::display(path));
    m_ui->stopButton->setIcon(theme::icon("stop"));
    m_ui->progress->setMaximum(ProgressSteps);
    for (QPlainTextEdit *edit : {m_ui->query, m_ui->index, m_ui->planBefore, m_ui->planAfter})
        edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    for (QPlainTextEdit *edit : {m_ui->query, m_ui->index}) {
        new SqlHighlighter(edit);
        connect(edit, &QPlainTextEdit::textChanged, this, &IndexDialog::showState);
    }
    connect(m_ui->rehearseButton, &QPushButton::clicked, this, &IndexDialog::rehearse);
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_ui->stopButton, &QPushButton::clicked, this, [this] {
        m_questions.stop(std::exchange(m_running, 0));
        showState();
    });
    connect(&questions, &Questions::progressed, this, [this](jobs::JobId id, const ProgressReport &report) {
        if (id == m_running && report.fraction >= 0)
            m_ui->progress->setValue(static_cast<int>(report.fraction * ProgressSteps));
    });
    m_ui->results->hide();
    showState();
}

IndexDialog::~IndexDialog()
{
    m_questions.stop(m_running);
}

void IndexDialog::showState()
{
    const auto filled = [](const QPlainTextEdit *edit) { return !edit->toPlainText().trimmed().isEmpty(); };
    m_ui->rehearseButton->setEnabled(m_running == 0 && filled(m_ui->query) && filled(m_ui->index));
    m_ui->busyRow->setVisible(m_running != 0);
}

void IndexDialog::rehearse()
{
    using Plan = Result<operations::QueryPlan>;
    const std::string query = m_ui->query->toPlainText().toStdString();
    const std::string index = m_ui->index->toPlainText().toStdString();
    m_ui->progress->setValue(0);
    m_ui->outcome->setText({});
    m_running = m_questions.ask<Plan>(
        m_path, this,
        [path = m_path, query, index](const std::stop_token &stop, Progress &progress) {
            operations::JobContext context{.stop = stop, .progress = progress};
            return operations::rehearseIndex(path, query, index, context);
        },
        [this](const Plan &plan) { showPlan(plan); });
    showState();
}

void IndexDialog::showPlan(const Result<operations::QueryPlan> &plan)
{
    m_running = 0;
    m_ui->results->setVisible(plan.has_value());
    m_ui->outcome->setText(plan ? words::outcome(*plan) : words::describe(plan.error()));
    if (plan) {
        const auto lines = [](const std::vector<std::string> &steps) {
            QStringList list;
            for (const std::string &step : steps)
                list += models::display(step);
            return list.join(QLatin1Char('\n'));
        };
        m_ui->planBefore->setPlainText(lines(plan->before));
        m_ui->planAfter->setPlainText(lines(plan->after));
        m_ui->timeBefore->setText(words::timing(plan->msBefore));
        m_ui->timeAfter->setText(words::timing(plan->msAfter));
    }
    showState();
}

}
