// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/previewmodel.h"

#include "models/display.h"
#include "words/describe.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>

namespace lk::models {

using operations::Report;
using operations::Status;

PreviewModel::PreviewModel(const operations::Operation &operation, std::vector<operations::Target> targets,
                           QObject *parent)
    : QAbstractTableModel(parent)
    , m_operation(operation)
    , m_targets(std::move(targets))
    , m_reports(m_targets.size())
{
    m_counts.unknown = static_cast<int>(m_targets.size());
}

int PreviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_targets.size());
}

int PreviewModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

static const char *iconName(const std::optional<Report> &report)
{
    if (!report)
        return "waiting";
    switch (report->status) {
    case Status::Done:
        return "go";
    case Status::Unchanged:
        return "done";
    case Status::Skipped:
    case Status::Failed:
        break;
    }
    return "warning";
}

static QString textField(const Report &report, std::string_view id)
{
    const operations::FieldValue *value = report.field(id);
    const std::string *text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? display(*text) : QString();
}

/// A journal mode as the table shows it.
static QString shownMode(const QString &value)
{
    return value == QLatin1String("wal") ? QStringLiteral("WAL") : value;
}

/// What a preflight says would happen, by the fields it shares with the report of the deed.
static QString plan(const operations::Operation &operation, const Report &report)
{
    if (report.error)
        return PreviewModel::tr("Left alone: %1").arg(words::describe(*report.error));
    if (report.status == Status::Unchanged)
        return PreviewModel::tr("Nothing to do, it is so already.");
    const QString before = shownMode(textField(report, "before"));
    const QString after = shownMode(textField(report, "after"));
    if (!before.isEmpty() && !after.isEmpty())
        return PreviewModel::tr("%1 → %2").arg(before, after);
    const QString backup = textField(report, "backup");
    if (!backup.isEmpty())
        return PreviewModel::tr("Copied to %1, then checked.").arg(backup);
    return QCoreApplication::translate("Operation", operation.summary);
}

QVariant PreviewModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const Path &path = m_targets[row].path;
    if (role == IconNameRole && index.column() == ActionColumn)
        return QString::fromLatin1(m_reports[row] || m_asking ? iconName(m_reports[row]) : "");
    if (role == Qt::ToolTipRole)
        return plainToolTip(index.column() == ActionColumn ? sentence(index.row()) : words::display(path));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case NameColumn:
        return words::displayName(path);
    case ActionColumn:
        return m_reports[row] ? plan(m_operation, *m_reports[row]) : sentence(index.row());
    default:
        return displayFolder(path.parent_path().native());
    }
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Database");
    case ActionColumn:
        return tr("What will happen");
    case FolderColumn:
        return tr("Folder");
    default:
        return {};
    }
}

QString PreviewModel::sentence(int row) const
{
    const std::optional<Report> &report = m_reports[static_cast<std::size_t>(row)];
    if (!report)
        return m_asking ? tr("Looking…") : QString();
    QStringList parts{plan(m_operation, *report)};
    if (!report->notes.empty() && !parts.front().endsWith(QLatin1Char('.')))
        parts.front() += QLatin1Char('.');
    for (const operations::NoteText &note : report->notes)
        parts += words::describe(note);
    return parts.join(QLatin1Char(' '));
}

void PreviewModel::count(const std::optional<Report> &report, int by)
{
    if (!report)
        m_counts.unknown += by;
    else if (report->status == Status::Done)
        m_counts.doable += by;
    else if (report->status == Status::Unchanged)
        m_counts.unchanged += by;
    else
        m_counts.leftAlone += by;
}

void PreviewModel::setReport(int row, Report report)
{
    std::optional<Report> &known = m_reports[static_cast<std::size_t>(row)];
    count(known, -1);
    known = std::move(report);
    count(known, 1);
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnNumbers - 1));
}

void PreviewModel::forget()
{
    m_counts = {};
    m_counts.unknown = rowCount();
    std::fill(m_reports.begin(), m_reports.end(), std::nullopt);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnNumbers - 1));
}

static int rank(const std::optional<Report> &report)
{
    if (!report || report->status == Status::Done)
        return 0;
    return report->status == Status::Unchanged ? 2 : 1;
}

void PreviewModel::arrange()
{
    std::vector<std::size_t> order(m_targets.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, {}, [this](std::size_t row) { return rank(m_reports[row]); });
    beginResetModel();
    std::vector<operations::Target> targets;
    std::vector<std::optional<Report>> reports;
    for (const std::size_t row : order) {
        targets.push_back(std::move(m_targets[row]));
        reports.push_back(std::move(m_reports[row]));
    }
    m_targets = std::move(targets);
    m_reports = std::move(reports);
    endResetModel();
}

std::vector<operations::Target> PreviewModel::doable() const
{
    std::vector<operations::Target> targets;
    for (std::size_t i = 0; i < m_targets.size(); ++i) {
        if (m_reports[i] && m_reports[i]->status == Status::Done)
            targets.push_back(m_targets[i]);
    }
    return targets;
}

}
