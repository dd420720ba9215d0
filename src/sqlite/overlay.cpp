// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/overlay.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace lk::sqlite {

Result<std::size_t> Overlay::read(std::uint64_t offset, std::span<std::byte> into, const ReadBase &readBase)
{
    if (offset >= m_size)
        return 0;
    into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), m_size - offset)));
    const std::size_t count = into.size();
    while (!into.empty()) {
        const std::size_t from = offset % BlockSize;
        const std::size_t part = std::min(BlockSize - from, into.size());
        if (const Result<void> read = readBlock(offset / BlockSize, from, into.first(part), readBase); !read)
            return std::unexpected(read.error());
        offset += part;
        into = into.subspan(part);
    }
    return count;
}

Result<void> Overlay::write(std::uint64_t offset, Bytes bytes, std::uint64_t baseSize, const ReadBase &readBase)
{
    touch(baseSize);
    m_size = std::max(m_size, offset + bytes.size());
    while (!bytes.empty()) {
        const std::uint64_t block = offset / BlockSize;
        const std::size_t from = offset % BlockSize;
        const std::size_t part = std::min(BlockSize - from, bytes.size());
        auto slot = m_blocks.find(block);
        if (slot == m_blocks.end()) {
            std::array<std::byte, BlockSize> content{};
            if (part < BlockSize) {
                if (const Result<void> read = readBlock(block, 0, content, readBase); !read)
                    return read;
            }
            const Result<Slot> fresh = newSlot();
            if (!fresh)
                return std::unexpected(fresh.error());
            if (part < BlockSize) {
                if (const Result<void> written = writeSlot(*fresh, 0, content); !written)
                    return written;
            }
            slot = m_blocks.emplace(block, *fresh).first;
        }
        if (const Result<void> written = writeSlot(slot->second, from, bytes.first(part)); !written)
            return written;
        offset += part;
        bytes = bytes.subspan(part);
    }
    return {};
}

void Overlay::truncate(std::uint64_t size, std::uint64_t baseSize)
{
    touch(baseSize);
    m_baseVisible = std::min(m_baseVisible, size);
    if (size < m_size) {
        // What lies behind must read as zero if the file grows again.
        std::erase_if(m_blocks, [&](const auto &entry) { return entry.first * BlockSize >= size; });
        if (m_blocks.empty())
            m_slots = 0;
        if (const auto last = m_blocks.find(size / BlockSize); last != m_blocks.end()) {
            static constexpr std::array<std::byte, BlockSize> Zeros{};
            const std::size_t from = size % BlockSize;
            (void)writeSlot(last->second, from, Bytes(Zeros).first(BlockSize - from));
        }
    }
    m_size = size;
}

void Overlay::clear()
{
    m_touched = true;
    m_size = 0;
    m_baseVisible = 0;
    m_blocks.clear();
    m_slots = 0;
}

void Overlay::touch(std::uint64_t baseSize)
{
    if (m_touched)
        return;
    m_touched = true;
    m_size = baseSize;
    m_baseVisible = baseSize;
}

Result<void> Overlay::readBlock(std::uint64_t block, std::size_t from, std::span<std::byte> into,
                                const ReadBase &readBase)
{
    if (const auto slot = m_blocks.find(block); slot != m_blocks.end())
        return readSlot(slot->second, from, into);
    const std::uint64_t offset = block * BlockSize + from;
    const std::uint64_t left = m_baseVisible > offset ? m_baseVisible - offset : 0;
    const std::size_t fromBase = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left));
    std::ranges::fill(into.subspan(fromBase), std::byte{});
    return fromBase > 0 ? readBase(offset, into.first(fromBase)) : Result<void>();
}

Result<void> Overlay::readSlot(Slot slot, std::size_t from, std::span<std::byte> into) const
{
    if (slot >= BlocksInMemory)
        return m_spill->read((slot - BlocksInMemory) * std::uint64_t(BlockSize) + from, into);
    std::memcpy(into.data(), m_memory[slot].get() + from, into.size());
    return {};
}

Result<void> Overlay::writeSlot(Slot slot, std::size_t from, Bytes bytes)
{
    if (slot >= BlocksInMemory)
        return m_spill->write((slot - BlocksInMemory) * std::uint64_t(BlockSize) + from, bytes);
    std::memcpy(m_memory[slot].get() + from, bytes.data(), bytes.size());
    return {};
}

Result<Overlay::Slot> Overlay::newSlot()
{
    if (m_slots >= BlocksInMemory && !m_spill) {
        Result<platform::ScratchFile> spill = platform::ScratchFile::create();
        if (!spill)
            return std::unexpected(spill.error());
        m_spill = std::move(*spill);
    }
    if (m_slots < BlocksInMemory && m_slots == m_memory.size())
        m_memory.push_back(std::make_unique<std::byte[]>(BlockSize));
    return m_slots++;
}

}
