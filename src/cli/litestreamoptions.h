// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "litestream/environmentfile.h"
#include "litestream/replicas.h"

namespace lk::cli {

/// How Litestream is run: `--env-file FILE`, `--no-expand-env`.
class LitestreamOptions
{
public:
    void declare(CLI::App &options);

    bool expandsEnvironment() const { return !m_noExpand; }
    /// Absolute; as said, else the one beside \a config; empty if there is none.
    Result<Path> environmentFile(const Path &config) const;
    /// The keys in it. Errors as litestream::environmentFor().
    Result<litestream::Secrets> environment(const Path &config) const;
    /// The configuration as a Litestream with these options reads it.
    Result<litestream::Config> read(const Path &config) const;
    /// Errors as litestream::Program::find() and environment().
    Result<litestream::Access> access(const Path &config) const;

private:
    std::string m_environmentFile;
    bool m_noExpand = false;
};

/// A sentence on stderr; the exit status that goes with it.
ExitStatus tellError(const Error &error, Session &session);

}
