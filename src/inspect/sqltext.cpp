// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/sqltext.h"

#include <algorithm>

namespace lk::inspect {

namespace {

using namespace std::literals;

bool isSpace(char c)
{
    return " \t\n\f\r"sv.find(c) != std::string_view::npos;
}

/// Letters, digits, _, $ and whatever is beyond ASCII (tokenize.c, IdChar).
bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return out;
}

/// Takes SQL apart as far as one has to in order to find keywords and parentheses.
class Tokens
{
public:
    explicit Tokens(std::string_view sql)
        : m_rest(sql)
    {
    }

    /// A word in lower case, a quoted name without its quotes behind a '"', or one other character; empty at the end.
    std::string next()
    {
        skipSpace();
        if (m_rest.empty())
            return {};
        const char first = m_rest.front();
        if (const char end = first == '[' ? ']' : "'\"`"sv.find(first) != std::string_view::npos ? first : '\0')
            return '"' + quoted(end);
        std::size_t length = 0;
        while (length < m_rest.size() && isWordCharacter(m_rest[length]))
            ++length;
        return lower(take(std::max<std::size_t>(length, 1)));
    }

private:
    std::string_view take(std::size_t length)
    {
        const std::string_view taken = m_rest.substr(0, length);
        m_rest.remove_prefix(taken.size());
        return taken;
    }

    /// What lies behind \a mark, or nothing.
    void skipTo(std::string_view mark)
    {
        const std::size_t at = m_rest.find(mark);
        m_rest.remove_prefix(at == std::string_view::npos ? m_rest.size() : at + mark.size());
    }

    void skipSpace()
    {
        for (;;) {
            if (m_rest.starts_with("--"))
                skipTo("\n");
            else if (m_rest.starts_with("/*"))
                skipTo("*/");
            else if (!m_rest.empty() && isSpace(m_rest.front()))
                m_rest.remove_prefix(1);
            else
                return;
        }
    }

    /// A quote inside is doubled, but for a bracket, which can't be.
    std::string quoted(char end)
    {
        std::string text;
        m_rest.remove_prefix(1);
        while (!m_rest.empty()) {
            const char c = take(1).front();
            if (c == end && (end == ']' || !m_rest.starts_with(end)))
                break;
            if (c == end)
                m_rest.remove_prefix(1);
            text += c;
        }
        return text;
    }

    std::string_view m_rest;
};

/// CREATE VIRTUAL TABLE name USING module(…)
std::string moduleOf(Tokens &tokens)
{
    for (std::string token = tokens.next(); !token.empty(); token = tokens.next()) {
        if (token == "using") {
            const std::string module = tokens.next();
            return lower(module.starts_with('"') ? std::string_view(module).substr(1) : module);
        }
    }
    return {};
}

}

CreateText readCreateTable(std::string_view sql)
{
    CreateText text;
    Tokens tokens(sql);
    tokens.next(); // CREATE
    if (tokens.next() == "virtual") {
        text.module = moduleOf(tokens);
        return text;
    }
    int depth = 0;
    bool columnsEnded = false;
    std::string before;
    for (std::string token = tokens.next(); !token.empty(); token = tokens.next()) {
        if (token == "(") {
            ++depth;
        } else if (token == ")") {
            columnsEnded = --depth == 0;
        } else if (columnsEnded) {
            text.strict = text.strict || token == "strict";
            text.withoutRowid = text.withoutRowid || (before == "without" && token == "rowid");
        }
        before = std::move(token);
    }
    return text;
}

}
