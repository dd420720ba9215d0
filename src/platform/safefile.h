// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <memory>
#include <string_view>

namespace lk::platform {

/// A new file that exists under its name only when it is whole (safety.md, "Writing files of our own").
/// Created as NAME.partial with the mode and, where permitted, the owner of the file it comes from; publish() makes
/// it NAME without ever replacing anything. Destroyed before that, it is removed.
class PartialFile
{
public:
    static constexpr const char *Suffix = ".partial";

    /// Refused with TargetExists where \a target exists or a link has its name, NotFound with TargetFolderMissing.
    static Result<PartialFile> create(const Path &target, const FileStatus &like);

    PartialFile(PartialFile &&) noexcept;
    PartialFile &operator=(PartialFile &&) noexcept;
    ~PartialFile();

    /// Where to write: NAME.partial.
    const Path &path() const { return m_partial; }
    /// fsync of the file's content.
    Result<void> sync();
    /// Renames to the target without replacing, and fsyncs the folder. Refused with TargetExists if it came to be.
    Result<void> publish();

private:
    PartialFile() = default;
    void remove();

    Folder *folder() const;
    struct Private;
    std::unique_ptr<Private> m_d;
    Path m_partial;
};

/// Writes a small file of ours whole or not at all: aside, fsync, rename over \a path, fsync of the folder.
Result<void> writeWhole(const Path &path, std::string_view content, std::uint32_t mode);

}
