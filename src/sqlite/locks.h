// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The bytes that SQLite locks (os.h and wal.c of its source; sqlite.org/walformat.html §2.3).
namespace lk::sqlite {

inline constexpr std::uint64_t PendingByte = 0x40000000;
inline constexpr std::uint64_t ReservedByte = PendingByte + 1;
inline constexpr std::uint64_t SharedFirst = PendingByte + 2;
inline constexpr std::uint64_t SharedSize = 510;

/// Of the -shm.
inline constexpr std::uint64_t WalWriteByte = 120;
inline constexpr std::uint64_t WalCheckpointByte = 121;
inline constexpr std::uint64_t WalRecoverByte = 122;
inline constexpr std::uint64_t WalReadFirst = 123;
inline constexpr std::uint64_t WalReadCount = 5;
inline constexpr std::uint64_t WalOpenByte = 128; ///< "dead man switch": every connection holds it shared

}
