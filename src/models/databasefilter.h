// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/databasemodel.h"

#include <QAbstractProxyModel>

#include <array>

namespace lk::models {

enum class FacetGroup : std::uint8_t
{
    Care,        ///< value 1: needsCare()
    State,       ///< value: sqlite::State
    Journal,     ///< value: Journal
    Application, ///< value: index into applicationNames(); 0: not known
    Place,       ///< value: index into DatabaseModel::places()
    Host,        ///< value: index into DatabaseModel::hosts()
};
constexpr std::size_t FacetGroups = 6;

struct Facet
{
    FacetGroup group{};
    std::uint32_t value = 0;

    bool operator==(const Facet &) const = default;
};

/// Which rows are shown, and in which order: one flat list of row numbers over a DatabaseModel.
///
/// Rows that come are appended if they pass, never sorted in; sort() says when. A row that changes so that it would
/// not pass any more stays until the filter itself changes, so that nothing vanishes from under one's hands.
class DatabaseFilter final : public QAbstractProxyModel
{
    Q_OBJECT

public:
    explicit DatabaseFilter(DatabaseModel &model, QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QModelIndex mapToSource(const QModelIndex &index) const override;
    QModelIndex mapFromSource(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// By value; equal rows in the order they were found. Column -1: all in the order they were found.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    /// By the column that sort() was told last, for what has come since.
    void sortAgain() { sort(m_column, m_order); }

    /// The number in the model of what is shown in \a row.
    int number(int row) const { return static_cast<int>(m_shown[static_cast<std::size_t>(row)]); }
    const DatabaseRow &rowAt(int row) const { return m_model.row(number(row)); }

    /// Words that must all occur in the path, in any case of letters.
    void setText(const QString &text);
    const QString &text() const { return m_text; }
    bool isChosen(Facet facet) const;
    /// Several of one group widen, of different groups narrow what is shown.
    void choose(Facet facet, bool chosen);
    void clearFilter();
    bool isFiltering() const;
    int hidden() const { return m_model.rowCount() - rowCount(); }

    /// How many rows a facet would show, given the text and the other groups' choices. By group, then value.
    const std::vector<int> &counts(FacetGroup group) const { return m_counts[static_cast<std::size_t>(group)]; }
    /// Passing the text alone.
    int total() const { return m_total; }
    const DatabaseModel &model() const { return m_model; }

Q_SIGNALS:
    void countsChanged();
    void filterChanged();

private:
    struct Word
    {
        std::string folded; ///< ASCII, lower case
        QString text;       ///< for a word that isn't ASCII
    };

    bool passesText(const DatabaseRow &row) const;
    bool passes(const DatabaseRow &row, FacetGroup group) const;
    /// Counts it, and says whether it is shown.
    bool take(const DatabaseRow &row);
    void rebuild();
    void recount();
    void append(int first, int last);
    void forward(const QModelIndex &first, const QModelIndex &last);
    void refilter();
    std::vector<std::uint32_t> sorted(std::vector<std::uint32_t> numbers) const;

    DatabaseModel &m_model;
    QString m_text;
    std::vector<Word> m_words;
    std::array<std::vector<bool>, FacetGroups> m_chosen; ///< by value; all false: no choice
    std::array<std::vector<int>, FacetGroups> m_counts;
    int m_total = 0;
    int m_column = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
    std::vector<std::uint32_t> m_shown;          ///< model's row numbers, in the order shown
    mutable std::vector<std::int32_t> m_placeOf; ///< by row number: its row here, or -1
    mutable bool m_placesKnown = false;
    bool m_recountComes = false;
};

}
