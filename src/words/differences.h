// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/difference.h"

#include <QStringList>

namespace lk::words {

/// What is not now as it was in a backup, a line for each table and each entry of the schema: "orders: 3 rows added, 1
/// row changed". One line where nothing is.
QStringList describe(const operations::Difference &difference);

}
