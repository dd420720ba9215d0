// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/projects.h"
#include "platform/filereader.h"

#include <QRegularExpression>
#include <QString>

#include <functional>
#include <initializer_list>
#include <vector>

namespace lk::inspect {

/// The text files of a folder that may be a project's: some of them, up to a bounded size, read without a trace.
/// Nothing is followed: neither a symbolic link nor a way into another mount.
class ProjectFiles
{
public:
    static constexpr std::size_t UsualSize = 256 * 1024; ///< in bytes: what is read of a file that people write
    static constexpr std::size_t LockSize = 1024 * 1024; ///< of one that a package manager writes

    /// \a mayRead: how many files may still be read, of this folder and the next ones.
    ProjectFiles(platform::Folder folder, int &mayRead)
        : m_folder(std::move(folder))
        , m_mayRead(mayRead)
    {
    }

    const Path &root() const { return m_folder.path(); }
    /// Whether there is a regular file \a name: relative, "config/database.yml".
    bool has(const std::string &name) const;
    /// What it says, as far as \a most bytes go; empty if it can't be read.
    QString text(const std::string &name, std::size_t most = UsualSize) const;
    /// Up to some thousand names in the folder \a name; "." is the root.
    std::vector<std::string> list(const std::string &name) const;
    /// Some dozen files below the root whose names end with one of \a endings, the nearest first; not in folders that
    /// hold what others wrote or a program made.
    std::vector<std::string> sources(std::initializer_list<std::string_view> endings) const;

private:
    struct Place;
    struct Listed;
    std::optional<Place> reach(const std::string &name) const;
    std::vector<Listed> entries(const std::string &name) const;

    platform::Folder m_folder;
    int &m_mayRead;
};

/// Calls \a look with the folder of \a database and at most five folders above it, not beyond the mount, and not with
/// the home folder unless it lies there itself; until \a look returns true. \a mayRead: files, in all of them.
void eachFolderUp(const Path &database, int mayRead, const std::function<bool(const ProjectFiles &)> &look,
                  SearchedFolders *searched = nullptr);

/// A place in a text.
struct Found
{
    QString text; ///< what the expression's first group took
    int line = 0; ///< from 1
};

/// The first place that \a expression fits; \a expression has a group.
std::optional<Found> findIn(const QString &text, const QRegularExpression &expression);
std::vector<Found> findAll(const QString &text, const QRegularExpression &expression);

/// Whether \a name, as a settings file has it, means \a database: absolute, or below one of \a bases.
bool means(const QString &name, const Path &database, const std::vector<Path> &bases);

// One for each framework: nothing, if the folder is no project of it. project.version and project.line may stay empty.
std::optional<Project> djangoProject(const ProjectFiles &files, const Path &database);
/// The files that may hold a Django project's settings, the likeliest first; relative. None if it is none.
std::vector<std::string> djangoSettingsFiles(const ProjectFiles &files);
std::optional<Project> railsProject(const ProjectFiles &files, const Path &database);
std::optional<Project> laravelProject(const ProjectFiles &files, const Path &database);
std::optional<Project> prismaProject(const ProjectFiles &files, const Path &database);
std::optional<Project> phoenixProject(const ProjectFiles &files, const Path &database);
std::optional<Project> dotnetProject(const ProjectFiles &files, const Path &database);

}
