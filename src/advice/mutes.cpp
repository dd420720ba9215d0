// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/mutes.h"

#include "inspect/protection.h"

#include <algorithm>

namespace lk::advice {

bool isMuted(const std::vector<Mute> &mutes, const Finding &finding, const Path &file)
{
    return std::ranges::any_of(mutes, [&](const Mute &mute) {
        return (mute.rule.empty() || mute.rule == finding.rule->id) &&
               (mute.place.empty() || inspect::liesIn(file, mute.place));
    });
}

}
