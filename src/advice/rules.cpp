// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/rules.h"

#include <algorithm>

namespace lk::advice {

using inspect::ApplicationNote;
using inspect::UseKind;

bool hasNote(const DatabaseFacts &facts, ApplicationNote note)
{
    return facts.application && facts.application->application->has(note);
}

bool looksAfterItself(const DatabaseFacts &facts)
{
    return hasNote(facts, ApplicationNote::LeaveToApplication) || hasNote(facts, ApplicationNote::NeverModify);
}

std::string serverOf(const DatabaseFacts &facts)
{
    if (facts.project)
        return facts.project->name;
    if (!facts.application)
        return {};
    const inspect::Application &application = *facts.application->application;
    const bool isServer = application.kind == UseKind::Server ||
                          (application.kind == UseKind::Framework && !application.framework.empty());
    return isServer ? application.title() : std::string();
}

bool hasProblem(const DatabaseFacts &facts, std::initializer_list<sqlite::Problem> problems)
{
    return std::ranges::any_of(facts.seen.problems, [&](const sqlite::ProblemNote &note) {
        return std::ranges::find(problems, note.kind) != problems.end();
    });
}

platform::FilesystemKind filesystemOf(const DatabaseFacts &facts)
{
    return facts.filesystem.empty() ? platform::FilesystemKind::Unknown : platform::filesystemKind(facts.filesystem);
}

}
