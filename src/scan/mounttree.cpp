// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/mounttree.h"

#include <algorithm>

namespace lk::scan {

using platform::FilesystemKind;
using platform::Mount;

namespace {

/// Calls \a use with each component of \a path until it returns false.
template <class Use>
void forEachComponent(std::string_view path, Use use)
{
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        if (slash > 0 && !use(path.substr(0, slash)))
            return;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
}

bool isBelow(std::string_view path, std::string_view folder)
{
    if (folder == "/")
        return path.size() > 1;
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

}

MountTree MountTree::of(const platform::Mounts &mounts)
{
    MountTree root;
    for (const Mount &mount : mounts.all()) {
        MountTree *node = &root;
        forEachComponent(path::bytes(mount.point), [&](std::string_view name) {
            node = &node->children[std::string(name)];
            return true;
        });
        node->mount = &mount; // the later one of two lies on top
    }
    return root;
}

const MountTree *MountTree::child(std::string_view name) const
{
    const auto found = children.find(name);
    return found == children.end() ? nullptr : &found->second;
}

const MountTree *MountTree::below(const Path &path) const
{
    const MountTree *node = this;
    forEachComponent(path::bytes(path), [&](std::string_view name) {
        node = node->child(name);
        return node != nullptr;
    });
    return node;
}

std::optional<WhyNot> whyNotEnter(const Mount &next, const Mount *current, bool crossFilesystems)
{
    if (current && next.device == current->device)
        return std::nullopt; // the same file system, bound to a second place
    // In a container /dev may be a tmpfs like any other.
    if (next.kind() == FilesystemKind::Pseudo || next.point == "/dev")
        return WhyNot::PseudoFilesystem;
    if (next.kind() == FilesystemKind::Network)
        return WhyNot::NetworkFilesystem;
    if (!crossFilesystems)
        return WhyNot::OtherFilesystem;
    return std::nullopt;
}

bool foldersMayRepeat(const std::vector<Path> &roots, const platform::Mounts &mounts, bool crossFilesystems)
{
    std::map<std::uint64_t, const Mount *> devices;
    for (const Path &root : roots) {
        if (std::ranges::any_of(roots, [&](const Path &other) { return isBelow(root.native(), other.native()); }))
            return true;
        const Mount *current = mounts.of(root);
        // Two roots in one mount are apart by their paths, in two mounts of one file system they may not be.
        if (current && devices.try_emplace(current->device, current).first->second != current)
            return true;
    }
    for (const Mount &mount : mounts.all()) {
        const auto holds = [&](const Path &root) { return isBelow(mount.point.native(), root.native()); };
        if (std::ranges::none_of(roots, holds))
            continue;
        const bool mayEnter = crossFilesystems || devices.contains(mount.device);
        if (mayEnter && mount.kind() != FilesystemKind::Pseudo && !devices.try_emplace(mount.device, &mount).second)
            return true;
    }
    return false;
}

}
