// SPDX-License-Identifier: GPL-3.0-or-later
// The code that gives every connection of a program the right settings.
#include "cli/arguments.h"
#include "cli/records.h"
#include "inspect/gather.h"
#include "words/describe.h"
#include "words/settings.h"

namespace lk::cli {

namespace {

using advice::Framework;
using advice::Profile;
using inspect::DatabaseFacts;

std::vector<std::string> frameworkIds()
{
    std::vector<std::string> ids;
    for (const Framework &framework : advice::frameworks())
        ids.emplace_back(framework.id);
    return ids;
}

std::vector<std::string> profileIds()
{
    std::vector<std::string> ids;
    for (int profile = 0; profile < advice::Profiles; ++profile)
        ids.emplace_back(advice::profileId(static_cast<Profile>(profile)));
    return ids;
}

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

Record frameworkRecord(const Framework &framework)
{
    return {{"framework", framework.id},
            {"title", words::title(framework).toStdString()},
            {"proved", framework.proof == advice::Proof::Run}};
}

Layout listLayout()
{
    Layout layout;
    const auto field = [](const char *name) {
        return [name](const Record &record) { return plainText(record.at(name)); };
    };
    layout.table = {
        {"framework", false, field("framework")},
        {"code", false,
         [](const Record &record) { return record.at("proved").get<bool>() ? "run by tests" : "from documentation"; }},
        {"for", false, field("title")}};
    layout.csv = {"framework", "title", "proved"};
    return layout;
}

Layout snippetLayout()
{
    Layout layout;
    layout.csv = {"path",   "path_base64", "framework",  "title",        "profile",
                  "proved", "code",        "error.code", "error.message"};
    return layout;
}

Record valuesRecord(const advice::SnippetWish &wish)
{
    Record values = Record::array();
    for (const advice::Recommendation &setting : advice::recommended(wish.profile, wish.wal))
        values.push_back({{"name", setting.name}, {"value", setting.value}, {"reason", setting.reason}});
    return values;
}

Record recordOf(const advice::SnippetWish &wish)
{
    Record record = wish.path.empty() ? Record{{"path", nullptr}} : pathRecord(wish.path);
    record.update(frameworkRecord(wish.framework));
    record["profile"] = advice::profileId(wish.profile);
    record["values"] = valuesRecord(wish);
    const auto code = advice::snippet(wish);
    record["code"] = code ? Record(*code) : Record(nullptr);
    record["error"] = nullptr;
    if (!code)
        record["error"] = {{"code", errorCodeName(ErrorCode::Unsupported)},
                           {"message", words::describe(code.error(), wish.framework, wish.path).toStdString()},
                           {"detail", ""}};
    return record;
}

Record failedRecord(const Error &error)
{
    Record record = pathRecord(error.path);
    record["code"] = nullptr;
    record["error"] = errorRecord(error);
    return record;
}

/// The code alone, or all that is known of it, for programs.
ExitStatus print(const Record &record, Format format, Console &console)
{
    const bool whole = record.at("error").is_null();
    if (format != Format::Table) {
        auto writer = makeWriter(format, snippetLayout(), [&](std::string_view text) { console.out(text); });
        writer->write(record);
        writer->finish();
    } else if (whole) {
        console.out(record.at("code").get<std::string>());
    } else {
        console.say(plainText(record.at("error").at("message")));
    }
    return whole ? AllDone : SomeFailed;
}

class SettingsCommand final : public Command
{
public:
    std::string name() const override { return "settings"; }
    std::string summary() const override
    {
        return "Print the code that gives every connection of a program the right settings.";
    }
    std::string arguments() const override { return "[FILE]"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("FILE",
                          "whose path stands in the code; in a project that is recognised, --for need not be given");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    Outcome list(Format format, Session &session) const;
    /// Null where --for is not given.
    std::expected<const Framework *, UsageError> framework() const;
    std::expected<Profile, UsageError> profile() const;

    FormatOption m_format;
    std::string m_framework;
    std::string m_profile;
    bool m_list = false;
};

void SettingsCommand::declare(CLI::App &options)
{
    options.add_option("--for", m_framework, "What the program opens its database with: " + joined(frameworkIds()))
        ->type_name("FRAMEWORK");
    options.add_option("--profile", m_profile, "What it does with it: web (default), desktop, embedded or analytics")
        ->type_name("PROFILE");
    options.add_flag("--list", m_list, "List the frameworks, and whether tests run their code");
    m_format.declare(options);
}

Outcome SettingsCommand::list(Format format, Session &session) const
{
    auto writer = makeWriter(format, listLayout(), [&](std::string_view text) { session.console.out(text); });
    for (const Framework &framework : advice::frameworks())
        writer->write(frameworkRecord(framework));
    writer->finish();
    return AllDone;
}

std::expected<const Framework *, UsageError> SettingsCommand::framework() const
{
    const Framework *framework = advice::findFramework(m_framework);
    if (!framework && !m_framework.empty())
        return std::unexpected(unknownValue("--for", m_framework, frameworkIds()));
    return framework;
}

std::expected<Profile, UsageError> SettingsCommand::profile() const
{
    const auto profile = m_profile.empty() ? Profile::Web : advice::findProfile(m_profile);
    if (!profile)
        return std::unexpected(unknownValue("--profile", m_profile, profileIds()));
    return *profile;
}

/// What is known of the file; of none, nothing.
Result<DatabaseFacts> lookAt(const std::vector<std::string> &words, const std::stop_token &stop)
{
    if (words.empty())
        return DatabaseFacts();
    const Result<Path> path = resolved(words.front());
    Result<DatabaseFacts> facts = path ? inspect::look(*path, stop) : std::unexpected(path.error());
    if (facts && facts->seen.state == sqlite::State::Other)
        return fail(ErrorCode::NotADatabase, *path);
    return facts;
}

Outcome SettingsCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    if (!format)
        return std::unexpected(format.error());
    if (m_list)
        return list(*format, session);
    const auto named = framework();
    if (!named)
        return std::unexpected(named.error());
    const auto wanted = profile();
    if (!wanted)
        return std::unexpected(wanted.error());
    if (words.size() > 1)
        return std::unexpected(UsageError{"name one file at most"});

    const Result<DatabaseFacts> facts = lookAt(words, session.stop);
    if (!facts)
        return print(failedRecord(facts.error()), *format, session.console);
    const Framework *recognised = facts->project ? advice::frameworkFor(*facts->project) : nullptr;
    const Framework *chosen = *named ? *named : recognised;
    if (!chosen)
        return std::unexpected(UsageError{"--for FRAMEWORK is missing; --list has those there are"});
    return print(recordOf(advice::wishFor(*chosen, *wanted, *facts)), *format, session.console);
}

}

std::unique_ptr<Command> makeSettingsCommand()
{
    return std::make_unique<SettingsCommand>();
}

}
