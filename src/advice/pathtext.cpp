// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/pathtext.h"

#include "base/path.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace lk::advice {

namespace {

/// How a language writes a text in quotes.
struct Literal
{
    const char *begin;        ///< the opening quote, with what stands before it
    char end;                 ///< the closing one
    std::string_view special; ///< has a backslash before it, as the closing quote and the backslash itself have
    const char *character;    ///< format of a character that can't be seen, by its code point; null: by its bytes
    const char *byte;         ///< format of a byte; null: there is none
    const char *foreignByte;  ///< format of one that is not UTF-8; null: can't be said
};

constexpr Literal Python{"'", '\'', "", "\\u%04x", nullptr, "\\udc%02x"}; // PEP 383, as os.fsdecode() has it
constexpr Literal JavaScript{"'", '\'', "", "\\u%04x", nullptr, nullptr};
constexpr Literal Php{"\"", '"', "$", nullptr, "\\x%02x", "\\x%02x"};
constexpr Literal Rust{"\"", '"', "", "\\u{%x}", nullptr, nullptr};
constexpr Literal Kotlin{"\"", '"', "$", "\\u%04x", nullptr, nullptr};
constexpr Literal CSharp{"\"", '"', "", "\\u%04x", nullptr, nullptr};
constexpr Literal Cpp{"\"", '"', "?", nullptr, "\\%03o", nullptr}; // "??/" was a backslash before C++17
constexpr Literal Yaml{"\"", '"', "", "\\u%04x", nullptr, nullptr};
constexpr Literal Bash{"$'", '\'', "", nullptr, "\\%03o", "\\%03o"};

std::string formatted(const char *format, unsigned number)
{
    std::array<char, 16> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, number);
    return buffer.data();
}

std::string eachByte(std::string_view bytes, const char *format)
{
    std::string out;
    for (const char byte : bytes)
        out += formatted(format, static_cast<unsigned char>(byte));
    return out;
}

/// The first character of \a bytes; empty if they begin with none.
std::string_view firstCharacter(std::string_view bytes)
{
    for (std::size_t length = 1; length <= 4 && length <= bytes.size(); ++length) {
        if (path::isUtf8(bytes.substr(0, length)))
            return bytes.substr(0, length);
    }
    return {};
}

/// By hand: QString takes a U+FEFF in front for a mark and drops it.
unsigned codePoint(std::string_view character)
{
    const auto first = static_cast<unsigned char>(character.front());
    unsigned point = character.size() == 1 ? first : first & (0xFFu >> (character.size() + 1));
    for (const char byte : character.substr(1))
        point = (point << 6) | (static_cast<unsigned char>(byte) & 0x3Fu);
    return point;
}

/// Whether it can be read as it is.
bool isPlain(std::string_view text)
{
    return path::display(text) == text;
}

std::string quoted(std::string_view character, const Literal &literal)
{
    if (!isPlain(character))
        return literal.character ? formatted(literal.character, codePoint(character))
                                 : eachByte(character, literal.byte);
    const bool special = character == "\\" || character.front() == literal.end ||
                         literal.special.find(character) != std::string_view::npos;
    return (special ? "\\" : "") + std::string(character);
}

std::optional<std::string> quotedText(std::string_view text, const Literal &literal)
{
    std::string out = literal.begin;
    while (!text.empty()) {
        const std::string_view character = firstCharacter(text);
        if (character.empty() && !literal.foreignByte)
            return std::nullopt;
        out += character.empty() ? eachByte(text.substr(0, 1), literal.foreignByte) : quoted(character, literal);
        text.remove_prefix(std::max<std::size_t>(character.size(), 1));
    }
    return out + literal.end;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by)
{
    std::string out(text);
    for (std::size_t at = out.find(what); at != std::string::npos; at = out.find(what, at + by.size()))
        out.replace(at, what.size(), by);
    return out;
}

/// A Rust path need not be text.
std::optional<std::string> rust(std::string_view path)
{
    if (path::isUtf8(path))
        return quotedText(path, Rust);
    std::string bytes;
    for (const char byte : path) {
        const bool special = byte == '"' || byte == '\\';
        const bool plain = byte >= 0x20 && byte < 0x7F;
        bytes += plain ? (special ? "\\" : "") + std::string(1, byte) : eachByte({&byte, 1}, "\\x%02x");
    }
    return "<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b\"" + bytes + "\")";
}

/// Single quotes, in which nothing but the quote itself is special; double ones only for what they can't have.
std::optional<std::string> yaml(std::string_view path)
{
    const std::string erb = replaced(path, "<%", "<%%");
    return isPlain(erb) ? "'" + replaced(erb, "'", "''") + "'" : quotedText(erb, Yaml);
}

std::optional<std::string> shell(std::string_view path)
{
    return isPlain(path) ? "'" + replaced(path, "'", R"('\'')") + "'" : quotedText(path, Bash);
}

/// RFC 3986, section 2.3, and the slash.
std::string percentEncoded(std::string_view path)
{
    constexpr std::string_view Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    std::string out;
    for (const char byte : path)
        out += Unreserved.find(byte) != std::string_view::npos ? std::string(1, byte) : eachByte({&byte, 1}, "%%%02X");
    return out;
}

}

std::optional<std::string> written(std::string_view path, Target target)
{
    switch (target) {
    case Target::Python:
        return quotedText(path, Python);
    case Target::JavaScript:
        return quotedText(path, JavaScript);
    case Target::Php:
        return quotedText(path, Php);
    case Target::Rust:
        return rust(path);
    case Target::Kotlin:
        return quotedText(path, Kotlin);
    case Target::CSharp:
        return quotedText(path, CSharp);
    case Target::Cpp:
        return quotedText(path, Cpp);
    case Target::Yaml:
        return yaml(path);
    case Target::Shell:
        return shell(path);
    case Target::Uri:
        return percentEncoded(path);
    case Target::Url:
        return path::isUtf8(path) ? std::optional(percentEncoded(path)) : std::nullopt;
    }
    return std::nullopt;
}

}
