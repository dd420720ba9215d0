// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/facetmodel.h"

#include "base/text.h"
#include "models/display.h"

#include <algorithm>
#include <numeric>

namespace lk::models {

FacetModel::FacetModel(DatabaseFilter &filter, QObject *parent)
    : QAbstractListModel(parent)
    , m_filter(filter)
    , m_rows(rows())
{
    connect(&filter, &DatabaseFilter::countsChanged, this, &FacetModel::update);
}

int FacetModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant FacetModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const bool counts = row.kind == Kind::All || row.kind == Kind::Value;
    switch (role) {
    case Qt::DisplayRole:
        return text(row);
    case KindRole:
        return static_cast<int>(row.kind);
    case CountRole:
        return counts ? QString::fromStdString(text::count(static_cast<std::uint64_t>(count(row)))) : QString();
    case Qt::AccessibleTextRole:
        return counts ? tr("%1: %2 databases").arg(text(row)).arg(count(row)) : text(row);
    case Qt::ToolTipRole:
        if (row.kind == Kind::Value && row.facet.group == FacetGroup::Place)
            return plainToolTip(display(m_filter.model().places()[row.facet.value]));
        return {};
    case Qt::CheckStateRole:
        if (row.kind == Kind::Value)
            return m_filter.isChosen(row.facet) ? Qt::Checked : Qt::Unchecked;
        return {};
    case IconNameRole:
        return QString::fromLatin1(iconName(row));
    default:
        return {};
    }
}

bool FacetModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid())
        return false;
    const Row row = m_rows[static_cast<std::size_t>(index.row())];
    if (row.kind != Kind::Value)
        return false;
    m_filter.choose(row.facet, value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags FacetModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    switch (m_rows[static_cast<std::size_t>(index.row())].kind) {
    case Kind::Title:
        return Qt::ItemNeverHasChildren;
    case Kind::Value:
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemNeverHasChildren;
    case Kind::All:
    case Kind::More:
        break;
    }
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

void FacetModel::activate(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const Row row = m_rows[static_cast<std::size_t>(index.row())];
    switch (row.kind) {
    case Kind::All:
        m_filter.clearFilter();
        break;
    case Kind::Title:
        break;
    case Kind::Value:
        m_filter.choose(row.facet, !m_filter.isChosen(row.facet));
        break;
    case Kind::More:
        m_allPlaces = true;
        update();
        break;
    }
}

void FacetModel::setArriving(bool arriving)
{
    m_arriving = arriving;
    if (arriving)
        m_allPlaces = false;
    update();
}

void FacetModel::update()
{
    std::vector<Row> now = rows();
    if (now == m_rows) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(now);
    endResetModel();
}

std::vector<FacetModel::Row> FacetModel::rows() const
{
    std::vector<Row> rows{{Kind::All, {}}};
    for (const FacetGroup group : {FacetGroup::Care, FacetGroup::State, FacetGroup::Journal, FacetGroup::Application})
        appendGroup(rows, group);
    if (m_filter.model().hosts().size() > 1)
        appendGroup(rows, FacetGroup::Host);
    appendPlaces(rows);
    return rows;
}

void FacetModel::appendGroup(std::vector<Row> &rows, FacetGroup group) const
{
    const std::vector<int> &counts = m_filter.counts(group);
    const std::size_t titleAt = rows.size();
    const bool yesOnly = group == FacetGroup::Care || group == FacetGroup::Application; // not 0
    for (std::uint32_t value = yesOnly ? 1 : 0; value < counts.size(); ++value) {
        const Facet facet{group, value};
        if (counts[value] > 0 || m_filter.isChosen(facet))
            rows.push_back({Kind::Value, facet});
    }
    if (rows.size() > titleAt && group != FacetGroup::Care)
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(titleAt), Row{Kind::Title, {group, 0}});
}

void FacetModel::appendPlaces(std::vector<Row> &rows) const
{
    const std::vector<int> &counts = m_filter.counts(FacetGroup::Place);
    std::vector<std::uint32_t> places(m_filter.model().places().size());
    std::iota(places.begin(), places.end(), 0u);
    const auto countOf = [&](std::uint32_t place) { return place < counts.size() ? counts[place] : 0; };
    std::erase_if(places, [&](std::uint32_t place) {
        return countOf(place) == 0 && !m_filter.isChosen({FacetGroup::Place, place});
    });
    if (places.empty())
        return;
    if (!m_arriving)
        std::ranges::stable_sort(places, std::ranges::greater{}, countOf);
    rows.push_back({Kind::Title, {FacetGroup::Place, 0}});
    const std::size_t shown = m_allPlaces ? places.size() : std::min(places.size(), FewPlaces);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (i < shown || m_filter.isChosen({FacetGroup::Place, places[i]}))
            rows.push_back({Kind::Value, {FacetGroup::Place, places[i]}});
    }
    if (shown < places.size())
        rows.push_back({Kind::More, {FacetGroup::Place, static_cast<std::uint32_t>(places.size() - shown)}});
}

QString FacetModel::text(const Row &row) const
{
    switch (row.kind) {
    case Kind::All:
        return tr("All");
    case Kind::More:
        return counted(row.facet.value, tr("1 more folder…"), tr("%1 more folders…"));
    case Kind::Title:
        switch (row.facet.group) {
        case FacetGroup::State:
            return tr("State");
        case FacetGroup::Journal:
            return tr("Journal");
        case FacetGroup::Application:
            return tr("Application");
        case FacetGroup::Place:
            return tr("Folder");
        case FacetGroup::Host:
            return tr("Machine");
        case FacetGroup::Care:
            break;
        }
        return {};
    case Kind::Value:
        break;
    }
    switch (row.facet.group) {
    case FacetGroup::Care:
        return tr("Needs care");
    case FacetGroup::State:
        return stateText(static_cast<sqlite::State>(row.facet.value));
    case FacetGroup::Journal:
        switch (static_cast<Journal>(row.facet.value)) {
        case Journal::Wal:
            return tr("WAL");
        case Journal::Rollback:
            return tr("rollback");
        case Journal::Unknown:
            break;
        }
        return tr("not known");
    case FacetGroup::Application:
        return display(applicationNames()[row.facet.value]);
    case FacetGroup::Host:
        return row.facet.value == 0 ? tr("this one") : display(m_filter.model().hosts()[row.facet.value]);
    case FacetGroup::Place:
        break;
    }
    return m_filter.model().placeTitle(row.facet.value);
}

int FacetModel::count(const Row &row) const
{
    if (row.kind == Kind::All)
        return m_filter.model().rowCount();
    const std::vector<int> &counts = m_filter.counts(row.facet.group);
    return row.facet.value < counts.size() ? counts[row.facet.value] : 0;
}

const char *FacetModel::iconName(const Row &row) const
{
    if (row.kind == Kind::All)
        return "database";
    if (row.kind != Kind::Value)
        return "";
    switch (row.facet.group) {
    case FacetGroup::Care:
        return "warning";
    case FacetGroup::Place:
        return "folder";
    case FacetGroup::Host:
        return "computer";
    case FacetGroup::State:
    case FacetGroup::Journal:
    case FacetGroup::Application:
        break;
    }
    return "";
}

}
