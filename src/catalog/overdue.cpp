// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/overdue.h"

namespace lk::catalog {

bool isOverdue(const Schedule &schedule, std::int64_t lastGoodNs, const QDateTime &now)
{
    const std::chrono::milliseconds age(now.toMSecsSinceEpoch() - lastGoodNs / 1'000'000);
    return age > schedule.staleAfter();
}

std::vector<Overdue> overdue(const std::vector<Scheduler::Installed> &installed, Memory &memory, const QDateTime &now)
{
    std::vector<Overdue> list;
    for (const Scheduler::Installed &one : installed) {
        const auto runs =
            memory.ask<ScheduleRuns>([&](Database &database) { return runsOf(database, one.schedule.id); });
        if (one.enabled && runs && runs->lastGoodNs != 0 && isOverdue(one.schedule, runs->lastGoodNs, now))
            list.push_back({one.schedule, runs->lastGoodNs});
    }
    return list;
}

std::vector<Overdue> overdue(Memory &memory)
{
    const Result<Scheduler> scheduler =
        memory.isOn() ? Scheduler::here() : fail(ErrorCode::NotFound, Path(), "nothing is remembered");
    const Result<std::vector<Scheduler::Installed>> installed =
        scheduler ? scheduler->all() : std::unexpected(scheduler.error());
    return installed ? overdue(*installed, memory, QDateTime::currentDateTime()) : std::vector<Overdue>();
}

}
