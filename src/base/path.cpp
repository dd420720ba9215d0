// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/path.h"

#include <cstdint>
#include <cstdio>

namespace lk::path {

/// The length in bytes of the well-formed sequence at the start of \a s, its code point in \a codePoint; 0 if there
/// is none. Source: Unicode 15, table 3-7.
static std::size_t sequence(std::string_view s, char32_t &codePoint)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) {
        codePoint = first;
        return 1;
    }
    if (first < 0xC2 || first > 0xF4)
        return 0;
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (s.size() < length)
        return 0;
    const unsigned lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < lowest || byte(1) > highest)
        return 0;
    codePoint = first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
        codePoint = (codePoint << 6) | (byte(i) & 0x3F);
    }
    return length;
}

/// Characters that would break a line, move the cursor or reorder what is read.
static bool speaksToTheDisplay(char32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x061C || c == 0xFEFF;
}

static void appendEscaped(std::string &out, char32_t c)
{
    switch (c) {
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, c < 0x100 ? "\\x%02x" : "\\u%04x", static_cast<unsigned>(c));
    out += buffer;
}

bool isUtf8(std::string_view bytes)
{
    char32_t codePoint = 0;
    while (!bytes.empty()) {
        const std::size_t length = sequence(bytes, codePoint);
        if (length == 0)
            return false;
        bytes.remove_prefix(length);
    }
    return true;
}

static std::string convert(std::string_view bytes, bool escape)
{
    std::string out;
    out.reserve(bytes.size());
    char32_t codePoint = 0;
    while (!bytes.empty()) {
        const std::size_t length = sequence(bytes, codePoint);
        if (length == 0)
            out += "\xEF\xBF\xBD";
        else if (escape && speaksToTheDisplay(codePoint))
            appendEscaped(out, codePoint);
        else
            out += bytes.substr(0, length);
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::string toUtf8(std::string_view bytes)
{
    return convert(bytes, false);
}

std::string display(std::string_view bytes)
{
    return convert(bytes, true);
}

}
