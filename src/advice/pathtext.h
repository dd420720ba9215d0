// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lk::advice {

/// A language that code with a path in it may be in.
enum class Target
{
    Python,
    JavaScript,
    Php,
    Rust,
    Kotlin,
    CSharp,
    Cpp,   ///< a string literal of UTF-8
    Yaml,  ///< as a value, in a file that ERB reads first
    Shell, ///< one word for POSIX's; $'…', of bash and zsh, where it has characters that can't be seen
    Uri,   ///< a path within a URI: percent-encoded; what is not UTF-8, too
    Url,   ///< the same for who takes the decoded bytes for UTF-8
};

/// \a path as an expression of the target's language, quotes and all. Characters that would not be seen, or would move
/// those around them, are escaped, so that what is read is what is meant. Nothing where \a path has bytes that are not
/// UTF-8 and the target has no way to say them. Source: facts.md, 4.2.
std::optional<std::string> written(std::string_view path, Target target);

}
