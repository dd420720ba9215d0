// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/doctor.h"
#include "advice/mutes.h"
#include "cli/arguments.h"
#include "cli/findings.h"
#include "cli/lookbatch.h"
#include "cli/records.h"
#include "words/doctor.h"

#include <algorithm>

namespace lk::cli {

namespace {

class DoctorCommand final : public Command
{
public:
    std::string name() const override { return "doctor"; }
    std::string summary() const override
    {
        return "Say how the project beside a file sets up its connections, and what would be better; touches nothing.";
    }
    std::string arguments() const override { return "FILE…"; }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    Record recordOf(const inspect::DatabaseFacts &facts) const;

    FormatOption m_format;
    std::string m_profile;
    advice::Profile m_chosen = advice::Profile::Web;
    bool m_all = false;
    bool m_patch = false;
    std::vector<Mute> m_mutes;
};

void DoctorCommand::declare(CLI::App &options)
{
    options.add_option("--profile", m_profile, "What the program is: web (default), desktop, embedded or analytics")
        ->type_name("NAME");
    options.add_flag("--patch", m_patch, "Only the patch, as `patch -p1` takes it in the project's folder");
    options.add_flag("--all", m_all, "Also what was muted in the window");
    m_format.declare(options);
}

Record textOrNull(const std::string &text)
{
    return text.empty() ? Record(nullptr) : Record(path::toUtf8(text));
}

void addPlace(Record &record, const std::string &file, int line)
{
    record["file"] = textOrNull(file);
    record["line"] = line > 0 ? Record(line) : Record(nullptr);
}

Record rowRecord(const advice::DoctorRow &row, const advice::Diagnosis &diagnosis)
{
    Record record = {{"program", diagnosis.driver->id},
                     {"setting", textOrNull(row.setting)},
                     {"in_force", textOrNull(row.inForce)},
                     {"source", advice::sourceName(row.source)}};
    addPlace(record, row.file, row.line);
    record["recommended"] = textOrNull(row.recommended);
    record["reason"] = textOrNull(words::reasonOf(row).toStdString());
    record["finding"] = row.finding ? Record(row.finding->id) : Record(nullptr);
    record["shown"] = {words::settingOf(row).toStdString(), words::inForce(row).toStdString(),
                       words::placeOf(row, diagnosis).toStdString(), plainText(record.at("recommended"))};
    return record;
}

Record emptyRecord(const Path &path)
{
    Record record = pathRecord(path);
    for (const char *list : {"programs", "rows", "findings"})
        record[list] = Record::array();
    record["muted"] = 0;
    record["patch"] = "";
    record["error"] = nullptr;
    return record;
}

Record failedRecord(const Error &error)
{
    Record record = emptyRecord(error.path);
    record["error"] = errorRecord(error);
    return record;
}

Record DoctorCommand::recordOf(const inspect::DatabaseFacts &facts) const
{
    Record record = emptyRecord(facts.path);
    if (facts.lookError)
        record["error"] = errorRecord(*facts.lookError);
    int muted = 0;
    std::string patch;
    for (const advice::Diagnosis &diagnosis :
         advice::diagnose(facts, inspect::configurationsOf(facts.path), m_chosen)) {
        Record remarks = Record::array();
        for (const QString &remark : words::remarks(diagnosis))
            remarks.push_back(remark.toStdString());
        record["programs"].push_back({{"program", diagnosis.driver->id},
                                      {"name", words::programOf(diagnosis).toStdString()},
                                      {"version", textOrNull(diagnosis.version)},
                                      {"folder", path::toUtf8(path::bytes(diagnosis.root))},
                                      {"names_this_file", diagnosis.namesThisFile},
                                      {"remarks", std::move(remarks)}});
        for (const advice::DoctorRow &row : diagnosis.rows)
            record["rows"].push_back(rowRecord(row, diagnosis));
        for (const advice::DoctorFinding &found : diagnosis.findings) {
            if (!m_all && advice::isMuted(m_mutes, found.finding, facts.path)) {
                ++muted;
                continue;
            }
            Record finding = findingRecord(found.finding, facts);
            finding["program"] = diagnosis.driver->id;
            finding["setting"] = textOrNull(found.setting);
            addPlace(finding, found.file, found.line);
            record["findings"].push_back(std::move(finding));
        }
        patch += diagnosis.patch.toStdString();
    }
    record["muted"] = muted;
    record["patch"] = patch;
    return record;
}

/// The entries of \a list that belong to \a program.
std::vector<Record> entriesOf(const Record &list, const Record &program)
{
    std::vector<Record> entries;
    std::ranges::copy_if(list, std::back_inserter(entries),
                         [&](const Record &entry) { return entry.at("program") == program.at("program"); });
    return entries;
}

void append(std::vector<std::string> &lines, const std::vector<std::string> &more)
{
    lines.insert(lines.end(), more.begin(), more.end());
}

std::vector<std::string> programLines(const Record &program, const Record &record)
{
    const auto text = [](const Record &value) { return value.get<std::string>(); };
    std::vector<std::string> lines{text(program.at("name")) + "  " + text(program.at("folder"))};
    for (const Record &remark : program.at("remarks"))
        lines.push_back(text(remark));
    std::vector<std::vector<std::string>> rows{{"Setting", "In force", "Where", "Recommended"}};
    for (const Record &row : entriesOf(record.at("rows"), program))
        rows.push_back(row.at("shown").get<std::vector<std::string>>());
    append(lines, alignedLines(std::move(rows), {false, false, false, false}));
    for (Record finding : entriesOf(record.at("findings"), program)) {
        if (!finding.at("file").is_null())
            finding["title"] = text(finding.at("title")) + "  " + text(finding.at("file")) + ':' +
                               std::to_string(finding.at("line").get<int>());
        append(lines, findingLines(finding));
    }
    return lines;
}

/// A tab is shown as blanks, for a table escapes it; --patch prints it.
std::vector<std::string> patchLines(const std::string &patch)
{
    std::vector<std::string> lines{"Patch, for you to apply (--patch prints it alone):"};
    std::string line = "  ";
    for (const char c : patch) {
        if (c == '\n') {
            lines.push_back(std::exchange(line, "  "));
        } else if (c != '\r') {
            line += c == '\t' ? std::string(4, ' ') : std::string(1, c);
        }
    }
    return lines;
}

std::vector<std::string> lines(const Record &record)
{
    std::vector<std::string> lines;
    if (!record.at("error").is_null())
        lines.push_back(record.at("error").at("message").get<std::string>());
    for (const Record &program : record.at("programs"))
        append(lines, programLines(program, record));
    if (record.at("programs").empty() && record.at("error").is_null())
        lines.push_back(words::noProgram().toStdString());
    if (const auto patch = record.at("patch").get<std::string>(); !patch.empty())
        append(lines, patchLines(patch));
    return lines;
}

Layout doctorLayout()
{
    Layout layout;
    layout.table = {{"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = lines;
    layout.csv = {"path", "path_base64", "program", "setting", "in_force",   "source",       "file",
                  "line", "recommended", "reason",  "finding", "error.code", "error.message"};
    return layout;
}

/// Prints patches and nothing else.
class PatchWriter final : public Writer
{
public:
    explicit PatchWriter(Console &console)
        : m_console(console)
    {
    }

    void write(const Record &record) override
    {
        if (!record.at("error").is_null())
            m_console.say(record.at("error").at("message").get<std::string>());
        m_console.out(record.at("patch").get<std::string>());
    }
    void finish(const Record &) override {}

private:
    Console &m_console;
};

/// Leaves out what only the table shows.
class RecordWriter final : public Writer
{
public:
    explicit RecordWriter(std::unique_ptr<Writer> writer)
        : m_writer(std::move(writer))
    {
    }

    void write(const Record &record) override
    {
        Record bare = record;
        for (Record &row : bare["rows"])
            row.erase("shown");
        m_writer->write(bare);
    }
    void finish(const Record &more) override { m_writer->finish(more); }

private:
    std::unique_ptr<Writer> m_writer;
};

Outcome DoctorCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (words.empty())
        return std::unexpected(UsageError{"name at least one file"});
    if (m_patch && m_format.given())
        return std::unexpected(UsageError{"--patch has a format of its own"});
    if (!m_profile.empty()) {
        const auto profile = advice::findProfile(m_profile);
        if (!profile)
            return std::unexpected(unknownValue("--profile", m_profile, {"web", "desktop", "embedded", "analytics"}));
        m_chosen = *profile;
    }

    m_mutes = Settings().mutes();
    auto writer = makeWriter(*format, doctorLayout(), [&](std::string_view text) { session.console.out(text); });
    if (*format == Format::Csv)
        writer = std::make_unique<RowWriter>(std::move(writer), "rows");
    if (*format != Format::Table)
        writer = std::make_unique<RecordWriter>(std::move(writer));
    if (m_patch)
        writer = std::make_unique<PatchWriter>(session.console);
    const bool whole = lookAtAll(
        words, session, *format != Format::JsonLines, {.structure = true},
        [&](const inspect::DatabaseFacts &facts) { return recordOf(facts); }, failedRecord, *writer);
    writer->finish();
    return whole ? AllDone : SomeFailed;
}

}

std::unique_ptr<Command> makeDoctorCommand()
{
    return std::make_unique<DoctorCommand>();
}

}
