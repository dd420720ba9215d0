// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/databasecolumns.h"
#include "models/rowstore.h"

#include <vector>

namespace lk::models {

/// \a numbers of rows in the order that \a order says; equal ones by number, whichever way it goes.
/// Texts compare without regard to the case of ASCII letters, then by their bytes.
std::vector<std::uint32_t> sortRows(const RowStore &rows, std::vector<std::uint32_t> numbers, const Order &order,
                                    bool descending);

}
