// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lk::sqlite {

using Bytes = std::span<const std::byte>;

/// Big-endian numbers, as SQLite stores all of its own (sqlite.org/fileformat2.html). The caller has checked the size.
inline std::uint8_t u8(Bytes bytes, std::size_t offset)
{
    return static_cast<std::uint8_t>(bytes[offset]);
}
inline std::uint16_t u16(Bytes bytes, std::size_t offset)
{
    return static_cast<std::uint16_t>((u8(bytes, offset) << 8) | u8(bytes, offset + 1));
}
inline std::uint32_t u32(Bytes bytes, std::size_t offset)
{
    return (static_cast<std::uint32_t>(u16(bytes, offset)) << 16) | u16(bytes, offset + 2);
}

/// A page size is a power of two from 512 to 65536 (section 1.3.2).
constexpr bool isPageSize(std::uint32_t size)
{
    return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

}
