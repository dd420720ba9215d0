// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/asksecret.h"

#include "platform/filereader.h"

#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace lk::platform {

static bool say(const Descriptor &terminal, std::string_view text)
{
    return ::write(terminal.value(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Result<std::string> askSecret(const std::string &question)
{
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    termios shown{};
    if (!terminal || ::tcgetattr(terminal.value(), &shown) != 0)
        return fail(ErrorCode::Unsupported, {}, "no terminal to ask at");
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (!say(terminal, question) || ::tcsetattr(terminal.value(), TCSAFLUSH, &hidden) != 0)
        return fail(systemError(errno, {}, "tcsetattr"));
    std::string line;
    char c = 0;
    ssize_t count = 0;
    while ((count = ::read(terminal.value(), &c, 1)) == 1 && c != '\n')
        line += c;
    const int error = errno;
    ::tcsetattr(terminal.value(), TCSAFLUSH, &shown);
    say(terminal, "\n");
    return count < 0 ? Result<std::string>(fail(systemError(error, {}, "read"))) : line;
}

}
