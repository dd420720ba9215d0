// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lk {

/// A path is bytes, as the system has them. What people see is made by path::display() and never goes back.
using Path = std::filesystem::path;

namespace path {

/// The bytes of \a path; valid as long as \a path is.
inline std::string_view bytes(const Path &path)
{
    return path.native();
}

/// Whether \a bytes are well-formed UTF-8 (no overlong forms, no surrogates).
bool isUtf8(std::string_view bytes);

/// \a bytes as UTF-8, with U+FFFD for each byte that is not part of a well-formed sequence.
std::string toUtf8(std::string_view bytes);

/// One line for people: toUtf8(), with control, bidirectional and line-separating characters escaped
/// (`\n`, `\x1b`, `\u202e`), so that a name can neither break a line nor speak to a terminal.
std::string display(std::string_view bytes);
inline std::string display(const std::string &bytes)
{
    return display(std::string_view(bytes));
}
inline std::string display(const Path &path)
{
    return display(bytes(path));
}

/// The last component's bytes.
inline std::string_view name(std::string_view bytes)
{
    return bytes.substr(bytes.rfind('/') + 1);
}

}
}
