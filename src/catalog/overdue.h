// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"
#include "catalog/scheduler.h"

namespace lk::catalog {

/// A schedule that is switched on, went well once, and should have gone well again since.
struct Overdue
{
    Schedule schedule;
    std::int64_t lastGoodNs = 0;

    bool operator==(const Overdue &) const = default;
};

bool isOverdue(const Schedule &schedule, std::int64_t lastGoodNs, const QDateTime &now);

/// Of \a installed those that are overdue, as far as \a memory goes. Waits for it.
std::vector<Overdue> overdue(const std::vector<Scheduler::Installed> &installed, Memory &memory, const QDateTime &now);
/// Of all there are; none where nobody runs schedules, or nothing is remembered.
std::vector<Overdue> overdue(Memory &memory);

}
