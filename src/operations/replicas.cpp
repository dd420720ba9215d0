// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/replicas.h"

#include "litestream/writeconfig.h"

#include <algorithm>

namespace lk::operations {

/// The same file under the name that Litestream was given, which may lead over links, and be gone.
static const litestream::Database *find(const litestream::Config &config, const Path &database)
{
    const auto isIt = [&](const litestream::Database &one) {
        const Result<Path> folder = platform::resolve(one.path.parent_path());
        const Result<Path> file = platform::resolve(one.path);
        return one.path == database || (file && *file == database) ||
               (!file && folder && *folder / one.path.filename() == database);
    };
    const auto found = std::ranges::find_if(config.databases, isIt);
    return found == config.databases.end() ? nullptr : &*found;
}

Result<ReplicaSource> replicaSourceOf(const Path &database, const Path &config)
{
    const Path file = config.empty() ? litestream::usualConfigFile() : config;
    const Result<litestream::Config> read = litestream::readConfig(file);
    if (!read)
        return std::unexpected(read.error());
    const litestream::Database *configured = find(*read, database);
    if (!configured)
        return fail(ErrorCode::NotFound, Reason::NotReplicated, database, {file.native()});
    Result<litestream::Program> program = litestream::Program::find();
    if (!program)
        return std::unexpected(program.error());
    const auto secrets = litestream::readSecrets(litestream::secretsFileOf(file));
    if (!secrets && secrets.error().code != ErrorCode::NotFound)
        return std::unexpected(secrets.error());
    return ReplicaSource{.access = {.program = std::move(*program),
                                    .config = file,
                                    .environment = secrets.value_or(litestream::Secrets())},
                         .database = *configured};
}

Result<std::vector<litestream::ReplicaContent>> replicasOf(const Path &database, const Path &config,
                                                           std::stop_token stop)
{
    const Result<ReplicaSource> source = replicaSourceOf(database, config);
    return source ? litestream::contentsOf(source->access, source->database, std::move(stop))
                  : std::unexpected(source.error());
}

}
