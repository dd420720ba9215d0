// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/config.h"
#include "litestream/problems.h"
#include "litestream/program.h"

#include <map>

/// Making litestream.yml: what is emitted is YAML that Litestream reads as it was meant, whatever the names are.
/// 0.5's form was only read about, not run.
namespace lk::litestream {

/// What a URL such as "s3://bucket/path", "sftp://me@host:22/path", "abs://account@container/path", "file:///path" or a
/// bare absolute path says, as keys. Its problem if it is none: UnknownStorage, RelativePath, or SecretInFile for a
/// password in it.
std::expected<Replica, Problem> replicaFromUrl(const std::string &url, Syntax syntax);

/// \a files, each copied to \a replica; of several, each to a folder of its own below it, by its name.
std::vector<Database> replicated(const std::vector<Path> &files, const Replica &replica);

/// What would keep \a databases from being written, or from being replicated as they are: without anything of
/// Weight::Stops composed() says what was meant. Of the paths and values alone; no file is touched.
std::vector<Problem> problemsOfDraft(const std::vector<Database> &databases, Syntax syntax);

/// A whole configuration. From 0.5 on, "retention" and "snapshot-interval" of the first replica are those of all.
std::string composed(const std::vector<Database> &databases, Syntax syntax);

/// A configuration with more databases in it.
struct Merged
{
    std::string text;
    bool inPlace = true; ///< false: it had to be written anew, without its comments
};
/// \a text with \a databases at the end of its list; everything else stays as it is, byte for byte, or, where its form
/// leaves no other way, value for value. Damaged as parseConfig(); Refused (TargetExists, %1 the database) if one is in
/// it already.
Result<Merged> merged(const std::string &text, const std::vector<Database> &databases, Syntax syntax);

/// Writes a configuration whole or not at all: of mode 0600 if it is new, else with its mode, and the old one keeps its
/// bytes under NAME.before-TIME, which is what comes back (empty if there was none). \a before: what it was when it was
/// read; nothing: there was none. Changed if it is another one by now; NoPermission for another user's file; else as
/// systemError().
Result<Path> saveConfig(const Path &file, const std::string &text, const std::optional<ConfigText> &before);

/// What would be written.
struct Plan
{
    std::string text;
    Path to;             ///< the configuration, or NAME.new beside it where its comments would be lost
    bool inPlace = true; ///< as of Merged
    std::optional<ConfigText> before{};
};
/// \a databases in the configuration \a config, which need not be there. Errors: of reading it, and of merged().
Result<Plan> planFor(const Path &config, const std::vector<Database> &databases, Syntax syntax);
/// As saveConfig().
Result<Path> carryOut(const Plan &plan);

// Secrets ------------------------------------------------------------------------------------------------------------

using Secrets = std::map<std::string, std::string>; ///< by the variables from which Litestream takes them

/// litestream.env beside litestream.yml.
Path secretsFileOf(const Path &config);
/// As systemd reads an EnvironmentFile, and a shell.
std::string secretsText(const Secrets &secrets);
Secrets secretsOf(std::string_view text);
/// Those in the file; none if there is none.
Result<Secrets> readSecrets(const Path &file);
/// Puts \a secrets into the file, of mode 0600, beside what else is in it. Errors: as saveConfig(); Unsupported
/// (UnknownArgument, %1 the variable) for a value with a control character in it.
Result<void> saveSecrets(const Path &file, const Secrets &secrets);

}
