// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/notenteredmodel.h"

#include "models/display.h"
#include "words/describe.h"

#include <algorithm>
#include <system_error>

namespace lk::models {

NotEnteredModel::NotEnteredModel(std::vector<scan::NotEntered> entries, QObject *parent)
    : QAbstractTableModel(parent)
    , m_entries(std::move(entries))
{
    std::ranges::stable_sort(m_entries, {}, &scan::NotEntered::why);
}

int NotEnteredModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int NotEnteredModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 2;
}

static QString reason(const scan::NotEntered &entry)
{
    QString text = words::describe(entry.why);
    if (!entry.filesystem.empty())
        text += QStringLiteral(" (%1)").arg(display(entry.filesystem));
    if (entry.why == scan::WhyNot::Failed && entry.systemError != 0)
        text += QStringLiteral(" (%1)").arg(display(std::generic_category().message(entry.systemError)));
    return text;
}

QVariant NotEnteredModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const scan::NotEntered &of = entry(index.row());
    const QString text = index.column() == 0 ? displayFolder(of.path.native()) : reason(of);
    if (role == Qt::DisplayRole)
        return text;
    return role == Qt::ToolTipRole ? plainToolTip(text) : QVariant();
}

QVariant NotEnteredModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Not entered") : tr("Why");
}

bool NotEnteredModel::canBeScanned(const scan::NotEntered &entry)
{
    return !entry.isFile && entry.why != scan::WhyNot::NoPermission && entry.why != scan::WhyNot::Failed &&
           entry.why != scan::WhyNot::PseudoFilesystem;
}

}
