// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"
#include "platform/lockfile.h"

#include <string_view>
#include <vector>

namespace lk::platform {

/// An anonymous temporary file: no name, gone when it is closed, also after a crash.
class ScratchFile
{
public:
    /// In $TMPDIR, else /var/tmp (which is on a disk more often than /tmp is), else /tmp.
    static Result<ScratchFile> create();

    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Bytes never written read as zero.
    Result<void> read(std::uint64_t offset, std::span<std::byte> into) const;

private:
    explicit ScratchFile(Descriptor descriptor)
        : m_descriptor(std::move(descriptor))
    {
    }

    Descriptor m_descriptor;
};

/// Where temporary files may go, the best place first: $TMPDIR, /var/tmp, /tmp. They need not be there.
std::vector<Path> temporaryFolders();

/// Bytes that scratch files may still take up, where create() would make one; 0 if there is no such place.
std::uint64_t freeScratchBytes();

/// A temporary folder for us alone (0700), removed with all that is in it. Where ScratchFile would be. What killed runs
/// left of theirs goes when one is made.
class ScratchFolder
{
public:
    static Result<ScratchFolder> create();
    /// What create() would clean up, where no folder is needed any more.
    static void removeLeftovers();
    /// The same in \a folder, under a name that begins with \a prefix.
    static Result<ScratchFolder> createIn(const Path &folder, std::string_view prefix);
    /// Removes what killed runs left in \a folder under such names.
    static void removeDead(const Path &folder, std::string_view prefix);

    ScratchFolder(ScratchFolder &&other) noexcept
        : m_path(std::exchange(other.m_path, {}))
        , m_use(std::move(other.m_use))
    {
    }
    ScratchFolder &operator=(ScratchFolder &&) = delete;
    ~ScratchFolder();

    const Path &path() const { return m_path; }
    /// Now, and not when it goes.
    void remove();

private:
    static Result<ScratchFolder> inUse(Path path);
    ScratchFolder(Path path, LockFile use)
        : m_path(std::move(path))
        , m_use(std::move(use))
    {
    }

    Path m_path;
    LockFile m_use; ///< says that it is not left by a killed run
};

/// Copies the bytes of \a from into the new file \a to, which only we may read. \a goOn is asked after each piece, with
/// the bytes so far: Cancelled if it says no.
Result<void> copyBytes(const FileReader &from, const Path &to, const std::function<bool(std::uint64_t done)> &goOn);

/// Opens as open(2) does, but without touching the access time where the system permits that, and without following a
/// link in the last component: for SQLite's own reading of a file that is only looked at.
int openToLook(const char *path, int flags, int mode);
/// open(2) itself, as SQLite calls it.
int openPlainly(const char *path, int flags, int mode);

/// Bytes of memory that could be used without swapping; 0 if not known.
std::uint64_t availableMemory();

}
