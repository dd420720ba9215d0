// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/projects.h"

namespace lk::inspect {

std::optional<Project> projectOf(const Path &)
{
    return std::nullopt;
}

}
