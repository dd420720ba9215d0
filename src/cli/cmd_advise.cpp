// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/mutes.h"
#include "advice/snippets.h"
#include "cli/arguments.h"
#include "cli/lookbatch.h"
#include "cli/records.h"
#include "words/findings.h"

#include <algorithm>
#include <mutex>

namespace lk::cli {

namespace {

/// \a path for a shell; FILE where it has bytes that a person could neither read nor copy.
std::string shellWord(const Path &path)
{
    const bool plain = path::display(path) == path::bytes(path);
    return plain ? *advice::written(path::bytes(path), advice::Target::Shell) : "FILE";
}

/// The command that does it: "litekeeper-cli journal wal '/srv/x.db'".
std::string operationCommand(const advice::Fix &fix, const Path &path)
{
    std::string text = std::string("litekeeper-cli ") + fix.operation;
    for (const operations::Parameter &parameter : operations::find(fix.operation)->parameters) {
        if (parameter.kind == operations::Parameter::Kind::Folder)
            text += std::string(" --") + parameter.id + " FOLDER";
        if (std::string_view(parameter.id) == fix.parameter)
            text += std::string(" ") + fix.value;
    }
    return text + ' ' + shellWord(path);
}

/// The command that does what \a fix says; nothing where a person has to do it.
std::optional<std::string> command(const advice::Fix &fix, const inspect::DatabaseFacts &facts)
{
    if (fix.kind == advice::Fix::Operation)
        return operationCommand(fix, facts.path);
    const bool hasCode = facts.project && advice::frameworkFor(*facts.project);
    if (fix.kind == advice::Fix::Settings && hasCode)
        return "litekeeper-cli settings " + shellWord(facts.path);
    return std::nullopt;
}

Record findingRecord(const advice::Finding &finding, const inspect::DatabaseFacts &facts)
{
    const words::FindingText text = words::describe(finding);
    return {{"rule", finding.rule->id},
            {"severity", advice::severityName(finding.weight())},
            {"title", text.title.toStdString()},
            {"seen", text.seen.toStdString()},
            {"why", text.why.toStdString()},
            {"gain", text.gain.toStdString()},
            {"risk", text.risk.toStdString()},
            {"fix", command(finding.rule->fix, facts).value_or(text.fix.toStdString())},
            {"advice", text.fix.toStdString()},
            {"undo", text.undo.toStdString()},
            {"link", text.link.toStdString()}};
}

Record errorOrNull(const std::optional<Error> &error)
{
    return error ? errorRecord(*error) : Record(nullptr);
}

std::vector<std::string> lines(const Record &record)
{
    const auto text = [](const Record &value) { return value.get<std::string>(); };
    std::vector<std::string> lines;
    if (!record.at("error").is_null())
        lines.push_back(text(record.at("error").at("message")));
    for (const Record &finding : record.at("findings")) {
        lines.push_back(text(finding.at("severity")) + ": " + text(finding.at("title")) + "  (" +
                        text(finding.at("rule")) + ')');
        lines.push_back("  " + text(finding.at("seen")));
        for (const auto &[label, field] :
             {std::pair("Why   ", "why"), std::pair("To do ", "advice"), std::pair("Gain  ", "gain"),
              std::pair("Risk  ", "risk"), std::pair("Undo  ", "undo"), std::pair("See   ", "link")})
            lines.push_back(std::string("  ") + label + text(finding.at(field)));
        if (finding.at("fix") != finding.at("advice"))
            lines.push_back("  $ " + text(finding.at("fix")));
    }
    if (!record.at("checked").is_null())
        lines.push_back(text(record.at("checked")));
    return lines;
}

Layout adviceLayout()
{
    Layout layout;
    layout.table = {{"", false, [](const Record &record) {
                         const Record &application = record.at("application");
                         return plainText(record.at("path")) +
                                (application.is_null() ? "" : "  " + plainText(application));
                     }}};
    layout.details = lines;
    layout.csv = {"path", "path_base64", "application", "rule", "severity", "title", "seen",       "why",
                  "gain", "risk",        "fix",         "undo", "link",     "muted", "error.code", "error.message"};
    return layout;
}

/// Writes a row for each finding: the file's fields with those of the finding; one without where there is only an error
/// to tell.
class RowWriter final : public Writer
{
public:
    explicit RowWriter(std::unique_ptr<Writer> writer)
        : m_writer(std::move(writer))
    {
    }

    void write(const Record &record) override
    {
        if (record.at("findings").empty() && !record.at("error").is_null())
            m_writer->write(record);
        for (const Record &finding : record.at("findings")) {
            Record row = record;
            row.update(finding);
            m_writer->write(row);
        }
    }

    void finish(const Record &more) override { m_writer->finish(more); }

private:
    std::unique_ptr<Writer> m_writer;
};

class AdviseCommand final : public Command
{
public:
    std::string name() const override { return "advise"; }
    std::string summary() const override { return "Say what could be better about a file, and why; touches nothing."; }
    std::string arguments() const override { return "FILE…"; }
    void declare(CLI::App &options) override
    {
        options.add_flag("--space", m_space, "Also measure what each table takes up: reads the whole file");
        options.add_flag("--all", m_all, "Also what was muted in the window");
        m_format.declare(options);
    }
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    Record recordOf(inspect::DatabaseFacts facts, catalog::Memory &memory);

    FormatOption m_format;
    bool m_space = false;
    bool m_all = false;
    std::vector<Mute> m_mutes;
    std::mutex m_mutex;
    std::vector<advice::FileFindings> m_found; // guarded by m_mutex
};

Record failedRecord(const Error &error)
{
    Record record = pathRecord(error.path);
    record["application"] = nullptr;
    record["findings"] = Record::array();
    record["muted"] = 0;
    record["checked"] = nullptr;
    record["error"] = errorRecord(error);
    return record;
}

Record AdviseCommand::recordOf(inspect::DatabaseFacts facts, catalog::Memory &memory)
{
    facts.history = memory.historyOf(facts.path);
    advice::Advice advice = advice::judge(facts);
    const auto muted = [&](const advice::Finding &finding) {
        return !m_all && advice::isMuted(m_mutes, finding, facts.path);
    };
    const std::size_t mutedCount = std::erase_if(advice.findings, muted);
    Record record = pathRecord(facts.path);
    record["application"] = facts.application ? Record(facts.application->application->title()) : Record(nullptr);
    record["findings"] = Record::array();
    for (const advice::Finding &finding : advice.findings)
        record["findings"].push_back(findingRecord(finding, facts));
    record["muted"] = mutedCount;
    const bool isDatabase = facts.seen.state != sqlite::State::Other;
    record["checked"] = isDatabase ? Record(words::checked(advice).toStdString()) : Record(nullptr);
    record["error"] = errorOrNull(facts.lookError);
    const std::lock_guard lock(m_mutex);
    m_found.push_back({facts.path, std::move(advice.findings)});
    return record;
}

Outcome AdviseCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (words.empty())
        return std::unexpected(UsageError{"name at least one file"});

    m_mutes = Settings().mutes();
    auto writer = makeWriter(*format, adviceLayout(), [&](std::string_view text) { session.console.out(text); });
    if (*format == Format::Csv)
        writer = std::make_unique<RowWriter>(std::move(writer));
    const bool whole = lookAtAll(
        words, session, *format != Format::JsonLines, {.structure = true, .space = m_space},
        [&](inspect::DatabaseFacts facts) { return recordOf(std::move(facts), session.memory); }, failedRecord,
        *writer);
    writer->finish();
    if (words.size() > 1) {
        for (const advice::Group &group : advice::grouped(m_found))
            session.console.say(words::describe(group).toStdString());
    }
    return whole ? AllDone : SomeFailed;
}

}

std::unique_ptr<Command> makeAdviseCommand()
{
    return std::make_unique<AdviseCommand>();
}

}
