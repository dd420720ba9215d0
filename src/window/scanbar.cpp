// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/scanbar.h"

#include "ui_scanbar.h"

#include "models/display.h"
#include "models/elsewhere.h"
#include "window/filepicker.h"
#include "window/theme.h"

#include <QMenu>

namespace lk::window {

Path homePlace()
{
    const std::string_view home = models::homeFolder();
    return home.empty() ? Path("/") : Path(home);
}

QString placeTitle(const Path &place)
{
    if (place == "/")
        return ScanBar::tr("Whole computer");
    return place == homePlace() ? ScanBar::tr("Home") : models::displayFolder(place.native());
}

const char *placeIcon(const Path &place)
{
    if (place == "/" || models::isElsewhere(place))
        return "computer";
    return place == homePlace() ? "home" : "folder";
}

ScanBar::ScanBar(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_ui(std::make_unique<Ui::ScanBar>())
{
    m_ui->setupUi(this);
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("placeMenu"));
    m_ui->placeButton->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &ScanBar::fillMenu);
    connect(m_ui->scanButton, &QToolButton::clicked, this, [this] {
        if (m_scanning)
            Q_EMIT stopRequested();
        else
            Q_EMIT scanRequested(m_place);
    });
    setPlace(homePlace());
    setScanning(false);
    fillMenu();
}

ScanBar::~ScanBar() = default;

void ScanBar::setPlace(const Path &place)
{
    m_place = place;
    const QString title = placeTitle(place);
    m_ui->placeButton->setText(fontMetrics()
                                   .elidedText(title, Qt::ElideMiddle, fontMetrics().averageCharWidth() * 24)
                                   .replace(QLatin1Char('&'), QStringLiteral("&&")));
    m_ui->placeButton->setIcon(theme::icon(placeIcon(place)));
    m_ui->placeButton->setToolTip(models::plainToolTip(tr("Where to look for databases: %1").arg(title)));
}

void ScanBar::setScanning(bool scanning)
{
    m_scanning = scanning;
    m_ui->scanButton->setText(scanning ? tr("Stop") : tr("Scan"));
    m_ui->scanButton->setIcon(theme::icon(scanning ? "stop" : "scan"));
    m_ui->scanButton->setToolTip(scanning ? tr("Stop the scan and keep what was found (Esc)")
                                          : tr("Find every SQLite database there"));
    m_ui->placeButton->setEnabled(!scanning);
}

void ScanBar::addPlace(const Path &place)
{
    QString title = placeTitle(place);
    title.replace(QLatin1Char('&'), QStringLiteral("&&"));
    m_ui->placeButton->menu()->addAction(theme::icon(placeIcon(place)), title, this,
                                         [this, place] { setPlace(place); });
}

void ScanBar::fillMenu()
{
    QMenu *menu = m_ui->placeButton->menu();
    menu->clear();
    addPlace(homePlace());
    addPlace("/");
    menu->addAction(theme::icon("folder"), tr("Folder…"), this, &ScanBar::chooseFolder);
    menu->addAction(theme::icon("computer"), tr("Another machine…"), this, &ScanBar::machineRequested);
    bool first = true;
    for (const Path &place : m_settings.recentPlaces()) {
        if (place == "/" || place == homePlace())
            continue;
        if (first)
            menu->addSection(tr("Recent"));
        first = false;
        addPlace(place);
    }
}

void ScanBar::chooseFolder()
{
    pickFolder(this, tr("Scan a folder"), m_place, [this](const Path &folder) {
        setPlace(folder);
        Q_EMIT scanRequested(folder);
    });
}

}
