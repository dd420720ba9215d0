// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/advisor.h"

#include "advice/rules.h"

#include <algorithm>
#include <tuple>

namespace lk::advice {

const char *severityName(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Advice:
        return "advice";
    case Severity::Warning:
        return "warning";
    case Severity::Critical:
        break;
    }
    return "critical";
}

Severity Finding::weight() const
{
    return severity.value_or(rule->severity);
}

std::span<const Rule *const> rules()
{
    static const std::vector<const Rule *> all = [] {
        std::vector<const Rule *> list;
        for (const std::span<const Rule> table : {safetyRules(), journalRules(), storageRules(), schemaRules()}) {
            for (const Rule &rule : table)
                list.push_back(&rule);
        }
        return list;
    }();
    return all;
}

const Rule *find(std::string_view id)
{
    const auto found = std::ranges::find(rules(), id, [](const Rule *rule) { return std::string_view(rule->id); });
    return found == rules().end() ? nullptr : *found;
}

static bool isKnown(const Rule &rule, const inspect::DatabaseFacts &facts)
{
    // What a damaged file says of itself is not to be believed, and its settings can wait.
    if (rule.scope == Scope::Undecided && facts.seen.state == sqlite::State::Damaged)
        return false;
    switch (rule.need) {
    case Need::Nothing:
        return true;
    case Need::Header:
        return facts.header() != nullptr;
    case Need::Look:
        return facts.looked && facts.header();
    case Need::Structure:
        return facts.structure && facts.structure->structure && facts.header();
    case Need::Space:
        return facts.space.has_value();
    case Need::History:
        return facts.history.has_value();
    }
    return false;
}

Advice judge(const inspect::DatabaseFacts &facts)
{
    Advice advice;
    for (const Rule *rule : rules()) {
        if (rule->scope == Scope::Undecided && looksAfterItself(facts)) {
            advice.notAskedOf.push_back(rule);
            continue;
        }
        if (!isKnown(*rule, facts)) {
            advice.notJudged.push_back(rule);
            continue;
        }
        advice.judged.push_back(rule);
        if (std::optional<Finding> finding = rule->judge(facts)) {
            finding->rule = rule;
            advice.findings.push_back(std::move(*finding));
        }
    }
    std::ranges::stable_sort(advice.findings, std::greater(), &Finding::weight);
    return advice;
}

std::vector<Finding> advise(const inspect::DatabaseFacts &facts)
{
    return judge(facts).findings;
}

std::vector<Group> grouped(std::span<const FileFindings> files)
{
    std::vector<Group> groups;
    for (const FileFindings &file : files) {
        for (const Finding &finding : file.findings) {
            auto group = std::ranges::find(groups, finding.rule, &Group::rule);
            if (group == groups.end())
                group = groups.insert(group, {finding.rule, finding.weight(), {}});
            group->weight = std::max(group->weight, finding.weight());
            group->files.push_back(file.path);
        }
    }
    std::ranges::stable_sort(groups, std::greater(),
                             [](const Group &group) { return std::tuple(group.weight, group.files.size()); });
    return groups;
}

}
