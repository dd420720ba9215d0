// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/subject.h"

#include <algorithm>
#include <iterator>

namespace lk::window {

std::vector<advice::Finding> Subject::findings() const
{
    std::vector<advice::Finding> heard;
    std::ranges::remove_copy_if(advice.findings, std::back_inserter(heard),
                                [this](const advice::Finding &finding) { return isMuted(finding); });
    return heard;
}

}
