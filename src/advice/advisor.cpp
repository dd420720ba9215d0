// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/advisor.h"

#include <algorithm>

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
    return {};
}

const Rule *find(std::string_view id)
{
    const auto found = std::ranges::find(rules(), id, [](const Rule *rule) { return std::string_view(rule->id); });
    return found == rules().end() ? nullptr : *found;
}

std::vector<Finding> advise(const inspect::DatabaseFacts &facts)
{
    std::vector<Finding> findings;
    for (const Rule *rule : rules()) {
        if (std::optional<Finding> finding = rule->judge(facts))
            findings.push_back(std::move(*finding));
    }
    std::ranges::stable_sort(findings, std::greater(), &Finding::weight);
    return findings;
}

}
