// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/datafolder.h"

#include "platform/filereader.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lk::platform {

/// As the XDG base directory specification has it: a relative path is to be ignored.
static Result<Path> baseFolder(const char *variable, const char *belowHome)
{
    const char *given = std::getenv(variable);
    if (given && *given == '/')
        return Path(given);
    const char *home = std::getenv("HOME");
    if (home && *home == '/')
        return Path(home) / belowHome;
    return fail(ErrorCode::NotFound, Path(), std::string("neither ") + variable + " nor HOME is set");
}

Result<Path> dataFolder()
{
    Result<Path> base = baseFolder("XDG_DATA_HOME", ".local/share");
    return base ? Result<Path>(*base / "litekeeper") : base;
}

Result<Path> configFolder()
{
    return baseFolder("XDG_CONFIG_HOME", ".config");
}

std::uint32_t userId()
{
    return ::geteuid();
}

static Result<void> makePrivateFolder(const Path &folder)
{
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    if (errno != ENOENT || folder.parent_path() == folder)
        return fail(systemError(errno, folder, "mkdir"));
    if (Result<void> made = makePrivateFolder(folder.parent_path()); !made)
        return made;
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    return fail(systemError(errno, folder, "mkdir"));
}

Result<void> makePrivateFile(const Path &file)
{
    if (Result<void> made = makePrivateFolder(file.parent_path()); !made)
        return made;
    const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made && errno != EEXIST)
        return fail(systemError(errno, file, "open"));
    return {};
}

}
