// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"

#include <QJsonDocument>

#include <csignal>
#include <stdexcept>

#include <unistd.h>

namespace lk::test {

// For a program that does what is asked in well under a second; only a broken one takes this long.
constexpr int PatienceMs = 120'000;

QJsonArray Ran::records() const
{
    const QJsonDocument document = QJsonDocument::fromJson(out);
    return document.isArray() ? document.array() : document.object().value(QLatin1String("databases")).toArray();
}

QJsonObject Ran::object() const
{
    return QJsonDocument::fromJson(out).object();
}

QJsonArray Ran::lines() const
{
    QJsonArray records;
    for (const QByteArray &line : out.split('\n')) {
        if (!line.isEmpty())
            records.append(QJsonDocument::fromJson(line).object());
    }
    return records;
}

Program::Program(std::vector<std::string> arguments, const Path &folder, const QString &output)
    : m_arguments(std::move(arguments))
    , m_folder(folder.native())
{
    m_arguments.insert(m_arguments.begin(), LITEKEEPER_CLI);
    for (std::string &argument : m_arguments)
        m_pointers.push_back(argument.data());
    m_pointers.push_back(nullptr);
    // QProcess takes texts. So the bytes go to the program here, in the child, where it would be started.
    m_process.setChildProcessModifier([this] {
        if (!m_folder.empty() && ::chdir(m_folder.c_str()) != 0)
            ::_exit(126);
        ::execv(m_pointers.front(), m_pointers.data());
        ::_exit(127);
    });
    // Nothing of the person's own takes part.
    if (!qEnvironmentVariableIsSet("LITEKEEPER_NO_MEMORY"))
        qputenv("LITEKEEPER_NO_MEMORY", "1");
    if (!output.isEmpty())
        m_process.setStandardOutputFile(output);
    m_process.start(QStringLiteral(LITEKEEPER_CLI), {});
    if (!m_process.waitForStarted(PatienceMs))
        throw std::runtime_error("litekeeper-cli does not start");
}

void Program::waitForOutput()
{
    if (m_process.bytesAvailable() == 0 && !m_process.waitForReadyRead(PatienceMs))
        throw std::runtime_error("litekeeper-cli says nothing");
}

void Program::signal(int number)
{
    ::kill(static_cast<pid_t>(m_process.processId()), number);
}

Ran Program::finish()
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(PatienceMs))
        throw std::runtime_error("litekeeper-cli does not end");
    Ran ran;
    ran.status = m_process.exitStatus() == QProcess::CrashExit ? 128 + m_process.exitCode() : m_process.exitCode();
    ran.out = m_process.readAllStandardOutput();
    ran.err = m_process.readAllStandardError();
    return ran;
}

std::string programPath()
{
    return LITEKEEPER_CLI;
}

Ran runCli(std::vector<std::string> arguments, const Path &folder)
{
    return Program(std::move(arguments), folder).finish();
}

QJsonObject recordOf(const QJsonArray &records, const Path &path)
{
    for (const QJsonValue &value : records) {
        if (pathOf(value.toObject()) == path.native())
            return value.toObject();
    }
    return {};
}

std::string pathOf(const QJsonObject &record)
{
    const QString base64 = record.value(QLatin1String("path_base64")).toString();
    if (!base64.isEmpty())
        return QByteArray::fromBase64(base64.toLatin1()).toStdString();
    return record.value(QLatin1String("path")).toString().toStdString();
}

}
