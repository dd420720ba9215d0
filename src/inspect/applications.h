// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lk::inspect {

struct Schema;

/// How sure it is whose database it is.
enum class Confidence
{
    LooksLike, ///< one thing fits
    BelongsTo, ///< two independent things fit, or its application id says so
};

/// What a database is used for; decides which settings and operations make sense.
enum class UseKind
{
    Unknown,
    Browser,
    Desktop,
    Server, ///< a web application or a service
    Phone,
    System,    ///< package managers, indexers
    Document,  ///< a file that people pass on: GeoPackage, MBTiles
    Framework, ///< a project's own database, known by its framework
};

/// What somebody who changes the file has to know.
enum class ApplicationNote
{
    LocksWhileRunning, ///< holds an exclusive lock: even readers fail
    NeedsExtension,    ///< collation or function that only it has: its absence is no damage
    PurgeInstead,      ///< purge in the application rather than compact
    Secrets,           ///< passwords, keys, cookies, messages
    NeverModify,
    CanBeRebuilt,
    LeaveToApplication, ///< it sets journal mode and settings itself
    WorkOnACopy,
};

/// An entry of resources/applications.json; lives as long as the program.
struct Application
{
    std::string id;   ///< "firefox-places"
    std::string name; ///< "Firefox"
    std::string part; ///< "history and bookmarks"; may be empty
    UseKind kind = UseKind::Unknown;
    std::vector<ApplicationNote> notes;
    std::string extension; ///< what NeedsExtension means: "collation icu_root"
    std::string framework; ///< which settings fit (settings --for): "django", "rails" …; empty: none

    bool has(ApplicationNote note) const;
    /// "Firefox · history and bookmarks"
    std::string title() const;
};

struct ApplicationMatch
{
    const Application *application = nullptr;
    Confidence confidence = Confidence::LooksLike;

    bool operator==(const ApplicationMatch &) const = default;
};

/// By what a scan knows anyway: the header's application id and user version, and the path. Takes microseconds.
std::optional<ApplicationMatch> recognise(const Path &path, std::uint32_t applicationId, std::uint32_t userVersion);
/// The same and the names of its tables.
std::optional<ApplicationMatch> recognise(const Path &path, std::uint32_t applicationId, std::uint32_t userVersion,
                                          const Schema &schema);

/// All entries there are.
const std::vector<Application> &applications();

}
