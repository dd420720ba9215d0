// SPDX-License-Identifier: GPL-3.0-or-later
#include "fleet/hosts.h"

#include "platform/filereader.h"

#include <algorithm>
#include <cstdlib>

namespace lk::fleet {

static constexpr std::size_t LongestHost = 255;
static constexpr std::size_t LongestConfig = 1 << 20; ///< in bytes; what comes after is not read
static constexpr std::string_view Blanks = " \t\r";

bool isHost(std::string_view name)
{
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == '@';
    };
    return !name.empty() && name.size() <= LongestHost && name.front() != '-' && name.front() != '@' &&
           name.back() != '@' && std::ranges::count(name, '@') <= 1 && std::ranges::all_of(name, isPlain);
}

std::optional<Place> placeOf(const Path &path)
{
    const std::string &bytes = path.native();
    const std::size_t colon = bytes.find(':');
    if (colon == std::string::npos || !isHost(std::string_view(bytes).substr(0, colon)))
        return {};
    return Place{.host = bytes.substr(0, colon), .path = bytes.substr(colon + 1)};
}

/// The next word of \a line, which is cut by it; quotes around it go. Empty at the end.
static std::string_view takeWord(std::string_view &line)
{
    line.remove_prefix(std::min(line.find_first_not_of(Blanks), line.size()));
    const bool quoted = line.starts_with('"');
    if (quoted)
        line.remove_prefix(1);
    const std::size_t end = std::min(quoted ? line.find('"') : line.find_first_of(" \t\r="), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + (quoted ? 1 : 0), line.size()));
    return word;
}

static bool isKeyword(std::string_view word, std::string_view lowerCase)
{
    return std::ranges::equal(word, lowerCase, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
}

std::vector<std::string> hostsIn(std::string_view config)
{
    std::vector<std::string> hosts;
    while (!config.empty()) {
        const std::size_t end = std::min(config.find('\n'), config.size());
        std::string_view line = config.substr(0, end);
        config.remove_prefix(std::min(end + 1, config.size()));
        if (!isKeyword(takeWord(line), "host"))
            continue;
        line.remove_prefix(std::min(line.find_first_not_of(" \t="), line.size()));
        for (std::string_view word = takeWord(line); !word.empty() && !word.starts_with('#'); word = takeWord(line)) {
            if (isHost(word) && std::ranges::find(hosts, word) == hosts.end())
                hosts.emplace_back(word);
        }
    }
    return hosts;
}

Path otherConfig()
{
    const char *path = std::getenv("LITEKEEPER_SSH_CONFIG");
    return path ? Path(path) : Path();
}

std::vector<std::string> knownHosts()
{
    const char *home = std::getenv("HOME");
    Path config = otherConfig();
    if (config.empty() && home)
        config = Path(home) / ".ssh/config";
    const Result<Path> resolved = platform::resolve(config); // it may be a link into a folder of such files
    const auto file = resolved ? platform::FileReader::open(*resolved) : std::unexpected(resolved.error());
    if (!file)
        return {};
    std::string text(std::min<std::size_t>(file->status().size, LongestConfig), '\0');
    const Result<std::size_t> count = file->read(0, std::as_writable_bytes(std::span(text)));
    return hostsIn(std::string_view(text).substr(0, count.value_or(0)));
}

}
