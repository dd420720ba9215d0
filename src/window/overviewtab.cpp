// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/overviewtab.h"

#include "ui_overviewtab.h"

#include "models/display.h"
#include "models/fields.h"
#include "window/findingline.h"
#include "words/findings.h"

#include <QLabel>
#include <QPushButton>

#include <span>

namespace lk::window {

static constexpr std::size_t MostFindings = 3;

OverviewTab::OverviewTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::OverviewTab>())
{
    m_ui->setupUi(this);
    m_ui->facts->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_ui->facts->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    QFont bold = font();
    bold.setBold(true);
    m_ui->adviceTitle->setFont(bold);
    connect(m_ui->moreButton, &QPushButton::clicked, this, &OverviewTab::adviceRequested);
    clear();
}

OverviewTab::~OverviewTab() = default;

void OverviewTab::clear()
{
    while (m_ui->facts->rowCount() > 0)
        m_ui->facts->removeRow(0);
    while (QLayoutItem *item = m_ui->findings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_ui->adviceTitle->hide();
    m_ui->adviceText->hide();
    m_ui->moreButton->hide();
}

static QLabel *plainLabel(const QString &text, const QString &toolTip)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setToolTip(models::plainToolTip(toolTip));
    return label;
}

void OverviewTab::showFacts()
{
    clear();
    for (const models::Field &field : models::overviewFields(facts())) {
        QLabel *value = plainLabel(field.meaning, field.explanation);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        value->setAccessibleName(QStringLiteral("%1: %2").arg(field.name, field.meaning));
        m_ui->facts->addRow(plainLabel(tr("%1:").arg(field.name), field.explanation), value);
    }
    showFindings();
}

void OverviewTab::showFindings()
{
    const std::vector<advice::Finding> findings = subject().findings();
    for (const advice::Finding &finding : std::span(findings).first(std::min(findings.size(), MostFindings))) {
        auto *line = new FindingLine(finding, this);
        connect(line, &FindingLine::fixRequested, this, &OverviewTab::fixRequested);
        m_ui->findings->addWidget(line);
    }
    m_ui->adviceTitle->setVisible(!findings.empty());
    m_ui->adviceText->setVisible(findings.empty());
    m_ui->adviceText->setText(words::checked(subject().advice));
    m_ui->moreButton->setVisible(findings.size() > MostFindings);
    m_ui->moreButton->setText(tr("All %1 findings").arg(findings.size()));
}

}
