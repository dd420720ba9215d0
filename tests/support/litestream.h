// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QStringList>

#include <memory>
#include <optional>
#include <string>

class QProcess;

namespace lk::test {

/// The real Litestream; nothing where it could not be installed (tests that need it skip then, loudly). From then on it
/// is the first in $PATH, so that our programs find it as well.
std::optional<Path> litestreamProgram();
/// Why such tests are skipped.
QString withoutLitestream();

/// A free port on 127.0.0.1.
int freePort();

/// A running `litestream replicate`. It has ended when the destructor returns.
class Replication
{
public:
    /// \a arguments besides -config.
    explicit Replication(const Path &config, const QStringList &arguments = {});
    ~Replication();
    Replication(const Replication &) = delete;
    Replication &operator=(const Replication &) = delete;

    /// Waits until its log has \a text at least \a times; false when it has not within \a seconds, or has ended.
    bool hasSaid(const std::string &text, int times = 1, int seconds = 30);
    const std::string &log() const { return m_log; }
    qint64 pid() const;
    /// As a service manager would.
    void stop();
    void kill();

private:
    std::unique_ptr<QProcess> m_process;
    std::string m_log;
};

/// An S3-compatible server, s3rver, on 127.0.0.1, with one bucket. It has ended when the destructor returns.
class S3Server
{
public:
    /// On \a folder, which may hold what an earlier one left. Nothing where it could not be installed.
    static std::unique_ptr<S3Server> start(const Path &folder, int port, const std::string &bucket);
    ~S3Server();

    /// http://127.0.0.1:PORT
    std::string endpoint() const;
    static constexpr const char *AccessKey = "S3RVER";
    static constexpr const char *SecretKey = "S3RVER";

private:
    explicit S3Server(int port);

    std::unique_ptr<QProcess> m_process;
    int m_port;
};

}
