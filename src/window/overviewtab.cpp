// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/overviewtab.h"

#include "ui_overviewtab.h"

#include "models/display.h"
#include "models/fields.h"

#include <QLabel>

namespace lk::window {

OverviewTab::OverviewTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::OverviewTab>())
{
    m_ui->setupUi(this);
    m_ui->facts->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_ui->facts->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    clear();
}

OverviewTab::~OverviewTab() = default;

void OverviewTab::clear()
{
    while (m_ui->facts->rowCount() > 0)
        m_ui->facts->removeRow(0);
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
}

}
