// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/findingline.h"

#include "models/findingmodel.h"
#include "window/fixes.h"
#include "window/iconlabel.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace lk::window {

FindingLine::FindingLine(const advice::Finding &finding, QWidget *parent)
    : QWidget(parent)
{
    const words::FindingText text = words::describe(finding);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(2);
    layout->setColumnStretch(1, 1);
    auto *icon = new IconLabel(this);
    icon->setIcon(models::severityIcon(finding.weight()));
    const auto label = [this](const QString &shown) {
        auto *made = new QLabel(shown, this);
        made->setTextFormat(Qt::PlainText);
        made->setWordWrap(true);
        return made;
    };
    layout->addWidget(icon, 0, 0, Qt::AlignTop);
    layout->addWidget(label(tr("%1 (%2)").arg(text.title, words::describe(finding.weight()))), 0, 1);
    layout->addWidget(label(text.seen), 1, 1);
    const QString fix = fixButtonText(finding.rule->fix);
    if (fix.isEmpty())
        return;
    auto *button = new QPushButton(fix, this);
    button->setObjectName(QStringLiteral("fixButton"));
    button->setAccessibleDescription(text.title);
    layout->addWidget(button, 2, 1, Qt::AlignLeading);
    connect(button, &QPushButton::clicked, this, [this, rule = finding.rule] { Q_EMIT fixRequested(rule->fix); });
}

}
