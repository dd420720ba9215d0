// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/databasefilter.h"

#include <QAbstractListModel>

#include <optional>

namespace lk::models {

/// The facets of a DatabaseFilter as one list: "All", then each group's title and its values with their counts.
/// Setting a value's check state chooses it.
class FacetModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Kind
    {
        All,
        Title, ///< of a group; can't be chosen
        Value,
        More, ///< shows the rest of the places
    };
    enum Role
    {
        KindRole = Qt::UserRole + 1, ///< int of Kind
        CountRole,                   ///< QString
        IconNameRole,                ///< QString, a name of resources/icons
    };
    static constexpr std::size_t FewPlaces = 10;

    explicit FacetModel(DatabaseFilter &filter, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// What a click on the row does.
    void activate(const QModelIndex &index);
    /// While a scan runs, places keep the order in which they came; after that the largest come first.
    void setArriving(bool arriving);

private:
    struct Row
    {
        Kind kind{};
        Facet facet;

        bool operator==(const Row &) const = default;
    };

    void update();
    std::vector<Row> rows() const;
    void appendGroup(std::vector<Row> &rows, FacetGroup group) const;
    void appendPlaces(std::vector<Row> &rows) const;
    QString text(const Row &row) const;
    int count(const Row &row) const;
    const char *iconName(const Row &row) const;

    DatabaseFilter &m_filter;
    std::vector<Row> m_rows;
    bool m_allPlaces = false;
    bool m_arriving = false;
};

}
