// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>

namespace lk::platform {

/// Bytes that this process may still write on the file system of \a folder.
Result<std::uint64_t> freeBytes(const Path &folder);

/// Whether this process may create and remove files in \a folder, by its permissions and the mount.
bool isWritableFolder(const Path &folder);
/// Whether this process may write to the file, by its permissions and the mount. Nothing is opened.
bool isWritableFile(const Path &file);
/// Whether every folder on the way to \a file (absolute) lets users pass who are neither its owner nor in its group, by
/// the mode bits alone. Errors: what asking for a folder gives.
Result<bool> othersReach(const Path &file);

}
