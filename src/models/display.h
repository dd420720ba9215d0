// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"

#include <QString>

/// What item views show of bytes that came from outside. Plain text always.
namespace lk::models {

/// One line; control characters escaped.
QString display(std::string_view bytes);
/// The same, with the home folder as "~".
QString displayFolder(std::string_view bytes);
QString stateText(sqlite::State state);
/// Nanoseconds since the epoch, in this place's time and manner.
QString localTime(std::int64_t nanoseconds);

/// Views take a tool tip that looks like HTML for HTML; this keeps \a text plain, and wraps it.
QString plainToolTip(const QString &text);

/// The home folder's bytes, without a slash at the end; empty if there is none.
std::string_view homeFolder();

/// \a one for 1, else \a many with %1 as the grouped number.
QString counted(std::uint64_t count, const QString &one, const QString &many);

/// \a path as somebody can paste it into a shell or a file dialog: plain where that is exact, else `$'…'`.
QString pasteable(std::string_view path);

}
