// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/lookbatch.h"
#include "cli/records.h"

#include <algorithm>

namespace lk::cli {

namespace {

/// The record of a file of which nothing is known but why: each other field is null.
Record unknownRecord(const Error &error, const InfoWanted &wanted)
{
    const inspect::DatabaseFacts nothing;
    Record fields = infoRecord(nothing);
    addWanted(fields, nothing, wanted);
    Record record = pathRecord(error.path);
    for (const auto &[name, value] : fields.items()) {
        if (!record.contains(name))
            record[name] = nullptr;
    }
    record["error"] = errorRecord(error);
    return record;
}

std::string lower(std::string text)
{
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string list(const Record &object)
{
    std::string text;
    for (const auto &[field, inner] : object.items())
        text += (text.empty() ? "" : ", ") + lower(field) + ' ' + plainText(inner);
    return text;
}

std::string holdersInWords(const Record &holders)
{
    std::string text;
    for (const Record &holder : holders)
        text += (text.empty() ? "" : ", ") + plainText(holder["name"]) + " (" + plainText(holder["pid"]) + ", " +
                plainText(holder["user"]) + (holder["locks"].empty() ? "" : ": " + plainText(holder["locks"])) + ')';
    return text.empty() ? "nobody" : text;
}

/// "Django 5.2.1, settings.py:87 names this file"
std::string projectInWords(const Record &project)
{
    std::string text = plainText(project["name"]);
    if (!project["version"].is_null())
        text += ' ' + plainText(project["version"]);
    if (!project["settings"].is_null()) {
        text += ", " + plainText(project["settings"]);
        if (!project["line"].is_null())
            text += ':' + plainText(project["line"]);
        if (project["names_this_file"].get<bool>())
            text += " names this file";
    }
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
    if (name == "holders")
        return holdersInWords(value);
    if (name == "project")
        return projectInWords(value);
    return value.is_object() ? list(value) : plainText(value);
}

/// The rows of --space, below each other.
std::vector<std::string> spaceLines(const Record &space)
{
    std::vector<std::vector<std::string>> rows{
        {"name", "type", "table", "pages", "bytes", "payload", "unused", "rows"}};
    for (const Record &item : space) {
        std::vector<std::string> cells;
        for (const auto &[field, value] : item.items())
            cells.push_back(plainText(value));
        rows.push_back(std::move(cells));
    }
    // Numbers are read from the right; the last one is always there to be aligned.
    return alignedLines(std::move(rows), {false, false, false, true, true, true, true, true});
}

/// A statement as it was typed, on its lines.
void addSql(std::vector<std::string> &lines, std::string_view sql)
{
    while (!sql.empty()) {
        const std::size_t end = std::min(sql.find('\n'), sql.size());
        lines.push_back("    " + std::string(sql.substr(0, end)));
        sql.remove_prefix(std::min(end + 1, sql.size()));
    }
}

void addParts(std::vector<std::string> &lines, const Record &record)
{
    if (const auto space = record.find("space"); space != record.end() && !space->is_null()) {
        lines.emplace_back("space");
        for (std::string &line : spaceLines(*space))
            lines.push_back("    " + std::move(line));
        if (const Record &why = record.at("space_error"); !why.is_null())
            lines.push_back("! Not all could be measured: " + why.at("message").get<std::string>());
    }
    if (const auto schema = record.find("schema"); schema != record.end() && !schema->is_null()) {
        lines.emplace_back("schema");
        for (const Record &statement : *schema)
            addSql(lines, statement.get<std::string>());
    }
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
        // What can't be known, and what stands elsewhere, is left to the other formats.
        if (value.is_null() || name.starts_with("path") || name == "error" || name == "problems" || name == "stored" ||
            name.starts_with("space") || name.starts_with("schema_cut") || (name == "schema" && value.is_array()))
            continue;
        std::string label = lower(name);
        label.resize(18, ' ');
        lines.push_back(label + valueInWords(name, value));
    }
    for (const Record &problem : record.at("problems"))
        lines.push_back("! " + problem.get<std::string>());
    addParts(lines, record);
    return lines;
}

Layout infoLayout(const InfoWanted &wanted)
{
    Layout layout;
    layout.table = {{"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = lines;
    layout.csv = infoFields(wanted);
    return layout;
}

class InfoCommand final : public Command
{
public:
    std::string name() const override { return "info"; }
    std::string summary() const override { return "Show all that is known of a file, without a trace on it."; }
    std::string arguments() const override { return "FILE…"; }
    void declare(CLI::App &options) override
    {
        options.add_flag("--space", m_wanted.space, "what each table and index takes up; reads the whole file");
        options.add_flag("--schema", m_wanted.schema, "the CREATE statements");
        m_format.declare(options);
    }
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    FormatOption m_format;
    InfoWanted m_wanted;
};

Outcome InfoCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (words.empty())
        return std::unexpected(UsageError{"name at least one file"});

    const auto writer =
        makeWriter(*format, infoLayout(m_wanted), [&](std::string_view text) { session.console.out(text); });
    const auto tell = [this](const inspect::DatabaseFacts &facts) {
        Record record = infoRecord(facts);
        addWanted(record, facts, m_wanted);
        return record;
    };
    const bool whole = lookAtAll(
        words, session, *format != Format::JsonLines, {.structure = m_wanted.schema, .space = m_wanted.space}, tell,
        [this](const Error &error) { return unknownRecord(error, m_wanted); }, *writer);
    writer->finish();
    return whole ? AllDone : SomeFailed;
}

}

std::unique_ptr<Command> makeInfoCommand()
{
    return std::make_unique<InfoCommand>();
}

}
