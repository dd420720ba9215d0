// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/elsewhere.h"

#include "fleet/hosts.h"
#include "fleet/records.h"
#include "fleet/remote.h"
#include "words/fill.h"
#include "words/fleet.h"

#include <QCoreApplication>

#include <algorithm>

namespace lk::models {

using operations::Operation;
using operations::Parameter;
using operations::Report;
using operations::Status;

static constexpr std::size_t LongestTold = 256 << 10; ///< in bytes

bool isElsewhere(const Path &path)
{
    return fleet::placeOf(path).has_value();
}

bool canBeDoneElsewhere(const Operation &operation)
{
    // A File is a name that was made up here, beside the database.
    const bool namesFile =
        std::ranges::find(operation.parameters, Parameter::Kind::File, &Parameter::kind) != operation.parameters.end();
    return operation.risk <= operations::Risk::WritesNewFile && !namesFile;
}

QString whyNotElsewhere(const Operation &operation)
{
    return words::fill("Elsewhere",
                       QT_TRANSLATE_NOOP("Elsewhere", "Nothing is changed on another machine from here. In a terminal: "
                                                      "litekeeper-cli on HOST %1 FILE"),
                       {QString::fromLatin1(operation.id)});
}

/// The command line for the other side.
static std::vector<std::string> commandLine(Deed deed, const Operation &operation, const fleet::Place &place,
                                            const operations::Arguments &arguments)
{
    std::vector<std::string> words{operation.id, "--format", "jsonl"};
    if (deed != Deed::Run)
        words.emplace_back("--dry-run");
    std::string choice;
    for (const Parameter &parameter : operation.parameters) {
        const std::string option = std::string("--") + parameter.id;
        const std::string value = operations::value(arguments, parameter.id);
        if (parameter.kind == Parameter::Kind::Choice)
            choice = value;
        else if (operations::flag(arguments, parameter.id))
            words.push_back(option);
        else if (!value.empty())
            words.push_back(option + '=' + value);
    }
    words.emplace_back("--");
    if (!choice.empty())
        words.push_back(choice);
    words.push_back(place.path);
    return words;
}

// What comes back ----------------------------------------------------------------------------------------------------

static operations::FieldValue fieldValue(const fleet::Record &value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_array())
        return std::monostate();
    std::vector<std::string> texts;
    for (const fleet::Record &one : value)
        texts.push_back(one.is_string() ? one.get<std::string>()
                                        : one.dump(-1, ' ', false, fleet::Record::error_handler_t::replace));
    return texts;
}

static std::string textIn(const fleet::Record &record, const char *field)
{
    const auto found = record.find(field);
    return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A failure, in the words of \a program.
static Error errorOf(ErrorCode code, const Path &address, std::string program, std::string said)
{
    if (said.ends_with('.'))
        said.pop_back(); // it stands within a sentence
    return {.code = code,
            .reason = Reason::ProgramFailed,
            .path = address,
            .arguments = {std::move(program), std::move(said)},
            .detail = {}};
}

static Error errorOf(const fleet::Record &record, const Path &address, const std::string &host)
{
    const auto found = record.find("error");
    const fleet::Record error = found != record.end() && found->is_object() ? *found : fleet::Record::object();
    const std::string name = textIn(error, "code");
    ErrorCode code = ErrorCode::Internal;
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        if (name == errorCodeName(static_cast<ErrorCode>(i)))
            code = static_cast<ErrorCode>(i);
    }
    Error result = errorOf(code, address, "litekeeper-cli on " + host, textIn(error, "message"));
    result.detail = textIn(error, "detail");
    return result;
}

static Report reportOf(const fleet::Record &record, const Path &address, const std::string &host)
{
    Report report;
    const std::string status = textIn(record, "status");
    report.status = status == "done"        ? Status::Done
                    : status == "unchanged" ? Status::Unchanged
                    : status == "skipped"   ? Status::Skipped
                                            : Status::Failed;
    if (report.status == Status::Skipped || report.status == Status::Failed)
        report.error = errorOf(record, address, host);
    for (const auto &[name, value] : record.items()) {
        static constexpr std::string_view Others[] = {"path", "path_base64", "status", "error", "notes", "dry_run"};
        if (std::ranges::find(Others, name) == std::end(Others))
            report.fields.push_back({.id = name, .value = fieldValue(value)});
    }
    report.damageFound = textIn(record, "verdict") == "damaged";
    return report;
}

Report doElsewhere(Deed deed, const Operation &operation, const operations::Target &target,
                   const operations::Arguments &arguments, operations::JobContext &context)
{
    const fleet::Place place = fleet::placeOf(target.path).value_or(fleet::Place());
    if (!canBeDoneElsewhere(operation))
        return operations::skipped(
            errorOf(ErrorCode::Refused, target.path, "litekeeper", whyNotElsewhere(operation).toStdString()));
    std::optional<fleet::Record> record;
    const auto take = [&](std::string_view line) {
        if (auto parsed = fleet::parseRecord(line); parsed && parsed->contains("status"))
            record = std::move(parsed);
        return !record;
    };
    const auto answer =
        fleet::ask({.host = place.host}, commandLine(deed, operation, place, arguments), take, context.stop);
    if (record)
        return reportOf(*record, target.path, place.host);
    if (!answer && answer.error().why == fleet::Why::Stopped)
        return operations::failed({.code = ErrorCode::Cancelled, .path = target.path, .arguments = {}, .detail = {}});
    const fleet::Trouble trouble =
        answer ? fleet::Trouble{.why = answer->status == 2 ? fleet::Why::TooOld : fleet::Why::NotLitekeeper,
                                .host = place.host,
                                .said = fleet::lastLine(answer->complained)}
               : answer.error();
    return operations::failed(
        errorOf(ErrorCode::Unsupported, target.path, "ssh", words::describe(trouble).toStdString()));
}

QString tellFrom(const Path &address, const char *command, const std::stop_token &stop)
{
    const fleet::Place place = fleet::placeOf(address).value_or(fleet::Place());
    std::string told;
    const auto take = [&](std::string_view line) {
        told += path::display(line) + '\n';
        return told.size() < LongestTold;
    };
    const auto answer = fleet::ask({.host = place.host}, {command, "--", place.path}, take, stop);
    if (!answer)
        return words::describe(answer.error());
    const std::string &text = told.empty() ? answer->complained : told;
    return QString::fromStdString(told.empty() ? path::display(text) : text);
}

}
