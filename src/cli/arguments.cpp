// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include "base/nearest.h"
#include "platform/filereader.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace lk::cli {

static std::string meant(std::string_view given, const std::vector<std::string> &known)
{
    const std::string candidate = text::nearest(given, known);
    return candidate.empty() ? std::string() : "; did you mean " + candidate + '?';
}

UsageError unknownValue(std::string_view option, std::string_view given, const std::vector<std::string> &known)
{
    std::string all;
    for (const std::string &value : known)
        all += (all.empty() ? "" : ", ") + value;
    return {std::string(option) + " takes one of " + all + ", not '" + std::string(given) + '\'' + meant(given, known)};
}

static std::vector<std::string> optionNames(const CLI::App &options)
{
    std::vector<std::string> names;
    for (const CLI::Option *option : options.get_options()) {
        for (const std::string &name : option->get_lnames())
            names.push_back("--" + name);
        for (const std::string &name : option->get_snames())
            names.push_back("-" + name);
    }
    return names;
}

static std::string oneLine(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

std::expected<Parsed, UsageError> parse(CLI::App &options, std::vector<std::string> arguments)
{
    // Words beside the options never go through CLI11's own positional arguments: those split names such as [a,b].
    // A prefix command's are another command line, which has its own.
    const bool isPrefix = options.get_prefix_command();
    const auto end = isPrefix ? arguments.end() : std::find(arguments.begin(), arguments.end(), "--");
    std::vector<std::string> before(arguments.begin(), end);
    std::reverse(before.begin(), before.end()); // as CLI11 takes them
    options.allow_extras();
    try {
        options.parse(std::move(before));
    } catch (const CLI::CallForHelp &) {
        return Parsed{.words = {}, .helpWanted = true};
    } catch (const CLI::ParseError &error) {
        return std::unexpected(UsageError{oneLine(error.what())});
    }
    Parsed parsed;
    parsed.words = options.remaining();
    if (isPrefix)
        return parsed;
    for (const std::string &word : parsed.words) {
        if (word.size() > 1 && word.front() == '-') {
            const std::string name = word.substr(0, word.find('='));
            return std::unexpected(UsageError{"unknown option " + name + meant(name, optionNames(options))});
        }
    }
    if (end != arguments.end())
        parsed.words.insert(parsed.words.end(), end + 1, arguments.end());
    return parsed;
}

/// In characters: help is ours, and none of it is wide.
static std::size_t length(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string twoColumns(std::string_view left, std::string_view right)
{
    static constexpr std::size_t Indent = 2;
    static constexpr std::size_t Column = 26;
    static constexpr std::size_t Width = 80;
    std::string text = std::string(Indent, ' ') + std::string(left);
    std::size_t at = Indent + length(left);
    if (at + 2 > Column) {
        text += '\n';
        at = 0;
    }
    text.append(Column - at, ' ');
    at = Column;
    while (!right.empty()) {
        const std::size_t space = right.find(' ');
        const std::string_view word = right.substr(0, space);
        right.remove_prefix(space == std::string_view::npos ? right.size() : space + 1);
        if (at > Column && at + 1 + length(word) > Width) {
            text += '\n' + std::string(Column, ' ');
            at = Column;
        } else if (at > Column) {
            text += ' ';
            ++at;
        }
        text += word;
        at += length(word);
    }
    return text + '\n';
}

std::string optionsHelp(const CLI::App &options)
{
    std::string text;
    for (const CLI::Option *option : options.get_options()) {
        std::string names;
        for (const std::string &name : option->get_snames())
            names += (names.empty() ? "-" : ", -") + name;
        for (const std::string &name : option->get_lnames())
            names += (names.empty() ? "--" : ", --") + name;
        if (option->get_items_expected_max() > 0)
            names += ' ' + option->get_type_name();
        text += twoColumns(names, option->get_description());
    }
    return text;
}

void addRepeatable(CLI::App &app, const char *name, std::vector<std::string> &values, const char *type,
                   const char *help)
{
    app.add_option(
           name,
           [&values](const CLI::results_t &results) {
               values = results;
               return true;
           },
           help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name(type);
}

static const std::vector<std::string> &formatNames()
{
    static const std::vector<std::string> Names = {"table", "json", "jsonl", "csv"};
    return Names;
}

void FormatOption::declare(CLI::App &options)
{
    options.add_option("--format", m_name, "table (default), json, jsonl (each record as soon as it is known) or csv")
        ->type_name("FORMAT");
}

std::expected<Format, UsageError> FormatOption::value() const
{
    if (m_name.empty() || m_name == "table")
        return Format::Table;
    if (m_name == "json")
        return Format::Json;
    if (m_name == "jsonl")
        return Format::JsonLines;
    if (m_name == "csv")
        return Format::Csv;
    return std::unexpected(unknownValue("--format", m_name, formatNames()));
}

void WaitOption::declare(CLI::App &options)
{
    options.add_option("--wait", m_seconds, "How long to wait for another program's lock (default: 5)")
        ->type_name("SECONDS");
}

std::expected<std::chrono::milliseconds, UsageError> WaitOption::value() const
{
    if (m_seconds.empty())
        return std::chrono::seconds(5);
    double seconds = -1;
    const char *end = m_seconds.data() + m_seconds.size();
    const bool isNumber = std::from_chars(m_seconds.data(), end, seconds).ptr == end;
    if (!isNumber || !(seconds >= 0) || seconds > 1e6)
        return std::unexpected(UsageError{"--wait takes a number of seconds, not '" + m_seconds + '\''});
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

Result<Path> resolved(const std::string &given)
{
    if (given.empty())
        return fail(ErrorCode::NotFound, Path(), "an empty path");
    std::error_code error;
    const Path absolute = std::filesystem::absolute(Path(given), error);
    if (error)
        return fail(systemError(error.value(), Path(given), "getcwd"));
    Result<Path> path = platform::resolve(absolute);
    if (!path && path.error().path.empty())
        path.error().path = absolute;
    return path;
}

}
