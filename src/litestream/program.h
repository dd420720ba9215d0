// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/program.h"

namespace lk::litestream {

/// How configurations are written, and which commands there are. They changed with 0.5.
enum class Syntax
{
    V03, ///< up to 0.3: replicas, generations, snapshots; what our tests run
    V05, ///< from 0.5 on: one replica, LTX files; only read about, not run
};

/// The installed Litestream.
class Program
{
public:
    /// The one in $PATH, asked for its version. ProgramMissing ("litestream"); ProgramFailed if it does not know its
    /// version. Takes as long as a program takes to start.
    static Result<Program> find();
    /// The one at \a path. Errors as find().
    static Result<Program> at(const Path &path);

    const Path &path() const { return m_path; }
    const std::string &version() const { return m_version; } ///< "v0.3.13"
    Syntax syntax() const { return m_syntax; }

    /// Starts `litestream COMMAND ARGUMENT…` with \a environment besides ours, where its keys to the storage are.
    platform::Launch launch(std::string command, std::vector<std::string> arguments,
                            std::map<std::string, std::string> environment = {}) const;

private:
    Program(Path path, std::string version);

    Path m_path;
    std::string m_version;
    Syntax m_syntax;
};

/// Of "v0.3.13", "0.5.2", "v1.0.0"; what can't be read is taken for the newest.
Syntax syntaxOf(std::string_view version);

/// What stands behind `name=` in a line of Litestream's log (logfmt), without its quotes; empty if nothing does.
std::string logField(std::string_view line, std::string_view name);

/// The message of Litestream's last line that says ERROR, or the last line; for people. It writes them on stdout or
/// on stderr, and may still end with 0.
std::string complaintOf(const platform::Ran &ran);

}
