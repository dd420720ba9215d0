// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/lockfile.h"

/// The sign by which a Litestream below Litekeeper knows that it has to keep away from a database for a while, because
/// another of our processes, or another part of this one, does what breaks its tracking. It is a lock, so that it goes
/// with whoever gave it.
namespace lk::litestream {

/// Gives it for \a database, absolute and resolved. Errors: as platform::LockFile::take().
Result<platform::LockFile> keepAway(const Path &database);
/// Whether somebody has given it.
bool hasToKeepAway(const Path &database);

}
