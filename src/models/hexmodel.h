// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fieldmodel.h"

#include <QAbstractTableModel>

#include <cstddef>
#include <span>

namespace lk::models {

/// Bytes as hexadecimal numbers, sixteen to a row. Each byte knows the field of the header that it belongs to.
class HexModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int Columns = 16;

    explicit HexModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// The start of a database file; at most its 100 bytes of header count.
    void setBytes(std::vector<std::byte> bytes);
    const std::vector<std::byte> &bytes() const { return m_bytes; }
    /// Into sqlite::headerFields(); -1 where there is none.
    static int fieldOf(const QModelIndex &index);
    QModelIndex indexOf(std::size_t offset) const;

private:
    std::vector<std::byte> m_bytes;
};

/// A row for each of sqlite::headerFields(): what it is, what its value means, as stored.
std::vector<Field> headerFieldRows(std::span<const std::byte> header);

}
