// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/protection.h"

#include "inspect/applications.h"
#include "platform/datafolder.h"

#include <algorithm>

namespace lk::inspect {

static constexpr const char *SystemFolders[] = {"/bin", "/boot", "/etc", "/lib", "/opt", "/sbin", "/usr", "/var"};
/// In these everybody may have files of their own.
static constexpr const char *Everybodys[] = {"/var/tmp", "/var/folders"};

bool liesIn(const Path &file, const Path &folder)
{
    const std::string_view text = path::bytes(file);
    const std::string_view start = path::bytes(folder);
    return text.starts_with(start) &&
           (start.ends_with('/') || text.size() == start.size() || text[start.size()] == '/');
}

std::optional<Protection> protectionOf(const Path &file, const platform::FileStatus &status)
{
    const auto isBelow = [&](const char *folder) { return liesIn(file, folder); };
    const Path folder = file.parent_path();
    if (std::ranges::any_of(SystemFolders, isBelow) && std::ranges::none_of(Everybodys, isBelow))
        return Protection{.guard = Guard::System, .folder = folder};
    if (status.owner != platform::userId())
        return Protection{.guard = Guard::OtherUser, .folder = folder};
    // By its path alone: what the header says can be anybody's.
    const auto application = recognise(file, 0, 0);
    if (application && application->application->kind == UseKind::Browser)
        return Protection{.guard = Guard::Browser, .folder = folder};
    return std::nullopt;
}

}
