// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/memory.h"

namespace lk::catalog {

/// Takes back what \a entry did, and keeps that. Unchanged if it was taken back already. Refused: NoUndo; ChangedSince
/// if the file is not what the operation left. A setting (the journal mode) may be set back as long as it is the same
/// file, because that loses no content; anything else only while nobody has written since.
operations::Report undo(Memory &memory, const Entry &entry, operations::JobContext &context);
/// What undo() would do, and why not. Touches nothing.
operations::Report rehearseUndo(const Entry &entry, operations::JobContext &context);

/// The operation that undo() runs; null if there is none.
const operations::Operation *undoOperation(const Entry &entry);

}
