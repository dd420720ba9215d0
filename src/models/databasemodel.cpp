// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasemodel.h"

#include "models/databasecolumns.h"
#include "models/display.h"

#include <algorithm>

namespace lk::models {

DatabaseModel::DatabaseModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int DatabaseModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DatabaseModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(databaseColumns().size());
}

QVariant DatabaseModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Column &column = databaseColumns()[static_cast<std::size_t>(index.column())];
    const DatabaseRow &of = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return column.text(of);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(column.alignment | Qt::AlignVCenter));
    case Qt::ToolTipRole:
        return plainToolTip(column.toolTip ? column.toolTip(of) : column.text(of));
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2").arg(columnTitle(column), column.text(of));
    case IconNameRole:
        if (const char *icon = column.icon ? column.icon(of) : nullptr)
            return QString::fromLatin1(icon);
        return {};
    default:
        return {};
    }
}

QVariant DatabaseModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column &column = databaseColumns()[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return columnTitle(column);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(column.alignment | Qt::AlignVCenter));
    return {};
}

void DatabaseModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_filesystems.clear();
    m_places.clear();
    m_hosts.resize(1);
    m_placeIndex.clear();
    m_byPath.clear();
    m_mayRepeat = false;
    endResetModel();
}

void DatabaseModel::add(const std::vector<inspect::DatabaseFacts> &batch)
{
    std::vector<const inspect::DatabaseFacts *> added;
    added.reserve(batch.size());
    for (const inspect::DatabaseFacts &facts : batch) {
        const std::optional<int> known = m_mayRepeat ? find(facts.path.native()) : std::nullopt;
        if (known)
            replace(*known, facts);
        else
            added.push_back(&facts);
    }
    if (added.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
    for (const inspect::DatabaseFacts *facts : added)
        m_rows.push_back(complete(*facts));
    endInsertRows();
}

void DatabaseModel::renew(const inspect::DatabaseFacts &facts)
{
    if (const auto known = find(facts.path.native()))
        replace(*known, facts);
}

void DatabaseModel::replace(int number, const inspect::DatabaseFacts &facts)
{
    const Verdict verdict = row(number).verdict;
    m_rows[static_cast<std::size_t>(number)] = complete(facts);
    m_rows[static_cast<std::size_t>(number)].verdict = verdict;
    Q_EMIT dataChanged(index(number, 0), index(number, columnCount() - 1));
}

void DatabaseModel::setVerdict(const Path &path, Verdict verdict)
{
    const auto known = find(path.native());
    if (!known)
        return;
    m_rows[static_cast<std::size_t>(*known)].verdict = verdict;
    Q_EMIT dataChanged(index(*known, 0), index(*known, columnCount() - 1));
}

std::optional<int> DatabaseModel::find(std::string_view path) const
{
    const auto pathOf = [this](std::uint32_t number) { return std::string_view(m_rows[number].path); };
    if (m_byPath.size() != m_rows.size()) {
        const std::size_t sorted = m_byPath.size();
        for (std::size_t i = sorted; i < m_rows.size(); ++i)
            m_byPath.push_back(static_cast<std::uint32_t>(i));
        const auto middle = m_byPath.begin() + static_cast<std::ptrdiff_t>(sorted);
        std::ranges::sort(middle, m_byPath.end(), {}, pathOf);
        std::ranges::inplace_merge(m_byPath.begin(), middle, m_byPath.end(), {}, pathOf);
    }
    const auto found = std::ranges::lower_bound(m_byPath, path, {}, pathOf);
    if (found == m_byPath.end() || pathOf(*found) != path)
        return std::nullopt;
    return static_cast<int>(*found);
}

void DatabaseModel::setRoots(std::vector<Path> roots)
{
    m_roots.clear();
    for (const Path &root : roots)
        m_roots.push_back(root.native());
    m_mayRepeat = m_rows.size() > 0;
}

DatabaseRow DatabaseModel::complete(const inspect::DatabaseFacts &facts)
{
    DatabaseRow row = makeRow(facts);
    if (!facts.filesystem.empty())
        row.filesystem = &*m_filesystems.insert(facts.filesystem).first;
    row.place = placeIndex(row.folder());
    row.hostIndex = hostIndex(row.host());
    return row;
}

/// There are few of them.
std::uint32_t DatabaseModel::hostIndex(std::string_view host)
{
    const auto known = std::ranges::find(m_hosts, host);
    const auto index = static_cast<std::uint32_t>(known - m_hosts.begin());
    if (known == m_hosts.end())
        m_hosts.emplace_back(host);
    return index;
}

std::string_view DatabaseModel::rootOf(std::string_view folder) const
{
    std::string_view root = "/";
    for (const std::string_view candidate : m_roots) {
        const bool below = folder == candidate || (folder.starts_with(candidate) &&
                                                   (candidate.ends_with('/') || folder[candidate.size()] == '/'));
        if (below && candidate.size() > root.size())
            root = candidate;
    }
    return root;
}

std::string_view DatabaseModel::placeOf(std::string_view folder) const
{
    const std::string_view root = rootOf(folder);
    const int levels = root == "/" ? 2 : 1;
    std::size_t end = root == "/" ? 0 : root.size();
    for (int i = 0; i < levels && end < folder.size(); ++i)
        end = std::min(folder.find('/', end + 1), folder.size());
    return folder.substr(0, std::max<std::size_t>(end, 1));
}

QString DatabaseModel::placeTitle(std::uint32_t place) const
{
    const std::string_view path = m_places[place];
    const std::string_view root = rootOf(path);
    if (root == "/" || root == homeFolder() || root == path || m_roots.size() != 1)
        return displayFolder(path);
    return display(path.substr(root.size() + 1));
}

std::uint32_t DatabaseModel::placeIndex(std::string_view folder)
{
    const std::string_view place = placeOf(folder);
    if (const auto known = m_placeIndex.find(place); known != m_placeIndex.end())
        return known->second;
    const auto index = static_cast<std::uint32_t>(m_places.size());
    m_places.emplace_back(place);
    m_placeIndex.emplace(place, index);
    return index;
}

}
