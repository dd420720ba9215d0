// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a configuration of Litestream, which does not say so itself.
#include "cli/arguments.h"
#include "cli/litestream.h"
#include "cli/records.h"
#include "litestream/checkconfig.h"
#include "words/litestreamconfig.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace lk::cli {

using litestream::Problem;
using litestream::Syntax;
using litestream::Weight;

void VersionOption::declare(CLI::App &app)
{
    app.add_option("--litestream", m_version,
                   "For which version: 0.3 or 0.5 (default: the installed one's, else 0.3; 0.5 was only read about)")
        ->type_name("VERSION");
}

std::expected<Syntax, UsageError> VersionOption::value() const
{
    if (m_version == "0.3")
        return Syntax::V03;
    if (m_version == "0.5")
        return Syntax::V05;
    if (!m_version.empty())
        return std::unexpected(unknownValue("--litestream", m_version, {"0.3", "0.5"}));
    const auto program = litestream::Program::find();
    return program ? program->syntax() : Syntax::V03;
}

Record problemRecord(const Problem &problem)
{
    const auto orNull = [](const std::string &text) { return text.empty() ? Record() : Record(path::toUtf8(text)); };
    return {{"problem", litestream::faultName(problem.fault)},
            {"severity", litestream::weightName(litestream::weightOf(problem.fault))},
            {"line", problem.line == 0 ? Record() : Record(problem.line)},
            {"database", orNull(problem.database.native())},
            {"replica", orNull(problem.replica)},
            {"key", orNull(problem.key)},
            {"message", words::describe(problem).toStdString()}};
}

std::vector<std::string> problemLines(const Record &problems)
{
    std::vector<std::string> lines;
    for (const Record &problem : problems) {
        const Record &line = problem.at("line");
        lines.push_back(plainText(problem.at("severity")) + (line.is_null() ? "" : ", line " + plainText(line)) + ": " +
                        plainText(problem.at("message")));
    }
    return lines;
}

namespace {

class LitestreamCheckCommand final : public Command
{
public:
    std::string name() const override { return "litestream check"; }
    std::string summary() const override { return "Say what is wrong with a configuration of Litestream."; }
    std::string arguments() const override { return "[CONFIG…]"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("CONFIG", "default: $LITESTREAM_CONFIG, else /etc/litestream.yml");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    FormatOption m_format;
    VersionOption m_version;
    bool m_noExpand = false;
    bool m_reach = false;
};

void LitestreamCheckCommand::declare(CLI::App &options)
{
    options.add_flag("--reach", m_reach, "Also connect to where the replicas are; nothing is sent there");
    options.add_flag("--no-expand-env", m_noExpand, "As for a Litestream that runs with -no-expand-env: $NAME stays");
    m_version.declare(options);
    m_format.declare(options);
}

Record checkRecord(const std::string &word, const litestream::CheckOptions &options)
{
    const Result<Path> file = resolved(word);
    const auto checked = file ? litestream::checkConfig(*file, options) : std::unexpected(file.error());
    Record record = pathRecord(file ? *file : Path(word));
    record["status"] = checked ? "done" : "failed";
    record["litestream"] = options.syntax == Syntax::V03 ? "0.3" : "0.5";
    record["databases"] = checked ? Record(checked->config.databases.size()) : Record();
    record["problems"] = checked ? Record::array() : Record();
    std::size_t counts[] = {0, 0, 0};
    if (checked) {
        for (const Problem &problem : checked->problems) {
            record["problems"].push_back(problemRecord(problem));
            ++counts[static_cast<std::size_t>(litestream::weightOf(problem.fault))];
        }
    }
    record["errors"] = checked ? Record(counts[static_cast<std::size_t>(Weight::Stops)]) : Record();
    record["warnings"] = checked ? Record(counts[static_cast<std::size_t>(Weight::Warning)]) : Record();
    record["verdict"] = !checked ? Record() : Record(record.at("errors") == 0 ? "ok" : "wrong");
    record["error"] = checked ? Record() : errorRecord(checked.error());
    return record;
}

Layout checkLayout()
{
    const auto text = [](const char *field) {
        return [field](const Record &record) { return plainText(record.at(field)); };
    };
    Layout layout;
    layout.table = {{"VERDICT", false, text("verdict")},
                    {"ERRORS", true, text("errors")},
                    {"WARNINGS", true, text("warnings")},
                    {"DATABASES", true, text("databases")},
                    {"CONFIG", false, text("path")}};
    layout.details = [](const Record &record) {
        return record.at("error").is_null() ? problemLines(record.at("problems"))
                                            : std::vector{plainText(valueAt(record, "error.message"))};
    };
    layout.csv = {"path",    "path_base64", "status",   "litestream", "databases",
                  "verdict", "errors",      "warnings", "error.code", "error.message"};
    return layout;
}

Outcome LitestreamCheckCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    const auto syntax = m_version.value();
    if (!format || !syntax)
        return std::unexpected(format ? syntax.error() : format.error());
    const litestream::CheckOptions options{.syntax = *syntax,
                                           .environment = m_noExpand ? nullptr : litestream::ownEnvironment,
                                           .reach = m_reach,
                                           .stop = session.stop};
    auto writer = makeWriter(*format, checkLayout(), [&](std::string_view text) { session.console.out(text); });
    ExitStatus status = AllDone;
    const std::vector<std::string> usual{litestream::usualConfigFile().native()};
    for (const std::string &word : words.empty() ? usual : words) {
        const Record record = checkRecord(word, options);
        writer->write(record);
        if (record.at("verdict") != "ok")
            status = SomeFailed;
    }
    writer->finish();
    return status;
}

}

std::unique_ptr<Command> makeLitestreamCheckCommand()
{
    return std::make_unique<LitestreamCheckCommand>();
}

}
