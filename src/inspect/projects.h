// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/applications.h"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace lk::inspect {

/// A software project that a database lies in, read from its files as text: nothing of it is imported or run.
struct Project
{
    std::string framework;      ///< as Application::framework: "django"
    std::string name;           ///< "Django"
    std::string version;        ///< "5.2.1"; empty where no file says so
    Path root;                  ///< its folder
    Path settings;              ///< the file that names the database, or that would; may be empty
    int line = 0;               ///< of it, from 1; 0: not known
    bool namesThisFile = false; ///< the settings name this very database
};

/// Folders that were searched and are no project's, for who asks for many databases in a short time: most lie in few
/// folders. Usable from many threads.
class SearchedFolders
{
public:
    /// The device that \a folder is on, if it was searched.
    std::optional<std::uint64_t> deviceOf(const Path &folder) const;
    void add(const Path &folder, std::uint64_t device);

private:
    mutable std::mutex m_mutex;
    std::map<Path, std::uint64_t> m_devices; // guarded by m_mutex
};

/// Looks in the folder of \a database and at most five folders up, not beyond the mount, and not in the home folder
/// unless it lies there itself. Untrusted texts. \a searched: folders to pass by, and to be added to.
std::optional<Project> projectOf(const Path &database, SearchedFolders *searched = nullptr);

/// What the file and the project around it say together: where both name the same framework, it belongs to it.
std::optional<ApplicationMatch> together(std::optional<ApplicationMatch> match, const std::optional<Project> &project);

}
