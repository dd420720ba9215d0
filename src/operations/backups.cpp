// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/backups.h"

#include "platform/dirwalker.h"

#include <algorithm>

namespace lk::operations {

static constexpr std::size_t MostSidecars = 20'000;

/// Names in \a folder that end as a sidecar does.
static Result<std::vector<std::string>> sidecarNames(const Path &folder, const std::stop_token &stop)
{
    static constexpr std::string_view Suffix = ".json";
    const Result<platform::Folder> open = platform::Folder::open(folder);
    if (!open)
        return std::unexpected(open.error());
    platform::FolderLister lister;
    std::vector<platform::Entry> entries;
    std::vector<std::string> names;
    int error = lister.begin(open->descriptor());
    for (bool atEnd = false; error == 0 && !atEnd && names.size() < MostSidecars;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, folder);
        error = lister.next(entries, atEnd);
        for (const platform::Entry &entry : entries) {
            if (entry.text().ends_with(Suffix) && entry.type != platform::EntryType::Folder)
                names.emplace_back(entry.text().substr(0, entry.text().size() - Suffix.size()));
        }
    }
    if (error != 0)
        return fail(systemError(error, folder, "list"));
    return names;
}

bool isThere(const BackupInfo &info)
{
    const Result<platform::FileStatus> status = platform::status(info.backup);
    return status && status->isRegular() && status->size == info.storedBytes;
}

Result<std::vector<BackupInfo>> backupsIn(const Path &folder, const std::optional<Path> &source,
                                          const std::stop_token &stop)
{
    const Result<std::vector<std::string>> names = sidecarNames(folder, stop);
    if (!names)
        return std::unexpected(names.error());
    std::vector<BackupInfo> found;
    for (const std::string &name : *names) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, folder);
        const Path path = folder / name;
        const Result<platform::FileStatus> status = platform::status(path);
        if (!status || !status->isRegular())
            continue;
        Result<BackupInfo> info = readSidecar(path);
        if (info && (!source || info->source == *source))
            found.push_back(std::move(*info));
    }
    std::ranges::sort(found, isNewer);
    return found;
}

}
