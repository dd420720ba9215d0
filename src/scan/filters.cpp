// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/filters.h"

#include <algorithm>

#include <fnmatch.h>

namespace lk::scan {

bool Excludes::match(const Path &path) const
{
    const std::string name(path::name(path.native()));
    return std::ranges::any_of(m_globs, [&](const std::string &glob) {
        return ::fnmatch(glob.c_str(), name.c_str(), 0) == 0 || ::fnmatch(glob.c_str(), path.c_str(), 0) == 0;
    });
}

}
