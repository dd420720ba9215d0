// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/scratchfile.h"
#include "sqlite/bytes.h"

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace lk::sqlite {

/// What was written to a file that must not change: its changed blocks, over the file as it is (the base).
/// Up to a bound in memory, beyond it in an anonymous temporary file.
class Overlay
{
public:
    static constexpr std::size_t BlockSize = 4096;
    static constexpr std::size_t BlocksInMemory = 16384; ///< 64 MiB

    /// Reads \a into from the base at an offset; all of it lies within the base's size.
    using ReadBase = std::function<Result<void>(std::uint64_t offset, std::span<std::byte> into)>;

    /// Nothing was written or cut: the base can be read as it is.
    bool untouched() const { return !m_touched; }
    /// In bytes; of the base (\a baseSize) as long as nothing was written.
    std::uint64_t size(std::uint64_t baseSize) const { return m_touched ? m_size : baseSize; }

    /// The number of bytes read: fewer than asked for only at the end. The caller zeroes the rest.
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into, const ReadBase &readBase);
    /// \a baseSize counts at the first write only: from then on the file's size is the overlay's own.
    Result<void> write(std::uint64_t offset, Bytes bytes, std::uint64_t baseSize, const ReadBase &readBase);
    void truncate(std::uint64_t size, std::uint64_t baseSize);
    /// An empty file, whatever the base holds.
    void clear();

private:
    using Slot = std::uint32_t;

    void touch(std::uint64_t baseSize);
    Result<void> readBlock(std::uint64_t block, std::size_t from, std::span<std::byte> into, const ReadBase &readBase);
    Result<void> readSlot(Slot slot, std::size_t from, std::span<std::byte> into) const;
    Result<void> writeSlot(Slot slot, std::size_t from, Bytes bytes);
    Result<Slot> newSlot();

    bool m_touched = false;
    std::uint64_t m_size = 0;
    std::uint64_t m_baseVisible = 0; ///< how much of the base still shows, in bytes: less once it was cut
    std::unordered_map<std::uint64_t, Slot> m_blocks;
    Slot m_slots = 0;
    std::vector<std::unique_ptr<std::byte[]>> m_memory; ///< slots below BlocksInMemory
    std::optional<platform::ScratchFile> m_spill;       ///< the others
};

}
