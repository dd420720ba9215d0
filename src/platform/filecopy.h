// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <functional>
#include <vector>

namespace lk::platform {

/// A file of ours that is being written, from its start. Closed when it goes: not while an SQLite connection of this
/// process has it open (safety.md, fact 6).
class FileWriter
{
public:
    /// \a path is missing, then it is made for us alone (0600), or empty. Never follows a link.
    static Result<FileWriter> open(const Path &path);

    /// Behind what is there. NoSpace, Io and so on as systemError().
    Result<void> write(std::span<const std::byte> bytes);

    /// Until what was written is on the disk: fdatasync.
    Result<void> sync();

    /// Writes the first \a size bytes of \a from, or all if there are fewer, at the speed the system can: it shares or
    /// moves them itself where it knows how. What is a hole there is one here. Only into an empty file.
    /// \a goOn is told after every few megabytes how many are done; false ends it as Cancelled. Returns the number of
    /// bytes copied.
    using GoOn = std::function<bool(std::uint64_t done)>;
    Result<std::uint64_t> copy(const FileReader &from, std::uint64_t size, const GoOn &goOn);

private:
    FileWriter(Descriptor descriptor, Path path)
        : m_descriptor(std::move(descriptor))
        , m_path(std::move(path))
    {
    }

    Result<std::uint64_t> copyRange(const FileReader &from, std::uint64_t offset, std::uint64_t end, const GoOn &goOn);
    Result<std::size_t> copySome(const FileReader &from, std::uint64_t offset, std::size_t size);
    Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> bytes);

    Descriptor m_descriptor;
    Path m_path;
    std::uint64_t m_size = 0;
    bool m_systemCopies = true; ///< until it says that it can't
    std::vector<std::byte> m_buffer;
};

/// Takes all content from a file of ours; a missing one is empty already. Errors: as systemError().
Result<void> emptyFile(const Path &path);

/// Gives \a to the extended attributes of \a from, its access list too if \a accessList says so. Nothing is opened.
/// False if one is lost on the way.
bool copyAttributes(const Path &from, const Path &to, bool accessList);

}
