// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/projectfiles.h"

#include "platform/dirwalker.h"
#include "sqlite/ownlocks.h"

#include <algorithm>

namespace lk::inspect {

using platform::Descriptor;
using platform::EntryStatus;
using platform::FileReader;

/// Names of a folder that are looked at.
static constexpr std::size_t MostNames = 4096;
/// Places of a text that an expression may fit.
static constexpr std::size_t MostFound = 64;

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

std::vector<std::string> ProjectFiles::list(const std::string &name) const
{
    const std::optional<Place> place = reach(name);
    if (!place)
        return {};
    int error = 0;
    const Descriptor folder = platform::openFolder(place->folder, place->name.c_str(), error);
    platform::FolderLister lister;
    if (!folder || lister.begin(folder.value()) != 0)
        return {};
    std::vector<std::string> names;
    std::vector<platform::Entry> entries;
    for (bool atEnd = false; !atEnd && names.size() < MostNames;) {
        if (lister.next(entries, atEnd) != 0)
            break;
        for (const platform::Entry &entry : entries)
            names.emplace_back(entry.text());
    }
    std::ranges::sort(names);
    return names;
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
