// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/litestreamoptions.h"

#include "cli/arguments.h"
#include "litestream/environmentfile.h"
#include "words/describe.h"

namespace lk::cli {

void LitestreamOptions::declare(CLI::App &options)
{
    options
        .add_option("--env-file", m_environmentFile,
                    "Where the keys to the storage are, of mode 0600 (default: litestream.env beside litestream.yml)")
        ->type_name("FILE");
    options.add_flag("--no-expand-env", m_noExpand, "$NAME in the configuration stays as it is (-no-expand-env)");
}

Result<Path> LitestreamOptions::environmentFile(const Path &config) const
{
    const Result<Path> given = m_environmentFile.empty() ? Result<Path>(Path()) : resolved(m_environmentFile);
    return given ? litestream::environmentFileFor(config, *given) : given;
}

Result<litestream::Secrets> LitestreamOptions::environment(const Path &config) const
{
    const Result<Path> file = environmentFile(config);
    return file ? litestream::environmentFor(config, *file) : std::unexpected(file.error());
}

Result<litestream::Config> LitestreamOptions::read(const Path &config) const
{
    const auto keys = environment(config);
    if (!keys)
        return std::unexpected(keys.error());
    if (m_noExpand)
        return litestream::readConfig(config, nullptr);
    return litestream::readConfig(config, [&](std::string_view name) {
        const auto found = keys->find(std::string(name));
        return found == keys->end() ? litestream::ownEnvironment(name) : found->second;
    });
}

Result<litestream::Access> LitestreamOptions::access(const Path &config) const
{
    auto keys = environment(config);
    if (!keys)
        return std::unexpected(keys.error());
    Result<litestream::Program> program = litestream::Program::find();
    if (!program)
        return std::unexpected(program.error());
    return litestream::Access{.program = std::move(*program),
                              .config = config,
                              .environment = std::move(*keys),
                              .expandEnvironment = !m_noExpand};
}

ExitStatus tellError(const Error &error, Session &session)
{
    session.console.say(words::describe(error).toStdString());
    // What the system did not refuse, but we do.
    if (error.code == ErrorCode::NoPermission && error.systemError == 0)
        session.console.say(error.path.native() + ": " + error.detail);
    return SomeFailed;
}

}
