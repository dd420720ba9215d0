// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sqlite/bytes.h"

#include <cstdint>
#include <cstdlib>

/// What libFuzzer calls; the name and the type are its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace lk::fuzz {

inline sqlite::Bytes bytes(const std::uint8_t *data, std::size_t size)
{
    return std::as_bytes(std::span(data, size));
}

/// What must hold for every input; the fuzzer keeps one for which it doesn't.
inline void must(bool holds)
{
    if (!holds)
        std::abort();
}

}
