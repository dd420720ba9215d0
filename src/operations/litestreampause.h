// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/gather.h"
#include "operations/operation.h"
#include "platform/lockfile.h"

#include <optional>

/// What breaks Litestream's tracking (safety.md, fact 19) and is to be done all the same: Litestream is stopped, it is
/// done, Litestream's position is reset, Litestream is started again, and begins with a new copy.
namespace lk::operations {

/// The choice of the person, for the operations that would break its tracking.
Parameter pauseLitestream();

/// Refused (ManagedByLitestream) if Litestream replicates \a database and the person did not choose that.
Result<void> mayBreakTracking(const Path &database, const Arguments &arguments);

/// Whether anybody has the database open, but for a Litestream that will be stopped.
bool isInTheWay(const inspect::Holders &holders, bool locked, const Arguments &arguments);

/// While it lives, Litestream is kept from a database.
class LitestreamPause
{
public:
    /// Does nothing if the person did not choose it, or Litestream does not replicate \a database. Stops Litestream
    /// where it is a unit of systemd or runs below Litekeeper; else waits, as long as \a context says, for the person
    /// to stop it. Busy (StillReplicating) if it goes on, ProgramFailed if systemd does not stop it, Cancelled.
    static Result<LitestreamPause> begin(const Path &database, const Arguments &arguments, JobContext &context);

    LitestreamPause(LitestreamPause &&) = default;
    LitestreamPause &operator=(LitestreamPause &&) = delete;
    /// Without end(): nothing was done.
    ~LitestreamPause();

    /// Starts what was stopped. \a changed: the database is not what Litestream knew, so its position goes. What the
    /// person has to know.
    std::vector<NoteText> end(bool changed);

private:
    LitestreamPause() = default;

    struct Unit
    {
        std::string name; ///< "litestream.service"
        bool ofPerson = false;
    };
    Result<void> stopUnits(const inspect::Holders &holders);
    void setPositionAside(const Path &meta);

    std::optional<platform::LockFile> m_sign;
    std::vector<Unit> m_stopped;
    Path m_database;
    bool m_wasRunning = false; ///< and was no unit
    Path m_meta;               ///< where Litestream keeps its position; empty: nothing was set aside
    Path m_aside;              ///< where that is meanwhile
    bool m_isOn = false;
};

}
