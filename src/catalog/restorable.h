// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"

#include <chrono>

namespace lk::catalog {

/// When a test restore of \a path from \a replica last gave back a sound database. Waits for the memory, so not for
/// the window's thread. Nothing if it never did, as far as is remembered.
std::optional<std::chrono::sys_seconds> lastProved(Memory &memory, const Path &path, const std::string &replica);

}
