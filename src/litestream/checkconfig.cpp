// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/checkconfig.h"

#include "platform/filereader.h"

#include <algorithm>

namespace lk::litestream {

static constexpr std::uint32_t OthersRead = 0044;
static constexpr std::uint32_t OthersWrite = 0022;

static void append(std::vector<Problem> &problems, std::vector<Problem> more)
{
    std::ranges::move(more, std::back_inserter(problems));
}

/// Line \a number of \a text, from 1.
static std::string_view lineOf(std::string_view text, int number)
{
    std::size_t at = 0;
    for (; number > 1 && at != std::string_view::npos; --number)
        at = text.find('\n', at) == std::string_view::npos ? std::string_view::npos : text.find('\n', at) + 1;
    return at == std::string_view::npos ? std::string_view() : text.substr(at, text.find('\n', at) - at);
}

/// A path that is not what it is written to be, because what follows its $ was taken for a variable. Where that leads
/// to a file, it was meant.
static std::vector<Problem> problemsOfDollars(const std::string &text, const Config &config)
{
    std::vector<Problem> problems;
    const Result<Config> written = parseConfig(text, config.file);
    if (!written || written->databases.size() != config.databases.size())
        return {};
    for (std::size_t i = 0; i < config.databases.size(); ++i) {
        const Path &meant = written->databases[i].path;
        const Path &taken = config.databases[i].path;
        if (meant == taken || platform::resolve(taken))
            continue;
        problems.push_back({.fault = Fault::DollarInPath, .line = written->databases[i].settings.find("path")->line});
        problems.back().database = meant;
        problems.back().key = "path";
        problems.back().arguments = {meant.native(), taken.native()};
    }
    return problems;
}

Result<Checked> checkText(const std::string &text, const CheckOptions &options)
{
    const std::string taken = options.environment ? expanded(text, options.environment) : text;
    Result<Config> config = parseConfig(taken, {});
    if (!config)
        return std::unexpected(config.error());
    Checked checked{.config = std::move(*config), .problems = problemsOfKeys(taken, options.syntax)};
    // What comes from a variable does not stand in the file.
    std::erase_if(checked.problems, [&](const Problem &problem) {
        return problem.fault == Fault::SecretInFile && options.environment &&
               lineOf(text, problem.line).find('$') != std::string_view::npos;
    });
    append(checked.problems, problemsOfValues(checked.config, options.syntax));
    if (options.environment)
        append(checked.problems, problemsOfDollars(text, checked.config));
    append(checked.problems, problemsOfFiles(checked.config));
    if (options.reach)
        append(checked.problems, problemsOfReach(checked.config, options.stop));
    if (options.stop.stop_requested())
        return fail(ErrorCode::Cancelled);
    std::ranges::stable_sort(checked.problems, {}, &Problem::line);
    return checked;
}

Result<Checked> checkConfig(const Path &file, const CheckOptions &options)
{
    const Result<ConfigText> read = readText(file);
    if (!read)
        return std::unexpected(read.error());
    Result<Checked> checked = checkText(read->text, options);
    if (!checked) {
        checked.error().path = file;
        return checked;
    }
    checked->config.file = file;
    if (read->status.mode & OthersWrite)
        checked->problems.insert(checked->problems.begin(), {.fault = Fault::FileWritable});
    if (read->status.mode & OthersRead) {
        for (Problem &problem : checked->problems) {
            if (problem.fault == Fault::SecretInFile)
                problem.fault = Fault::SecretReadable;
        }
    }
    return checked;
}

}
