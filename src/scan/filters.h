// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lk::scan {

/// The globs of --exclude, as fnmatch(3) without flags understands them: `*` also stands for slashes and leading dots.
class Excludes
{
public:
    explicit Excludes(std::vector<std::string> globs)
        : m_globs(std::move(globs))
    {
    }

    bool isEmpty() const { return m_globs.empty(); }
    /// Whether a glob matches the absolute \a path or its last component.
    bool match(const Path &path) const;

private:
    std::vector<std::string> m_globs;
};

/// Whether a database that is whole can have this size: its pages are powers of two from 512 bytes on
/// (sqlite.org/fileformat2.html, section 1.3.2). 0.8 % of ordinary files have such a size by chance.
constexpr bool isDatabaseSize(std::uint64_t bytes)
{
    return bytes >= 512 && bytes % 512 == 0;
}

}
