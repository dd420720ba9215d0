// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/findings.h"

#include "advice/pathtext.h"
#include "advice/snippets.h"
#include "operations/operation.h"
#include "words/findings.h"

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

std::vector<std::string> findingLines(const Record &finding)
{
    const auto text = [&](const char *field) { return finding.at(field).get<std::string>(); };
    std::vector<std::string> lines;
    lines.push_back(text("severity") + ": " + text("title") + "  (" + text("rule") + ')');
    lines.push_back("  " + text("seen"));
    for (const auto &[label, field] :
         {std::pair("Why   ", "why"), std::pair("To do ", "advice"), std::pair("Gain  ", "gain"),
          std::pair("Risk  ", "risk"), std::pair("Undo  ", "undo"), std::pair("See   ", "link")})
        lines.push_back(std::string("  ") + label + text(field));
    if (finding.at("fix") != finding.at("advice"))
        lines.push_back("  $ " + text("fix"));
    return lines;
}

void RowWriter::write(const Record &record)
{
    if (record.at(m_list).empty() && !record.at("error").is_null())
        m_writer->write(record);
    for (const Record &entry : record.at(m_list)) {
        Record row = record;
        row.update(entry);
        m_writer->write(row);
    }
}

}
