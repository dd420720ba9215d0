// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QByteArray>
#include <QJsonArray>
#include <QStringList>

#include <optional>
#include <vector>

/// Runs litekeeper-cli as a person or a script would, alone, watched or hindered.
namespace lk::test {

struct Outcome
{
    bool killed = false; ///< by a signal
    int exitStatus = -1;
    QByteArray output;
    QByteArray errors;

    /// What `--format json` printed as a list.
    QJsonArray records() const;
};

Outcome run(const QStringList &command);
QString cliPath();
/// litekeeper-cli with \a arguments; \a before it stands what it is run under.
Outcome runCli(const QStringList &arguments, const QStringList &before = {});

/// A path as an argument. Only for names that are UTF-8.
QString text(const Path &path);

/// The command that runs a shell script in a mount namespace of its own; its mounts go with it. Nothing where the
/// system doesn't permit that.
std::optional<QStringList> inOwnMounts();

/// What to put before a command so that strace hinders it: \a injection as strace(1) has it,
/// "pwrite64:error=EIO:when=3".
QStringList hindered(const QString &injection);
/// Whether strace is there and may trace.
bool canTrace();

/// How often the busiest thread of a command called each of \a calls; \a before it stands what it is run under.
std::vector<int> countCalls(const QStringList &calls, const QStringList &arguments, const QStringList &before = {});

}
