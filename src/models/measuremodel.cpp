// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/measuremodel.h"

#include "models/display.h"
#include "words/measure.h"

#include <algorithm>

namespace lk::models {

using measure::CellResult;
using measure::Side;

MeasureModel::MeasureModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int MeasureModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_cells.size());
}

int MeasureModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

const Side &MeasureModel::waiting(int row) const
{
    return m_cells[static_cast<std::size_t>(row)].load.writers > 0 ? result(row).writes : result(row).reads;
}

static QVariant milliseconds(measure::Nanoseconds duration)
{
    return static_cast<double>(duration.count()) / 1e6;
}

namespace {

/// A figure as people read it, and as a program does.
struct Shown
{
    QString text;
    QVariant number;
};

Shown shown(measure::Nanoseconds duration)
{
    return {words::duration(duration), milliseconds(duration)};
}

Shown rate(double perSecond)
{
    return {words::perSecond(perSecond), perSecond};
}

Shown ratio(const Side &first, const Side &side, bool isFirst)
{
    if (isFirst)
        return {QStringLiteral("1 ×"), 1.0};
    const measure::Comparison comparison = measure::compare(first.rates, side.rates);
    return {words::describe(comparison), comparison.ratio};
}

}

QVariant MeasureModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int row = index.row();
    const measure::Cell &cell = m_cells[static_cast<std::size_t>(row)];
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (index.column() == NameColumn ? Qt::AlignLeading : Qt::AlignTrailing));
    if (role == Qt::ToolTipRole)
        return plainToolTip(
            words::describe(cell.configuration) + QLatin1Char('\n') + words::describe(cell.load) +
            (result(row).hurried ? QLatin1Char('\n') + tr("Measured in less time than this needs.") : QString()));
    if (role != Qt::DisplayRole && role != Qt::EditRole)
        return {};
    if (index.column() == NameColumn)
        return QString::fromStdString(cell.name);
    if (result(row).rounds == 0)
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("…")) : QVariant();

    const Side &writes = result(row).writes;
    const Side &reads = result(row).reads;
    const Side &side = waiting(row);
    const bool ofWrites = index.column() == CommitRatioColumn || index.column() == CommitsColumn;
    const bool ofReads = index.column() == ReadRatioColumn || index.column() == ReadsColumn;
    if ((ofWrites && cell.load.writers == 0) || (ofReads && cell.load.readers == 0))
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("–")) : QVariant();
    const auto shownIn = [&](int column) -> Shown {
        switch (column) {
        case CommitRatioColumn:
            return ratio(result(0).writes, writes, row == 0);
        case ErrorsColumn:
            return {words::percent(side.errorRate()), side.errorRate()};
        case CommitsColumn:
            return rate(writes.perSecond);
        case MedianColumn:
            return shown(side.latency.median());
        case P99Column:
            return shown(side.latency.quantile(0.99));
        case LongestColumn:
            return shown(side.longest);
        case BusyColumn:
            return {QString::number(side.busy), qulonglong(side.busy)};
        case FairnessColumn: {
            const QString both = QStringLiteral("%1 … %2").arg(side.fewest).arg(side.most);
            return {both, both};
        }
        case ReadRatioColumn:
            return ratio(result(0).reads, reads, row == 0);
        case ReadsColumn:
            return rate(reads.perSecond);
        default:
            return {QStringLiteral("± ") + words::percent(side.spread / 2), side.spread};
        }
    };
    const Shown value = shownIn(index.column());
    return role == Qt::DisplayRole ? QVariant(value.text) : value.number;
}

QVariant MeasureModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    struct Header
    {
        QString title;
        QString about;
    };
    const auto header = [section]() -> Header {
        switch (section) {
        case NameColumn:
            return {tr("Settings"), tr("What each connection sets; a row's tool tip has all of it.")};
        case CommitRatioColumn:
            return {tr("Commits"), tr("Against the first row. The median of the rounds' ratios.")};
        case ErrorsColumn:
            return {tr("Errors"), tr("“database is locked”: transactions that failed, of all that were tried.")};
        case CommitsColumn:
            return {tr("Commits/s"), tr("Commits of all writers together, a second.")};
        case MedianColumn:
            return {tr("Median"), tr("Of the time that a transaction takes, from BEGIN to COMMIT.")};
        case P99Column:
            return {tr("p99"), tr("99 of 100 transactions took no longer.")};
        case LongestColumn:
            return {tr("Longest"), tr("The longest that somebody waited for an answer, an error included.")};
        case BusyColumn:
            return {tr("Met a lock"), tr("Transactions that met somebody else's lock, also where waiting helped.")};
        case FairnessColumn:
            return {tr("Slowest … fastest"), tr("Done by the slowest and the fastest process in a round.")};
        case ReadRatioColumn:
            return {tr("Reads"), tr("Against the first row.")};
        case ReadsColumn:
            return {tr("Queries/s"), tr("Queries of all readers together, a second.")};
        default:
            return {tr("Spread"), tr("How far the rounds are from each other.")};
        }
    }();
    return role == Qt::DisplayRole ? header.title : plainToolTip(header.about);
}

void MeasureModel::begin(std::vector<measure::Cell> cells)
{
    beginResetModel();
    m_results.assign(cells.size(), {});
    m_cells = std::move(cells);
    endResetModel();
}

void MeasureModel::setResult(const CellResult &result)
{
    if (result.cell >= m_results.size())
        return;
    m_results[result.cell] = result;
    // The first is what all others are compared with.
    const int row = static_cast<int>(result.cell);
    Q_EMIT dataChanged(index(row, 0), index(row == 0 ? rowCount() - 1 : row, ColumnNumbers - 1));
}

bool MeasureModel::isMeasured() const
{
    return !m_results.empty() && std::ranges::all_of(m_results, [](const CellResult &one) { return one.rounds > 0; });
}

QString MeasureModel::verdict() const
{
    if (!isMeasured() || m_cells.size() < 2)
        return {};
    return words::verdict(m_cells.front(), m_results.front(), m_cells.back(), m_results.back());
}

}
