// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/machinedialog.h"

#include "ui_machinedialog.h"

#include "fleet/hosts.h"
#include "window/theme.h"
#include "words/fleet.h"

#include <QFile>
#include <QPushButton>

namespace lk::window {

MachineDialog::MachineDialog(QWidget *parent)
    : QDialog(parent)
    , m_ui(std::make_unique<Ui::MachineDialog>())
{
    m_ui->setupUi(this);
    for (const std::string &host : fleet::knownHosts())
        m_ui->host->addItem(QString::fromStdString(host));
    m_ui->buttons->button(QDialogButtonBox::Ok)->setText(tr("Scan"));
    connect(m_ui->host, &QComboBox::editTextChanged, this, &MachineDialog::check);
    connect(this, &QDialog::accepted, this, [this] {
        const fleet::Place place{.host = m_ui->host->currentText().trimmed().toStdString(),
                                 .path = QFile::encodeName(m_ui->folder->text()).toStdString()};
        Q_EMIT chosen(place.address());
    });
    check();
    theme::fitToScreen(*this, sizeHint());
}

MachineDialog::~MachineDialog() = default;

void MachineDialog::check()
{
    const std::string host = m_ui->host->currentText().trimmed().toStdString();
    const bool isHost = fleet::isHost(host);
    m_ui->problem->setText(isHost || host.empty() ? QString() : words::notAHost(host));
    m_ui->buttons->button(QDialogButtonBox::Ok)->setEnabled(isHost);
}

}
