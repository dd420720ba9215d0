// SPDX-License-Identifier: GPL-3.0-or-later
// One command for every operation there is, made from its descriptor.
#include "cli/arguments.h"
#include "cli/batch.h"
#include "cli/records.h"
#include "words/describe.h"

#include <QCoreApplication>

#include <algorithm>

namespace lk::cli {

namespace {

using operations::Operation;
using operations::Parameter;
using operations::Report;

class OperationCommand final : public Command
{
public:
    explicit OperationCommand(const Operation &operation)
        : m_operation(operation)
    {
    }

    std::string name() const override
    {
        const std::vector<std::string> words = operations::verbOf(m_operation.id);
        return words.size() == 1 ? words[0] : words[0] + ' ' + words[1];
    }
    std::string summary() const override
    {
        return QCoreApplication::translate("Operation", m_operation.summary).toStdString();
    }
    std::string arguments() const override;
    std::string argumentsHelp() const override;
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::expected<operations::Arguments, UsageError> takeArguments(std::vector<std::string> &words) const;
    std::expected<void, UsageError> takeChoice(const Parameter &parameter, std::vector<std::string> &words,
                                               operations::Arguments &arguments) const;
    std::expected<void, UsageError> takeValue(const Parameter &parameter, operations::Arguments &arguments) const;
    Layout layout(const std::vector<Item> &items) const;
    std::vector<std::string> details(const Item &item, const Record &record) const;
    void tell(const std::vector<Item> &items, Console &console) const;

    const Operation &m_operation;
    FormatOption m_format;
    WaitOption m_wait;
    bool m_dryRun = false;
    const Item *m_current = nullptr;             // being written
    std::map<std::string, bool> m_flags;         // by Parameter::id; a map, because CLI11 keeps references
    std::map<std::string, std::string> m_values; // by Parameter::id
};

/// "wal|delete"
std::string choices(const Parameter &parameter)
{
    std::string text;
    for (const Parameter::Value &value : parameter.choices)
        text += (text.empty() ? "" : "|") + std::string(value.id);
    return text;
}

std::vector<std::string> idsOf(const Parameter &parameter)
{
    std::vector<std::string> ids;
    for (const Parameter::Value &value : parameter.choices)
        ids.emplace_back(value.id);
    return ids;
}

std::string helpOf(const Parameter &parameter)
{
    return QCoreApplication::translate("Operation", parameter.help).toStdString();
}

/// What follows the option in its help.
std::string typeName(const Parameter &parameter)
{
    switch (parameter.kind) {
    case Parameter::Kind::Flag:
        return {};
    case Parameter::Kind::Choice:
    case Parameter::Kind::Option:
        return choices(parameter);
    case Parameter::Kind::Number:
        return "N";
    case Parameter::Kind::Folder:
        return "FOLDER";
    case Parameter::Kind::Text:
        return "TEXT";
    case Parameter::Kind::File:
        break;
    }
    return "FILE";
}

std::string OperationCommand::arguments() const
{
    std::string text;
    for (const Parameter &parameter : m_operation.parameters) {
        if (parameter.kind == Parameter::Kind::Choice)
            text += choices(parameter) + ' ';
    }
    return text + "FILE…";
}

std::string OperationCommand::argumentsHelp() const
{
    std::string text;
    for (const Parameter &parameter : m_operation.parameters) {
        if (parameter.kind == Parameter::Kind::Choice)
            text += twoColumns(choices(parameter), helpOf(parameter));
    }
    return text;
}

void OperationCommand::declare(CLI::App &app)
{
    for (const Parameter &parameter : m_operation.parameters) {
        const std::string option = std::string("--") + parameter.id;
        if (parameter.kind == Parameter::Kind::Flag)
            app.add_flag(option, m_flags[parameter.id], helpOf(parameter));
        else if (parameter.kind != Parameter::Kind::Choice)
            app.add_option(option, m_values[parameter.id], helpOf(parameter))->type_name(typeName(parameter));
    }
    app.add_flag("--dry-run", m_dryRun,
                 "Rehearse it where it leaves no trace: say what would happen and what would be refused");
    m_wait.declare(app);
    m_format.declare(app);
}

std::expected<void, UsageError> OperationCommand::takeChoice(const Parameter &parameter,
                                                             std::vector<std::string> &words,
                                                             operations::Arguments &arguments) const
{
    const std::vector<std::string> known = idsOf(parameter);
    const std::string given = words.empty() ? std::string() : words.front();
    if (std::find(known.begin(), known.end(), given) == known.end())
        return std::unexpected(unknownValue("the first argument", given, known));
    words.erase(words.begin());
    arguments[parameter.id] = given;
    return {};
}

std::expected<void, UsageError> OperationCommand::takeValue(const Parameter &parameter,
                                                            operations::Arguments &arguments) const
{
    const std::string option = std::string("--") + parameter.id;
    const std::string &given = m_values.at(parameter.id);
    const bool isPath = parameter.kind == Parameter::Kind::Folder || parameter.kind == Parameter::Kind::File;
    if (given.empty() && isPath && !parameter.optional)
        return std::unexpected(UsageError{option + ' ' + typeName(parameter) + " is missing"});
    if (given.empty())
        return {};
    const std::vector<std::string> known = idsOf(parameter);
    if (parameter.kind == Parameter::Kind::Option && std::ranges::find(known, given) == known.end())
        return std::unexpected(unknownValue(option, given, known));
    arguments[parameter.id] = given;
    if (parameter.kind == Parameter::Kind::Number && !operations::number(arguments, parameter.id))
        return std::unexpected(UsageError{option + " takes a whole number, not '" + given + '\''});
    return {};
}

std::expected<operations::Arguments, UsageError> OperationCommand::takeArguments(std::vector<std::string> &words) const
{
    operations::Arguments arguments;
    std::string exclusive;
    for (const Parameter &parameter : m_operation.parameters) {
        const std::string option = std::string("--") + parameter.id;
        switch (parameter.kind) {
        case Parameter::Kind::Flag:
            if (!m_flags.at(parameter.id))
                break;
            if (parameter.excludesOthers && !exclusive.empty())
                return std::unexpected(UsageError{option + " can't be combined with " + exclusive});
            if (parameter.excludesOthers)
                exclusive = option;
            arguments[parameter.id] = true;
            break;
        case Parameter::Kind::Choice:
            if (const auto taken = takeChoice(parameter, words, arguments); !taken)
                return std::unexpected(taken.error());
            break;
        case Parameter::Kind::Option:
        case Parameter::Kind::Number:
        case Parameter::Kind::Folder:
        case Parameter::Kind::File:
        case Parameter::Kind::Text:
            if (const auto taken = takeValue(parameter, arguments); !taken)
                return std::unexpected(taken.error());
            break;
        }
    }
    return arguments;
}

/// Lines below a row: what came of it in a sentence, then each field that has something to say.
std::vector<std::string> OperationCommand::details(const Item &item, const Record &record) const
{
    std::vector<std::string> lines;
    if (!m_dryRun || item.report->error)
        lines.push_back(words::outcome(m_operation, item.path, *item.report).toStdString());
    for (const operations::Field &field : item.report->fields) {
        const Record &value = record.at(field.id);
        // Grouped messages say the same in fewer lines.
        const bool again = field.id == "messages" && item.report->field("groups");
        if (again || value.is_null() || (value.is_array() && value.empty()))
            continue;
        for (const Record &one : value.is_array() ? value : Record::array({value}))
            lines.push_back(field.id + ": " + plainText(one));
    }
    for (const Record &note : record.at("notes"))
        lines.push_back("note: " + note.get<std::string>());
    return lines;
}

Layout OperationCommand::layout(const std::vector<Item> &items) const
{
    Layout layout;
    const bool dryRun = m_dryRun;
    const auto status = [dryRun](const Record &record) {
        const std::string name = plainText(record.at("status"));
        return dryRun && name == "done" ? std::string("would be done") : name;
    };
    layout.table = {{"", false, status},
                    {"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = [this](const Record &record) { return details(*m_current, record); };
    layout.csv = {"path", "path_base64", "status", "error.code", "error.message", "error.detail"};
    for (const Item &item : items) {
        for (const operations::Field &field : item.report ? item.report->fields : std::vector<operations::Field>()) {
            if (std::find(layout.csv.begin(), layout.csv.end(), field.id) == layout.csv.end())
                layout.csv.push_back(field.id);
        }
    }
    layout.csv.emplace_back("notes");
    return layout;
}

void OperationCommand::tell(const std::vector<Item> &items, Console &console) const
{
    std::map<operations::Status, std::size_t> counts;
    std::size_t damaged = 0;
    std::size_t stopped = 0;
    for (const Item &item : items) {
        const bool cancelled = item.report->error && item.report->error->code == ErrorCode::Cancelled;
        ++(cancelled ? stopped : counts[item.report->status]);
        damaged += item.report->damageFound ? 1 : 0;
    }
    using operations::Status;
    std::string line;
    const auto add = [&](std::size_t number, const char *what) {
        if (number > 0)
            line += (line.empty() ? "" : ", ") + std::to_string(number) + ' ' + what;
    };
    add(counts[Status::Done], m_dryRun ? "would be done" : "done");
    add(counts[Status::Unchanged], "unchanged");
    add(counts[Status::Skipped], "skipped");
    add(counts[Status::Failed], "failed");
    add(stopped, "stopped");
    add(damaged, "found damaged");
    console.say(line);
}

Outcome OperationCommand::run(const std::vector<std::string> &words, Session &session)
{
    std::vector<std::string> files = words;
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    const auto patience = m_wait.value();
    if (!patience)
        return std::unexpected(patience.error());
    const auto arguments = takeArguments(files);
    if (!arguments)
        return std::unexpected(arguments.error());
    if (files.empty())
        return std::unexpected(UsageError{"name at least one file"});

    std::vector<Item> items;
    for (const std::string &file : files)
        items.push_back(itemFor(file, m_operation.subject == operations::Subject::Replica));
    const Sink sink = [&](std::string_view text) { session.console.out(text); };
    // CSV's columns are known only once every record is.
    const bool atOnce = *format != Format::Csv;
    auto writer = atOnce ? makeWriter(*format, layout({}), sink) : nullptr;
    const auto print = [&](const Item &item) {
        m_current = &item;
        if (writer)
            writer->write(reportRecord(item.path, *item.report, m_dryRun));
    };
    Batch batch(items, session.console, print, *format != Format::JsonLines);
    const auto rehearse = m_operation.rehearse ? m_operation.rehearse : m_operation.preflight;
    batch.run(
        [&](const operations::Target &target, std::stop_token stop, Progress &progress) {
            operations::JobContext context{.stop = std::move(stop), .progress = progress, .wait = *patience};
            return m_dryRun ? rehearse(target, *arguments, context)
                            : session.memory.act(m_operation, target, *arguments, context);
        },
        m_operation.risk > operations::Risk::WritesNewFile && !m_dryRun, session.stop);
    if (!writer) {
        writer = makeWriter(*format, layout(items), sink);
        for (const Item &item : items)
            print(item);
    }
    writer->finish();
    tell(items, session.console);
    const bool whole = std::all_of(items.begin(), items.end(), [](const Item &item) { return isWhole(*item.report); });
    return whole ? AllDone : SomeFailed;
}

}

std::vector<std::unique_ptr<Command>> makeOperationCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    for (const Operation *operation : operations::all()) {
        if (operation->subject != operations::Subject::Undo)
            commands.push_back(std::make_unique<OperationCommand>(*operation));
    }
    return commands;
}

}
