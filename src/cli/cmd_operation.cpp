// SPDX-License-Identifier: GPL-3.0-or-later
// One command for every operation there is, made from its descriptor.
#include "cli/arguments.h"
#include "cli/records.h"
#include "jobs/jobrunner.h"
#include "words/describe.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>
#include <deque>

namespace lk::cli {

namespace {

using operations::Operation;
using operations::Parameter;
using operations::Report;

/// A file of the command line: what to act on, and later what came of it.
struct Item
{
    Path path;
    std::optional<operations::Target> target; ///< nothing: report says why
    std::optional<Report> report;
};

Item itemFor(const std::string &word)
{
    Item item;
    const Result<Path> path = resolved(word);
    if (path) {
        item.path = *path;
        // The very file that is there now: should another take its name before the job starts, it is Changed.
        const Result<platform::FileStatus> status = platform::status(*path);
        if (status)
            item.target = operations::Target{.path = *path, .seen = *status};
        else
            item.report = operations::failed(status.error());
    } else {
        item.path = path.error().path;
        item.report = operations::failed(path.error());
    }
    return item;
}

bool isWhole(const Report &report)
{
    const bool good = report.status == operations::Status::Done || report.status == operations::Status::Unchanged;
    return good && !report.damageFound;
}

/// Runs all items on all cores and hands each over as it ends, or in the order given.
class Batch final
{
public:
    Batch(std::vector<Item> &items, Console &console, std::function<void(const Item &)> print, bool inOrder)
        : m_items(items)
        , m_console(console)
        , m_print(std::move(print))
        , m_inOrder(inOrder)
    {
    }

    void run(const std::function<Report(const operations::Target &, std::stop_token, Progress &)> &work, bool writes,
             const std::stop_token &stop);

private:
    void finish(std::size_t index, const Report &report);
    void printReady();
    void showProgress(std::size_t index, const ProgressReport &report);

    std::vector<Item> &m_items;
    Console &m_console;
    std::function<void(const Item &)> m_print;
    bool m_inOrder;
    std::size_t m_printed = 0; ///< in order: how many are out
    std::size_t m_finished = 0;
    std::map<jobs::JobId, std::size_t> m_indexes;
};

void Batch::run(const std::function<Report(const operations::Target &, std::stop_token, Progress &)> &work, bool writes,
                const std::stop_token &stop)
{
    int argumentCount = 0;
    QCoreApplication application(argumentCount, nullptr);
    jobs::JobRunner runner;
    QObject::connect(&runner, &jobs::JobRunner::progressed, &application,
                     [&](jobs::JobId id, const ProgressReport &report) { showProgress(m_indexes.at(id), report); });
    QObject::connect(&runner, &jobs::JobRunner::finished, &application,
                     [&](jobs::JobId id, const Report &report) { finish(m_indexes.at(id), report); });
    QObject::connect(&runner, &jobs::JobRunner::idle, &application, &QCoreApplication::quit, Qt::QueuedConnection);

    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].target) {
            finish(i, *m_items[i].report);
            continue;
        }
        const operations::Target target = *m_items[i].target;
        const jobs::JobId id = runner.start(
            {.file = target.path, .writes = writes, .work = [&work, target](std::stop_token token, Progress &progress) {
                 return work(target, token, progress);
             }});
        m_indexes.emplace(id, i);
    }
    // The request comes on the signals' thread; jobs are stopped on the one that the runner lives in.
    const std::stop_callback onStop(
        stop, [&runner] { QMetaObject::invokeMethod(&runner, &jobs::JobRunner::stopAll, Qt::QueuedConnection); });
    if (runner.unfinished() > 0)
        QCoreApplication::exec();
    m_console.clearProgress();
}

void Batch::finish(std::size_t index, const Report &report)
{
    m_items[index].report = report;
    ++m_finished;
    if (m_inOrder)
        printReady();
    else
        m_print(m_items[index]);
}

void Batch::printReady()
{
    while (m_printed < m_items.size() && m_items[m_printed].report)
        m_print(m_items[m_printed++]);
}

void Batch::showProgress(std::size_t index, const ProgressReport &report)
{
    std::string line = std::to_string(m_finished) + " of " + std::to_string(m_items.size()) + " done  " +
                       words::describe(report.phase).toStdString();
    if (report.fraction >= 0)
        line += ' ' + std::to_string(static_cast<int>(report.fraction * 100)) + " %";
    m_console.progress(line + "  " + path::display(m_items[index].path));
}

class OperationCommand final : public Command
{
public:
    explicit OperationCommand(const Operation &operation)
        : m_operation(operation)
    {
    }

    std::string name() const override { return m_operation.id; }
    std::string summary() const override
    {
        return QCoreApplication::translate("Operation", m_operation.summary).toStdString();
    }
    std::string arguments() const override;
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::expected<operations::Arguments, UsageError> takeArguments(std::vector<std::string> &words) const;
    std::expected<void, UsageError> takeChoice(const Parameter &parameter, std::vector<std::string> &words,
                                               operations::Arguments &arguments) const;
    std::expected<std::chrono::milliseconds, UsageError> wait() const;
    Layout layout(const std::vector<Item> &items) const;
    void tell(const std::vector<Item> &items, Console &console) const;

    const Operation &m_operation;
    FormatOption m_format;
    std::string m_wait;
    bool m_dryRun = false;
    std::map<std::string, bool> m_flags;          // by Parameter::id; a map, because CLI11 keeps references
    std::map<std::string, std::string> m_folders; // by Parameter::id
};

std::string OperationCommand::arguments() const
{
    std::string text;
    for (const Parameter &parameter : m_operation.parameters) {
        if (parameter.kind != Parameter::Kind::Choice)
            continue;
        std::string choices;
        for (const Parameter::Value &value : parameter.choices)
            choices += (choices.empty() ? "" : "|") + std::string(value.id);
        text += choices + ' ';
    }
    return text + "FILE…";
}

void OperationCommand::declare(CLI::App &app)
{
    for (const Parameter &parameter : m_operation.parameters) {
        const std::string option = std::string("--") + parameter.id;
        const std::string help = QCoreApplication::translate("Operation", parameter.help).toStdString();
        if (parameter.kind == Parameter::Kind::Flag)
            app.add_flag(option, m_flags[parameter.id], help);
        else if (parameter.kind == Parameter::Kind::Folder)
            app.add_option(option, m_folders[parameter.id], help)->type_name("FOLDER");
    }
    app.add_flag("--dry-run", m_dryRun, "Say what would happen and what would be refused; do nothing");
    app.add_option("--wait", m_wait, "How long to wait for another program's lock (default: 5)")->type_name("SECONDS");
    m_format.declare(app);
}

std::expected<void, UsageError> OperationCommand::takeChoice(const Parameter &parameter,
                                                             std::vector<std::string> &words,
                                                             operations::Arguments &arguments) const
{
    std::vector<std::string> known;
    for (const Parameter::Value &value : parameter.choices)
        known.emplace_back(value.id);
    const std::string given = words.empty() ? std::string() : words.front();
    if (std::find(known.begin(), known.end(), given) == known.end())
        return std::unexpected(unknownValue("the first argument", given, known));
    words.erase(words.begin());
    arguments[parameter.id] = given;
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
        case Parameter::Kind::Folder:
            if (m_folders.at(parameter.id).empty())
                return std::unexpected(UsageError{option + " FOLDER is missing"});
            arguments[parameter.id] = m_folders.at(parameter.id);
            break;
        }
    }
    return arguments;
}

std::expected<std::chrono::milliseconds, UsageError> OperationCommand::wait() const
{
    if (m_wait.empty())
        return std::chrono::seconds(5);
    double seconds = -1;
    const char *end = m_wait.data() + m_wait.size();
    const bool isNumber = std::from_chars(m_wait.data(), end, seconds).ptr == end;
    if (!isNumber || !(seconds >= 0) || seconds > 1e6)
        return std::unexpected(UsageError{"--wait takes a number of seconds, not '" + m_wait + '\''});
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Layout OperationCommand::layout(const std::vector<Item> &items) const
{
    Layout layout;
    const bool dryRun = m_dryRun;
    layout.table = {{"", false,
                     [dryRun](const Record &record) {
                         const std::string status = plainText(record.at("status"));
                         return dryRun && status == "done" ? std::string("would be done") : status;
                     }},
                    {"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = [](const Record &record) {
        std::vector<std::string> lines;
        if (!record.at("error").is_null())
            lines.push_back(record.at("error").at("message").get<std::string>());
        for (const auto &[name, value] : record.items()) {
            const bool shown = name.starts_with("path") || name == "status" || name == "error" || name == "dry_run" ||
                               name == "notes" || name.ends_with("_base64") || value.is_null() ||
                               (value.is_array() && value.empty());
            if (shown)
                continue;
            if (value.is_array()) {
                for (const Record &line : value)
                    lines.push_back(name + ": " + plainText(line));
            } else {
                lines.push_back(name + ": " + plainText(value));
            }
        }
        for (const Record &note : record.at("notes"))
            lines.push_back("note: " + note.get<std::string>());
        return lines;
    };
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
    for (const Item &item : items) {
        ++counts[item.report->status];
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
    add(damaged, "found damaged");
    console.say(line);
}

Outcome OperationCommand::run(const std::vector<std::string> &words, Session &session)
{
    std::vector<std::string> files = words;
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    const auto patience = wait();
    if (!patience)
        return std::unexpected(patience.error());
    const auto arguments = takeArguments(files);
    if (!arguments)
        return std::unexpected(arguments.error());
    if (files.empty())
        return std::unexpected(UsageError{"name at least one file"});

    std::vector<Item> items;
    for (const std::string &file : files)
        items.push_back(itemFor(file));
    const Sink sink = [&](std::string_view text) { session.console.out(text); };
    // CSV's columns are known only once every record is.
    const bool atOnce = *format != Format::Csv;
    auto writer = atOnce ? makeWriter(*format, layout({}), sink) : nullptr;
    const auto print = [&](const Item &item) {
        if (writer)
            writer->write(reportRecord(item.path, *item.report, m_dryRun));
    };
    Batch batch(items, session.console, print, *format != Format::JsonLines);
    const auto act = m_dryRun ? m_operation.preflight : m_operation.run;
    batch.run(
        [&](const operations::Target &target, std::stop_token stop, Progress &progress) {
            operations::JobContext context{.stop = std::move(stop), .progress = progress, .wait = *patience};
            return act(target, *arguments, context);
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
    for (const Operation *operation : operations::all())
        commands.push_back(std::make_unique<OperationCommand>(*operation));
    return commands;
}

}
