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

static QString formatText(operations::BackupFormat format)
{
    switch (format) {
    case operations::BackupFormat::Zstd:
        return BackupModel::tr("packed");
    case operations::BackupFormat::Raw:
        return BackupModel::tr("files as they were");
    case operations::BackupFormat::Plain:
        break;
    }
    return BackupModel::tr("plain");
}

static QString stateOf(const BackupModel::Entry &entry)
{
    if (!entry.there)
        return BackupModel::tr("changed since");
    if (entry.info.format == operations::BackupFormat::Raw)
        return BackupModel::tr("not checked");
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
        return formatText(entry.info.format);
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

}
