// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/problems.h"

#include <QString>

namespace lk::words {

/// What is wrong, what comes of it, and what to do.
QString describe(const litestream::Problem &problem);
/// "line 4: "; empty if it is about no line.
QString lineOf(const litestream::Problem &problem);
/// "error", "warning", "note"
QString weightOf(const litestream::Problem &problem);

}
