// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QDateTime>

#include <optional>
#include <string>
#include <vector>

/// What is to be done again and again, and how systemd and cron are told.
namespace lk::catalog {

enum class Every
{
    Hourly,
    Daily,
    Weekly,  ///< on Sundays
    Monthly, ///< on the first
};
/// "hourly", "daily" …
const char *nameOf(Every every);
std::optional<Every> everyOf(std::string_view name);
const std::vector<std::string> &everyNames();

/// A command line of litekeeper-cli that runs at certain times.
struct Schedule
{
    std::string id{};                   ///< letters, digits and dashes; made by idFor()
    std::string operation;              ///< "backup", "check" …
    std::vector<std::string> options{}; ///< what stands before the files: "--to", "/mnt/backups"
    std::vector<Path> files{};          ///< absolute
    Every every = Every::Daily;
    int hour = 3;
    int minute = 0;

    bool operator==(const Schedule &) const = default;

    /// What follows the program's name.
    std::vector<std::string> arguments() const;
    /// Its next time after \a now, in the place's time.
    QDateTime nextAfter(const QDateTime &now) const;
    /// So long after its last good run it should have had another one, with time for a machine that was off.
    std::chrono::seconds staleAfter() const;
};

/// What can be done again and again: it needs nobody to look at it, and takes nothing away. Ids of operations.
std::vector<std::string> schedulable();

/// "backup-shop-3f2a": always the same for the same work.
std::string idFor(const Schedule &schedule);

/// All of a schedule in a line of JSON, and back; nothing if it can't be understood.
std::string toJson(const Schedule &schedule);
std::optional<Schedule> scheduleFrom(std::string_view json);

/// The files of systemd's for a schedule (systemd.service(5), systemd.timer(5)).
struct Units
{
    std::string service;
    std::string timer;
};
/// Unsupported where systemd can't be told: a path that is not UTF-8.
Result<Units> unitsFor(const Schedule &schedule, const Path &program);
/// The schedule that a unit was made from; nothing if it is none of ours.
std::optional<Schedule> scheduleOfUnit(std::string_view service);

/// Two lines of a crontab (crontab(5)). Unsupported where cron can't be told: a line break in a path.
Result<std::string> cronLinesFor(const Schedule &schedule, const Path &program);
/// \a crontab without the lines of the schedule \a id.
std::string withoutSchedule(std::string_view crontab, std::string_view id);
std::vector<Schedule> schedulesOf(std::string_view crontab);

}
