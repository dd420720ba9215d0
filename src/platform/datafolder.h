// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

namespace lk::platform {

/// Where this person's data of ours is kept: `litekeeper` in XDG_DATA_HOME or ~/.local/share. Nothing is made. NotFound
/// if neither that nor HOME is set.
Result<Path> dataFolder();
/// Where this person's programs keep their settings: XDG_CONFIG_HOME or ~/.config. Errors: as dataFolder().
Result<Path> configFolder();

/// Who runs this process, as FileStatus::owner has it.
std::uint32_t userId();

/// Makes the file and the folders on the way to it where they are missing; only its owner may use what was made. One
/// that is there is left as it is. Errors: as systemError().
Result<void> makePrivateFile(const Path &file);

}
