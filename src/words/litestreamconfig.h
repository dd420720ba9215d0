// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/problems.h"
#include "litestream/roundtrip.h"

#include <QString>

namespace lk::words {

/// What is wrong, what comes of it, and what to do.
QString describe(const litestream::Problem &problem);
/// "line 4: "; empty if it is about no line.
QString lineOf(const litestream::Problem &problem);
/// "error", "warning", "note"
QString weightOf(const litestream::Problem &problem);
/// What a round trip proved, and what it left behind.
QString describe(const litestream::RoundTrip &trip);
/// What setting it up for \a databases does; \a version: of the installed program, and how to get it where there is
/// none, once it is known (\a asked).
QString litestreamSetup(std::size_t databases, const std::optional<std::string> &version, bool asked);
/// Where it was written to, and where the old one is (\a kept, which may be empty).
QString litestreamSaved(const litestream::Plan &plan, const Path &kept);

}
