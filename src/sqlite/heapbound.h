// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lk::sqlite {

/// While it lives, SQLite on this thread gets at most so much memory more than it has; beyond it a statement ends with
/// Unsupported (TooExpensive). SQLite's own heap limits are the whole process's: a hostile file that is looked at would
/// take the memory from an honest VACUUM beside it. A connection stays on its thread, so counting by thread is fair.
class HeapBound
{
public:
    explicit HeapBound(std::int64_t bytes);
    HeapBound(const HeapBound &) = delete;
    HeapBound &operator=(const HeapBound &) = delete;
    ~HeapBound();

private:
    std::int64_t m_usedBefore;
    std::int64_t m_mostBefore;
};

}
