// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>

#include <string>
#include <vector>

/// Runs litekeeper-cli with arguments that are bytes.
namespace lk::test {

/// What came of it.
struct Ran
{
    int status = -1; ///< 128 + the signal where one ended it, as a shell says
    QByteArray out;
    QByteArray err;

    /// What `--format json` printed: the list, also where it stands in an object.
    QJsonArray records() const;
    QJsonObject object() const;
    /// What `--format jsonl` printed.
    QJsonArray lines() const;
};

/// A run under way.
class Program
{
public:
    /// \a folder: where it runs. \a output: where stdout goes, if not to us.
    explicit Program(std::vector<std::string> arguments, const Path &folder = {}, const QString &output = {});

    /// Waits until it has written something to stdout.
    void waitForOutput();
    void signal(int number);
    Ran finish();

private:
    std::vector<std::string> m_arguments;
    std::vector<char *> m_pointers;
    std::string m_folder;
    QProcess m_process;
};

/// Where litekeeper-cli is.
std::string programPath();
Ran runCli(std::vector<std::string> arguments, const Path &folder = {});

/// The record with \a path (as text); empty if there is none.
QJsonObject recordOf(const QJsonArray &records, const Path &path);
/// The exact bytes of a record's path.
std::string pathOf(const QJsonObject &record);

}
