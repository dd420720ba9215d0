// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <optional>

namespace lk::inspect {

/// Whose data a file is, that a person hardly means to change by hand.
enum class Guard
{
    Browser,
    System,    ///< in a folder of the system's
    OtherUser, ///< of another user of this machine
};

struct Protection
{
    Guard guard{};
    Path folder; ///< what has to be unlocked first
};

/// Nothing if the file, as \a status says it is, may be changed unasked. No file is touched.
std::optional<Protection> protectionOf(const Path &file, const platform::FileStatus &status);

/// Whether \a file lies in \a folder or below it.
bool liesIn(const Path &file, const Path &folder);

}
