// SPDX-License-Identifier: GPL-3.0-or-later
// Litestream as a service of systemd's: shown, written, taken away.
#include "cli/arguments.h"
#include "cli/litestream.h"
#include "cli/litestreamoptions.h"
#include "cli/records.h"
#include "litestream/service.h"

#include <algorithm>

namespace lk::cli {

namespace {

using litestream::Service;
using litestream::UnitFile;

class LitestreamServiceCommand final : public Command
{
public:
    std::string name() const override { return "litestream service"; }
    std::string summary() const override { return "Have systemd run Litestream, also while nobody is logged in."; }
    std::string arguments() const override { return "show|install|remove CONFIG"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("show", "what would be written; nothing is done") +
               twoColumns("install", "write it, and start it now and at each start of the machine") +
               twoColumns("remove", "stop it and take it away");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    Result<UnitFile> unit(const Path &config) const;

    LitestreamOptions m_options;
    FormatOption m_format;
    bool m_system = false;
    std::string m_user;
    std::string m_group;
};

void LitestreamServiceCommand::declare(CLI::App &app)
{
    app.add_flag("--system", m_system,
                 "For the whole system (by root) instead of for you; where Litestream's package "
                 "has brought a unit for /etc/litestream.yml, that one is added to");
    app.add_option("--as", m_user, "With --system: the user it runs as")->type_name("USER");
    app.add_option("--group", m_group, "With --system: the group it runs as")->type_name("GROUP");
    m_options.declare(app);
    m_format.declare(app);
}

Result<UnitFile> LitestreamServiceCommand::unit(const Path &config) const
{
    const Result<litestream::Program> program = litestream::Program::find();
    const Result<Path> keys = program ? m_options.environmentFile(config) : std::unexpected(program.error());
    const auto folders = keys ? litestream::UnitFolders::usual() : std::unexpected(keys.error());
    if (!folders)
        return std::unexpected(folders.error());
    return litestream::unitFileFor({.program = program->path(),
                                    .config = config,
                                    .ofSystem = m_system,
                                    .user = m_user,
                                    .group = m_group,
                                    .environmentFile = *keys,
                                    .expandEnvironment = m_options.expandsEnvironment()},
                                   *folders);
}

Layout serviceLayout()
{
    Layout layout;
    layout.table = {{"STATUS", false, [](const Record &record) { return plainText(record.at("status")); }},
                    {"UNIT", false, [](const Record &record) { return plainText(record.at("unit")); }},
                    {"FILE", false, [](const Record &record) { return plainText(record.at("file")); }}};
    layout.details = [](const Record &record) {
        std::vector<std::string> lines;
        if (!record.at("error").is_null())
            lines.push_back(plainText(valueAt(record, "error.message")));
        return lines;
    };
    layout.csv = {"path", "path_base64", "status", "unit", "file", "error.code", "error.message"};
    return layout;
}

Outcome LitestreamServiceCommand::run(const std::vector<std::string> &words, Session &session)
{
    const std::vector<std::string> verbs{"show", "install", "remove"};
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (words.empty() || std::ranges::find(verbs, words.front()) == verbs.end())
        return std::unexpected(unknownValue("litestream service", words.empty() ? "" : words.front(), verbs));
    if (words.size() != 2)
        return std::unexpected(UsageError{"name one configuration"});
    if (!m_system && !(m_user.empty() && m_group.empty()))
        return std::unexpected(UsageError{"--as and --group need --system"});
    const Result<Path> config = resolved(words[1]);
    const Result<UnitFile> file = config ? unit(*config) : std::unexpected(config.error());
    if (!file)
        return tellError(file.error(), session);
    if (words.front() == "show" && *format == Format::Table) {
        session.console.say(file->path.native());
        session.console.out(file->content);
        return AllDone;
    }
    Result<void> done;
    if (words.front() == "install")
        done = litestream::install(*file, m_system);
    if (words.front() == "remove")
        done = litestream::remove(*file, m_system);
    Record record = pathRecord(*config);
    record["status"] = done ? "done" : "failed";
    record["unit"] = file->unit;
    record["file"] = pathRecord(file->path).at("path");
    record["content"] = file->content;
    record["error"] = done ? Record() : errorRecord(done.error());
    auto writer = makeWriter(*format, serviceLayout(), [&](std::string_view text) { session.console.out(text); });
    writer->write(record);
    writer->finish();
    return done ? AllDone : SomeFailed;
}

}

std::unique_ptr<Command> makeLitestreamServiceCommand()
{
    return std::make_unique<LitestreamServiceCommand>();
}

}
