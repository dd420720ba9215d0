// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/shadow.h"

#include "platform/filereader.h"
#include "platform/safefile.h"

#include <array>
#include <charconv>
#include <span>

namespace lk::litestream {

Position Shadow::end() const
{
    return pieces.empty() ? Position() : Position{.index = pieces.rbegin()->first, .offset = pieces.rbegin()->second};
}

std::optional<std::uint64_t> Shadow::bytesAfter(const Position &copied) const
{
    const auto first = pieces.find(copied.index);
    if (first == pieces.end() || first->second < copied.offset)
        return std::nullopt;
    std::uint64_t bytes = first->second - copied.offset;
    for (auto later = std::next(first); later != pieces.end(); ++later)
        bytes += later->second;
    return bytes;
}

/// "9c3e61b1f0c6d5a2" and a line break.
static Result<std::string> generationIn(const Path &metaFolder)
{
    const auto reader = platform::FileReader::open(metaFolder / "generation");
    if (!reader)
        return std::unexpected(reader.error());
    std::array<char, 16> text{};
    const Result<std::size_t> count = reader->read(0, std::as_writable_bytes(std::span(text)));
    if (!count)
        return std::unexpected(count.error());
    const std::string generation(text.data(), *count);
    if (generation.size() != text.size() || generation.find_first_not_of("0123456789abcdef") != std::string::npos)
        return fail(ErrorCode::NotFound, metaFolder, "no generation");
    return generation;
}

/// Of "0000001f.wal".
static std::optional<std::uint64_t> indexOf(const std::string &name)
{
    constexpr std::size_t Digits = 8;
    std::uint64_t index = 0;
    const auto read = std::from_chars(name.data(), name.data() + std::min(name.size(), Digits), index, 16);
    const bool isPiece = read.ec == std::errc() && read.ptr == name.data() + Digits && name.substr(Digits) == ".wal";
    return isPiece ? std::optional(index) : std::nullopt;
}

Result<Shadow> shadowIn(const Path &metaFolder)
{
    Result<std::string> generation = generationIn(metaFolder);
    if (!generation)
        return std::unexpected(generation.error());
    Shadow shadow{.generation = std::move(*generation), .pieces = {}};
    const Path folder = metaFolder / "generations" / shadow.generation / "wal";
    std::int64_t changedNs = 0;
    for (const std::string &name : platform::namesIn(folder)) {
        const auto index = indexOf(name);
        const auto status = index ? platform::status(folder / name) : fail(ErrorCode::NotFound);
        if (!status || !status->isRegular())
            continue; // gone meanwhile
        shadow.pieces[*index] = status->size;
        changedNs = std::max(changedNs, status->modifiedNs);
    }
    shadow.changed = Instant(std::chrono::milliseconds(changedNs / 1'000'000));
    return shadow;
}

}
