// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/mutes.h"

#include <algorithm>

namespace lk::advice {

/// Whether \a place is \a file or a folder that it lies in; the empty place is everywhere.
static bool covers(const Path &place, const Path &file)
{
    const std::string_view text = path::bytes(file);
    const std::string_view start = path::bytes(place);
    return text.starts_with(start) &&
           (start.empty() || start.ends_with('/') || text.size() == start.size() || text[start.size()] == '/');
}

bool isMuted(const std::vector<Mute> &mutes, const Finding &finding, const Path &file)
{
    return std::ranges::any_of(mutes, [&](const Mute &mute) {
        return (mute.rule.empty() || mute.rule == finding.rule->id) && covers(mute.place, file);
    });
}

}
