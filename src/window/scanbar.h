// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"

#include <QWidget>

#include <memory>

namespace Ui {
class ScanBar;
}

namespace lk::window {

/// Where to look, and the button that begins or ends it.
class ScanBar final : public QWidget
{
    Q_OBJECT

public:
    explicit ScanBar(Settings &settings, QWidget *parent = nullptr);
    ~ScanBar() override;

    void setPlace(const Path &place);
    const Path &place() const { return m_place; }
    void setScanning(bool scanning);
    /// Lets the person choose a folder, and scans it.
    void chooseFolder();

Q_SIGNALS:
    void scanRequested(const lk::Path &place);
    void machineRequested();
    void stopRequested();

private:
    void fillMenu();
    void addPlace(const Path &place);

    Settings &m_settings;
    std::unique_ptr<Ui::ScanBar> m_ui;
    Path m_place;
    bool m_scanning = false;
};

/// "Home", "Whole computer", or the path.
QString placeTitle(const Path &place);
/// A name of resources/icons.
const char *placeIcon(const Path &place);
Path homePlace();

}
