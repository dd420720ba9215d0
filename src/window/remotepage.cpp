// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/remotepage.h"

#include "ui_remotepage.h"

#include "models/databasecolumns.h"
#include "models/display.h"
#include "models/elsewhere.h"

#include <QFontDatabase>
#include <QLabel>

namespace lk::window {

RemotePage::RemotePage(Questions &questions, QWidget *parent)
    : QScrollArea(parent)
    , m_questions(questions)
    , m_ui(std::make_unique<Ui::RemotePage>())
{
    auto *content = new QWidget;
    m_ui->setupUi(content);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    m_ui->remoteTold->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    connect(m_ui->remoteInfoButton, &QPushButton::clicked, this, [this] { ask("info"); });
    connect(m_ui->remoteAdviceButton, &QPushButton::clicked, this, [this] { ask("advise"); });
}

RemotePage::~RemotePage() = default;

void RemotePage::clear()
{
    m_questions.stop(m_question);
    m_address.clear();
    m_ui->remoteTold->hide();
    while (m_ui->remoteFacts->rowCount() > 0)
        m_ui->remoteFacts->removeRow(0);
}

static QLabel *plainLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    return label;
}

void RemotePage::showRow(const models::DatabaseRow &row)
{
    clear();
    m_address = row.path;
    m_ui->remoteWhere->setText(
        tr("On %1. From here it can be looked at, checked and backed up; nothing of it is changed.")
            .arg(models::display(row.host())));
    for (const models::Column &column : models::databaseColumns()) {
        QLabel *value = plainLabel(column.text(row));
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        const QString title = models::columnTitle(column);
        value->setAccessibleName(QStringLiteral("%1: %2").arg(title, value->text()));
        m_ui->remoteFacts->addRow(plainLabel(tr("%1:").arg(title)), value);
    }
}

void RemotePage::ask(const char *command)
{
    m_questions.stop(m_question);
    m_ui->remoteTold->setPlainText(tr("Asking %1…").arg(models::display(m_address.native())));
    m_ui->remoteTold->show();
    m_question = m_questions.ask<QString>(
        m_address, this,
        [address = m_address, command](const std::stop_token &stop, Progress &) {
            return models::tellFrom(address, command, stop);
        },
        [this](const QString &text) { m_ui->remoteTold->setPlainText(text); });
}

}
