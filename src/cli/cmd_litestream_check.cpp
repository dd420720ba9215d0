// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a configuration of Litestream, which does not say so itself.
#include "cli/arguments.h"
#include "cli/litestream.h"
#include "cli/records.h"
#include "litestream/config.h"

namespace lk::cli {

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
    bool m_noExpand = false;
};

void LitestreamCheckCommand::declare(CLI::App &options)
{
    options.add_flag("--no-expand-env", m_noExpand, "As for a Litestream that runs with -no-expand-env: $NAME stays");
    m_format.declare(options);
}

Record checkRecord(const std::string &word, bool expand)
{
    const Result<Path> file = resolved(word);
    const auto config = file ? litestream::readConfig(*file, expand ? litestream::ownEnvironment : nullptr)
                             : std::unexpected(file.error());
    Record record = pathRecord(file ? *file : Path(word));
    record["status"] = config ? "done" : "failed";
    record["databases"] = config ? Record(config->databases.size()) : Record();
    record["error"] = config ? Record() : errorRecord(config.error());
    return record;
}

Layout checkLayout()
{
    Layout layout;
    layout.table = {{"STATUS", false, [](const Record &record) { return plainText(record.at("status")); }},
                    {"DATABASES", true, [](const Record &record) { return plainText(record.at("databases")); }},
                    {"CONFIG", false, [](const Record &record) { return plainText(record.at("path")); }}};
    layout.details = [](const Record &record) {
        std::vector<std::string> lines;
        if (!record.at("error").is_null())
            lines.push_back(plainText(valueAt(record, "error.message")));
        return lines;
    };
    layout.csv = {"path", "path_base64", "status", "databases", "error.code", "error.message"};
    return layout;
}

Outcome LitestreamCheckCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    auto writer = makeWriter(*format, checkLayout(), [&](std::string_view text) { session.console.out(text); });
    ExitStatus status = AllDone;
    const std::vector<std::string> usual{litestream::usualConfigFile().native()};
    for (const std::string &word : words.empty() ? usual : words) {
        const Record record = checkRecord(word, !m_noExpand);
        writer->write(record);
        if (record.at("status") == "failed")
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
