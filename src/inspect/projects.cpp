// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/projects.h"

#include "inspect/projectfiles.h"

#include <algorithm>
#include <array>

namespace lk::inspect {

/// Text files that are read for one database.
static constexpr int MostFiles = 40;

static constexpr std::array Frameworks{djangoProject, railsProject,   laravelProject,
                                       prismaProject, phoenixProject, dotnetProject};

std::optional<std::uint64_t> SearchedFolders::deviceOf(const Path &folder) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_devices.find(folder);
    return found == m_devices.end() ? std::nullopt : std::optional(found->second);
}

void SearchedFolders::add(const Path &folder, std::uint64_t device)
{
    const std::lock_guard lock(m_mutex);
    m_devices.emplace(folder, device);
}

std::optional<Project> projectOf(const Path &database, SearchedFolders *searched)
{
    std::optional<Project> project;
    eachFolderUp(
        database, MostFiles,
        [&](const ProjectFiles &files) {
            for (const auto projectIn : Frameworks) {
                project = projectIn(files, database);
                if (project)
                    break;
            }
            return project.has_value();
        },
        searched);
    return project;
}

/// The entry that stands for \a framework itself.
static const Application *applicationOf(const std::string &framework)
{
    const auto found = std::ranges::find_if(applications(), [&](const Application &application) {
        return application.kind == UseKind::Framework && application.framework == framework && application.part.empty();
    });
    return found == applications().end() ? nullptr : &*found;
}

std::optional<ApplicationMatch> together(std::optional<ApplicationMatch> match, const std::optional<Project> &project)
{
    if (!project)
        return match;
    if (match && match->application->framework == project->framework)
        match->confidence = Confidence::BelongsTo;
    if (!match && project->namesThisFile) {
        if (const Application *application = applicationOf(project->framework))
            match = ApplicationMatch{application, Confidence::LooksLike};
    }
    return match;
}

}
