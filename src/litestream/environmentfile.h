// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/writeconfig.h"

namespace lk::litestream {

/// Where the keys for \a config are: \a given, else secretsFileOf() if there is one, else nothing (empty).
Path environmentFileFor(const Path &config, const Path &given = {});

/// Those in environmentFileFor(), for Litestream's environment. NoPermission if others than the file's owner may read
/// it, too: what is in it is no secret then, and nobody is to rely on that. NotFound if \a given is not there; else as
/// readSecrets().
Result<Secrets> environmentFor(const Path &config, const Path &given = {});

}
