// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/statusline.h"

#include "base/text.h"
#include "models/display.h"
#include "window/elidedlabel.h"
#include "words/describe.h"

#include <QLabel>
#include <QLocale>
#include <QStatusBar>
#include <QToolButton>

namespace lk::window {

static QLabel *addLabel(QStatusBar *bar, const char *name)
{
    auto *label = new QLabel(bar);
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText);
    bar->addWidget(label);
    return label;
}

StatusLine::StatusLine(ScanSession &session, const DatabasePanel &databases, QStatusBar *bar)
    : QObject(bar)
    , m_session(session)
    , m_databases(databases)
    , m_counts(addLabel(bar, "countsLabel"))
    , m_folder(new ElidedLabel(bar))
    , m_notEntered(addLabel(bar, "notEnteredLabel"))
    , m_show(new QToolButton(bar))
    , m_when(new QLabel(bar))
{
    m_counts->setContentsMargins(6, 0, 0, 0);
    m_show->setText(tr("Show"));
    m_show->setObjectName(QStringLiteral("showNotEntered"));
    m_show->setAccessibleName(tr("Show what was not entered"));
    bar->addWidget(m_show);
    m_folder->setObjectName(QStringLiteral("folderLabel"));
    bar->addWidget(m_folder, 1);
    m_when->setTextFormat(Qt::PlainText);
    m_when->setObjectName(QStringLiteral("whenLabel"));
    bar->addPermanentWidget(m_when);
    connect(m_show, &QToolButton::clicked, this, &StatusLine::notEnteredRequested);
    connect(&session, &ScanSession::started, this, [this] {
        m_running.start();
        showScan({}, {});
    });
    connect(&session, &ScanSession::progressed, this, &StatusLine::showScan);
    connect(&session, &ScanSession::finished, this, &StatusLine::showResult);
    connect(&session, &ScanSession::opened, this, &StatusLine::showResult);
    connect(&databases, &DatabasePanel::selectionChanged, this, [this] {
        if (!m_session.isScanning())
            showResult();
    });
    showResult();
}

QString StatusLine::found() const
{
    return models::counted(static_cast<std::uint64_t>(m_session.databases().rowCount()), tr("1 database"),
                           tr("%1 databases"));
}

void StatusLine::showScan(const scan::Counts &counts, const Path &folder)
{
    m_counts->setText(tr("%1 · %2 files").arg(found(), QString::fromStdString(text::count(counts.files))));
    m_folder->setText(folder.empty() ? tr("Starting…") : models::displayFolder(folder.native()));
    m_folder->show();
    m_notEntered->hide();
    m_show->hide();
    const auto elapsed = static_cast<std::uint64_t>(std::max<qint64>(m_running.elapsed(), 1));
    m_when->setText(tr("%1 files/s").arg(QString::fromStdString(text::count(counts.files * 1000 / elapsed))));
}

static QString duration(std::chrono::nanoseconds time)
{
    return QStringLiteral("%1 s").arg(std::chrono::duration<double>(time).count(), 0, 'f',
                                      time < std::chrono::milliseconds(95) ? 2 : 1);
}

/// Today's time alone; older ones with their day.
static QString when(const QDateTime &time)
{
    const bool isToday = time.date() == QDate::currentDate();
    return isToday ? time.toString(QStringLiteral("HH:mm")) : QLocale().toString(time, QLocale::ShortFormat);
}

void StatusLine::showResult()
{
    if (m_session.isScanning())
        return;
    QString counts = m_session.databases().rowCount() == 0 && !m_session.summary() ? QString() : found();
    if (const int selected = m_databases.selectedCount())
        counts += tr(" · %1 selected").arg(QString::fromStdString(text::count(static_cast<std::uint64_t>(selected))));
    m_counts->setText(counts);
    m_folder->setText({});
    m_when->clear();
    const scan::Summary *summary = m_session.summary();
    const bool any = summary && !summary->notEntered.empty();
    m_notEntered->setVisible(any);
    m_show->setVisible(any);
    if (!summary)
        return;
    m_notEntered->setText(tr("· not entered: %1").arg(words::notEntered(summary->notEntered)));
    m_when->setText((summary->stopped ? tr("Stopped %1, after %2") : tr("Scanned %1, %2"))
                        .arg(when(m_session.finishedAt()), duration(summary->duration)));
}

}
