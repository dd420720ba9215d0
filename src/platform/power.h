// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

namespace lk::platform {

/// Whether this machine runs on its battery: then it is slower, and differently so each time. False where there is none
/// or it can't be known. \a supplies: a test's folder (Linux: Documentation/ABI/testing/sysfs-class-power).
bool runsOnBattery(const Path &supplies = "/sys/class/power_supply");

}
