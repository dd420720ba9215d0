// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/databasefilter.h"

#include "models/databasecolumns.h"
#include "models/display.h"
#include "models/sortrows.h"

#include <QTimer>

#include <algorithm>

namespace lk::models {

static std::uint32_t valueOf(const DatabaseRow &row, FacetGroup group)
{
    switch (group) {
    case FacetGroup::Care:
        return row.needsCare() ? 1 : 0;
    case FacetGroup::State:
        return static_cast<std::uint32_t>(row.state);
    case FacetGroup::Journal:
        return static_cast<std::uint32_t>(row.journal);
    case FacetGroup::Application:
        return row.applicationName;
    case FacetGroup::Host:
        return row.hostIndex;
    case FacetGroup::Place:
        break;
    }
    return row.place;
}

static constexpr std::array Groups{FacetGroup::Care,        FacetGroup::State, FacetGroup::Journal,
                                   FacetGroup::Application, FacetGroup::Place, FacetGroup::Host};

DatabaseFilter::DatabaseFilter(DatabaseModel &model, QObject *parent)
    : QAbstractProxyModel(parent)
    , m_model(model)
{
    setSourceModel(&model);
    connect(&model, &DatabaseModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { append(first, last); });
    connect(&model, &DatabaseModel::dataChanged, this, &DatabaseFilter::forward);
    connect(&model, &DatabaseModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&model, &DatabaseModel::modelReset, this, [this] {
        for (const FacetGroup group : {FacetGroup::Place, FacetGroup::Host})
            m_chosen[static_cast<std::size_t>(group)].clear(); // its values mean others now
        rebuild();
        endResetModel();
        Q_EMIT countsChanged();
        Q_EMIT filterChanged();
    });
    rebuild();
}

QModelIndex DatabaseFilter::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex DatabaseFilter::parent(const QModelIndex &) const
{
    return {};
}

int DatabaseFilter::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int DatabaseFilter::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_model.columnCount();
}

QModelIndex DatabaseFilter::mapToSource(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    return m_model.index(number(index.row()), index.column());
}

QModelIndex DatabaseFilter::mapFromSource(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    if (!m_placesKnown) {
        m_placeOf.assign(static_cast<std::size_t>(m_model.rowCount()), -1);
        for (std::size_t i = 0; i < m_shown.size(); ++i)
            m_placeOf[m_shown[i]] = static_cast<std::int32_t>(i);
        m_placesKnown = true;
    }
    const int row = m_placeOf[static_cast<std::size_t>(index.row())];
    return row < 0 ? QModelIndex() : createIndex(row, index.column());
}

QVariant DatabaseFilter::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_model.headerData(section, orientation, role); // the base class would ask by way of the first row
}

// Sorting ------------------------------------------------------------------------------------------------------------

std::vector<std::uint32_t> DatabaseFilter::sorted(std::vector<std::uint32_t> numbers) const
{
    if (m_column < 0) {
        std::ranges::sort(numbers);
        return numbers;
    }
    const Order &order = databaseColumns()[static_cast<std::size_t>(m_column)].order;
    return sortRows(m_model.rows(), std::move(numbers), order, m_order == Qt::DescendingOrder);
}

void DatabaseFilter::sort(int column, Qt::SortOrder order)
{
    m_column = column;
    m_order = order;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<std::uint32_t> numbers;
    numbers.reserve(static_cast<std::size_t>(before.size()));
    for (const QModelIndex &index : before)
        numbers.push_back(m_shown[static_cast<std::size_t>(index.row())]);
    m_shown = sorted(std::move(m_shown));
    m_placesKnown = false;
    QModelIndexList after;
    after.reserve(before.size());
    for (qsizetype i = 0; i < before.size(); ++i)
        after.append(
            mapFromSource(m_model.index(static_cast<int>(numbers[static_cast<std::size_t>(i)]), before[i].column())));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

// Filtering ----------------------------------------------------------------------------------------------------------

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// \a word is folded already.
static bool containsFolded(std::string_view text, std::string_view word)
{
    const char first = word.front();
    const char upper = first >= 'a' && first <= 'z' ? static_cast<char>(first - 'a' + 'A') : first;
    for (std::size_t i = 0; i + word.size() <= text.size(); ++i) {
        if (text[i] != first && text[i] != upper)
            continue;
        std::size_t same = 1;
        while (same < word.size() && lower(text[i + same]) == word[same])
            ++same;
        if (same == word.size())
            return true;
    }
    return false;
}

bool DatabaseFilter::passesText(const DatabaseRow &row) const
{
    return std::ranges::all_of(m_words, [&](const Word &word) {
        return word.text.isEmpty() ? containsFolded(row.path, word.folded)
                                   : display(row.path).contains(word.text, Qt::CaseInsensitive);
    });
}

bool DatabaseFilter::passes(const DatabaseRow &row, FacetGroup group) const
{
    const std::vector<bool> &chosen = m_chosen[static_cast<std::size_t>(group)];
    if (chosen.empty())
        return true;
    const std::uint32_t value = valueOf(row, group);
    return value < chosen.size() && chosen[value];
}

bool DatabaseFilter::take(const DatabaseRow &row)
{
    if (!passesText(row))
        return false;
    ++m_total;
    std::array<bool, FacetGroups> in{};
    std::size_t out = 0;
    for (std::size_t i = 0; i < FacetGroups; ++i) {
        in[i] = passes(row, Groups[i]);
        out += in[i] ? 0 : 1;
    }
    for (std::size_t i = 0; i < FacetGroups; ++i) {
        if (out > (in[i] ? 0u : 1u))
            continue; // another group hides it
        const std::uint32_t value = valueOf(row, Groups[i]);
        if (value >= m_counts[i].size())
            m_counts[i].resize(value + 1);
        ++m_counts[i][value];
    }
    return out == 0;
}

void DatabaseFilter::rebuild()
{
    for (std::vector<int> &counts : m_counts)
        counts.clear();
    m_total = 0;
    m_shown.clear();
    for (int i = 0; i < m_model.rowCount(); ++i) {
        if (take(m_model.row(i)))
            m_shown.push_back(static_cast<std::uint32_t>(i));
    }
    m_placesKnown = false;
}

void DatabaseFilter::recount()
{
    m_recountComes = false;
    for (std::vector<int> &counts : m_counts)
        counts.clear();
    m_total = 0;
    for (int i = 0; i < m_model.rowCount(); ++i)
        take(m_model.row(i));
    Q_EMIT countsChanged();
}

void DatabaseFilter::append(int first, int last)
{
    std::vector<std::uint32_t> passing;
    for (int i = first; i <= last; ++i) {
        if (take(m_model.row(i)))
            passing.push_back(static_cast<std::uint32_t>(i));
    }
    m_placesKnown = false;
    if (!passing.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(passing.size()) - 1);
        m_shown.insert(m_shown.end(), passing.begin(), passing.end());
        endInsertRows();
    }
    Q_EMIT countsChanged();
}

void DatabaseFilter::forward(const QModelIndex &first, const QModelIndex &last)
{
    for (int i = first.row(); i <= last.row(); ++i) {
        const QModelIndex here = mapFromSource(m_model.index(i, 0));
        if (here.isValid())
            Q_EMIT dataChanged(here, here.siblingAtColumn(columnCount() - 1));
    }
    if (m_recountComes)
        return;
    m_recountComes = true; // a thousand jobs may finish in a second
    QTimer::singleShot(100, this, &DatabaseFilter::recount);
}

static std::string folded(const QString &word)
{
    std::string bytes = word.toStdString();
    std::ranges::transform(bytes, bytes.begin(), lower);
    return bytes;
}

void DatabaseFilter::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    m_words.clear();
    const QStringList words = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString &word : words) {
        const bool ascii = std::ranges::all_of(word, [](QChar c) { return c.unicode() < 0x80; });
        m_words.push_back({ascii ? folded(word) : std::string(), ascii ? QString() : word});
    }
    refilter();
}

bool DatabaseFilter::isChosen(Facet facet) const
{
    const std::vector<bool> &chosen = m_chosen[static_cast<std::size_t>(facet.group)];
    return facet.value < chosen.size() && chosen[facet.value];
}

void DatabaseFilter::choose(Facet facet, bool chosen)
{
    if (isChosen(facet) == chosen)
        return;
    std::vector<bool> &group = m_chosen[static_cast<std::size_t>(facet.group)];
    if (facet.value >= group.size())
        group.resize(facet.value + 1);
    group[facet.value] = chosen;
    if (std::ranges::none_of(group, [](bool one) { return one; }))
        group.clear();
    refilter();
}

void DatabaseFilter::clearFilter()
{
    m_text.clear();
    m_words.clear();
    for (std::vector<bool> &group : m_chosen)
        group.clear();
    refilter();
}

bool DatabaseFilter::isFiltering() const
{
    return !m_words.empty() || std::ranges::any_of(m_chosen, [](const auto &group) { return !group.empty(); });
}

/// Half of 100 000 rows come or go in no order: telling the views one by one would take minutes.
void DatabaseFilter::refilter()
{
    beginResetModel();
    rebuild();
    if (m_column >= 0)
        m_shown = sorted(std::move(m_shown));
    endResetModel();
    Q_EMIT countsChanged();
    Q_EMIT filterChanged();
}

}
