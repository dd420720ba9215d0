// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/resultdialog.h"

#include "ui_resultdialog.h"

#include "models/display.h"
#include "words/describe.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>

namespace lk::window {

static QString shown(const operations::FieldValue &value)
{
    struct Show
    {
        QString operator()(std::monostate) const { return QStringLiteral("–"); }
        QString operator()(bool yes) const { return yes ? ResultDialog::tr("yes") : ResultDialog::tr("no"); }
        QString operator()(std::int64_t number) const { return QString::number(number); }
        QString operator()(double number) const { return QString::number(number, 'f', 3); }
        QString operator()(const std::string &text) const { return models::display(text); }
        QString operator()(const std::vector<std::string> &texts) const
        {
            QString lines;
            for (const std::string &text : texts)
                lines += QStringLiteral("\n    ") + models::display(text);
            return lines.isEmpty() ? QStringLiteral("–") : lines;
        }
        QString operator()(const operations::Counts &counts) const
        {
            QString lines;
            for (const auto &[name, number] : counts)
                lines += QStringLiteral("\n    %1: %2").arg(models::display(name)).arg(number);
            return lines.isEmpty() ? QStringLiteral("–") : lines;
        }
    };
    return std::visit(Show{}, value);
}

static QString record(const Path &path, const operations::Report &report)
{
    QStringList lines{QStringLiteral("path: ") + words::display(path)};
    for (const operations::Field &field : report.fields)
        lines += models::display(field.id) + QStringLiteral(": ") + shown(field.value);
    if (report.error) {
        lines += QStringLiteral("error: %1").arg(QLatin1String(errorCodeName(report.error->code)));
        if (!report.error->detail.empty())
            lines += QStringLiteral("detail: ") + models::display(report.error->detail);
        if (report.error->sqliteCode != 0)
            lines += QStringLiteral("SQLite code: %1").arg(report.error->sqliteCode);
        if (report.error->systemError != 0)
            lines += QStringLiteral("errno: %1").arg(report.error->systemError);
    }
    return lines.join(QLatin1Char('\n'));
}

ResultDialog::ResultDialog(const operations::Operation &operation, const Path &path, const operations::Report &report,
                           QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::ResultDialog>())
{
    m_ui->setupUi(this);
    setWindowTitle(words::displayName(path));
    m_ui->sentence->setText(words::outcome(operation, path, report));
    m_ui->pathLabel->setText(words::display(path));
    QStringList notes;
    for (const operations::NoteText &note : report.notes)
        notes += words::describe(note);
    m_ui->notes->setText(notes.join(QLatin1Char('\n')));
    m_ui->notes->setVisible(!notes.isEmpty());
    m_ui->details->setPlainText(record(path, report));
    connect(m_ui->closeButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->copyButton, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_ui->details->toPlainText()); });
    connect(m_ui->showButton, &QPushButton::clicked, this, [this, path] {
        Q_EMIT showRequested(path);
        accept();
    });
}

ResultDialog::~ResultDialog() = default;

}
