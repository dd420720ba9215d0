// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/previewmodel.h"

#include "base/text.h"
#include "models/display.h"
#include "words/describe.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <map>
#include <numeric>

namespace lk::models {

using operations::Report;
using operations::Status;

PreviewModel::PreviewModel(const operations::Operation &operation, std::vector<operations::Target> targets,
                           QObject *parent)
    : QAbstractTableModel(parent)
    , m_operation(operation)
    , m_targets(std::move(targets))
    , m_known(m_targets.size())
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

static const char *iconName(const Report &report)
{
    switch (report.status) {
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

/// A path, with the home folder as "~".
static QString pathField(const Report &report, std::string_view id)
{
    const operations::FieldValue *value = report.field(id);
    const std::string *bytes = value ? std::get_if<std::string>(value) : nullptr;
    return bytes ? displayFolder(*bytes) : QString();
}

static std::optional<std::int64_t> numberField(const Report &report, std::string_view id)
{
    const operations::FieldValue *value = report.field(id);
    const std::int64_t *number = value ? std::get_if<std::int64_t>(value) : nullptr;
    return number ? std::optional(*number) : std::nullopt;
}

/// "1.2 MiB"
static QString bytesField(const Report &report, std::string_view id)
{
    const std::optional<std::int64_t> bytes = numberField(report, id);
    return bytes ? QString::fromStdString(text::bytes(static_cast<std::uint64_t>(*bytes))) : QString();
}

/// A journal mode as the table shows it.
static QString shownMode(const QString &value)
{
    return value == QLatin1String("wal") ? QStringLiteral("WAL") : value;
}

/// Of what is restored: what the tables will have, and have now, where that differs.
static QString rowsText(const Report &report)
{
    static constexpr qsizetype MostTables = 8;
    const auto countsOf = [&](std::string_view id) {
        const operations::FieldValue *value = report.field(id);
        const auto *counts = value ? std::get_if<operations::Counts>(value) : nullptr;
        return counts ? std::map(counts->begin(), counts->end()) : std::map<std::string, std::int64_t>();
    };
    const auto then = countsOf("rows");
    const auto now = countsOf("rows_before");
    if (then.empty() || now.empty())
        return {};
    std::map<std::string, std::int64_t> tables = then;
    tables.insert(now.begin(), now.end());
    const auto number = [](const std::map<std::string, std::int64_t> &counts, const std::string &table) {
        const auto found = counts.find(table);
        return found == counts.end() ? QStringLiteral("–")
                                     : QString::fromStdString(text::count(static_cast<std::uint64_t>(found->second)));
    };
    QStringList parts;
    for (const auto &[table, count] : tables) {
        if (number(then, table) != number(now, table))
            parts += PreviewModel::tr("%1 %2 instead of %3", "a table; how many rows it will have and has")
                         .arg(display(table), number(then, table), number(now, table));
    }
    if (parts.isEmpty())
        return PreviewModel::tr("Each table will have as many rows as now.");
    if (parts.size() > MostTables)
        parts = parts.first(MostTables) << QStringLiteral("…");
    return PreviewModel::tr("Rows: %1.").arg(parts.join(QStringLiteral("; ")));
}

/// A backup takes a file's place.
static QString restoring(const Report &report, const QString &to)
{
    const qint64 made = QDateTime::fromString(textField(report, "made"), Qt::ISODate).toMSecsSinceEpoch();
    const QString plan =
        PreviewModel::tr("Takes the place of %1 (%2), which is put aside: %3 as of %4.")
            .arg(to, bytesField(report, "bytes_before"), bytesField(report, "bytes"), localTime(made * 1'000'000));
    const QString rows = rowsText(report);
    return rows.isEmpty() ? plan : plan + QLatin1Char(' ') + rows;
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
    if (const std::optional<std::int64_t> frames = numberField(report, "frames"))
        return PreviewModel::tr("%1 frames are moved; the -wal is %2 then.")
            .arg(QString::number(*frames), bytesField(report, "wal_size"));
    const QString size = bytesField(report, "bytes_before");
    const QString pageSize = bytesField(report, "page_size");
    if (!size.isEmpty() && !pageSize.isEmpty())
        return PreviewModel::tr("%1 are rewritten, with pages of %2.").arg(size, pageSize);
    const QString freed = bytesField(report, "freed");
    if (!freed.isEmpty())
        return PreviewModel::tr("%1 of %2 are given back.").arg(freed, size);
    const QString recovered = pathField(report, "recovered");
    if (!recovered.isEmpty())
        return PreviewModel::tr("What can be read goes into %1.").arg(recovered);
    const QString to = pathField(report, "to");
    if (!to.isEmpty() && report.field("bytes_before"))
        return restoring(report, to);
    if (!to.isEmpty())
        return PreviewModel::tr("Becomes %1.").arg(to);
    const QString backup = pathField(report, "backup");
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
        return QString::fromLatin1(m_known[row] ? iconName(m_known[row]->report) : m_asking ? "waiting" : "");
    if (role == Qt::ToolTipRole)
        return plainToolTip(index.column() == ActionColumn ? sentence(index.row()) : words::display(path));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case NameColumn:
        return words::displayName(path);
    case ActionColumn:
        return m_known[row] && !m_known[row]->rehearsed ? plan(m_operation, m_known[row]->report)
                                                        : sentence(index.row());
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

/// The figures that only trying gives.
static QString rehearsal(const Report &report)
{
    const QString bytes = bytesField(report, "bytes");
    const std::optional<std::int64_t> pages = numberField(report, "pages");
    if (!bytes.isEmpty() && pages)
        return PreviewModel::tr("Rehearsed: %1 in %2 pages.")
            .arg(bytes, QString::fromStdString(text::count(static_cast<std::uint64_t>(*pages))));
    const QString after = bytesField(report, "bytes_after");
    if (!after.isEmpty())
        return PreviewModel::tr("Rehearsed: %1 → %2.").arg(bytesField(report, "bytes_before"), after);
    return PreviewModel::tr("Rehearsed: it works.");
}

QString PreviewModel::sentence(int row) const
{
    const std::optional<Known> &known = m_known[static_cast<std::size_t>(row)];
    if (!known)
        return m_asking ? tr("Looking…") : QString();
    const Report &report = known->report;
    QStringList parts{plan(m_operation, report)};
    if ((known->rehearsed || !report.notes.empty()) && !parts.front().endsWith(QLatin1Char('.')))
        parts.front() += QLatin1Char('.');
    if (known->rehearsed && report.status == Status::Done)
        parts += rehearsal(report);
    for (const operations::NoteText &note : report.notes)
        parts += words::describe(note);
    return parts.join(QLatin1Char(' '));
}

void PreviewModel::count(const std::optional<Known> &known, int by)
{
    if (!known)
        m_counts.unknown += by;
    else if (known->report.status == Status::Done)
        m_counts.doable += by;
    else if (known->report.status == Status::Unchanged)
        m_counts.unchanged += by;
    else
        m_counts.leftAlone += by;
}

void PreviewModel::set(int row, Known known)
{
    std::optional<Known> &before = m_known[static_cast<std::size_t>(row)];
    count(before, -1);
    before = std::move(known);
    count(before, 1);
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnNumbers - 1));
}

void PreviewModel::setReport(int row, Report report)
{
    set(row, {.report = std::move(report)});
}

void PreviewModel::setRehearsal(int row, Report report)
{
    const std::optional<Known> &known = m_known[static_cast<std::size_t>(row)];
    if (known) {
        for (const operations::Field &field : known->report.fields) {
            if (!report.field(field.id))
                report.fields.push_back(field);
        }
    }
    set(row, {.report = std::move(report), .rehearsed = true});
}

bool PreviewModel::isRefusedFor(Reason reason) const
{
    return std::ranges::any_of(m_known, [&](const std::optional<Known> &known) {
        return known && known->report.error && known->report.error->reason == reason;
    });
}

bool PreviewModel::isDoable(int row) const
{
    const std::optional<Known> &known = m_known[static_cast<std::size_t>(row)];
    return known && known->report.status == Status::Done;
}

void PreviewModel::forget()
{
    m_counts = {};
    m_counts.unknown = rowCount();
    std::ranges::fill(m_known, std::nullopt);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnNumbers - 1));
}

int PreviewModel::rank(const std::optional<Known> &known)
{
    if (!known || known->report.status == Status::Done)
        return 0;
    return known->report.status == Status::Unchanged ? 2 : 1;
}

void PreviewModel::arrange()
{
    std::vector<std::size_t> order(m_targets.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, {}, [this](std::size_t row) { return rank(m_known[row]); });
    beginResetModel();
    std::vector<operations::Target> targets;
    std::vector<std::optional<Known>> known;
    for (const std::size_t row : order) {
        targets.push_back(std::move(m_targets[row]));
        known.push_back(std::move(m_known[row]));
    }
    m_targets = std::move(targets);
    m_known = std::move(known);
    endResetModel();
}

std::vector<operations::Target> PreviewModel::doable() const
{
    std::vector<operations::Target> targets;
    for (int row = 0; row < rowCount(); ++row) {
        if (isDoable(row))
            targets.push_back(m_targets[static_cast<std::size_t>(row)]);
    }
    return targets;
}

}
