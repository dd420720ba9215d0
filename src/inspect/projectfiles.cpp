// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/projectfiles.h"

#include "platform/dirwalker.h"
#include "sqlite/ownlocks.h"

#include <algorithm>
#include <cstdlib>

namespace lk::inspect {

using platform::Descriptor;
using platform::EntryStatus;
using platform::FileReader;

/// Names of a folder that are looked at.
static constexpr std::size_t MostNames = 4096;
/// Folders above the database's own.
static constexpr int MostLevels = 5;
/// Of sources(): folders that are listed, files that are found.
static constexpr std::size_t MostFolders = 64;
static constexpr std::size_t MostSources = 40;
/// Places of a text that an expression may fit.
static constexpr std::size_t MostFound = 64;

static bool isHome(const Path &folder)
{
    const char *home = std::getenv("HOME");
    return home && folder == Path(home);
}

/// A name in an open folder.
struct ProjectFiles::Place
{
    Descriptor passed; ///< keeps folder open; empty: it is the root
    int folder = -1;
    std::string name;
};

std::optional<ProjectFiles::Place> ProjectFiles::reach(const std::string &name) const
{
    EntryStatus root;
    if (platform::folderStatus(m_folder.descriptor(), root) != 0)
        return std::nullopt;
    Place place{.passed = {}, .folder = m_folder.descriptor(), .name = name};
    for (std::size_t slash; (slash = place.name.find('/')) != std::string::npos;) {
        int error = 0;
        Descriptor next = platform::passFolder(place.folder, place.name.substr(0, slash).c_str(), error);
        EntryStatus status;
        if (!next || platform::folderStatus(next.value(), status) != 0 || status.id.device != root.id.device)
            return std::nullopt;
        place.passed = std::move(next);
        place.folder = place.passed.value();
        place.name.erase(0, slash + 1);
    }
    return place;
}

bool ProjectFiles::has(const std::string &name) const
{
    const std::optional<Place> place = reach(name);
    EntryStatus status;
    return place && platform::entryStatus(place->folder, place->name.c_str(), status) == 0 &&
           status.type == platform::EntryType::File;
}

QString ProjectFiles::text(const std::string &name, std::size_t most) const
{
    const std::optional<Place> place = reach(name);
    if (!place || m_mayRead <= 0)
        return {};
    const Result<platform::FileStatus> status = platform::statusAt(place->folder, place->name.c_str());
    if (!status || !status->isRegular())
        return {};
    --m_mayRead;
    std::string bytes(std::min<std::uint64_t>(status->size, most), '\0');
    // It has the name of a text, and may be a link to a database that we have locked.
    const Result<void> read = sqlite::OwnLocks::instance().read(
        status->id, [&] { return FileReader::openAt(place->folder, place->name.c_str()); },
        [&](const FileReader &reader) -> Result<void> {
            const Result<std::size_t> size = reader.read(0, std::as_writable_bytes(std::span(bytes)));
            bytes.resize(size.value_or(0));
            return {};
        });
    return read ? QString::fromStdString(bytes) : QString();
}

/// A name in a folder.
struct ProjectFiles::Listed
{
    std::string name;
    platform::EntryType type{};
};

std::vector<ProjectFiles::Listed> ProjectFiles::entries(const std::string &name) const
{
    const std::optional<Place> place = reach(name);
    if (!place)
        return {};
    int error = 0;
    const Descriptor folder = platform::openFolder(place->folder, place->name.c_str(), error);
    platform::FolderLister lister;
    if (!folder || lister.begin(folder.value()) != 0)
        return {};
    std::vector<Listed> names;
    std::vector<platform::Entry> entries;
    for (bool atEnd = false; !atEnd && names.size() < MostNames;) {
        if (lister.next(entries, atEnd) != 0)
            break;
        for (const platform::Entry &entry : entries)
            names.push_back({std::string(entry.text()), entry.type});
    }
    std::ranges::sort(names, {}, &Listed::name);
    return names;
}

std::vector<std::string> ProjectFiles::list(const std::string &name) const
{
    std::vector<std::string> names;
    for (Listed &entry : entries(name))
        names.push_back(std::move(entry.name));
    return names;
}

/// Whether a folder \a name has what the project's people wrote.
static bool isTheirs(std::string_view name)
{
    static constexpr std::string_view Others[] = {"node_modules", "vendor", "target",  "venv",  "env",
                                                  "build",        "dist",   "obj",     "tests", "test",
                                                  "__pycache__",  "static", "storage", "log",   "tmp"};
    return !name.starts_with('.') && std::ranges::find(Others, name) == std::end(Others);
}

std::vector<std::string> ProjectFiles::sources(std::initializer_list<std::string_view> endings) const
{
    std::vector<std::string> found;
    std::vector<std::string> folders{"."};
    for (std::size_t next = 0; next < folders.size() && next < MostFolders; ++next) {
        const std::string folder = folders[next]; // a copy: the list grows
        const std::string prefix = folder == "." ? "" : folder + '/';
        for (const Listed &entry : entries(folder)) {
            if (path::display(entry.name) != entry.name)
                continue; // nobody could copy a patch for it
            const auto fits = [&](std::string_view ending) { return entry.name.ends_with(ending); };
            if (entry.type == platform::EntryType::Folder && isTheirs(entry.name))
                folders.push_back(prefix + entry.name);
            else if (entry.type == platform::EntryType::File && std::ranges::any_of(endings, fits))
                found.push_back(prefix + entry.name);
            if (found.size() == MostSources)
                return found;
        }
    }
    return found;
}

void eachFolderUp(const Path &database, int mayRead, const std::function<bool(const ProjectFiles &)> &look,
                  SearchedFolders *searched)
{
    std::optional<std::uint64_t> device;
    Path root = database.parent_path();
    for (int level = 0; level <= MostLevels; ++level, root = root.parent_path()) {
        if (root == root.root_path() || (level > 0 && isHome(root)))
            return;
        if (const auto known = searched ? searched->deviceOf(root) : std::nullopt) {
            if (*known != device.value_or(*known))
                return;
            device = known;
            continue;
        }
        Result<platform::Folder> folder = platform::Folder::open(root);
        const Result<platform::FileStatus> status = folder ? folder->status(".") : std::unexpected(folder.error());
        if (!status || status->id.device != device.value_or(status->id.device))
            return;
        device = status->id.device;
        if (look(ProjectFiles(std::move(*folder), mayRead)))
            return;
        if (searched && mayRead > 0) // else it was not searched to the end
            searched->add(root, *device);
    }
}

std::vector<Found> findAll(const QString &text, const QRegularExpression &expression)
{
    std::vector<Found> all;
    qsizetype counted = 0;
    qsizetype line = 1;
    for (auto matches = expression.globalMatch(text); matches.hasNext() && all.size() < MostFound;) {
        const QRegularExpressionMatch match = matches.next();
        const qsizetype start = match.capturedStart(1);
        line += QStringView(text).sliced(counted, start - counted).count(u'\n');
        counted = start;
        all.push_back({match.captured(1).trimmed(), static_cast<int>(line)});
    }
    return all;
}

std::optional<Found> findIn(const QString &text, const QRegularExpression &expression)
{
    const QRegularExpressionMatch match = expression.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const auto line = QStringView(text).first(match.capturedStart(1)).count(u'\n') + 1;
    return Found{match.captured(1).trimmed(), static_cast<int>(line)};
}

bool means(const QString &name, const Path &database, const std::vector<Path> &bases)
{
    const Path given(name.toStdString());
    return !given.empty() && std::ranges::any_of(bases, [&](const Path &base) {
        return (base / given).lexically_normal() == database; // base is dropped where given is absolute
    });
}

}
