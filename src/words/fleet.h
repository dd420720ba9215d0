// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fleet/remotescan.h"

#include <QString>

/// Of other machines, for people.
namespace lk::words {

/// What failed, why, and what to do about it.
QString describe(const fleet::Trouble &trouble);
/// "12 lines from web1 were not understood …".
QString notUnderstood(const std::string &host, std::uint64_t lines);
/// Why \a name is no machine's.
QString notAHost(const std::string &name);

}
