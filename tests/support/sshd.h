// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <memory>
#include <string>
#include <string_view>

class QProcess;

namespace lk::test {

/// A real ssh server on 127.0.0.1, with keys and configuration of its own, and machines that are aliases of it: each
/// has a home folder, a PATH and a key of its own. It is gone when the destructor returns. Whatever doesn't work is an
/// exception.
class Sshd
{
public:
    /// False where this system has no ssh server to start.
    static bool isThere();

    /// Keeps everything in \a folder. ssh finds the machines by $LITEKEEPER_SSH_CONFIG, which is set.
    explicit Sshd(const Path &folder);
    ~Sshd();
    Sshd(const Sshd &) = delete;
    Sshd &operator=(const Sshd &) = delete;

    /// A machine. Its home folder, in which bin/ is what its PATH begins with.
    Path add(const std::string &host) const;
    /// What ssh_config has to say of another one.
    void describe(const std::string &host, std::string_view lines) const;
    /// Puts a program into the machine's bin/: a shell script, or, by an absolute path, a link to one.
    void program(const std::string &host, const std::string &name, const std::string &script) const;

private:
    void start();

    Path m_folder;
    int m_port = 0;
    std::unique_ptr<QProcess> m_server;
};

}
