// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/configuration.h"

namespace lk::advice {

/// What takes the place of a stretch of a text.
struct Edit
{
    inspect::Span span;
    QString text;
};

/// The difference that \a edits make to the file \a name, as `patch -p1` and `git apply` take it; empty if they make
/// none. Of edits that overlap, the first counts.
QString unifiedDiff(const std::string &name, const QString &text, std::vector<Edit> edits);

}
