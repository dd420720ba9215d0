// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/heldlock.h"

#include <QFile>
#include <QProcess>

#include <sstream>
#include <stdexcept>

namespace lk::test {

constexpr int PatienceMs = 30'000; // for a process that does nothing else; only a broken one takes this long

HeldLock::HeldLock(const Path &database, Held how)
    : m_process(std::make_unique<QProcess>())
{
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process->start(QStringLiteral(LITEKEEPER_HOLDER), {QFile::decodeName(database.c_str())});
    if (!m_process->waitForStarted(PatienceMs))
        throw std::runtime_error("can't start " LITEKEEPER_HOLDER);
    if (how == Held::Writing || how == Held::Exclusive)
        run(how == Held::Writing ? "BEGIN IMMEDIATE" : "BEGIN EXCLUSIVE");
    else
        run(how == Held::Reading ? "BEGIN; SELECT count(*) FROM sqlite_schema" : "SELECT count(*) FROM sqlite_schema");
}

HeldLock::~HeldLock()
{
    if (m_process->state() == QProcess::NotRunning)
        return;
    m_process->closeWriteChannel();
    if (!m_process->waitForFinished(PatienceMs)) {
        m_process->kill();
        m_process->waitForFinished(PatienceMs);
    }
}

std::int64_t HeldLock::pid() const
{
    return m_process->processId();
}

std::string HeldLock::run(std::string_view sql)
{
    return ask(sql);
}

void HeldLock::release()
{
    m_process->closeWriteChannel();
    if (!m_process->waitForFinished(PatienceMs))
        throw std::runtime_error("the holder does not end");
}

void HeldLock::kill()
{
    m_process->kill();
    if (!m_process->waitForFinished(PatienceMs))
        throw std::runtime_error("the holder does not die");
}

void HeldLock::startWriting()
{
    ask(".write");
}

WriterTally HeldLock::stopWriting()
{
    std::istringstream numbers(ask(""));
    WriterTally tally;
    numbers >> tally.commits >> tally.busy >> tally.longestUs >> tally.last;
    if (!numbers)
        throw std::runtime_error("the steady writer gave no tally");
    return tally;
}

std::string HeldLock::ask(std::string_view line)
{
    m_process->write(line.data(), qint64(line.size()));
    m_process->write("\n");
    return answer();
}

std::string HeldLock::answer()
{
    while (!m_process->canReadLine()) {
        if (!m_process->waitForReadyRead(PatienceMs))
            throw std::runtime_error("the holder does not answer");
    }
    const std::string line = m_process->readLine().trimmed().toStdString();
    if (!line.starts_with("ok"))
        throw std::runtime_error("the holder says: " + line);
    return line.substr(std::min<std::size_t>(3, line.size()));
}

}
