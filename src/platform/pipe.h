// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/filereader.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

/// For platform/ alone.
namespace lk::platform {

struct Pipe
{
    Descriptor read;
    Descriptor write;
};

/// Neither end goes to a program that is started.
inline Result<Pipe> makePipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return fail(systemError(errno, {}, "pipe"));
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

}
