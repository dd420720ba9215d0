// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/mutes.h"
#include "cli/arguments.h"
#include "cli/findings.h"
#include "cli/lookbatch.h"
#include "cli/records.h"
#include "words/findings.h"

#include <algorithm>
#include <mutex>

namespace lk::cli {

namespace {

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
    for (const Record &finding : record.at("findings"))
        std::ranges::move(findingLines(finding), std::back_inserter(lines));
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
        writer = std::make_unique<RowWriter>(std::move(writer), "findings");
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
