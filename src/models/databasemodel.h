// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/rowstore.h"

#include <QAbstractTableModel>

#include <optional>
#include <set>
#include <unordered_map>

namespace lk::models {

/// Every database that was found, in the order it was found. A row keeps its number until clear(), so numbers serve as
/// identities; sorting and filtering are DatabaseFilter's.
class DatabaseModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role
    {
        IconNameRole = Qt::UserRole + 1, ///< QString, a name of resources/icons
    };

    explicit DatabaseModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const DatabaseRow &row(int number) const { return m_rows[static_cast<std::size_t>(number)]; }

    const RowStore &rows() const { return m_rows; }

    void clear();
    /// Adds what was not there, and renews what was.
    void add(const std::vector<inspect::DatabaseFacts> &batch);
    /// Renews the row of these facts' path; does nothing if there is none.
    void renew(const inspect::DatabaseFacts &facts);
    void setVerdict(const Path &path, Verdict verdict);
    std::optional<int> find(std::string_view path) const;

    /// Rows are grouped by the place they lie in: the first folder below the one that was scanned (the first two below
    /// "/", so that /home/anna is a place).
    void setRoots(std::vector<Path> roots);
    /// Paths, bytes; only ever grows until clear().
    const std::vector<std::string> &places() const { return m_places; }
    /// The machines; the first is this one, which has no name. Only ever grows until clear().
    const std::vector<std::string> &hosts() const { return m_hosts; }
    /// For people: as it is seen from the folder that was scanned.
    QString placeTitle(std::uint32_t place) const;

private:
    struct BytesHash : std::hash<std::string_view>
    {
        using is_transparent = void; ///< so that looking makes no string
    };

    DatabaseRow complete(const inspect::DatabaseFacts &facts);
    std::string_view rootOf(std::string_view folder) const;
    std::string_view placeOf(std::string_view folder) const;
    std::uint32_t placeIndex(std::string_view folder);
    std::uint32_t hostIndex(std::string_view host);
    void replace(int number, const inspect::DatabaseFacts &facts);

    RowStore m_rows;
    std::set<std::string> m_filesystems; ///< rows point into it
    std::vector<std::string> m_roots;
    std::vector<std::string> m_places;
    std::vector<std::string> m_hosts{std::string()};
    std::unordered_map<std::string, std::uint32_t, BytesHash, std::equal_to<>> m_placeIndex;
    mutable std::vector<std::uint32_t> m_byPath; ///< row numbers in the order of their paths, made when it is needed
    bool m_mayRepeat = false;                    ///< rows may come that are there already
};

}
