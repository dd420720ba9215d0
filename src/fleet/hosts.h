// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Other machines, reached as the person reaches them: by their ssh.
namespace lk::fleet {

/// Whether \a name can be what ssh calls a machine: an alias, a name, an IPv4 address, with or without "user@". One
/// that ssh, or a shell that a person copies it to, could take for something else is none.
bool isHost(std::string_view name);

/// A file or folder of another machine. Written as scp writes it, "web1:/srv/app.db", it is told from every absolute
/// path of this machine, and so it serves as the key of what was found there.
struct Place
{
    std::string host;
    std::string path; ///< bytes; empty: the home folder there

    Path address() const { return Path(host + ':' + path); }
};

/// Nothing if \a path is one of this machine.
std::optional<Place> placeOf(const Path &path);

/// The machines that \a config, in the language of ssh_config(5), names outright: no patterns. In its order.
std::vector<std::string> hostsIn(std::string_view config);
/// Those of the person's own configuration; empty if there is none.
std::vector<std::string> knownHosts();

/// Where ssh is to look instead of ~/.ssh/config: $LITEKEEPER_SSH_CONFIG; empty if that is not set.
Path otherConfig();

}
