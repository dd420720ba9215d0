// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/heapbound.h"

#include <sqlite3.h>

#include <limits>

namespace lk::sqlite {

static constexpr std::int64_t NoBound = std::numeric_limits<std::int64_t>::max();

/// Of this thread, in bytes. What is given back that was taken before counts as less than nothing.
static thread_local std::int64_t used = 0;
static thread_local std::int64_t most = NoBound;

static sqlite3_mem_methods plain; // SQLite's own; set once, before its first use

static void *allocate(int size)
{
    if (used + size > most)
        return nullptr;
    void *memory = plain.xMalloc(size);
    if (memory)
        used += plain.xSize(memory);
    return memory;
}

static void release(void *memory)
{
    if (memory)
        used -= plain.xSize(memory);
    plain.xFree(memory);
}

static void *reallocate(void *memory, int size)
{
    const int before = plain.xSize(memory);
    if (used + size - before > most)
        return nullptr;
    void *moved = plain.xRealloc(memory, size);
    if (moved)
        used += plain.xSize(moved) - before;
    return moved;
}

/// SQLite takes its allocator only before anything else is done with it; a program's own code is too late where a
/// library (Qt Sql) came first. It refuses then, and nothing is bound.
static const bool installed = [] {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    sqlite3_mem_methods counting = plain;
    counting.xMalloc = allocate;
    counting.xFree = release;
    counting.xRealloc = reallocate;
    // Its own statistics take one lock for the whole process at every allocation, and nobody reads them.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &counting) == SQLITE_OK;
}();

HeapBound::HeapBound(std::int64_t bytes)
    : m_usedBefore(used)
    , m_mostBefore(most)
{
    used = 0;
    most = installed ? bytes : NoBound;
}

HeapBound::~HeapBound()
{
    used += m_usedBefore;
    most = m_mostBefore;
}

}
