// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/sshd.h"

#include "support/dbbuilder.h"
#include "support/litestream.h"

#include <QProcess>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

namespace fs = std::filesystem;

namespace lk::test {

static constexpr const char *Server = "/usr/sbin/sshd";
static constexpr int PatienceMs = 30'000;

static void run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(PatienceMs) || process.exitCode() != 0)
        throw std::runtime_error(program.toStdString() + ": " + process.readAllStandardError().toStdString());
}

static void makeKey(const Path &path)
{
    run(QStringLiteral("ssh-keygen"),
        {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"), QStringLiteral("-N"), QString(),
         QStringLiteral("-f"), QString::fromStdString(path.native())});
}

static void append(const Path &path, const std::string &text)
{
    std::ofstream(path, std::ios::app) << text;
}

bool Sshd::isThere()
{
    return fs::exists(Server);
}

Sshd::Sshd(const Path &folder)
    : m_folder(folder)
    , m_server(std::make_unique<QProcess>())
{
    fs::create_directories(m_folder);
    if (::geteuid() == 0)
        fs::create_directories("/run/sshd"); // which systemd would make before it starts one
    makeKey(m_folder / "host_key");
    makeKey(m_folder / "stranger");
    for (int attempt = 0; attempt < 5 && m_port == 0; ++attempt)
        start();
    if (m_port == 0)
        throw std::runtime_error("sshd does not start: " + m_server->readAllStandardError().toStdString());
    const std::string key = readFile(m_folder / "host_key.pub");
    writeFile(m_folder / "known_hosts", "[127.0.0.1]:" + std::to_string(m_port) + ' ' + key);
    qputenv("LITEKEEPER_SSH_CONFIG", QByteArray::fromStdString((m_folder / "ssh_config").native()));
}

void Sshd::start()
{
    const int port = freePort();
    const std::string root = m_folder.native();
    writeFile(m_folder / "sshd_config", "ListenAddress 127.0.0.1:" + std::to_string(port) + "\nHostKey " + root +
                                            "/host_key\nAuthorizedKeysFile " + root +
                                            "/authorized_keys\nPidFile none\n"
                                            "StrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                                            "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
                                            "PermitUserEnvironment yes\nMaxStartups 100\n");
    m_server->start(QLatin1String(Server), {QStringLiteral("-D"), QStringLiteral("-e"), QStringLiteral("-f"),
                                            QString::fromStdString(root + "/sshd_config")});
    m_server->setReadChannel(QProcess::StandardError);
    QByteArray said;
    while (m_server->waitForReadyRead(PatienceMs) || m_server->state() == QProcess::Running) {
        said += m_server->readAllStandardError();
        if (said.contains("Server listening on")) {
            m_port = port;
            return;
        }
    }
}

Sshd::~Sshd()
{
    qunsetenv("LITEKEEPER_SSH_CONFIG");
    m_server->terminate();
    if (!m_server->waitForFinished(PatienceMs)) {
        m_server->kill();
        m_server->waitForFinished();
    }
}

Path Sshd::add(const std::string &host) const
{
    const Path home = m_folder / host;
    const Path key = m_folder / (host + ".key");
    fs::create_directories(home / "bin");
    makeKey(key);
    append(m_folder / "authorized_keys",
           "environment=\"HOME=" + home.native() + "\",environment=\"PATH=" + home.native() +
               "/bin:/usr/bin:/bin\",environment=\"LITEKEEPER_NO_MEMORY=1\" " + readFile(key.native() + ".pub"));
    describe(host, "IdentityFile " + key.native());
    return home;
}

void Sshd::describe(const std::string &host, std::string_view lines) const
{
    // The first value counts, so what \a lines say goes before what holds for all.
    append(m_folder / "ssh_config",
           "Host " + host + "\n" + std::string(lines) + "\nHostName 127.0.0.1\nPort " + std::to_string(m_port) +
               "\nIdentitiesOnly yes\nIdentityAgent none\nGlobalKnownHostsFile /dev/null\nUserKnownHostsFile " +
               m_folder.native() + "/known_hosts\nStrictHostKeyChecking ask\n");
}

void Sshd::program(const std::string &host, const std::string &name, const std::string &script) const
{
    const Path path = m_folder / host / "bin" / name;
    fs::remove(path);
    if (script.starts_with('/')) {
        fs::create_symlink(script, path);
        return;
    }
    writeFile(path, "#!/bin/sh\n" + script);
    fs::permissions(path, fs::perms::owner_all);
}

}
