// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/holdermodel.h"

#include "models/display.h"

#include <QStringList>

#include <algorithm>

namespace lk::models {

struct LockWords
{
    std::string_view lock; ///< as inspect::Holder has it
    const char *words;
};

#define NOOP(text) QT_TRANSLATE_NOOP("lk::models::HolderModel", text)
static constexpr LockWords Locks[] = {
    {"shared", NOOP("reads")},
    {"reserved", NOOP("is about to write")},
    {"pending", NOOP("waits for readers to write")},
    {"exclusive", NOOP("writes, and keeps others out")},
    {"wal-write", NOOP("writes to the WAL")},
    {"wal-checkpoint", NOOP("checkpoints")},
    {"wal-recover", NOOP("recovers the WAL")},
    {"wal-open", NOOP("has it open")},
};
#undef NOOP

static QString lockText(std::string_view lock)
{
    const auto *found = std::ranges::find(Locks, lock, &LockWords::lock);
    if (found != std::end(Locks))
        return HolderModel::tr(found->words);
    if (lock.starts_with("wal-read-"))
        return HolderModel::tr("reads (mark %1)").arg(display(lock.substr(9)));
    return display(lock);
}

static QString locksText(const inspect::Holder &holder)
{
    if (holder.locks.empty())
        return HolderModel::tr("no lock at this moment");
    QStringList texts;
    for (const std::string &lock : holder.locks)
        texts += lockText(lock);
    return texts.join(QStringLiteral(", "));
}

HolderModel::HolderModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int HolderModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_holders.size());
}

int HolderModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnNumbers;
}

QVariant HolderModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const inspect::Holder &holder = m_holders[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return plainToolTip(locksText(holder));
    switch (index.column()) {
    case NameColumn:
        return display(holder.name);
    case PidColumn:
        return QString::number(holder.pid);
    case UserColumn:
        return display(holder.user);
    default:
        return locksText(holder);
    }
}

QVariant HolderModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Program");
    case PidColumn:
        return tr("Process");
    case UserColumn:
        return tr("User");
    case LocksColumn:
        return tr("What it does");
    default:
        return {};
    }
}

void HolderModel::setHolders(std::vector<inspect::Holder> holders)
{
    std::ranges::sort(holders, {}, &inspect::Holder::pid);
    if (std::ranges::equal(holders, m_holders, {}, &inspect::Holder::pid, &inspect::Holder::pid)) {
        m_holders = std::move(holders);
        if (!m_holders.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, LocksColumn));
        return;
    }
    beginResetModel();
    m_holders = std::move(holders);
    endResetModel();
}

}
