// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "cli/command.h"

#include <CLI/App.hpp>

#include <chrono>

namespace lk::cli {

/// What stands on a command line beside the options, as bytes; nothing where help was asked for, and then \a help.
struct Parsed
{
    std::vector<std::string> words;
    bool helpWanted = false;
};

/// Sets the variables bound to \a options. `--` ends the options. Words that CLI11 would take for lists (`[a,b]`, `{}`)
/// are left alone. Of a prefix command
/// (CLI::App::prefix_command()) the words are everything from the first one on.
std::expected<Parsed, UsageError> parse(CLI::App &options, std::vector<std::string> arguments);

/// "'tabel' is not one of …" with what was meant.
UsageError unknownValue(std::string_view option, std::string_view given, const std::vector<std::string> &known);

/// A line of help: \a right begins in a column and is wrapped there.
std::string twoColumns(std::string_view left, std::string_view right);
/// One such line for each option.
std::string optionsHelp(const CLI::App &options);

/// An option that may be given several times, each with one value that is taken as it is (CLI11 would split [a,b]).
void addRepeatable(CLI::App &app, const char *name, std::vector<std::string> &values, const char *type,
                   const char *help);

/// `--format table|json|jsonl|csv`.
class FormatOption
{
public:
    void declare(CLI::App &options);
    std::expected<Format, UsageError> value() const;
    bool given() const { return !m_name.empty(); }

private:
    std::string m_name;
};

/// `--wait SECONDS`: for another program's lock.
class WaitOption
{
public:
    void declare(CLI::App &options);
    std::expected<std::chrono::milliseconds, UsageError> value() const;

private:
    std::string m_seconds;
};

/// The absolute path without symbolic links: the name under which a file is looked at and acted on. Errors as
/// platform::resolve(), about the path as given, made absolute.
Result<Path> resolved(const std::string &given);

}
