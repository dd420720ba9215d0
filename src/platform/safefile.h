// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lk::platform {

/// A new file that exists under its name only when it is whole (safety.md, "Writing files of our own").
/// Created as NAME.partial with the mode and, where permitted, the owner of the file it comes from; publish() makes
/// it NAME without ever replacing anything. Destroyed before that, it is removed, and SQLite's siblings of it too.
///
/// It keeps a descriptor of the file open from creation to destruction, because closing one drops the locks that
/// SQLite connections of this process hold on the file: close those before this goes.
class PartialFile
{
public:
    static constexpr const char *Suffix = ".partial";

    /// Refused with TargetExists where \a target, or a -wal or -journal in wait for a database of that name, exists or
    /// a link has its name; NotFound with TargetFolderMissing; Busy where another program writes the same file. What a
    /// killed run left under the partial name is removed.
    static Result<PartialFile> create(const Path &target, const FileStatus &like);

    PartialFile(PartialFile &&) noexcept;
    PartialFile &operator=(PartialFile &&) noexcept;
    ~PartialFile();

    /// Where to write: NAME.partial, absolute and without symbolic links.
    const Path &path() const;
    /// Whether it could be given the owner and group of the file it comes from.
    bool ownerKept() const;
    /// fsync of the file's content.
    Result<void> sync();
    /// Renames to the target without replacing, and fsyncs the folder. Refused with TargetExists if it came to be,
    /// Internal while SQLite has a -wal or -journal with content beside it.
    Result<void> publish();
    /// Renames over \a path, a file in the same folder that is \a expected, and fsyncs the folder. Changed if it is
    /// another one by now; Internal as publish().
    Result<void> publishOver(const Path &path, const FileId &expected);

private:
    struct Private;
    explicit PartialFile(std::unique_ptr<Private> d);
    Result<void> finish();

    std::unique_ptr<Private> m_d;
};

/// Removes partial files that a killed run left in \a folder: regular files, owned by us or the owner of
/// the folder, that nobody is writing, and whose name without the suffix is \a ours. Their number; 0 where the system
/// can't tell who is writing.
std::size_t removeLeftovers(const Path &folder, const std::function<bool(std::string_view name)> &ours);

/// Makes last what was created, renamed and removed in \a folder, also by others: fsync. Errors: as systemError().
Result<void> syncFolder(const Path &folder);

/// Every name in \a folder, in no order, with "." and ".."; none if it can't be listed.
std::vector<std::string> namesIn(const Path &folder);

/// Gives the file \a path the name \a another too (a hard link). Refused with TargetExists; otherwise as systemError().
Result<void> addName(const Path &path, const Path &another);
/// Takes the name \a path away if it is one of the file \a another.
void removeName(const Path &path, const Path &another);

/// Removes a small file of ours; whether it was there does not matter.
void removeFile(const Path &path);

/// Writes a small file of ours whole or not at all: aside, fsync, rename over \a path, fsync of the folder.
Result<void> writeWhole(const Path &path, std::string_view content, std::uint32_t mode);

}
