// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/mounts.h"
#include "scan/scanner.h"

#include <functional>
#include <map>
#include <optional>

namespace lk::scan {

/// The mount points as a tree of names, so that a walk knows of a folder whether something is mounted on it without
/// touching it and without making its path: only folders on the way to a mount point have a node.
struct MountTree
{
    std::map<std::string, MountTree, std::less<>> children;
    const platform::Mount *mount = nullptr; ///< what is mounted here, if anything

    /// \a mounts must outlive the tree.
    static MountTree of(const platform::Mounts &mounts);

    const MountTree *child(std::string_view name) const;
    /// Null if nothing is mounted at or below \a path, which is absolute and resolved.
    const MountTree *below(const Path &path) const;
};

/// Why a walk that lies on \a current doesn't go on into \a next, if it doesn't.
std::optional<WhyNot> whyNotEnter(const platform::Mount &next, const platform::Mount *current, bool crossFilesystems);

/// Whether a folder could be met twice in a scan of \a roots: one root lies below another, or one file system is
/// mounted at two places that the scan will enter.
bool foldersMayRepeat(const std::vector<Path> &roots, const platform::Mounts &mounts, bool crossFilesystems);

}
