// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/projects.h"

#include "inspect/projectfiles.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace lk::inspect {

/// Folders above the database's own.
static constexpr int MostLevels = 5;
/// Text files that are read for one database.
static constexpr int MostFiles = 40;

static constexpr std::array Frameworks{djangoProject, railsProject,   laravelProject,
                                       prismaProject, phoenixProject, dotnetProject};

static bool isHome(const Path &folder)
{
    const char *home = std::getenv("HOME");
    return home && folder == Path(home);
}

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
    int mayRead = MostFiles;
    std::optional<std::uint64_t> device;
    Path root = database.parent_path();
    for (int level = 0; level <= MostLevels; ++level, root = root.parent_path()) {
        if (root == root.root_path() || (level > 0 && isHome(root)))
            break;
        if (const auto known = searched ? searched->deviceOf(root) : std::nullopt) {
            if (*known != device.value_or(*known))
                break;
            device = known;
            continue;
        }
        Result<platform::Folder> folder = platform::Folder::open(root);
        const Result<platform::FileStatus> status = folder ? folder->status(".") : std::unexpected(folder.error());
        if (!status || status->id.device != device.value_or(status->id.device))
            break;
        device = status->id.device;
        const ProjectFiles files(std::move(*folder), mayRead);
        for (const auto projectIn : Frameworks) {
            if (std::optional<Project> project = projectIn(files, database))
                return project;
        }
        if (searched && mayRead > 0) // else it was not searched to the end
            searched->add(root, *device);
    }
    return std::nullopt;
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
