// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/rehearsal.h"

#include <QString>

namespace lk::words {

/// "0.532 ms ± 0.0207 (51 runs)": three digits, no clock here tells more.
QString timing(const std::vector<double> &runsMs);

/// What a new index would bring, in a few sentences: how much faster, or that no difference can be measured, and what
/// it would take up.
QString outcome(const operations::QueryPlan &plan);

}
