// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/reach.h"

#include "platform/filereader.h"

#include <cerrno>
#include <memory>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace lk::platform {

static Result<void> connectTo(const addrinfo &address, std::chrono::steady_clock::time_point until,
                              const std::stop_token &stop)
{
    const Descriptor socket(
        ::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol));
    if (!socket)
        return fail(systemError(errno, {}, "socket"));
    if (::connect(socket.value(), address.ai_addr, address.ai_addrlen) == 0)
        return {};
    if (errno != EINPROGRESS)
        return fail(systemError(errno, {}, "connect"));
    pollfd waiting{.fd = socket.value(), .events = POLLOUT, .revents = 0};
    while (::poll(&waiting, 1, 50) == 0) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        if (std::chrono::steady_clock::now() >= until)
            return fail(systemError(ETIMEDOUT, {}, "connect"));
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.value(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? Result<void>() : fail(systemError(error, {}, "connect"));
}

Result<void> reach(const std::string &host, int port, std::chrono::milliseconds patience, std::stop_token stop)
{
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list); error != 0)
        return fail(ErrorCode::NotFound, {}, ::gai_strerror(error));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(list, &::freeaddrinfo);
    const auto until = std::chrono::steady_clock::now() + patience;
    Result<void> reached = fail(ErrorCode::NotFound);
    for (const addrinfo *address = list; address; address = address->ai_next) {
        reached = connectTo(*address, until, stop);
        if (reached || reached.error().code == ErrorCode::Cancelled)
            break;
    }
    return reached;
}

}
