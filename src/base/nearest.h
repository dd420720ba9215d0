// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lk::text {

/// The entry of \a known that \a given was most likely meant to be; empty if none is near.
std::string nearest(std::string_view given, const std::vector<std::string> &known);

}
