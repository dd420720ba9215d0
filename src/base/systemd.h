// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Texts in systemd's unit files (systemd.syntax(7), "Quoting"; systemd.service(5), "Command lines").
namespace lk::systemd {

/// A word of ExecStart=, quoted, with C's escapes; % would begin a specifier and $ a variable.
std::string word(std::string_view text);
/// For Description= and other values that are not split: one line, without specifiers.
std::string line(const std::string &text);
/// Whether it takes a program of this path ("Executable name contains special characters").
bool takesProgram(std::string_view path);

}
