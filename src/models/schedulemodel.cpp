// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/schedulemodel.h"

#include "models/display.h"
#include "words/describe.h"
#include "words/history.h"

#include <QLocale>

namespace lk::models {

ScheduleModel::ScheduleModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int ScheduleModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int ScheduleModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QString ScheduleModel::everyText(catalog::Every every)
{
    switch (every) {
    case catalog::Every::Hourly:
        return tr("every hour");
    case catalog::Every::Daily:
        return tr("every day");
    case catalog::Every::Weekly:
        return tr("on Sundays");
    case catalog::Every::Monthly:
        return tr("on the first of the month");
    }
    return {};
}

static QString timeText(const catalog::Schedule &schedule)
{
    const QTime time(schedule.hour, schedule.minute);
    const bool isHourly = schedule.every == catalog::Every::Hourly;
    return ScheduleModel::tr("%1, %2").arg(ScheduleModel::everyText(schedule.every),
                                           isHourly ? time.toString(QStringLiteral("':'mm"))
                                                    : QLocale().toString(time, QLocale::ShortFormat));
}

static QString filesText(const catalog::Schedule &schedule)
{
    const QString first = words::displayName(schedule.files.front());
    return schedule.files.size() == 1 ? first
                                      : ScheduleModel::tr("%1 and %2 more").arg(first).arg(schedule.files.size() - 1);
}

static QString nextText(const catalog::Scheduler::Installed &installed)
{
    if (!installed.enabled)
        return ScheduleModel::tr("switched off");
    const QDateTime next = installed.schedule.nextAfter(QDateTime::currentDateTime());
    return QLocale().toString(next, QLocale::ShortFormat);
}

static QString lastText(const catalog::ScheduleRuns &runs)
{
    return runs.lastGoodNs == 0 ? ScheduleModel::tr("not yet") : localTime(runs.lastGoodNs);
}

static bool wentWrong(const ScheduleModel::Line &line)
{
    return line.runs.last && line.runs.last->endedNs > line.runs.lastGoodNs;
}

static bool isLate(const ScheduleModel::Line &line)
{
    return line.runs.lastGoodNs != 0 &&
           catalog::isOverdue(line.installed.schedule, line.runs.lastGoodNs, QDateTime::currentDateTime());
}

static QString text(const ScheduleModel::Line &line, int column)
{
    const catalog::Schedule &schedule = line.installed.schedule;
    switch (column) {
    case ScheduleModel::WhatColumn: {
        catalog::Entry entry;
        entry.operation = schedule.operation;
        return words::title(entry);
    }
    case ScheduleModel::FilesColumn:
        return filesText(schedule);
    case ScheduleModel::EveryColumn:
        return timeText(schedule);
    case ScheduleModel::NextColumn:
        return nextText(line.installed);
    default:
        if (wentWrong(line))
            return ScheduleModel::tr("%1; the last run failed").arg(lastText(line.runs));
        return isLate(line) ? ScheduleModel::tr("%1; overdue").arg(lastText(line.runs)) : lastText(line.runs);
    }
}

static QString toolTip(const ScheduleModel::Line &line, int column)
{
    if (column == ScheduleModel::LastColumn && line.runs.last)
        return QString::fromStdString(line.runs.last->said);
    if (column != ScheduleModel::FilesColumn)
        return text(line, column);
    QStringList files;
    for (const Path &file : line.installed.schedule.files)
        files += words::display(file);
    return files.join(QLatin1Char('\n'));
}

QVariant ScheduleModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Line &line = m_lines[static_cast<std::size_t>(index.row())];
    if (role == IconNameRole && index.column() == WhatColumn)
        return QString::fromLatin1(wentWrong(line) || isLate(line) ? "warning"
                                   : line.runs.lastGoodNs == 0     ? "waiting"
                                                                   : "done");
    if (role == Qt::DisplayRole)
        return text(line, index.column());
    return role == Qt::ToolTipRole ? plainToolTip(toolTip(line, index.column())) : QVariant();
}

QVariant ScheduleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case WhatColumn:
        return tr("What");
    case FilesColumn:
        return tr("Files");
    case EveryColumn:
        return tr("When");
    case NextColumn:
        return tr("Next");
    case LastColumn:
        return tr("Last went well");
    default:
        return {};
    }
}

void ScheduleModel::setLines(std::vector<Line> lines)
{
    beginResetModel();
    m_lines = std::move(lines);
    endResetModel();
}

}
