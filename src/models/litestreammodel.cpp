// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/litestreammodel.h"

#include "base/text.h"
#include "models/display.h"
#include "words/describe.h"
#include "words/replication.h"

#include <QLocale>

#include <algorithm>

namespace lk::models {

using litestream::State;

bool LitestreamModel::Line::isSameAs(const Line &other) const
{
    return config == other.config && replica.database == other.replica.database &&
           replica.replica == other.replica.replica;
}

LitestreamModel::LitestreamModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int LitestreamModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int LitestreamModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

static const char *iconOf(State state)
{
    switch (state) {
    case State::Healthy:
        return "done";
    case State::NeverTested:
    case State::Unknown:
        return "info";
    case State::CatchingUp:
        return "running";
    case State::NotRunning:
        return "stop";
    case State::Stalled:
    case State::Failing:
        break;
    }
    return "warning";
}

/// "12 s", "5 min", "3 h", "2 days".
static QString durationText(std::chrono::seconds duration)
{
    const qint64 seconds = duration.count();
    if (seconds < 120)
        return LitestreamModel::tr("%1 s").arg(seconds);
    if (seconds < 2 * 3600)
        return LitestreamModel::tr("%1 min").arg(seconds / 60);
    if (seconds < 48 * 3600)
        return LitestreamModel::tr("%1 h").arg(seconds / 3600);
    return LitestreamModel::tr("%1 days").arg(seconds / 86400);
}

static QString lagText(const litestream::Status &status)
{
    if (!status.lag)
        return QStringLiteral("–");
    if (status.lag->count() == 0)
        return LitestreamModel::tr("none");
    const QString seconds = durationText(std::chrono::ceil<std::chrono::seconds>(*status.lag));
    return status.lagBytes
               ? LitestreamModel::tr("%1, %2").arg(seconds, QString::fromStdString(text::bytes(*status.lagBytes)))
               : seconds;
}

static QString text(const LitestreamModel::Line &line, int column)
{
    const litestream::Status &status = line.replica.status;
    const QString unknown = QStringLiteral("–");
    switch (column) {
    case LitestreamModel::StateColumn:
        return words::describe(status.state);
    case LitestreamModel::DatabaseColumn:
        return words::displayName(line.replica.database);
    case LitestreamModel::ReplicaColumn:
        return line.replica.replica == line.replica.type
                   ? display(line.replica.replica)
                   : LitestreamModel::tr("%1 (%2)").arg(display(line.replica.replica), display(line.replica.type));
    case LitestreamModel::LagColumn:
        return lagText(status);
    case LitestreamModel::LastSyncColumn:
        return status.lastSync ? localTime(std::chrono::nanoseconds(status.lastSync->time_since_epoch()).count())
                               : unknown;
    case LitestreamModel::SnapshotColumn:
        return status.snapshotAge ? durationText(*status.snapshotAge) : unknown;
    default:
        return status.bytes ? QString::fromStdString(text::bytes(*status.bytes)) : unknown;
    }
}

static QString toolTip(const LitestreamModel::Line &line, int column)
{
    if (column == LitestreamModel::DatabaseColumn)
        return words::display(line.replica.database);
    const QString advice = words::advice(line.replica);
    return column == LitestreamModel::StateColumn && !advice.isEmpty() ? advice : text(line, column);
}

QVariant LitestreamModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Line &line = this->line(index.row());
    if (role == IconNameRole && index.column() == StateColumn)
        return QString::fromLatin1(iconOf(line.replica.status.state));
    if (role == Qt::DisplayRole)
        return text(line, index.column());
    return role == Qt::ToolTipRole ? plainToolTip(toolTip(line, index.column())) : QVariant();
}

QVariant LitestreamModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StateColumn:
        return tr("State");
    case DatabaseColumn:
        return tr("Database");
    case ReplicaColumn:
        return tr("Replica");
    case LagColumn:
        return tr("Behind");
    case LastSyncColumn:
        return tr("Last copied");
    case SnapshotColumn:
        return tr("Snapshot");
    case SizeColumn:
        return tr("Size");
    default:
        return {};
    }
}

void LitestreamModel::setLines(std::vector<Line> lines)
{
    const bool same =
        std::ranges::equal(lines, m_lines, [](const Line &one, const Line &other) { return one.isSameAs(other); });
    if (!same)
        beginResetModel();
    m_lines = std::move(lines);
    if (!same)
        endResetModel();
    else if (!m_lines.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnNumbers - 1));
}

}
