// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/look.h"

#include "sqlite/names.h"
#include "sqlite/ownlocks.h"

#include <algorithm>
#include <array>

namespace lk::scan {

using platform::FileReader;
using sqlite::State;

static bool isReported(State state)
{
    return state != State::Other && state != State::Sqlite2;
}

Result<std::optional<sqlite::Glance>> lookAt(const Candidate &candidate)
{
    const std::string_view name(candidate.name);
    // Noise takes a page to tell from content; the signature does not.
    std::array<std::byte, 4096> bytes;
    const bool byName = !candidate.onlyBySignature && sqlite::isDatabaseName(name);
    const std::span<std::byte> wanted(bytes.data(), byName ? bytes.size() : sqlite::Header::Size);

    bool worthIt = false;
    const auto open = [&] { return FileReader::openAt(candidate.folder, candidate.name); };
    const auto look = [&](const FileReader &reader) -> Result<void> {
        // No more than there is: the end of a file is told by a call of its own.
        const std::size_t there = std::min<std::uint64_t>(wanted.size(), reader.status().size);
        const Result<std::size_t> count = reader.read(0, wanted.first(there));
        if (!count)
            return std::unexpected(count.error());
        const sqlite::Bytes head = wanted.first(*count);
        worthIt = sqlite::hasMagic(head) || (byName && isReported(sqlite::judge(reader.status(), name, head).state));
        return {};
    };
    const auto identify = [&]() -> Result<platform::FileId> {
        platform::EntryStatus status;
        if (const int error = platform::entryStatus(candidate.folder, candidate.name, status))
            return fail(systemError(error, name, "stat"));
        return status.id;
    };
    sqlite::OwnLocks &locks = sqlite::OwnLocks::instance();
    if (Result<void> read =
            candidate.id ? locks.read(*candidate.id, open, look) : locks.readUnidentified(identify, open, look);
        !read)
        return std::unexpected(std::move(read.error()));
    if (!worthIt)
        return std::nullopt;

    Result<sqlite::Glance> seen = sqlite::glance(candidate.folder, candidate.name, candidate.siblings);
    if (!seen)
        return std::unexpected(std::move(seen.error()));
    const bool reported =
        candidate.onlyBySignature ? seen->stored.has_value() || seen->state == State::Damaged : isReported(seen->state);
    return reported ? std::optional(std::move(*seen)) : std::nullopt;
}

}
