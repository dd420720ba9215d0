// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/databaserow.h"

#include <QString>
#include <Qt>

#include <span>

namespace lk::models {

/// How a column sorts: by value, never by what is displayed. One of the two is null.
struct Order
{
    std::uint64_t (*number)(const DatabaseRow &row) = nullptr;  ///< smaller comes first
    std::string_view (*text)(const DatabaseRow &row) = nullptr; ///< bytes, without NUL
};

/// A column of the table of databases. One line of databasecolumns.cpp; everything else follows.
struct Column
{
    const char *id;    ///< for settings and exports; cli.md's name where it has one
    const char *title; ///< untranslated
    Qt::AlignmentFlag alignment;
    QString (*text)(const DatabaseRow &row);
    Order order;
    int width; ///< at first, in average characters
    bool shownAtFirst = true;
    QString (*toolTip)(const DatabaseRow &row) = nullptr;  ///< plain text; null: none
    const char *(*icon)(const DatabaseRow &row) = nullptr; ///< a name of resources/icons, or null
};

std::span<const Column> databaseColumns();
/// Its place in databaseColumns(), or -1.
int columnIndex(std::string_view id);
QString columnTitle(const Column &column);

}
