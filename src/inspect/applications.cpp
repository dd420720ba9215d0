// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/applications.h"

#include <algorithm>

namespace lk::inspect {

bool Application::has(ApplicationNote note) const
{
    return std::ranges::find(notes, note) != notes.end();
}

std::string Application::title() const
{
    return part.empty() ? name : name + " · " + part;
}

std::optional<ApplicationMatch> recognise(const Path &, std::uint32_t, std::uint32_t)
{
    return std::nullopt;
}

std::optional<ApplicationMatch> recognise(const Path &, std::uint32_t, std::uint32_t, const Schema &)
{
    return std::nullopt;
}

const std::vector<Application> &applications()
{
    static const std::vector<Application> none;
    return none;
}

}
