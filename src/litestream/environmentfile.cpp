// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/environmentfile.h"

#include "platform/filereader.h"

namespace lk::litestream {

Path environmentFileFor(const Path &config, const Path &given)
{
    if (!given.empty())
        return given;
    const Path usual = secretsFileOf(config);
    return platform::status(usual) ? usual : Path();
}

Result<Secrets> environmentFor(const Path &config, const Path &given)
{
    const Path file = environmentFileFor(config, given);
    if (file.empty())
        return Secrets();
    const Result<Path> resolved = platform::resolve(file);
    const auto status = resolved ? platform::status(*resolved) : std::unexpected(resolved.error());
    if (!status)
        return std::unexpected(status.error());
    constexpr std::uint32_t ByOthers = 077;
    if ((status->mode & ByOthers) != 0)
        return fail(ErrorCode::NoPermission, file, "others may read it; chmod 600 it");
    return readSecrets(*resolved);
}

}
