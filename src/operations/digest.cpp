// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/digest.h"

#include "platform/filereader.h"

#include <algorithm>
#include <vector>

namespace lk::operations {

Result<std::string> sha256(const Path &path, const std::stop_token &stop, Progress &progress)
{
    const Result<platform::FileReader> reader = platform::FileReader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    Digest digest;
    std::vector<std::byte> buffer(1 << 20);
    const std::uint64_t size = reader->status().size;
    for (std::uint64_t offset = 0;;) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, path);
        const Result<std::size_t> count = reader->read(offset, buffer);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            return digest.result();
        digest.add(std::span(buffer).first(*count));
        offset += *count;
        progress.report({.fraction = static_cast<double>(offset) / static_cast<double>(std::max(size, offset)),
                         .done = offset,
                         .phase = Phase::Verifying});
    }
}

}
