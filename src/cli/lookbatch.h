// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "inspect/gather.h"

#include <functional>

namespace lk::cli {

/// Makes the record of a file that was looked at; called on any thread.
using Tell = std::function<Record(inspect::DatabaseFacts)>;
/// That of a file that could not be.
using TellError = std::function<Record(const Error &)>;

/// Looks at the files that \a words name, on all cores, and writes a record for each as it is known, or \a inOrder.
/// facts.lookError is set, too, for what is no database or a damaged one. True if all could be read and are sound.
bool lookAtAll(const std::vector<std::string> &words, Session &session, bool inOrder,
               const inspect::LookOptions &options, const Tell &tell, const TellError &tellError, Writer &writer);

}
