// SPDX-License-Identifier: GPL-3.0-or-later
// What Litekeeper did, and taking it back.
#include "base/text.h"
#include "catalog/undo.h"
#include "cli/arguments.h"
#include "cli/batch.h"
#include "cli/records.h"
#include "words/describe.h"
#include "words/history.h"

#include <algorithm>
#include <charconv>

namespace lk::cli {

namespace {

using catalog::Entry;

/// \a text as a whole number from \a least on.
std::optional<std::int64_t> wholeNumber(const std::string &text, std::int64_t least)
{
    std::int64_t number = 0;
    const char *end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && read == end && number >= least ? std::optional(number) : std::nullopt;
}

Record idOrNull(std::int64_t id)
{
    return id == 0 ? Record(nullptr) : Record(id);
}

Record errorOf(const Entry &entry)
{
    if (entry.error.empty())
        return nullptr;
    return {{"code", entry.error},
            {"message", entry.said},
            {"detail", entry.detail.empty() ? Record(nullptr) : Record(path::toUtf8(entry.detail))}};
}

/// The first of \a names that the operation's record had.
Record fieldOf(const Entry &entry, std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        if (const operations::FieldValue *value = entry.field(name))
            return fieldRecord(*value);
    }
    return nullptr;
}

Record recordOf(const Entry &entry)
{
    Record record{{"id", entry.id}};
    record.update(pathRecord(entry.path));
    record["operation"] = entry.operation;
    record["started"] = text::isoTime(entry.startedNs);
    record["ended"] = text::isoTime(entry.endedNs);
    record["status"] = statusName(entry.status);
    record["error"] = errorOf(entry);
    record["outcome"] = entry.said;
    record["before"] = fieldOf(entry, {"before", "bytes_before"});
    record["after"] = fieldOf(entry, {"after", "bytes_after"});
    record["fields"] = Record::object();
    for (const operations::Field &field : entry.fields)
        record["fields"][field.id] = fieldRecord(field.value);
    record["undoable"] = entry.isUndoable();
    record["undone"] = entry.undoneBy != 0;
    record["undone_by"] = idOrNull(entry.undoneBy);
    record["undoes"] = idOrNull(entry.undoes);
    record["schedule"] = entry.schedule.empty() ? Record(nullptr) : Record(entry.schedule);
    return record;
}

Layout historyLayout()
{
    Layout layout;
    const auto field = [](const char *name) {
        return [name](const Record &record) { return plainText(record.at(name)); };
    };
    layout.table = {{"id", true, field("id")},
                    {"started", false, field("started")},
                    {"operation", false, field("operation")},
                    {"status", false, field("status")},
                    {"path", false, field("path")}};
    layout.details = [](const Record &record) {
        std::vector<std::string> lines{plainText(record.at("outcome"))};
        if (record.at("undone").get<bool>())
            lines.push_back("taken back by " + plainText(record.at("undone_by")));
        else if (record.at("undoable").get<bool>())
            lines.push_back("to take it back: litekeeper-cli undo " + plainText(record.at("id")));
        return lines;
    };
    layout.csv = {"id",     "path",  "path_base64", "operation", "started", "ended",     "status", "error.code",
                  "before", "after", "outcome",     "undoable",  "undone",  "undone_by", "undoes", "schedule"};
    return layout;
}

class HistoryCommand final : public Command
{
public:
    std::string name() const override { return "history"; }
    std::string summary() const override { return "What Litekeeper did with files, newest first."; }
    std::string arguments() const override { return "[FILE…]"; }
    void declare(CLI::App &options) override
    {
        options.add_option("--last", m_last, "Only the newest N")->type_name("N");
        m_format.declare(options);
    }
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    FormatOption m_format;
    std::string m_last;
};

Outcome HistoryCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    catalog::Wanted wanted;
    for (const std::string &word : words) {
        const Result<Path> path = resolved(word); // also of a file that is gone
        wanted.paths.push_back(path ? *path : path.error().path);
    }
    if (!m_last.empty()) {
        const auto last = wholeNumber(m_last, 1);
        if (!last)
            return std::unexpected(UsageError{"--last takes a whole number from 1 on, not '" + m_last + '\''});
        wanted.limit = *last;
    }
    const auto entries = session.memory.ask<std::vector<Entry>>(
        [&](catalog::Database &database) { return catalog::entries(database, wanted); });
    auto writer = makeWriter(*format, historyLayout(), [&](std::string_view text) { session.console.out(text); });
    if (entries) {
        for (const Entry &entry : *entries)
            writer->write(recordOf(entry));
    }
    writer->finish();
    if (!session.memory.isOn())
        session.console.say("Litekeeper keeps no memory here, so there is no history");
    return entries ? AllDone : SomeFailed; // the notice says why
}

class UndoCommand final : public Command
{
public:
    std::string name() const override { return "undo"; }
    std::string summary() const override { return "Takes back what an operation did, as history names it."; }
    std::string arguments() const override { return "ID"; }
    void declare(CLI::App &options) override
    {
        options.add_flag("--dry-run", m_dryRun, "Say what would happen and what would be refused; nothing is done");
        m_wait.declare(options);
        m_format.declare(options);
    }
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    FormatOption m_format;
    WaitOption m_wait;
    bool m_dryRun = false;
};

Layout undoLayout(bool dryRun, const operations::Operation &operation, const std::vector<Item> &items)
{
    Layout layout;
    layout.table = {{"", false,
                     [dryRun](const Record &record) {
                         const std::string status = plainText(record.at("status"));
                         return dryRun && status == "done" ? std::string("would be done") : status;
                     }},
                    {"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = [dryRun, &operation, &items](const Record &record) {
        const operations::Report &report = *items.front().report;
        std::vector<std::string> lines;
        if (!dryRun || report.error)
            lines.push_back(words::outcome(operation, items.front().path, report).toStdString());
        for (const Record &note : record.at("notes"))
            lines.push_back("note: " + note.get<std::string>());
        return lines;
    };
    layout.csv = {"path",          "path_base64",  "status", "error.code",
                  "error.message", "error.detail", "undoes", "operation"};
    return layout;
}

Outcome UndoCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    const auto patience = m_wait.value();
    if (!format)
        return std::unexpected(format.error());
    if (!patience)
        return std::unexpected(patience.error());
    const auto id = words.size() == 1 ? wholeNumber(words.front(), 1) : std::nullopt;
    if (!id)
        return std::unexpected(UsageError{"name one id; history lists them"});
    const auto found = session.memory.ask<std::optional<Entry>>(
        [&](catalog::Database &database) { return catalog::entry(database, *id); });
    if (!found)
        return SomeFailed; // the notice says why
    if (!*found)
        return std::unexpected(UsageError{"there is no " + std::to_string(*id) + " in the history"});

    const Entry &entry = **found;
    const operations::Operation *undoing = catalog::undoOperation(entry);
    const operations::Operation *did = operations::find(entry.operation);
    const operations::Operation &told = undoing ? *undoing : did ? *did : *operations::all().front();
    std::vector<Item> items{
        {.path = entry.path, .target = operations::Target{.path = entry.path, .seen = {}}, .report = {}}};
    auto writer = makeWriter(*format, undoLayout(m_dryRun, told, items),
                             [&](std::string_view text) { session.console.out(text); });
    const auto print = [&](const Item &item) {
        Record record = reportRecord(item.path, *item.report, m_dryRun);
        record["undoes"] = entry.id;
        record["operation"] = told.id;
        writer->write(record);
    };
    Batch batch(items, session.console, print, true);
    batch.run(
        [&](const operations::Target &, std::stop_token stop, Progress &progress) {
            operations::JobContext context{.stop = std::move(stop), .progress = progress, .wait = *patience};
            return m_dryRun ? catalog::rehearseUndo(entry, context) : catalog::undo(session.memory, entry, context);
        },
        !m_dryRun, session.stop);
    writer->finish();
    return isWhole(*items.front().report) ? AllDone : SomeFailed;
}

}

std::unique_ptr<Command> makeHistoryCommand()
{
    return std::make_unique<HistoryCommand>();
}

std::unique_ptr<Command> makeUndoCommand()
{
    return std::make_unique<UndoCommand>();
}

}
