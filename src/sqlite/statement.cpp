// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/statement.h"

#include "sqlite/connection.h"

#include <sqlite3.h>

namespace lk::sqlite {

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

void Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), index, value);
}

void Statement::bind(int index, std::string_view text)
{
    sqlite3_bind_text(m_statement.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

Result<bool> Statement::step()
{
    if (const Result<void> ready = m_connection->readyToRun(); !ready)
        return std::unexpected(ready.error());
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return fail(m_connection->error(code, sqlite3_sql(m_statement.get())));
}

int Statement::columns() const
{
    return sqlite3_column_count(m_statement.get());
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement.get(), column);
}

std::string_view Statement::text(int column) const
{
    const unsigned char *text = sqlite3_column_text(m_statement.get(), column);
    if (!text)
        return {};
    return {reinterpret_cast<const char *>(text),
            static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

std::string_view Statement::columnName(int column) const
{
    const char *name = sqlite3_column_name(m_statement.get(), column);
    return name ? name : "";
}

}
