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
static void returnNull(sqlite3_context *context, int, sqlite3_value **)
{
    sqlite3_result_null(context);
}

StandIns::StandIns(Connection &connection)
    : m_connection(connection)
{
    sqlite3_collation_needed(connection.handle(), &m_names, collationNeeded);
}

StandIns::~StandIns()
{
    sqlite3_collation_needed(m_connection.handle(), nullptr, nullptr);
}

/// The function that an error message is about: "no such function: NAME", "unknown function: NAME()".
static std::string missingFunction(std::string_view message)
{
    for (const std::string_view text : {"no such function: ", "unknown function: "}) {
        const std::size_t at = message.rfind(text);
        if (at == std::string_view::npos)
            continue;
        const std::string_view name = message.substr(at + text.size());
        return std::string(name.substr(0, name.find_first_of("( ")));
    }
    return {};
}

bool StandIns::provideFor(const Error &error)
{
    static constexpr std::size_t MostNames = 64;
    const std::string name = missingFunction(error.detail);
    if (name.empty() || m_names.size() >= MostNames || std::ranges::find(m_names, "function " + name) != m_names.end())
        return false;
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    if (sqlite3_create_function_v2(m_connection.handle(), name.c_str(), -1, flags, nullptr, returnNull, nullptr,
                                   nullptr, nullptr) != SQLITE_OK)
        return false;
    m_names.push_back("function " + name);
    return true;
}

}
