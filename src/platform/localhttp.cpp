// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/localhttp.h"

#include "platform/filereader.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace lk::platform {

using Clock = std::chrono::steady_clock;

namespace {

struct Address
{
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr *value() const { return reinterpret_cast<const sockaddr *>(&storage); }
};

struct Place
{
    std::string host; ///< with its port, as it stands in the address
    std::string path;
    Address address;
};

/// Where somebody listens on all addresses, the loopback is one of them.
std::string_view withoutAny(std::string_view host)
{
    if (host.empty() || host == "0.0.0.0" || host == "localhost")
        return "127.0.0.1";
    return host == "::" ? "::1" : host;
}

std::optional<Address> addressOf(std::string_view host, std::uint16_t port)
{
    const std::string text(withoutAny(host));
    Address address;
    auto *four = reinterpret_cast<sockaddr_in *>(&address.storage);
    auto *six = reinterpret_cast<sockaddr_in6 *>(&address.storage);
    if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        address.size = sizeof *four;
    } else if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        address.size = sizeof *six;
    } else {
        return std::nullopt;
    }
    return address;
}

/// An address that a socket can be bound to is one of this machine.
bool isOurs(const Address &address)
{
    const Descriptor probe(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    Address anyPort = address;
    if (anyPort.storage.ss_family == AF_INET)
        reinterpret_cast<sockaddr_in *>(&anyPort.storage)->sin_port = 0;
    else
        reinterpret_cast<sockaddr_in6 *>(&anyPort.storage)->sin6_port = 0;
    return probe && ::bind(probe.value(), anyPort.value(), anyPort.size) == 0;
}

std::optional<Place> placeOf(std::string_view url)
{
    constexpr std::string_view Scheme = "http://";
    if (!url.starts_with(Scheme) || url.find_first_of(" \r\n") != std::string_view::npos)
        return std::nullopt;
    url.remove_prefix(Scheme.size());
    const std::size_t slash = std::min(url.find('/'), url.size());
    const std::string_view server = url.substr(0, slash);
    const std::size_t colon = server.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::uint16_t port = 0;
    const std::string_view digits = server.substr(colon + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || port == 0)
        return std::nullopt;
    std::string_view host = server.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    const auto address = addressOf(host, port);
    if (!address || !isOurs(*address))
        return std::nullopt;
    return Place{.host = std::string(server),
                 .path = slash == url.size() ? "/" : std::string(url.substr(slash)),
                 .address = *address};
}

/// Until the socket can be read or written, or the time is over.
bool waitFor(const Descriptor &socket, short event, Clock::time_point until)
{
    for (;;) {
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        if (rest <= 0)
            return false;
        pollfd waiting{socket.value(), event, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(rest));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

Result<Descriptor> connected(const Place &place, Clock::time_point until)
{
    Descriptor socket(::socket(place.address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket)
        return fail(systemError(errno, {}, "socket"));
    int error = 0;
    if (::connect(socket.value(), place.address.value(), place.address.size) != 0)
        error = errno;
    if (error == EINPROGRESS) {
        if (!waitFor(socket, POLLOUT, until))
            return fail(ErrorCode::Busy, {}, "no connection in time");
        socklen_t size = sizeof error;
        ::getsockopt(socket.value(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error == ECONNREFUSED)
        return fail(ErrorCode::NotFound, {}, "nobody listens");
    if (error != 0)
        return fail(systemError(error, {}, "connect"));
    return socket;
}

Result<std::string> answer(const Descriptor &socket, std::size_t most, Clock::time_point until)
{
    std::string all;
    std::array<char, 16384> buffer;
    while (waitFor(socket, POLLIN, until)) {
        const ssize_t count = ::recv(socket.value(), buffer.data(), buffer.size(), 0);
        if (count == 0)
            return all;
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count < 0)
            return fail(systemError(errno, {}, "recv"));
        all.append(buffer.data(), static_cast<std::size_t>(count));
        if (all.size() > most)
            return fail(ErrorCode::Io, {}, "the answer is too long");
    }
    return fail(ErrorCode::Busy, {}, "no answer in time");
}

}

Result<std::string> getFromThisMachine(const std::string &url, std::chrono::milliseconds patience, std::size_t most)
{
    const Clock::time_point until = Clock::now() + patience;
    const std::optional<Place> place = placeOf(url);
    if (!place)
        return fail(ErrorCode::Unsupported, Path(), "not an address of this machine: " + url);
    const Result<Descriptor> socket = connected(*place, until);
    if (!socket)
        return std::unexpected(socket.error());
    // Version 1.0: the answer comes in one piece, and ends with the connection.
    const std::string request = "GET " + place->path + " HTTP/1.0\r\nHost: " + place->host + "\r\n\r\n";
    if (::send(socket->value(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        return fail(systemError(errno, {}, "send"));
    Result<std::string> all = answer(*socket, most, until);
    if (!all)
        return all;
    const std::size_t end = all->find("\r\n\r\n");
    const std::string_view status = std::string_view(*all).substr(0, all->find("\r\n"));
    if (end == std::string::npos || !status.starts_with("HTTP/1.") || status.find(" 200") != 8)
        return fail(ErrorCode::Unsupported, Path(), "not an answer to be used: " + std::string(status.substr(0, 80)));
    return all->substr(end + 4);
}

}
