// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/systemd.h"

#include "base/path.h"

#include <algorithm>
#include <cstdio>

namespace lk::systemd {

static bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

std::string word(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        char escaped[8];
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '%' || c == '$') {
            out.append(2, c);
        } else if (isControl(c)) {
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string line(const std::string &text)
{
    std::string out;
    for (const char c : path::display(text))
        out.append(c == '%' ? 2 : 1, c);
    return out.ends_with('\\') ? out + ' ' : out; // or the next line would belong to it
}

bool takesProgram(std::string_view path)
{
    return std::ranges::none_of(path, [](char c) { return isControl(c) || c == '"' || c == '\'' || c == '\\'; });
}

}
