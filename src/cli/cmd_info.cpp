// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/records.h"
#include "inspect/gather.h"

#include <algorithm>

namespace lk::cli {

namespace {

/// The record of a file of which nothing is known but why: each other field is null.
Record unknownRecord(const Error &error)
{
    static const Record Nothing = [] {
        Record record = infoRecord(inspect::DatabaseFacts());
        for (auto &[name, value] : record.items())
            value = nullptr;
        return record;
    }();
    Record record = pathRecord(error.path);
    for (const auto &[name, value] : Nothing.items()) {
        if (!record.contains(name))
            record[name] = value;
    }
    record["error"] = errorRecord(error);
    return record;
}

std::string lower(std::string text)
{
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

/// "48 MiB (50331648 bytes)" for sizes; holders and the rest as people read them.
std::string valueInWords(const std::string &name, const Record &value)
{
    const bool isSize = name == "size" || name == "wal_size" || name == "journal_size";
    if (isSize && value.is_number() && value.get<std::uint64_t>() >= 1024)
        return text::bytes(value.get<std::uint64_t>()) + " (" + plainText(value) + " bytes)";
    if (value.is_boolean())
        return value.get<bool>() ? "yes" : "no";
    if (name == "holders") {
        std::string list;
        for (const Record &holder : value)
            list += (list.empty() ? "" : ", ") + plainText(holder["name"]) + " (" + plainText(holder["pid"]) + ", " +
                    plainText(holder["user"]) + (holder["locks"].empty() ? "" : ": " + plainText(holder["locks"])) +
                    ')';
        return list.empty() ? "nobody" : list;
    }
    if (value.is_object()) {
        std::string list;
        for (const auto &[field, inner] : value.items())
            list += (list.empty() ? "" : ", ") + lower(field) + ' ' + plainText(inner);
        return list;
    }
    return plainText(value);
}

std::vector<std::string> lines(const Record &record)
{
    std::vector<std::string> lines;
    const Record &error = record.at("error");
    if (!error.is_null())
        lines.push_back(error.at("message").get<std::string>());
    if (record.at("state").is_null())
        return lines;
    for (const auto &[name, value] : record.items()) {
        // What is null for every file yet, or stands elsewhere, is left to the other formats.
        if (name.starts_with("path") || name == "error" || name == "application" || name == "problems" ||
            name == "stored" || (name == "wal" && value.is_null()))
            continue;
        std::string label = lower(name);
        label.resize(16, ' ');
        lines.push_back(label + valueInWords(name, value));
    }
    for (const Record &problem : record.at("problems"))
        lines.push_back("! " + problem.get<std::string>());
    return lines;
}

Layout infoLayout()
{
    Layout layout;
    layout.table = {{"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = lines;
    layout.csv = infoFields();
    return layout;
}

class InfoCommand final : public Command
{
public:
    std::string name() const override { return "info"; }
    std::string summary() const override { return "Show all that is known of a file, without a trace on it."; }
    std::string arguments() const override { return "FILE…"; }
    void declare(CLI::App &options) override { m_format.declare(options); }
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    FormatOption m_format;
};

Outcome InfoCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (words.empty())
        return std::unexpected(UsageError{"name at least one file"});

    const auto writer = makeWriter(*format, infoLayout(), [&](std::string_view text) { session.console.out(text); });
    ExitStatus status = AllDone;
    for (const std::string &word : words) {
        if (session.stop.stop_requested())
            break;
        const Result<Path> path = resolved(word);
        Result<inspect::DatabaseFacts> facts =
            path ? inspect::look(*path, session.stop) : std::unexpected(path.error());
        if (facts && !facts->lookError)
            facts->lookError = stateError(*facts);
        if (!facts && facts.error().path.empty())
            facts.error().path = path ? *path : Path(word);
        writer->write(facts ? infoRecord(*facts) : unknownRecord(facts.error()));
        if (!facts || facts->lookError)
            status = SomeFailed;
    }
    writer->finish();
    return status;
}

}

std::unique_ptr<Command> makeInfoCommand()
{
    return std::make_unique<InfoCommand>();
}

}
