// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/schedule.h"

namespace lk::catalog {

/// Who runs schedules here. Every function asks other programs, and so takes its time: not for the window's thread.
class Scheduler
{
public:
    enum Kind
    {
        Systemd, ///< the person's own systemd
        Cron,
    };

    /// systemd's user timers where there are any, else cron. ProgramMissing if there is neither.
    static Result<Scheduler> here();

    Kind kind() const { return m_kind; }
    /// What would be written, for people.
    Result<std::string> shown(const Schedule &schedule) const;
    /// Written and switched on, or nothing of it. In the place of one with the same id.
    Result<void> add(const Schedule &schedule) const;
    /// NotFound if there is none.
    Result<void> remove(const std::string &id) const;
    struct Installed
    {
        Schedule schedule;
        bool enabled = false;
    };
    /// By id.
    Result<std::vector<Installed>> all() const;

    /// A sign on the person's desktop; false if there is none to show it on.
    static bool notify(const QString &title, const QString &text);

private:
    Scheduler(Kind kind, Path program)
        : m_kind(kind)
        , m_program(std::move(program))
    {
    }

    Kind m_kind;
    Path m_program; ///< litekeeper-cli
};

}
