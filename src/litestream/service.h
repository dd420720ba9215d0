// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

/// Litestream as a service of systemd's, which runs it also while nobody of us does.
namespace lk::litestream {

struct Service
{
    Path program;          ///< litestream
    Path config;           ///< absolute
    bool ofSystem = false; ///< else of the person who asks
    // Of the system's alone; empty: root.
    std::string user{};
    std::string group{};
    Path environmentFile{}; ///< 0600; empty: none
    bool expandEnvironment = true;
};

/// What there is to be written, and how systemd calls it.
struct UnitFile
{
    Path path;
    std::string content;
    std::string unit; ///< "litestream.service"
};

/// Where units are.
struct UnitFolders
{
    Path ofPerson; ///< systemd/user in the folder for settings
    Path ofSystem = "/etc/systemd/system";
    Path ofPackages = "/usr/lib/systemd/system";

    static Result<UnitFolders> usual();
};

/// A unit, or what is added to the one that Litestream's own package has brought: only for the whole system, and only
/// where the configuration is the one that this unit runs. Unsupported where systemd can't be told: a path that is not
/// UTF-8, a program with quotes in its path.
Result<UnitFile> unitFileFor(const Service &service, const UnitFolders &folders);

/// Written, systemd told of it, and started, or nothing of it. Refused (TargetExists) if there is a file of that name
/// that is not ours; NoPermission for the system's unless root asks; ProgramFailed with what systemctl says.
Result<void> install(const UnitFile &file, bool ofSystem);
/// Stopped and removed; a unit of the package's is started again as it was. NotFound if it is not there, Refused if it
/// is not ours.
Result<void> remove(const UnitFile &file, bool ofSystem);

}
