// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"

/// Restoring a backup, for operations that make it first.
namespace lk::operations {

/// As the operation "restore" with its arguments, for who has taken the Turn of the file that is restored.
Report restoreInTurn(const Target &backup, const Arguments &arguments, JobContext &context);

}
