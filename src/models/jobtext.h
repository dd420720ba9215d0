// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jobmodel.h"

/// How a batch and a file's report read in one line.
namespace lk::models::jobtext {

/// "58 % · 212 MiB/s · 6 s left" while it runs; "38 done, 2 left alone, 1 failed" after.
QString result(const BatchState &state);
const char *icon(const BatchState &state);
const char *icon(const operations::Report &report);

}
