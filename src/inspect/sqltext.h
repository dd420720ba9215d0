// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace lk::inspect {

/// What a CREATE statement says that SQLite's tables don't. It is read, never run.
struct CreateText
{
    std::string module; ///< of a virtual table, in lower case; empty: it is none
    bool strict = false;
    bool withoutRowid = false;
};

/// \a sql: a CREATE TABLE or CREATE VIRTUAL TABLE as sqlite_schema has it, that is: SQLite has parsed it.
CreateText readCreateTable(std::string_view sql);

}
