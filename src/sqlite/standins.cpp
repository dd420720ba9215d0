// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/standins.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace lk::sqlite {

static int compareBytes(void *, int sizeA, const void *a, int sizeB, const void *b)
{
    const int order = std::memcmp(a, b, static_cast<std::size_t>(std::min(sizeA, sizeB)));
    return order != 0 ? order : sizeA - sizeB;
}

static void collationNeeded(void *names, sqlite3 *db, int, const char *name)
{
    static_cast<std::vector<std::string> *>(names)->push_back(std::string("collation ") + name);
    sqlite3_create_collation_v2(db, name, SQLITE_UTF8, nullptr, compareBytes, nullptr);
}

/// NULL: a CHECK that evaluates to NULL holds.
static void returnNull(sqlite3_context *context, int, sqlite3_value **) { sqlite3_result_null(context); }

StandIns::StandIns(Connection &connection)
    : m_connection(connection)
{
    sqlite3_collation_needed(connection.handle(), &m_names, collationNeeded);
}

StandIns::~StandIns() { sqlite3_collation_needed(m_connection.handle(), nullptr, nullptr); }

bool StandIns::provideFor(const Error &error)
{
    static constexpr std::string_view Text = "no such function: ";
    static constexpr std::size_t MostNames = 64;
    const std::size_t at = error.detail.rfind(Text);
    if (at == std::string::npos || m_names.size() >= MostNames)
        return false;
    std::string name = error.detail.substr(at + Text.size());
    name.erase(std::min(name.rfind(" ("), name.size())); // the result code that Connection::error() adds
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    if (std::ranges::find(m_names, "function " + name) != m_names.end()
        || sqlite3_create_function_v2(m_connection.handle(), name.c_str(), -1, flags, nullptr, returnNull, nullptr,
                                      nullptr, nullptr)
            != SQLITE_OK)
        return false;
    m_names.push_back("function " + name);
    return true;
}

}
