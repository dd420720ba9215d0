// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"
#include "base/settings.h"

namespace lk::advice {

/// Whether the person does not want to hear of \a finding in \a file any more.
bool isMuted(const std::vector<Mute> &mutes, const Finding &finding, const Path &file);

}
