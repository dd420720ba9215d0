// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/sidecar.h"

#include <optional>
#include <stop_token>

namespace lk::operations {

/// The backups in \a folder that have a sidecar and are there, the newest first; only those of \a source, if it says
/// one. Nothing but sidecars is read, and of a folder at most some ten thousand. Errors: what opening the folder gives.
Result<std::vector<BackupInfo>> backupsIn(const Path &folder, const std::optional<Path> &source = {},
                                          const std::stop_token &stop = {});

/// Whether the stored file is there, with as many bytes as it was made with.
bool isThere(const BackupInfo &info);

}
