// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "cli/command.h"

#include <functional>
#include <optional>

namespace lk::cli {

/// What came of looking at a file.
struct Looked
{
    Record record;
    bool isWhole = false; ///< false: it could not be read, is no database, or is damaged
};

/// Looks at one file, on any thread; nothing once it was asked to stop.
using LookAt = std::function<std::optional<Looked>(const Path &, std::stop_token, Progress &)>;

/// Looks at the files that \a words name, on all cores, and writes a record for each as it is known, or \a inOrder.
/// \a unknown makes the record of a file that is not there. True if all are whole.
bool lookAtAll(const std::vector<std::string> &words, Session &session, bool inOrder, const LookAt &look,
               const std::function<Record(const Error &)> &unknown, Writer &writer);

}
