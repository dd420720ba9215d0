// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/mounts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include <sys/sysmacros.h>

namespace lk::platform {

namespace {

using namespace std::literals;

struct KindOfType
{
    std::string_view type;
    FilesystemKind kind{};
};

/// Sorted by type. Sources: facts.md 3.7; filesystems(5); the kernel's Documentation/filesystems.
constexpr std::array Kinds{
    KindOfType{"9p"sv, FilesystemKind::Network},
    KindOfType{"acfs"sv, FilesystemKind::Network},
    KindOfType{"afs"sv, FilesystemKind::Network},
    KindOfType{"apfs"sv, FilesystemKind::Local},
    KindOfType{"aufs"sv, FilesystemKind::Overlay},
    KindOfType{"autofs"sv, FilesystemKind::Network}, // touching it mounts something
    KindOfType{"bcachefs"sv, FilesystemKind::Local},
    KindOfType{"beegfs"sv, FilesystemKind::Network},
    KindOfType{"binder"sv, FilesystemKind::Pseudo},
    KindOfType{"binfmt_misc"sv, FilesystemKind::Pseudo},
    KindOfType{"bpf"sv, FilesystemKind::Pseudo},
    KindOfType{"btrfs"sv, FilesystemKind::Local},
    KindOfType{"ceph"sv, FilesystemKind::Network},
    KindOfType{"cgroup"sv, FilesystemKind::Pseudo},
    KindOfType{"cgroup2"sv, FilesystemKind::Pseudo},
    KindOfType{"cifs"sv, FilesystemKind::Network},
    KindOfType{"coda"sv, FilesystemKind::Network},
    KindOfType{"configfs"sv, FilesystemKind::Pseudo},
    KindOfType{"debugfs"sv, FilesystemKind::Pseudo},
    KindOfType{"devpts"sv, FilesystemKind::Pseudo},
    KindOfType{"devtmpfs"sv, FilesystemKind::Pseudo},
    KindOfType{"efivarfs"sv, FilesystemKind::Pseudo},
    KindOfType{"erofs"sv, FilesystemKind::Local},
    KindOfType{"exfat"sv, FilesystemKind::Removable},
    KindOfType{"ext2"sv, FilesystemKind::Local},
    KindOfType{"ext3"sv, FilesystemKind::Local},
    KindOfType{"ext4"sv, FilesystemKind::Local},
    KindOfType{"f2fs"sv, FilesystemKind::Local},
    KindOfType{"fuse"sv, FilesystemKind::Fuse},
    KindOfType{"fuseblk"sv, FilesystemKind::Fuse},
    KindOfType{"fusectl"sv, FilesystemKind::Pseudo},
    KindOfType{"gfs"sv, FilesystemKind::Network},
    KindOfType{"gfs2"sv, FilesystemKind::Network},
    KindOfType{"gpfs"sv, FilesystemKind::Network},
    KindOfType{"hfs"sv, FilesystemKind::Local},
    KindOfType{"hfsplus"sv, FilesystemKind::Local},
    KindOfType{"hugetlbfs"sv, FilesystemKind::Pseudo},
    KindOfType{"iso9660"sv, FilesystemKind::Local},
    KindOfType{"jffs2"sv, FilesystemKind::Local},
    KindOfType{"jfs"sv, FilesystemKind::Local},
    KindOfType{"lustre"sv, FilesystemKind::Network},
    KindOfType{"mqueue"sv, FilesystemKind::Pseudo},
    KindOfType{"msdos"sv, FilesystemKind::Removable},
    KindOfType{"ncpfs"sv, FilesystemKind::Network},
    KindOfType{"nfs"sv, FilesystemKind::Network},
    KindOfType{"nfs4"sv, FilesystemKind::Network},
    KindOfType{"nfsd"sv, FilesystemKind::Pseudo},
    KindOfType{"nilfs2"sv, FilesystemKind::Local},
    KindOfType{"nsfs"sv, FilesystemKind::Pseudo},
    KindOfType{"ntfs"sv, FilesystemKind::Local},
    KindOfType{"ntfs3"sv, FilesystemKind::Local},
    KindOfType{"ocfs2"sv, FilesystemKind::Network},
    KindOfType{"orangefs"sv, FilesystemKind::Network},
    KindOfType{"overlay"sv, FilesystemKind::Overlay},
    KindOfType{"overlayfs"sv, FilesystemKind::Overlay},
    KindOfType{"panfs"sv, FilesystemKind::Network},
    KindOfType{"prl_fs"sv, FilesystemKind::Network}, // a virtual machine's host: as far away as a server
    KindOfType{"proc"sv, FilesystemKind::Pseudo},
    KindOfType{"pstore"sv, FilesystemKind::Pseudo},
    KindOfType{"pvfs2"sv, FilesystemKind::Network},
    KindOfType{"ramfs"sv, FilesystemKind::Memory},
    KindOfType{"reiserfs"sv, FilesystemKind::Local},
    KindOfType{"resctrl"sv, FilesystemKind::Pseudo},
    KindOfType{"rpc_pipefs"sv, FilesystemKind::Pseudo},
    KindOfType{"securityfs"sv, FilesystemKind::Pseudo},
    KindOfType{"selinuxfs"sv, FilesystemKind::Pseudo},
    KindOfType{"smackfs"sv, FilesystemKind::Pseudo},
    KindOfType{"smb2"sv, FilesystemKind::Network},
    KindOfType{"smb3"sv, FilesystemKind::Network},
    KindOfType{"smbfs"sv, FilesystemKind::Network},
    KindOfType{"squashfs"sv, FilesystemKind::Local},
    KindOfType{"sysfs"sv, FilesystemKind::Pseudo},
    KindOfType{"tmpfs"sv, FilesystemKind::Memory},
    KindOfType{"tracefs"sv, FilesystemKind::Pseudo},
    KindOfType{"udf"sv, FilesystemKind::Local},
    KindOfType{"vboxsf"sv, FilesystemKind::Network},
    KindOfType{"vfat"sv, FilesystemKind::Removable},
    KindOfType{"virtiofs"sv, FilesystemKind::Network},
    KindOfType{"vmhgfs"sv, FilesystemKind::Network},
    KindOfType{"wekafs"sv, FilesystemKind::Network},
    KindOfType{"xfs"sv, FilesystemKind::Local},
    KindOfType{"zfs"sv, FilesystemKind::Local},
};
static_assert(std::ranges::is_sorted(Kinds, {}, &KindOfType::type));

/// "fuse.NAME": these work on this machine's disks. Every other one is taken for a network mount, because most are
/// and a wrong "local" could hang a scan or lose a database in WAL mode.
constexpr std::array LocalFuse{"bindfs"sv,    "encfs"sv,      "ext2"sv,     "fuse-overlayfs"sv, "fuseiso"sv,
                               "gocryptfs"sv, "lxcfs"sv,      "mergerfs"sv, "ntfs"sv,           "ntfs-3g"sv,
                               "portal"sv,    "squashfuse"sv, "unionfs"sv};
static_assert(std::ranges::is_sorted(LocalFuse));

/// mountinfo writes space, tab, newline, backslash and `#` as three octal digits (fs/proc_namespace.c, mangle()).
std::string unescaped(std::string_view field)
{
    const auto isOctal = [](char c) { return c >= '0' && c <= '7'; };
    std::string bytes;
    bytes.reserve(field.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] == '\\' && i + 3 < field.size() && isOctal(field[i + 1]) && isOctal(field[i + 2]) &&
            isOctal(field[i + 3])) {
            bytes += char((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + (field[i + 3] - '0'));
            i += 3;
        } else {
            bytes += field[i];
        }
    }
    return bytes;
}

/// Takes the next field, up to a space, off \a line.
std::string_view nextField(std::string_view &line)
{
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view field = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return field;
}

std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool hasOption(std::string_view options, std::string_view option)
{
    while (!options.empty()) {
        const std::size_t comma = std::min(options.find(','), options.size());
        if (options.substr(0, comma) == option)
            return true;
        options.remove_prefix(std::min(comma + 1, options.size()));
    }
    return false;
}

/// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" (proc(5)).
std::optional<Mount> parseLine(std::string_view line)
{
    const auto id = number(nextField(line));
    nextField(line); // the parent's id
    const std::string_view device = nextField(line);
    nextField(line); // which folder of that file system
    const std::string_view point = nextField(line);
    const std::string_view options = nextField(line);
    const std::size_t separator = line.starts_with("- ") ? 0 : line.find(" - ");
    if (!id || point.empty() || separator == std::string_view::npos)
        return std::nullopt;
    line.remove_prefix(separator == 0 ? 2 : separator + 3);

    const std::size_t colon = std::min(device.find(':'), device.size());
    const auto major = number(device.substr(0, colon));
    const auto minor = number(device.substr(std::min(colon + 1, device.size())));
    if (!major || !minor)
        return std::nullopt;

    Mount mount;
    mount.id = *id;
    mount.device = makedev(static_cast<unsigned>(*major), static_cast<unsigned>(*minor));
    mount.point = unescaped(point);
    mount.type = unescaped(nextField(line));
    mount.source = unescaped(nextField(line));
    // The mount may be read-only, or the whole file system.
    mount.readOnly = hasOption(options, "ro") || hasOption(line, "ro");
    return mount;
}

}

FilesystemKind filesystemKind(std::string_view type)
{
    if (type.starts_with("fuse.") || type.starts_with("fuseblk.")) {
        const std::string_view program = type.substr(type.find('.') + 1);
        return std::ranges::binary_search(LocalFuse, program) || type.starts_with("fuseblk.") ? FilesystemKind::Fuse
                                                                                              : FilesystemKind::Network;
    }
    const auto *found = std::ranges::lower_bound(Kinds, type, {}, &KindOfType::type);
    return found != Kinds.end() && found->type == type ? found->kind : FilesystemKind::Unknown;
}

Mounts Mounts::current()
{
    std::ifstream file("/proc/self/mountinfo", std::ios::binary);
    return parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

Mounts Mounts::parse(std::string_view mountinfo)
{
    Mounts mounts;
    while (!mountinfo.empty()) {
        const std::size_t end = std::min(mountinfo.find('\n'), mountinfo.size());
        if (auto mount = parseLine(mountinfo.substr(0, end)))
            mounts.m_mounts.push_back(std::move(*mount));
        mountinfo.remove_prefix(std::min(end + 1, mountinfo.size()));
    }
    return mounts;
}

const Mount *Mounts::of(const Path &path) const
{
    const std::string_view text = path::bytes(path);
    const Mount *best = nullptr;
    std::size_t longest = 0;
    for (const Mount &mount : m_mounts) {
        std::string_view point = path::bytes(mount.point);
        if (point == "/")
            point = {};
        const bool below = text.starts_with(point) && (text.size() == point.size() || text[point.size()] == '/');
        // Of two mounts on one point the later one lies on top.
        if (below && (!best || point.size() >= longest)) {
            best = &mount;
            longest = point.size();
        }
    }
    return best;
}

const Mount *Mounts::at(const Path &path) const
{
    const auto found = std::find_if(m_mounts.rbegin(), m_mounts.rend(),
                                    [&](const Mount &mount) { return mount.point.native() == path.native(); });
    return found == m_mounts.rend() ? nullptr : &*found;
}

}
