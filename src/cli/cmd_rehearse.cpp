// SPDX-License-Identifier: GPL-3.0-or-later
// What compacting, another page size or a new index would bring: really done, on an overlay that never reaches the
// file.
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/records.h"
#include "operations/rehearsal.h"
#include "words/plans.h"

namespace lk::cli {

namespace {

using operations::CompactOutcome;
using operations::JobContext;
using operations::QueryPlan;
using operations::Timing;

Record compactRecord(const CompactOutcome &outcome)
{
    return {{"page_size", outcome.after.pageSize},
            {"bytes_before", outcome.before.bytes},
            {"bytes_after", outcome.after.bytes},
            {"seconds", std::chrono::duration<double>(outcome.took).count()}};
}

Record timingRecord(const Timing &timing, std::size_t runs)
{
    return {{"median_ms", timing.median}, {"spread_ms", timing.spread}, {"runs", runs}};
}

Record indexRecord(const QueryPlan &plan)
{
    const Timing before = operations::timing(plan.msBefore);
    const Timing after = operations::timing(plan.msAfter);
    const auto steps = [](const std::vector<std::string> &lines) {
        Record list = Record::array();
        for (const std::string &line : lines)
            list.push_back(path::toUtf8(line));
        return list;
    };
    return {{"plan_before", steps(plan.before)},
            {"plan_after", steps(plan.after)},
            {"time_before", timingRecord(before, plan.msBefore.size())},
            {"time_after", timingRecord(after, plan.msAfter.size())},
            {"measurable_difference", operations::measurablyDifferent(before, after)},
            {"index_bytes", plan.indexBytes},
            {"same_rows", plan.rowsEqual}};
}

std::string size(const Record &bytes)
{
    return text::bytes(bytes.get<std::uint64_t>());
}

std::vector<std::string> indexLines(const QueryPlan &plan)
{
    std::vector<std::string> lines{"without the index: " + words::timing(plan.msBefore).toStdString()};
    for (const std::string &step : plan.before)
        lines.push_back("  " + step);
    lines.push_back("with the index: " + words::timing(plan.msAfter).toStdString());
    for (const std::string &step : plan.after)
        lines.push_back("  " + step);
    lines.push_back(words::outcome(plan).toStdString());
    return lines;
}

std::vector<std::string> compactLines(const Record &record)
{
    if (!record.contains("page_sizes"))
        return {"compacting would make it " + size(record.at("bytes_after")) + " (now " +
                size(record.at("bytes_before")) + ')'};
    std::vector<std::string> lines{"compacted, by page size (now " +
                                   size(record.at("page_sizes").front().at("bytes_before")) + "):"};
    for (const Record &outcome : record.at("page_sizes")) {
        std::string label = plainText(outcome.at("page_size"));
        label.insert(0, 7 - std::min<std::size_t>(label.size(), 7), ' ');
        lines.push_back(label + "  " + size(outcome.at("bytes_after")));
    }
    return lines;
}

class RehearseCommand final : public Command
{
public:
    std::string name() const override { return "rehearse"; }
    std::string summary() const override
    {
        return "Show what compacting, another page size or a new index would bring, without a trace.";
    }
    std::string arguments() const override { return "FILE…"; }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    Result<Record> rehearse(const Path &path, JobContext &context);
    std::vector<std::string> lines(const Record &record) const;
    Layout layout() const;

    FormatOption m_format;
    bool m_pageSizes = false;
    std::string m_query;
    std::string m_index;
    QueryPlan m_plan; ///< of the record that is being written
};

void RehearseCommand::declare(CLI::App &options)
{
    options.add_flag("--page-sizes", m_pageSizes,
                     "Compact with every page size from 1024 to 65536 (default: as it is)");
    options.add_option("--query", m_query, "Plan and time this SELECT without and with the new index")
        ->type_name("SQL");
    options.add_option("--index", m_index, "The new index, as its CREATE INDEX")->type_name("SQL");
    m_format.declare(options);
}

Result<Record> RehearseCommand::rehearse(const Path &path, JobContext &context)
{
    if (!m_query.empty()) {
        Result<QueryPlan> plan = operations::rehearseIndex(path, m_query, m_index, context);
        if (!plan)
            return std::unexpected(plan.error());
        m_plan = std::move(*plan);
        return indexRecord(m_plan);
    }
    if (!m_pageSizes) {
        const Result<CompactOutcome> outcome = operations::rehearseCompact(path, {}, context);
        return outcome ? Result<Record>(compactRecord(*outcome)) : std::unexpected(outcome.error());
    }
    const Result<std::vector<CompactOutcome>> outcomes = operations::rehearsePageSizes(path, context);
    if (!outcomes)
        return std::unexpected(outcomes.error());
    Record list = Record::array();
    for (const CompactOutcome &outcome : *outcomes)
        list.push_back(compactRecord(outcome));
    return Record{{"page_sizes", list}};
}

std::vector<std::string> RehearseCommand::lines(const Record &record) const
{
    if (!record.at("error").is_null())
        return {record.at("error").at("message").get<std::string>()};
    return m_query.empty() ? compactLines(record) : indexLines(m_plan);
}

Layout RehearseCommand::layout() const
{
    Layout layout;
    layout.table = {{"", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = [this](const Record &record) { return lines(record); };
    layout.csv = {"path", "path_base64", "error.code", "error.message"};
    if (!m_query.empty())
        layout.csv.insert(layout.csv.end(),
                          {"plan_before", "plan_after", "time_before.median_ms", "time_before.spread_ms",
                           "time_after.median_ms", "time_after.spread_ms", "measurable_difference", "index_bytes"});
    else if (m_pageSizes)
        layout.csv.emplace_back("page_sizes");
    else
        layout.csv.insert(layout.csv.end(), {"page_size", "bytes_before", "bytes_after", "seconds"});
    return layout;
}

Outcome RehearseCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (m_query.empty() != m_index.empty())
        return std::unexpected(UsageError{"--query and --index belong together: give both"});
    if (m_pageSizes && !m_query.empty())
        return std::unexpected(UsageError{"--page-sizes can't be combined with --query"});
    if (words.empty())
        return std::unexpected(UsageError{"name at least one file"});

    const auto writer = makeWriter(*format, layout(), [&](std::string_view text) { session.console.out(text); });
    ExitStatus status = AllDone;
    for (const std::string &word : words) {
        if (session.stop.stop_requested())
            break;
        const Result<Path> path = resolved(word);
        ConsoleProgress progress(session.console, "rehearsing", path ? *path : Path(word));
        JobContext context{.stop = session.stop, .progress = progress};
        const Result<Record> outcome = path ? rehearse(*path, context) : std::unexpected(path.error());
        Record record = pathRecord(path ? *path : Path(word));
        record["error"] = outcome ? Record(nullptr) : errorRecord(outcome.error());
        if (outcome)
            record.update(*outcome);
        else
            status = SomeFailed;
        session.console.clearProgress();
        writer->write(record);
    }
    writer->finish();
    return status;
}

}

std::unique_ptr<Command> makeRehearseCommand()
{
    return std::make_unique<RehearseCommand>();
}

}
