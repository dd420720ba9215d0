// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "operations/operation.h"
#include "platform/safefile.h"
#include "sqlite/glance.h"

namespace lk::operations {

/// A database and what lies beside it, to be replaced by one new file, and put aside as one set.
///
/// At every moment, and after a kill or a power cut at any, a program that opens the database finds the old content or
/// the new, never the new file with the old -wal (safety.md, fact 14). So what the -wal, or a journal, leads to is
/// first made one file, which takes the old one's place: with the old siblings beside it, it still has the same
/// content, for they lead to it once more. Then the siblings go. Then the new file takes the one file's place. Each is
/// one step of the file system, and on the disk before the next. SQLite's locks keep other programs out meanwhile. A
/// database that is too damaged for that loses its siblings' names first; the set that is put aside has them.
class Replacement
{
public:
    /// \a target exists, and nobody has it open. Errors: Busy (InUseByOthers), NoSpace, Cancelled, and what copying
    /// gives.
    static Result<Replacement> prepare(const Target &target, JobContext &context);

    /// A new file beside the target, with its mode, owner and attributes: to be filled. It must go after this.
    Result<platform::PartialFile> makeFile();

    /// Puts the set aside and \a file, which is whole and checked, in its place. The path of what was put aside.
    /// Errors: Changed (somebody wrote to the database since it was looked at), Busy, and what the file system gives.
    Result<Path> putInPlace(platform::PartialFile &file);

    /// Whether owner and attributes could be kept.
    const std::vector<NoteText> &notes() const { return m_notes; }

private:
    explicit Replacement(Path path)
        : m_path(std::move(path))
    {
    }

    Result<void> merge(JobContext &context);
    void keepAttributes(const platform::PartialFile &file);
    void removeUnusedNames() const;
    Result<void> removeSiblings() const;
    Result<Path> putAside() const;
    void giveBackSiblings(const Path &kept) const;

    Path m_path;
    sqlite::Glance m_seen;
    std::optional<platform::PartialFile> m_merged;
    std::vector<NoteText> m_notes;
};

/// Whether \a path is a name that a set put aside of \a target has.
bool isPutAside(const Path &path, const Path &target);

/// Names that only a killed run of a Replacement gave \a target: they don't count as further names of it.
std::size_t unusedNames(const Path &target);

/// Bytes that replacing \a target takes beside it, without the new file.
std::uint64_t roomToReplace(const sqlite::Glance &target);

}
