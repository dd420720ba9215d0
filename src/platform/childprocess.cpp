// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/childprocess.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace lk::platform {

static void closeOthers(int from)
{
#ifdef SYS_close_range
    if (::syscall(SYS_close_range, static_cast<unsigned>(from), ~0U, 0U) == 0)
        return;
#endif
    for (int fd = from; fd < 4096; ++fd)
        ::close(fd);
}

void beginAsProgram(int closeFrom)
{
    closeOthers(closeFrom);
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGXFSZ})
        ::signal(number, SIG_DFL);
}

bool drain(const Descriptor &from, std::string &into, std::size_t most)
{
    std::array<char, 16384> buffer;
    const ssize_t count = ::read(from.value(), buffer.data(), buffer.size());
    if (count < 0)
        return errno == EINTR || errno == EAGAIN;
    const std::size_t room = most - std::min(into.size(), most);
    into.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
    return count > 0;
}

int exitStatus(int waited)
{
    return WIFEXITED(waited) ? WEXITSTATUS(waited) : 128 + WTERMSIG(waited);
}

}
