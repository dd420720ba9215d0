// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/program.h"

#include <charconv>

namespace lk::litestream {

using std::chrono_literals::operator""s;

static std::string trimmed(std::string_view text)
{
    const std::size_t from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos)
        return {};
    return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

Syntax syntaxOf(std::string_view version)
{
    if (version.starts_with('v'))
        version.remove_prefix(1);
    const char *end = version.data() + version.size();
    int major = 0;
    int minor = 0;
    const auto first = std::from_chars(version.data(), end, major);
    if (first.ec != std::errc() || first.ptr == end || std::from_chars(first.ptr + 1, end, minor).ec != std::errc())
        return Syntax::V05;
    return major == 0 && minor < 5 ? Syntax::V03 : Syntax::V05;
}

Program::Program(Path path, std::string version)
    : m_path(std::move(path))
    , m_version(std::move(version))
    , m_syntax(syntaxOf(m_version))
{
}

Result<Program> Program::at(const Path &path)
{
    const Result<platform::Ran> ran = platform::run({.command = {.program = path, .arguments = {"version"}}}, 10s);
    if (!ran)
        return std::unexpected(ran.error());
    std::string version = trimmed(ran->printed);
    if (ran->status != 0 || version.empty())
        return fail(ErrorCode::Unsupported, Reason::ProgramFailed, {}, {path.native(), complaintOf(*ran)});
    return Program(path, std::move(version));
}

Result<Program> Program::find()
{
    const Result<Path> path = platform::findProgram("litestream");
    if (!path)
        return fail(ErrorCode::Unsupported, Reason::ProgramMissing, {}, {"litestream"});
    return at(*path);
}

platform::Launch Program::launch(std::string command, std::vector<std::string> arguments,
                                 std::map<std::string, std::string> environment) const
{
    arguments.insert(arguments.begin(), std::move(command));
    return {.command = {.program = m_path, .arguments = std::move(arguments)}, .environment = std::move(environment)};
}

std::string logField(std::string_view line, std::string_view name)
{
    const std::string key = ' ' + std::string(name) + '=';
    const std::size_t at = line.find(key);
    if (at == std::string_view::npos)
        return {};
    const std::size_t from = at + key.size();
    if (from == line.size() || line[from] != '"')
        return std::string(line.substr(from, line.find(' ', from) - from));
    std::string value;
    for (std::size_t i = from + 1; i < line.size() && line[i] != '"'; ++i) {
        if (line[i] == '\\' && i + 1 < line.size())
            value += line[++i] == 'n' ? ' ' : line[i]; // one line of it is enough for people
        else
            value += line[i];
    }
    return value;
}

std::string complaintOf(const platform::Ran &ran)
{
    std::string last;
    std::string complaint;
    for (const std::string *text : {&ran.printed, &ran.complained}) {
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t end = std::min(text->find('\n', at), text->size());
            const std::string line = trimmed(std::string_view(*text).substr(at, end - at));
            at = end + 1;
            if (line.empty())
                continue;
            last = line;
            if (line.find("level=ERROR") == std::string::npos)
                continue;
            const std::string error = logField(line, "error");
            complaint = error.empty() ? logField(line, "msg") : error;
        }
    }
    return complaint.empty() ? last : complaint;
}

}
