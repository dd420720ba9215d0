// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct sqlite3_stmt;

namespace lk::sqlite {

class Connection;

/// A prepared statement; must not outlive its connection.
class Statement
{
public:
    Statement(Statement &&) noexcept = default;
    Statement &operator=(Statement &&) noexcept = default;

    /// \a index counts from 1.
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text);

    /// True: a row is there. False: done. Busy, Cancelled, Damaged and so on otherwise.
    Result<bool> step();

    int columns() const;
    bool isNull(int column) const;
    std::int64_t number(int column) const;
    double real(int column) const;
    /// Untrusted text: UTF-8 as SQLite gives it, perhaps not well-formed. Valid until the next step().
    std::string_view text(int column) const;
    std::string_view columnName(int column) const;

private:
    friend class Connection;
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const;
    };
    Statement(const Connection &connection, sqlite3_stmt *statement)
        : m_connection(&connection)
        , m_statement(statement)
    {
    }

    const Connection *m_connection;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

}
