// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/litestream.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>

#include <filesystem>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lk::test {

static QString nodeFolder()
{
    return QStringLiteral(LITEKEEPER_NODE "/node_modules/");
}

std::optional<Path> litestreamProgram()
{
    // Which of the packages for each kind of machine is there, npm has decided.
    const QFileInfo program(nodeFolder() + QStringLiteral("@flydotio/litestream-linux-x64/litestream"));
    const QFileInfo arm(nodeFolder() + QStringLiteral("@flydotio/litestream-linux-arm64/litestream"));
    const QFileInfo there = program.isExecutable() ? program : arm;
    if (!there.isExecutable())
        return std::nullopt;
    const QByteArray folder = there.absolutePath().toLocal8Bit();
    const QByteArray path = qgetenv("PATH");
    if (!path.startsWith(folder))
        qputenv("PATH", folder + ':' + path);
    return Path(there.absoluteFilePath().toStdString());
}

QString withoutLitestream()
{
    return QStringLiteral("NOT TESTED: Litestream is not installed (ninja litestream-binary; it needs npm)");
}

int freePort()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket, reinterpret_cast<sockaddr *>(&address), size);
    ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size);
    ::close(socket);
    return ntohs(address.sin_port);
}

Replication::Replication(const Path &config, const QStringList &arguments)
    : m_process(std::make_unique<QProcess>())
{
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    const QString program = QString::fromStdString(litestreamProgram().value_or(Path()).native());
    m_process->start(program, QStringList{QStringLiteral("replicate"), QStringLiteral("-config"),
                                          QString::fromStdString(config.native())} +
                                  arguments);
    m_process->waitForStarted();
}

Replication::~Replication()
{
    stop();
}

static qsizetype countOf(const std::string &text, const std::string &in)
{
    qsizetype count = 0;
    for (std::size_t at = in.find(text); at != std::string::npos; at = in.find(text, at + text.size()))
        ++count;
    return count;
}

bool Replication::hasSaid(const std::string &text, int times, int seconds)
{
    QElapsedTimer timer;
    timer.start();
    while (countOf(text, m_log) < times) {
        if (m_process->state() == QProcess::NotRunning || timer.elapsed() > seconds * 1000)
            return false;
        m_process->waitForReadyRead(100);
        m_log += m_process->readAll().toStdString();
    }
    return true;
}

qint64 Replication::pid() const
{
    return m_process->processId();
}

void Replication::stop()
{
    m_process->terminate();
    if (!m_process->waitForFinished(10'000))
        kill();
    m_log += m_process->readAll().toStdString();
}

void Replication::kill()
{
    m_process->kill();
    m_process->waitForFinished();
}

S3Server::S3Server(int port)
    : m_process(std::make_unique<QProcess>())
    , m_port(port)
{
}

std::unique_ptr<S3Server> S3Server::start(const Path &folder, int port, const std::string &bucket)
{
    const QString program = nodeFolder() + QStringLiteral("s3rver/bin/s3rver.js");
    if (!QFile::exists(program))
        return nullptr;
    std::unique_ptr<S3Server> server(new S3Server(port));
    server->m_process->setProcessChannelMode(QProcess::MergedChannels);
    std::filesystem::create_directories(folder / bucket);
    server->m_process->start(QStringLiteral("node"),
                             {program, QStringLiteral("--directory"), QString::fromStdString(folder.native()),
                              QStringLiteral("--hostname"), QStringLiteral("127.0.0.1"), QStringLiteral("--port"),
                              QString::number(port)});
    QByteArray said;
    while (!said.contains("listening")) {
        if (!server->m_process->waitForReadyRead(30'000))
            return nullptr;
        said += server->m_process->readAll();
    }
    return server;
}

S3Server::~S3Server()
{
    m_process->kill();
    m_process->waitForFinished();
}

std::string S3Server::endpoint() const
{
    return "http://127.0.0.1:" + std::to_string(m_port);
}

}
