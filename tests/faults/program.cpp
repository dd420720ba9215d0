// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/program.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <stdexcept>

#include <unistd.h>

namespace lk::test {

constexpr int PatienceMs = 120'000;

QJsonArray Outcome::records() const
{
    return QJsonDocument::fromJson(output).array();
}

Outcome run(const QStringList &command)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // The leak check of the address sanitizer can't work under a tracer.
    environment.insert(QStringLiteral("ASAN_OPTIONS"), QStringLiteral("detect_leaks=0"));
    // The memory writes when it likes, and would be met by what is meant for others. A command can turn it on: env.
    environment.insert(QStringLiteral("LITEKEEPER_NO_MEMORY"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.start(command.first(), command.mid(1));
    if (!process.waitForFinished(PatienceMs))
        throw std::runtime_error("does not end: " + command.join(u' ').toStdString());
    Outcome outcome;
    outcome.killed = process.exitStatus() == QProcess::CrashExit;
    outcome.exitStatus = process.exitCode();
    outcome.output = process.readAllStandardOutput();
    outcome.errors = process.readAllStandardError();
    return outcome;
}

QString cliPath()
{
    return QStringLiteral(LITEKEEPER_CLI);
}

Outcome runCli(const QStringList &arguments, const QStringList &before)
{
    return run(before + QStringList{cliPath()} + arguments);
}

QString text(const Path &path)
{
    return QString::fromStdString(path.native());
}

std::optional<QStringList> inOwnMounts()
{
    QStringList command{QStringLiteral("unshare"), QStringLiteral("-m"), QStringLiteral("--propagation"),
                        QStringLiteral("private")};
    if (::geteuid() != 0)
        command.append(QStringLiteral("-Ur"));
    command += {QStringLiteral("sh"), QStringLiteral("-ec")};
    const TempTree tree;
    const QStringList trial{QStringLiteral("mount -t tmpfs none \"$1\""), QStringLiteral("sh"), text(tree.path())};
    if (QStandardPaths::findExecutable(command.first()).isEmpty() || run(command + trial).exitStatus != 0)
        return std::nullopt;
    return command;
}

QStringList hindered(const QString &injection)
{
    // Only threads of the program itself: it starts no other.
    return {QStringLiteral("strace"),
            QStringLiteral("-f"),
            QStringLiteral("-qqq"),
            QStringLiteral("-o"),
            QStringLiteral("/dev/null"),
            QStringLiteral("-e"),
            QStringLiteral("trace=") + injection.section(u':', 0, 0),
            QStringLiteral("-e"),
            QStringLiteral("inject=") + injection};
}

bool canTrace()
{
    return !QStandardPaths::findExecutable(QStringLiteral("strace")).isEmpty() &&
           run({QStringLiteral("strace"), QStringLiteral("-qqq"), QStringLiteral("-o"), QStringLiteral("/dev/null"),
                QStringLiteral("true")})
                   .exitStatus == 0;
}

std::vector<int> countCalls(const QStringList &calls, const QStringList &arguments, const QStringList &before)
{
    const TempTree logs;
    runCli(arguments, before + QStringList{QStringLiteral("strace"), QStringLiteral("-ff"), QStringLiteral("-qqq"),
                                           QStringLiteral("-o"), text(logs.path() / "log"), QStringLiteral("-e"),
                                           QStringLiteral("trace=") + calls.join(u',')});
    std::vector<int> most(std::size_t(calls.size()), 0);
    for (const auto &entry : std::filesystem::directory_iterator(logs.path())) {
        const QString log = QString::fromLatin1(QByteArray::fromStdString(readFile(entry.path())));
        for (qsizetype i = 0; i < calls.size(); ++i) {
            const QRegularExpression call(QStringLiteral("^") + calls[i] + QStringLiteral("\\("),
                                          QRegularExpression::MultilineOption);
            most[std::size_t(i)] = std::max(most[std::size_t(i)], int(log.count(call)));
        }
    }
    return most;
}

}
