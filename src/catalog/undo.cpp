// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/undo.h"

#include "base/text.h"

namespace lk::catalog {

using operations::Operation;
using operations::Report;

const Operation *undoOperation(const Entry &entry)
{
    return entry.undo && entry.status == operations::Status::Done ? operations::find(entry.undo->operation) : nullptr;
}

static bool isAsLeft(const Entry &entry, const Operation &undo)
{
    const std::optional<Left> now = leftAt(entry.undo->path);
    const bool isSetting = undo.risk == operations::Risk::ChangesFile && undo.subject == operations::Subject::Database;
    return now && entry.left && now->file == entry.left->file && (isSetting || now->as == entry.left->as);
}

/// Why it can't be taken back, or that it was; nothing: it can.
static std::optional<Report> obstacle(const Entry &entry)
{
    const auto refused = [&](Reason reason, std::vector<std::string> arguments = {}) {
        return operations::skipped({.code = reason == Reason::ChangedSince ? ErrorCode::Changed : ErrorCode::Refused,
                                    .reason = reason,
                                    .path = entry.path,
                                    .arguments = std::move(arguments),
                                    .detail = {}});
    };
    const Operation *operation = undoOperation(entry);
    if (!operation)
        return refused(Reason::NoUndo);
    if (entry.undoneBy != 0)
        return Report{.status = operations::Status::Unchanged};
    if (!isAsLeft(entry, *operation))
        return refused(Reason::ChangedSince, {text::isoTime(entry.endedNs)});
    return std::nullopt;
}

static operations::Target targetOf(const Entry &entry)
{
    const Result<platform::FileStatus> seen = platform::status(entry.undo->path);
    return {.path = entry.undo->path, .seen = seen ? std::optional(*seen) : std::nullopt};
}

Report undo(Memory &memory, const Entry &entry, operations::JobContext &context)
{
    if (std::optional<Report> why = obstacle(entry))
        return *why;
    return memory.act(*undoOperation(entry), targetOf(entry), entry.undo->arguments, context, entry.id);
}

Report rehearseUndo(const Entry &entry, operations::JobContext &context)
{
    if (std::optional<Report> why = obstacle(entry))
        return *why;
    return undoOperation(entry)->preflight(targetOf(entry), entry.undo->arguments, context);
}

}
