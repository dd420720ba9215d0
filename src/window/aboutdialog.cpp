// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/aboutdialog.h"

#include "ui_aboutdialog.h"

#include "sqlite/connection.h"

namespace lk::window {

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::AboutDialog>())
{
    m_ui->setupUi(this);
    m_ui->picture->setPixmap(QIcon(QStringLiteral(":/icons/litekeeper.svg")).pixmap(QSize(64, 64), devicePixelRatio()));
    QFont larger = font();
    larger.setPointSizeF(larger.pointSizeF() * 1.5);
    larger.setBold(true);
    m_ui->title->setFont(larger);
    m_ui->title->setText(QStringLiteral("Litekeeper"));
    m_ui->versions->setText(tr("Version %1\nQt %2\nSQLite %3")
                                .arg(QLatin1String(LITEKEEPER_VERSION), QLatin1String(qVersion()),
                                     QLatin1String(sqlite::libraryVersion())));
    m_ui->bugLabel->setText(
        sqlite::libraryHasWalResetBug()
            ? tr("This SQLite has the WAL-reset bug: a checkpoint and a write by two programs at the wrong moment can "
                 "lose data. Litekeeper therefore never checkpoints a database that another program has open. "
                 "SQLite 3.51.3, 3.50.7 and 3.44.6 have the fix.")
            : tr("This SQLite has the fix for the WAL-reset bug."));
    connect(m_ui->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

AboutDialog::~AboutDialog() = default;

}
