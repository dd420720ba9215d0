// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/startpage.h"

#include "ui_startpage.h"

#include "window/theme.h"

namespace lk::window {

StartPage::StartPage(QWidget *parent)
    : QWidget(parent)
    , m_ui(std::make_unique<Ui::StartPage>())
{
    m_ui->setupUi(this);
    m_ui->picture->setPixmap(QIcon(QStringLiteral(":/icons/litekeeper.svg")).pixmap(QSize(96, 96), devicePixelRatio()));
    m_ui->homeButton->setIcon(theme::icon("home"));
    m_ui->computerButton->setIcon(theme::icon("computer"));
    m_ui->fileButton->setIcon(theme::icon("file"));
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.25);
    m_ui->sentence->setFont(larger);
    connect(m_ui->homeButton, &QPushButton::clicked, this, &StartPage::homeRequested);
    connect(m_ui->computerButton, &QPushButton::clicked, this, &StartPage::computerRequested);
    connect(m_ui->fileButton, &QPushButton::clicked, this, &StartPage::fileRequested);
}

StartPage::~StartPage() = default;

}
