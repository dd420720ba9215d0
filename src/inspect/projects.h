// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/applications.h"

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

/// Looks in the folder of \a database and at most five folders up, not beyond the mount, and not in the home folder
/// unless it lies there itself. Untrusted texts.
std::optional<Project> projectOf(const Path &database);

/// What the file and the project around it say together: where both name the same framework, it belongs to it.
std::optional<ApplicationMatch> together(std::optional<ApplicationMatch> match, const std::optional<Project> &project);

}
