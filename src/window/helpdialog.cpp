// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/helpdialog.h"

#include "ui_helpdialog.h"

#include <QFile>

namespace lk::window {

HelpDialog::HelpDialog(QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::HelpDialog>())
{
    m_ui->setupUi(this);
    QFile page(QStringLiteral(":/help.md"));
    if (page.open(QIODevice::ReadOnly))
        m_ui->page->setMarkdown(QString::fromUtf8(page.readAll()));
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

HelpDialog::~HelpDialog() = default;

}
