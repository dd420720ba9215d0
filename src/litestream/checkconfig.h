// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/config.h"
#include "litestream/problems.h"
#include "litestream/program.h"

#include <stop_token>

/// Litestream passes over what it does not understand and replicates nothing without saying so (facts.md, 5.4); this
/// says so.
namespace lk::litestream {

struct CheckOptions
{
    Syntax syntax = Syntax::V03;
    Environment environment = ownEnvironment; ///< null: it runs with -no-expand-env
    bool reach = false;                       ///< also connect to where the replicas are, some seconds for each
    std::stop_token stop{};
};

struct Checked
{
    Config config;
    std::vector<Problem> problems; ///< by line
};

/// All that can be said of a configuration without Litestream. Looks at its databases and leaves no trace on them.
/// Errors: as readConfig(), and Cancelled.
Result<Checked> checkConfig(const Path &file, const CheckOptions &options = {});

/// Of a text that is in no file yet: all but the permissions of its file. Damaged (NotAConfig) as parseConfig().
Result<Checked> checkText(const std::string &text, const CheckOptions &options = {});

// The parts of it.
std::vector<Problem> problemsOfKeys(const std::string &text, Syntax syntax); ///< \a text has been parsed before
std::vector<Problem> problemsOfValues(const Config &config, Syntax syntax);
/// A path, of a database or a folder, that Litestream would not take as it is.
std::vector<Problem> problemsOfPath(const Path &path, Syntax syntax);
/// The files of \a config's databases, and where they are.
std::vector<Problem> problemsOfFiles(const Config &config);
/// Of one database, whatever it is replicated to.
std::vector<Problem> problemsOfDatabase(const Path &path);
std::vector<Problem> problemsOfReach(const Config &config, std::stop_token stop);

}
