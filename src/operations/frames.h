// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "platform/filecopy.h"

#include <functional>
#include <stop_token>
#include <string>

/// Files packed by zstd: frames of 8 MiB of content, one behind the other, each with its size and a checksum. Any
/// program that knows zstd unpacks them; one frame at a time is in memory. Source: RFC 8878.
namespace lk::operations {

/// What was packed or unpacked.
struct Packed
{
    std::uint64_t bytes = 0;       ///< of the content
    std::uint64_t storedBytes = 0; ///< of the packed file
    std::string sha256;            ///< of the content
    std::string storedSha256;      ///< of the packed file
};

/// Packs the file \a from into \a into. Errors: Cancelled, and what reading and writing gives.
Result<Packed> pack(const Path &from, platform::FileWriter &into, const std::stop_token &stop,
                    Progress &progress = Progress::none());

/// Takes unpacked bytes in order; an error ends the unpacking.
using Sink = std::function<Result<void>(std::span<const std::byte> bytes)>;

/// Unpacks the file \a from. No more than \a mostBytes come out: a packed file can claim to hold anything. Errors:
/// Damaged if it is no such file, ends early, or a checksum does not hold; Cancelled; what reading and \a sink give.
Result<Packed> unpack(const Path &from, std::uint64_t mostBytes, const Sink &sink, const std::stop_token &stop,
                      Progress &progress = Progress::none());

}
