// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/databasepanel.h"

#include <QElapsedTimer>

class QLabel;
class QStatusBar;
class QToolButton;

namespace lk::window {

class ElidedLabel;

/// The status bar: how much was found and selected, what was not entered, and while a scan runs, where it is.
class StatusLine final : public QObject
{
    Q_OBJECT

public:
    StatusLine(ScanSession &session, const DatabasePanel &databases, QStatusBar *bar);

Q_SIGNALS:
    void notEnteredRequested();

private:
    void showScan(const scan::Counts &counts, const Path &folder);
    void showResult();
    QString found() const;

    ScanSession &m_session;
    const DatabasePanel &m_databases;
    QLabel *m_counts;
    ElidedLabel *m_folder;
    QLabel *m_notEntered;
    QToolButton *m_show;
    QLabel *m_when;
    QElapsedTimer m_running;
};

}
