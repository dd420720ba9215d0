// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/databaserow.h"

#include <array>
#include <memory>
#include <vector>

namespace lk::models {

/// Rows in blocks: growing never moves the ones that are there, which for a vector of 500 000 would stall the window.
class RowStore
{
public:
    std::size_t size() const { return m_size; }
    const DatabaseRow &operator[](std::size_t i) const { return (*m_blocks[i / BlockRows])[i % BlockRows]; }
    DatabaseRow &operator[](std::size_t i) { return (*m_blocks[i / BlockRows])[i % BlockRows]; }

    void push_back(DatabaseRow row)
    {
        if (m_size == m_blocks.size() * BlockRows)
            m_blocks.push_back(std::make_unique<std::array<DatabaseRow, BlockRows>>());
        (*this)[m_size++] = std::move(row);
    }

    void clear()
    {
        m_blocks.clear();
        m_size = 0;
    }

private:
    static constexpr std::size_t BlockRows = 1024;
    std::vector<std::unique_ptr<std::array<DatabaseRow, BlockRows>>> m_blocks;
    std::size_t m_size = 0;
};

}
