// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operation.h"

#include "operations/litestreampause.h"
#include "operations/turn.h"
#include "platform/safefile.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace lk::operations {

extern const Operation backupOperation;
extern const Operation checkOperation;
extern const Operation checkpointOperation;
extern const Operation compactOperation;
extern const Operation incrementalVacuumOperation;
extern const Operation journalOperation;
extern const Operation litestreamRestoreOperation;
extern const Operation litestreamTestOperation;
extern const Operation optimizeOperation;
extern const Operation recoverOperation;
extern const Operation reindexOperation;
extern const Operation restoreOperation;
extern const Operation unrestoreOperation;
extern const Operation verifyOperation;

std::span<const Operation *const> all()
{
    static constexpr std::array Table{
        &checkOperation,          &backupOperation,    &restoreOperation,
        &verifyOperation,         &journalOperation,   &compactOperation,
        &checkpointOperation,     &optimizeOperation,  &incrementalVacuumOperation,
        &reindexOperation,        &recoverOperation,   &litestreamRestoreOperation,
        &litestreamTestOperation, &unrestoreOperation,
    };
    return Table;
}

const Operation *find(std::string_view id)
{
    const auto found =
        std::ranges::find(all(), id, [](const Operation *operation) { return std::string_view(operation->id); });
    return found == all().end() ? nullptr : *found;
}

std::vector<std::string> verbOf(std::string_view id)
{
    static constexpr std::string_view Family = "litestream-";
    if (!id.starts_with(Family))
        return {std::string(id)};
    return {"litestream", std::string(id.substr(Family.size()))};
}

bool flag(const Arguments &arguments, std::string_view id)
{
    const auto found = arguments.find(id);
    const bool *set = found == arguments.end() ? nullptr : std::get_if<bool>(&found->second);
    return set && *set;
}

std::string value(const Arguments &arguments, std::string_view id)
{
    const auto found = arguments.find(id);
    const std::string *text = found == arguments.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text ? *text : std::string();
}

std::optional<std::uint64_t> number(const Arguments &arguments, std::string_view id)
{
    const std::string text = value(arguments, id);
    std::uint64_t number = 0;
    const char *end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    return !text.empty() && error == std::errc() && read == end ? std::optional(number) : std::nullopt;
}

/// Restoring changes another file than the one it reads.
static Path changedBy(const Operation &operation, const Target &target, const Arguments &arguments)
{
    const std::string to = operation.subject == Subject::Database ? std::string() : value(arguments, "to");
    return to.empty() ? target.path : Path(to);
}

Report act(const Operation &operation, const Target &target, const Arguments &arguments, JobContext &context)
{
    if (operation.risk == Risk::Reads)
        return operation.run(target, arguments, context);
    const Result<Turn> turn = Turn::take(target.path, context);
    if (!turn)
        return failed(turn.error());
    Result<LitestreamPause> pause = LitestreamPause::begin(changedBy(operation, target, arguments), arguments, context);
    if (!pause)
        return failed(pause.error());
    Report report = operation.run(target, arguments, context);
    std::ranges::copy(pause->end(report.status == Status::Done), std::back_inserter(report.notes));
    if (report.status != Status::Done || operation.risk < Risk::ChangesFile)
        return report;
    // SQLite does not wait until a journal's or a -wal's removal is on the disk. After a power cut it would be back,
    // and with it the state before: that is not done yet.
    const Result<void> synced = platform::syncFolder(target.path.parent_path());
    return synced ? report : failed(synced.error());
}

const FieldValue *Report::field(std::string_view id) const
{
    const auto found = std::ranges::find(fields, id, &Field::id);
    return found == fields.end() ? nullptr : &found->value;
}

Report failed(Error error)
{
    Report report;
    report.status = Status::Failed;
    report.error = std::move(error);
    return report;
}

Report skipped(Error error)
{
    Report report = failed(std::move(error));
    report.status = Status::Skipped;
    return report;
}

}
