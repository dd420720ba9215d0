// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/bytes.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct sqlite3_stmt;

namespace lk::sqlite {

class Connection;

/// What a value is in SQLite.
enum class ValueType
{
    Null,
    Integer,
    Real,
    Text,
    Blob,
};

/// A prepared statement; must not outlive its connection.
class Statement
{
public:
    Statement(Statement &&) noexcept = default;
    Statement &operator=(Statement &&) noexcept = default;

    /// \a index counts from 1.
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text);
    void bindReal(int index, double value);
    void bindBlob(int index, Bytes bytes);
    void bindNull(int index);

    /// Back to before the first row; what is bound stays.
    void reset();

    /// True: a row is there. False: done. Busy, Cancelled, Damaged and so on otherwise.
    Result<bool> step();

    int columns() const;
    ValueType type(int column) const;
    bool isNull(int column) const { return type(column) == ValueType::Null; }
    std::int64_t number(int column) const;
    double real(int column) const;
    /// Untrusted text: UTF-8 as SQLite gives it, perhaps not well-formed. Valid until the next step().
    std::string_view text(int column) const;
    /// Of a text or blob, in bytes; zeroblob(n) is not made for it.
    std::size_t size(int column) const;
    /// As stored. Valid until the next step().
    Bytes blob(int column) const;
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
