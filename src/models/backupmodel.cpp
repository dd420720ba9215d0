// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backupmodel.h"

#include "base/text.h"
#include "models/display.h"

namespace lk::models {

BackupModel::BackupModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int BackupModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_backups.size());
}

int BackupModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

static QString stateOf(const BackupModel::Entry &entry)
{
    if (!entry.there)
        return BackupModel::tr("changed since");
    return entry.info.complete ? BackupModel::tr("checked") : BackupModel::tr("checked in part");
}

QVariant BackupModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Entry &entry = backup(index.row());
    if (role == Qt::TextAlignmentRole && index.column() == SizeColumn)
        return QVariant(Qt::AlignTrailing | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return plainToolTip(index.column() == MadeColumn ? display(entry.info.made)
                                                         : display(entry.info.backup.native()));
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case MadeColumn:
        return localTime(operations::madeAt(entry.info) * 1'000'000'000);
    case SizeColumn:
        return QString::fromStdString(text::bytes(entry.info.storedBytes));
    case FormatColumn:
        return entry.info.format == operations::BackupFormat::Zstd ? tr("packed") : tr("plain");
    case StateColumn:
        return stateOf(entry);
    default:
        return displayFolder(entry.info.backup.parent_path().native());
    }
}

QVariant BackupModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case MadeColumn:
        return tr("Made");
    case SizeColumn:
        return tr("Size");
    case FormatColumn:
        return tr("Format");
    case StateColumn:
        return tr("State");
    case FolderColumn:
        return tr("Folder");
    default:
        return {};
    }
}

void BackupModel::setBackups(std::vector<Entry> backups)
{
    beginResetModel();
    m_backups = std::move(backups);
    endResetModel();
}

static QString rows(std::int64_t count)
{
    return counted(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0)), BackupModel::tr("1 row"),
                   BackupModel::tr("%1 rows"));
}

QString differenceText(const std::vector<operations::TableDifference> &tables)
{
    QStringList lines;
    for (const operations::TableDifference &table : tables) {
        const QString name = display(table.table);
        if (table.then && table.now && *table.then != *table.now)
            lines += BackupModel::tr("%1: %2 then, %3 now").arg(name, rows(*table.then), rows(*table.now));
        else if (table.then && !table.now)
            lines += BackupModel::tr("%1: %2 then, not counted or not there now").arg(name, rows(*table.then));
        else if (!table.then && table.now)
            lines += BackupModel::tr("%1: not counted or not there then, %2 now").arg(name, rows(*table.now));
    }
    return lines.isEmpty() ? BackupModel::tr("The same tables with as many rows as now.")
                           : lines.join(QLatin1Char('\n'));
}

}
