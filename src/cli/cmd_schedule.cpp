// SPDX-License-Identifier: GPL-3.0-or-later
// What is done again and again: systemd's timers or cron call this program.
#include "base/text.h"
#include "catalog/overdue.h"
#include "cli/arguments.h"
#include "cli/records.h"
#include "words/describe.h"
#include "words/history.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <map>

namespace lk::cli {

namespace {

using catalog::Schedule;
using catalog::Scheduler;

using catalog::schedulable;

class ScheduleCommand final : public Command
{
public:
    std::string name() const override { return "schedule"; }
    std::string summary() const override { return "Have files backed up, checked or optimized again and again."; }
    std::string arguments() const override { return "add|list|show|remove …"; }
    std::string argumentsHelp() const override;
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    Outcome add(const std::vector<std::string> &words, Session &session) const;
    Outcome list(const std::vector<std::string> &words, Session &session) const;
    Outcome show(const std::vector<std::string> &words, Session &session) const;
    Outcome remove(const std::vector<std::string> &words, Session &session) const;
    static Outcome runNow(const std::vector<std::string> &words, Session &session);
    void declareOptionsOf(const operations::Operation &operation, CLI::App &app);
    std::expected<Schedule, UsageError> scheduleFrom(const std::vector<std::string> &words) const;
    std::expected<void, UsageError> takeTime(Schedule &schedule) const;
    std::expected<void, UsageError> takeOptions(Schedule &schedule) const;

    FormatOption m_format;
    std::string m_every;
    std::string m_at;
    bool m_dryRun = false;
    std::map<std::string, bool> m_flags;         // of the operations, by Parameter::id; a map, because CLI11 keeps
    std::map<std::string, std::string> m_values; // references
};

std::string ScheduleCommand::argumentsHelp() const
{
    return twoColumns("add OPERATION FILE…", "backup, check or optimize; the same again replaces it") +
           twoColumns("list", "all there are, with their next and last run") +
           twoColumns("show ID", "what systemd or cron was told") + twoColumns("remove ID", "end it") +
           twoColumns("run ID -- …", "what they call: the command, and a sign to the person if it fails");
}

void ScheduleCommand::declare(CLI::App &app)
{
    app.add_option("--every", m_every, "How often: hourly, daily, weekly (Sundays) or monthly (on the first)")
        ->type_name("HOW");
    app.add_option("--at", m_at, "The time of day (default 03:00; of hourly ones, only the minute counts)")
        ->type_name("HH:MM");
    for (const std::string &id : schedulable())
        declareOptionsOf(*operations::find(id), app);
    app.add_flag("--dry-run", m_dryRun, "Show what systemd or cron would be told; nothing is done");
    m_format.declare(app);
}

void ScheduleCommand::declareOptionsOf(const operations::Operation &operation, CLI::App &app)
{
    using Kind = operations::Parameter::Kind;
    for (const operations::Parameter &parameter : operation.parameters) {
        const std::string option = std::string("--") + parameter.id;
        const std::string help =
            operation.id + std::string(": ") + QCoreApplication::translate("Operation", parameter.help).toStdString();
        if (parameter.kind == Kind::Choice || app.get_option_no_throw(option))
            continue;
        if (parameter.kind == Kind::Flag)
            app.add_flag(option, m_flags[parameter.id], help);
        else
            app.add_option(option, m_values[parameter.id], help)
                ->type_name(parameter.kind == Kind::Folder ? "FOLDER" : "VALUE");
    }
}

std::expected<void, UsageError> ScheduleCommand::takeTime(Schedule &schedule) const
{
    const auto every = catalog::everyOf(m_every);
    if (!every)
        return std::unexpected(unknownValue("--every", m_every, catalog::everyNames()));
    schedule.every = *every;
    if (m_at.empty())
        return {};
    const QTime time = QTime::fromString(QString::fromStdString(m_at), QStringLiteral("H:mm"));
    if (!time.isValid())
        return std::unexpected(UsageError{"--at takes a time from 00:00 to 23:59, not '" + m_at + '\''});
    schedule.hour = time.hour();
    schedule.minute = time.minute();
    return {};
}

std::expected<void, UsageError> ScheduleCommand::takeOptions(Schedule &schedule) const
{
    using Kind = operations::Parameter::Kind;
    const std::vector<operations::Parameter> &parameters = operations::find(schedule.operation)->parameters;
    for (const auto &[id, value] : m_values) {
        if (value.empty())
            continue;
        // Where it runs there is no folder that we are in.
        const auto parameter = std::ranges::find(parameters, id, &operations::Parameter::id);
        const bool isKnown = parameter != parameters.end();
        const bool isPath = isKnown && (parameter->kind == Kind::Folder || parameter->kind == Kind::File);
        if (isKnown && parameter->kind == Kind::Number && !operations::number({{id, value}}, id))
            return std::unexpected(UsageError{"--" + id + " takes a whole number, not '" + value + '\''});
        const Result<Path> path = isPath ? resolved(value) : Result<Path>(value);
        if (!path)
            return std::unexpected(UsageError{"--" + id + ": " + words::describe(path.error()).toStdString()});
        schedule.options.insert(schedule.options.end(), {"--" + id, path->native()});
    }
    for (const auto &[id, given] : m_flags) {
        if (given)
            schedule.options.push_back("--" + id);
    }
    for (const operations::Parameter &parameter : parameters) {
        if (parameter.kind == Kind::Folder && m_values.at(parameter.id).empty())
            return std::unexpected(UsageError{std::string("--") + parameter.id + " FOLDER is missing"});
    }
    std::vector<std::string> command = operations::verbOf(schedule.operation);
    command.insert(command.end(), schedule.options.begin(), schedule.options.end());
    if (const auto error = usageErrorOf(command))
        return std::unexpected(UsageError{schedule.operation + ": " + error->message});
    return {};
}

std::expected<Schedule, UsageError> ScheduleCommand::scheduleFrom(const std::vector<std::string> &words) const
{
    Schedule schedule;
    const std::vector<std::string> known = schedulable();
    schedule.operation = words.empty() ? std::string() : words.front();
    if (std::ranges::find(known, schedule.operation) == known.end())
        return std::unexpected(unknownValue("schedule add", schedule.operation, known));
    if (words.size() < 2)
        return std::unexpected(UsageError{"name at least one file"});
    if (const auto taken = takeTime(schedule); !taken)
        return std::unexpected(taken.error());
    if (const auto taken = takeOptions(schedule); !taken)
        return std::unexpected(taken.error());
    for (auto word = words.begin() + 1; word != words.end(); ++word) {
        const Result<Path> file = resolved(*word);
        if (!file)
            return std::unexpected(UsageError{words::describe(file.error()).toStdString()});
        schedule.files.push_back(*file);
    }
    schedule.id = catalog::idFor(schedule);
    return schedule;
}

Record filesOf(const Schedule &schedule)
{
    Record files = Record::array();
    for (const Path &file : schedule.files)
        files.push_back(pathRecord(file));
    return files;
}

std::string timeOf(const Schedule &schedule)
{
    char text[8];
    std::snprintf(text, sizeof text, "%02d:%02d", schedule.hour, schedule.minute);
    return text;
}

Record timeOrNull(std::int64_t nanoseconds)
{
    return nanoseconds == 0 ? Record(nullptr) : Record(text::isoTime(nanoseconds));
}

Record recordOf(const Schedule &schedule, const Scheduler &scheduler)
{
    return {{"id", schedule.id},          {"operation", schedule.operation},
            {"files", filesOf(schedule)}, {"every", catalog::nameOf(schedule.every)},
            {"at", timeOf(schedule)},     {"by", scheduler.kind() == Scheduler::Systemd ? "systemd" : "cron"}};
}

/// Its next and last runs; what is not remembered is null.
void addRuns(Record &record, const Scheduler::Installed &one, Session &session)
{
    const QDateTime now = QDateTime::currentDateTime();
    record["enabled"] = one.enabled;
    record["next"] = one.enabled ? Record(text::isoTime(one.schedule.nextAfter(now).toMSecsSinceEpoch() * 1'000'000))
                                 : Record(nullptr);
    const auto runs = session.memory.ask<catalog::ScheduleRuns>(
        [&](catalog::Database &database) { return catalog::runsOf(database, one.schedule.id); });
    const catalog::ScheduleRuns known = runs.value_or(catalog::ScheduleRuns());
    record["last"] = known.last ? timeOrNull(known.last->endedNs) : Record(nullptr);
    record["last_status"] = known.last ? Record(statusName(known.last->status)) : Record(nullptr);
    record["last_outcome"] = known.last ? Record(known.last->said) : Record(nullptr);
    record["last_good"] = timeOrNull(known.lastGoodNs);
    record["stale"] =
        known.lastGoodNs == 0 ? Record(nullptr) : Record(catalog::isOverdue(one.schedule, known.lastGoodNs, now));
}

std::string filesText(const Record &record)
{
    const Record &files = record.at("files");
    const std::string first = plainText(files.at(0).at("path"));
    return files.size() == 1 ? first : first + " and " + std::to_string(files.size() - 1) + " more";
}

Layout scheduleLayout()
{
    Layout layout;
    const auto field = [](const char *name) {
        return [name](const Record &record) { return record.contains(name) ? plainText(record.at(name)) : "–"; };
    };
    layout.table = {
        {"id", false, field("id")},
        {"every", false,
         [](const Record &record) { return plainText(record.at("every")) + ' ' + plainText(record.at("at")); }},
        {"next", false, field("next")},
        {"last good", false, field("last_good")},
        {"files", false, filesText}};
    layout.details = [](const Record &record) {
        std::vector<std::string> lines;
        if (record.contains("last_outcome") && !record.at("last_outcome").is_null())
            lines.push_back("last: " + plainText(record.at("last_outcome")));
        return lines;
    };
    layout.csv = {"id",      "operation", "files", "every",       "at",        "by",
                  "enabled", "next",      "last",  "last_status", "last_good", "stale"};
    return layout;
}

ExitStatus tell(const Error &error, Session &session)
{
    session.console.say(words::describe(error).toStdString());
    return SomeFailed;
}

Outcome ScheduleCommand::add(const std::vector<std::string> &words, Session &session) const
{
    const auto schedule = scheduleFrom(words);
    if (!schedule)
        return std::unexpected(schedule.error());
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    const Result<Scheduler> scheduler = Scheduler::here();
    const Result<std::string> units = scheduler ? scheduler->shown(*schedule) : std::unexpected(scheduler.error());
    if (!units)
        return tell(units.error(), session);
    Record record = recordOf(*schedule, *scheduler);
    record["units"] = path::toUtf8(*units);
    if (m_dryRun) {
        record["dry_run"] = true;
    } else if (const Result<void> added = scheduler->add(*schedule); !added) {
        return tell(added.error(), session);
    }
    if (*format == Format::Table) {
        session.console.out(*units);
        session.console.say(m_dryRun ? "would be added as " + schedule->id : "added as " + schedule->id);
        return AllDone;
    }
    auto writer = makeWriter(*format, scheduleLayout(), [&](std::string_view text) { session.console.out(text); });
    writer->write(record);
    writer->finish();
    return AllDone;
}

Outcome ScheduleCommand::list(const std::vector<std::string> &words, Session &session) const
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (!words.empty())
        return std::unexpected(UsageError{"list takes no further words"});
    const Result<Scheduler> scheduler = Scheduler::here();
    const auto all = scheduler ? scheduler->all() : std::unexpected(scheduler.error());
    if (!all)
        return tell(all.error(), session);
    auto writer = makeWriter(*format, scheduleLayout(), [&](std::string_view text) { session.console.out(text); });
    for (const Scheduler::Installed &one : *all) {
        Record record = recordOf(one.schedule, *scheduler);
        addRuns(record, one, session);
        writer->write(record);
    }
    writer->finish();
    return AllDone;
}

Result<Schedule> installed(const Scheduler &scheduler, const std::string &id)
{
    const auto all = scheduler.all();
    if (!all)
        return std::unexpected(all.error());
    for (const Scheduler::Installed &one : *all) {
        if (one.schedule.id == id)
            return one.schedule;
    }
    return fail(ErrorCode::NotFound, Path(id));
}

Outcome ScheduleCommand::show(const std::vector<std::string> &words, Session &session) const
{
    if (words.size() != 1)
        return std::unexpected(UsageError{"name one id; schedule list has them"});
    const Result<Scheduler> scheduler = Scheduler::here();
    const Result<Schedule> schedule =
        scheduler ? installed(*scheduler, words.front()) : std::unexpected(scheduler.error());
    const Result<std::string> units = schedule ? scheduler->shown(*schedule) : std::unexpected(schedule.error());
    if (!units)
        return tell(units.error(), session);
    session.console.out(*units);
    return AllDone;
}

Outcome ScheduleCommand::remove(const std::vector<std::string> &words, Session &session) const
{
    if (words.size() != 1)
        return std::unexpected(UsageError{"name one id; schedule list has them"});
    const Result<Scheduler> scheduler = Scheduler::here();
    const Result<Schedule> schedule =
        scheduler ? installed(*scheduler, words.front()) : std::unexpected(scheduler.error());
    if (!schedule)
        return tell(schedule.error(), session);
    if (m_dryRun) {
        if (const Result<std::string> units = scheduler->shown(*schedule))
            session.console.out(*units);
        session.console.say("would be removed");
        return AllDone;
    }
    if (const Result<void> removed = scheduler->remove(words.front()); !removed)
        return tell(removed.error(), session);
    session.console.say("removed");
    return AllDone;
}

/// What went wrong, for a person who did not watch.
void notify(const std::string &id, const std::string &operation, std::int64_t sinceNs, Session &session)
{
    const auto failures = session.memory.ask<std::vector<catalog::Entry>>(
        [&](catalog::Database &database) { return catalog::failuresOf(database, id, sinceNs); });
    const auto runs = session.memory.ask<catalog::ScheduleRuns>(
        [&](catalog::Database &database) { return catalog::runsOf(database, id); });
    const QString title = words::scheduleFailed(operation);
    const QString text = words::scheduleFailure(failures.value_or(std::vector<catalog::Entry>()),
                                                runs.value_or(catalog::ScheduleRuns()).lastGoodNs);
    if (!Scheduler::notify(title, text))
        session.console.say((title + QStringLiteral(": ") + text).toStdString());
}

Outcome ScheduleCommand::runNow(const std::vector<std::string> &words, Session &session)
{
    const std::vector<std::string> known = schedulable();
    if (words.size() < 2 || std::ranges::find(known, words[1]) == known.end())
        return std::unexpected(UsageError{"run is what systemd and cron call: run ID -- backup …"});
    qputenv("LITEKEEPER_SCHEDULE", QByteArray::fromStdString(words.front()));
    const std::int64_t began = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    const Outcome outcome = runWithin(session, {words.begin() + 1, words.end()});
    if (!outcome || *outcome != AllDone)
        notify(words.front(), words[1], began, session);
    return outcome;
}

Outcome ScheduleCommand::run(const std::vector<std::string> &words, Session &session)
{
    const std::string verb = words.empty() ? std::string() : words.front();
    const std::vector<std::string> rest(words.begin() + (words.empty() ? 0 : 1), words.end());
    if (verb == "add")
        return add(rest, session);
    if (verb == "list")
        return list(rest, session);
    if (verb == "show")
        return show(rest, session);
    if (verb == "remove")
        return remove(rest, session);
    if (verb == "run")
        return runNow(rest, session);
    return std::unexpected(unknownValue("the first argument", verb, {"add", "list", "show", "remove"}));
}

}

std::unique_ptr<Command> makeScheduleCommand()
{
    return std::make_unique<ScheduleCommand>();
}

}
