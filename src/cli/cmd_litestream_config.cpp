// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a configuration of Litestream, or putting databases into the one there is.
#include "cli/arguments.h"
#include "cli/litestream.h"
#include "cli/records.h"
#include "litestream/checkconfig.h"
#include "litestream/keys.h"
#include "litestream/writeconfig.h"
#include "platform/asksecret.h"
#include "words/describe.h"
#include "words/litestreamconfig.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace lk::cli {

namespace {

using litestream::Database;
using litestream::Problem;
using litestream::Syntax;

class LitestreamConfigCommand final : public Command
{
public:
    std::string name() const override { return "litestream config"; }
    std::string summary() const override { return "Write Litestream's configuration for databases."; }
    std::string arguments() const override { return "FILE… --replica URL"; }
    std::string argumentsHelp() const override
    {
        return twoColumns("FILE", "the databases; of several, each gets a folder of its own below the URL") +
               twoColumns("URL", "s3://BUCKET/PATH, abs://ACCOUNT@CONTAINER/PATH, gcs://BUCKET/PATH, "
                                 "sftp://USER@HOST/PATH, or a folder");
    }
    void declare(CLI::App &options) override;
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    std::expected<std::vector<Database>, UsageError> databasesFrom(const std::vector<std::string> &words,
                                                                   Syntax syntax) const;
    Result<Record> write(const std::vector<Database> &databases, Syntax syntax) const;
    Result<Record> writeSecrets(const std::vector<Database> &databases) const;

    FormatOption m_format;
    VersionOption m_version;
    std::string m_replica;
    std::string m_out;
    bool m_dryRun = false;
    bool m_secrets = false;
    std::map<std::string, std::string> m_values; // by key; a map, because CLI11 keeps references
};

/// What is not said by the URL, and may be said here: everybody can read a command line.
bool isOption(const litestream::Key &key)
{
    static const std::set<std::string_view> SaidByUrl{"type", "url", "bucket", "host", "user", "path", "account-name"};
    using litestream::KeyKind;
    return key.in == litestream::Section::Replica && (key.versions & litestream::Versions::Old) &&
           key.kind != KeyKind::Secret && key.kind != KeyKind::Map && !SaidByUrl.contains(key.name);
}

void LitestreamConfigCommand::declare(CLI::App &app)
{
    app.add_option("--replica", m_replica, "Where the copies go")->type_name("URL");
    app.add_option(
           "--out", m_out,
           "The configuration to write, or to add the databases to; what else is in it stays, and a copy of it is "
           "kept (default: it is only printed)")
        ->type_name("CONFIG");
    app.add_flag("--secrets", m_secrets,
                 "With --out: put the keys to the storage into litestream.env beside it, from the environment "
                 "(LITESTREAM_ACCESS_KEY_ID …) or asked for");
    for (const litestream::Key &key : litestream::allKeys()) {
        if (isOption(key))
            app.add_option(std::string("--") + key.name, m_values[key.name],
                           std::string("As the key of that name") +
                               (*key.usual ? std::string(" (Litestream's own: ") + key.usual + ')' : std::string()))
                ->type_name("VALUE");
    }
    app.add_flag("--dry-run", m_dryRun, "Print the whole configuration as it would be; nothing is written");
    m_version.declare(app);
    m_format.declare(app);
}

std::expected<std::vector<Database>, UsageError>
LitestreamConfigCommand::databasesFrom(const std::vector<std::string> &words, Syntax syntax) const
{
    if (words.empty() || m_replica.empty())
        return std::unexpected(UsageError{words.empty() ? "name at least one database" : "--replica URL is missing"});
    auto replica = litestream::replicaFromUrl(m_replica, syntax);
    if (!replica && replica.error().fault == litestream::Fault::SecretInFile)
        return std::unexpected(UsageError{"everybody can read a password on a command line; use --key-path"});
    if (!replica)
        return std::unexpected(UsageError{"--replica: " + words::describe(replica.error()).toStdString()});
    for (const auto &[key, value] : m_values)
        replica->settings.set(key, value);
    std::vector<Path> files;
    for (const std::string &word : words) {
        Result<Path> path = resolved(word);
        if (!path)
            return std::unexpected(UsageError{words::describe(path.error()).toStdString()});
        files.push_back(std::move(*path));
    }
    return litestream::replicated(files, *replica);
}

Result<Record> LitestreamConfigCommand::writeSecrets(const std::vector<Database> &databases) const
{
    litestream::Secrets secrets;
    const auto *storage =
        litestream::storageKind(databases.front().replicas.front().type(), Syntax::V03); // no secret is 0.5's alone
    for (const litestream::Key &key : litestream::allKeys()) {
        const std::string variable = key.environment;
        if (key.in != litestream::Section::Replica || variable.empty() || !storage ||
            !(key.storages & storage->storage))
            continue;
        std::string value = litestream::ownEnvironment(variable);
        if (value.empty()) {
            Result<std::string> asked = platform::askSecret(variable + ": ");
            if (!asked)
                return std::unexpected(asked.error());
            value = std::move(*asked);
        }
        if (!value.empty())
            secrets[variable] = std::move(value);
    }
    const Path file = litestream::secretsFileOf(m_out);
    if (!secrets.empty()) {
        if (const Result<void> saved = litestream::saveSecrets(file, secrets); !saved)
            return std::unexpected(saved.error());
    }
    Record names = Record::array();
    for (const auto &[name, value] : secrets)
        names.push_back(name);
    return Record{{"file", path::toUtf8(file.native())}, {"names", names}};
}

/// What becomes of the configuration, in fields for each record.
Result<Record> LitestreamConfigCommand::write(const std::vector<Database> &databases, Syntax syntax) const
{
    const Path out = m_out.empty() ? Path() : std::filesystem::absolute(m_out);
    const auto plan =
        m_out.empty()
            ? Result<litestream::Plan>(litestream::Plan{.text = litestream::composed(databases, syntax), .to = {}})
            : litestream::planFor(out, databases, syntax);
    if (!plan)
        return std::unexpected(plan.error());
    Record record{{"config", m_out.empty() ? Record() : Record(path::toUtf8(plan->to.native()))},
                  {"kept_as", nullptr},
                  {"comments_kept", plan->inPlace},
                  {"yaml", path::toUtf8(plan->text)}};
    if (m_out.empty() || m_dryRun)
        return record;
    const Result<Path> kept = litestream::carryOut(*plan);
    if (!kept)
        return std::unexpected(kept.error());
    record["kept_as"] = kept->empty() ? Record() : Record(path::toUtf8(kept->native()));
    return record;
}

Layout configLayout()
{
    Layout layout;
    layout.csv = {"path", "path_base64", "status", "config", "kept_as", "comments_kept", "error.code", "error.message"};
    return layout;
}

/// Those that are about \a database or all of them, as records.
Record problemsOf(const Database &database, const std::vector<Problem> &draft)
{
    Record problems = Record::array();
    for (const Problem &problem : draft) {
        if (problem.database.empty() || problem.database == database.path)
            problems.push_back(problemRecord(problem));
    }
    return problems;
}

Outcome LitestreamConfigCommand::run(const std::vector<std::string> &words, Session &session)
{
    const auto format = m_format.value();
    const auto syntax = m_version.value();
    if (!format || !syntax)
        return std::unexpected(format ? syntax.error() : format.error());
    const auto databases = databasesFrom(words, *syntax);
    if (!databases)
        return std::unexpected(databases.error());
    if (m_secrets && (m_out.empty() || m_dryRun))
        return std::unexpected(UsageError{"--secrets needs --out, and no --dry-run"});
    std::vector<Problem> problems = litestream::problemsOfDraft(*databases, *syntax);
    for (Problem &problem : litestream::problemsOfFiles({.databases = *databases}))
        problems.push_back(std::move(problem));
    const bool isStopped = std::ranges::any_of(
        problems, [](const Problem &one) { return weightOf(one.fault) == litestream::Weight::Stops; });

    Result<Record> written = isStopped ? fail(ErrorCode::Refused, Path()) : write(*databases, *syntax);
    if (written && m_secrets) {
        Result<Record> secrets = writeSecrets(*databases);
        if (!secrets)
            written = std::unexpected(secrets.error());
        else
            (*written)["secrets"] = *secrets;
    }
    if (*format == Format::Table) {
        for (const Problem &problem : problems)
            session.console.say(
                (words::weightOf(problem) + QStringLiteral(": ") + words::describe(problem)).toStdString());
        if (!written && !isStopped)
            session.console.say(words::describe(written.error()).toStdString());
        if (written && (m_out.empty() || m_dryRun))
            session.console.out(written->at("yaml").get<std::string>());
        else if (written)
            session.console.say("written to " + plainText(written->at("config")) +
                                (written->at("comments_kept") == true
                                     ? ""
                                     : ", beside the old one, because its comments would be lost; compare the two"));
        return written ? AllDone : SomeFailed;
    }
    auto writer = makeWriter(*format, configLayout(), [&](std::string_view text) { session.console.out(text); });
    for (const Database &database : *databases) {
        Record record = pathRecord(database.path);
        record["status"] = written ? "done" : "failed";
        record["dry_run"] = m_dryRun || m_out.empty();
        if (written)
            record.update(*written);
        record["problems"] = problemsOf(database, problems);
        record["error"] = written ? Record() : errorRecord(written.error());
        writer->write(record);
    }
    writer->finish();
    return written ? AllDone : SomeFailed;
}

}

std::unique_ptr<Command> makeLitestreamConfigCommand()
{
    return std::make_unique<LitestreamConfigCommand>();
}

}
