// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "inspect/schema.h"
#include "sqlite/observervfs.h"

#include <set>
#include <stop_token>
#include <vector>

namespace lk::inspect {

/// Watches dbstat's pass over a database: how far it is, how many rows the leaves hold, and whether a page belongs to
/// two. dbstat follows a page as often as it is claimed, and asks nobody whether to go on: six pages that name each
/// other 400 times would keep it busy for ever (safety.md, fact 21). So the pass is stopped there.
class SpaceWatcher final : public sqlite::ReadWatcher
{
public:
    SpaceWatcher(Progress &progress, std::stop_source stop);

    /// What was read until now is the schema's. What comes are the pages of each b-tree in turn.
    void begin(std::uint32_t pageSize, std::uint64_t pageCount, std::uint64_t freelistPages, const Schema &schema);

    void databaseRead(std::uint64_t offset, sqlite::Bytes bytes) override;
    void walRead(std::uint64_t offset, sqlite::Bytes bytes) override;

    /// Cells of tables that have a rowid, on the pages that were read.
    struct Seen
    {
        std::uint64_t rows = 0;      ///< on leaves
        std::uint64_t innerKeys = 0; ///< on interior pages
    };
    /// Since the last time.
    Seen take();
    bool foundPageOfTwo() const { return m_foundPageOfTwo; }

private:
    void pageRead(std::uint64_t place, sqlite::Bytes page, std::size_t start);
    void claimChildren(sqlite::Bytes page, std::size_t start);
    void claim(std::uint64_t page);

    Progress &m_progress;
    std::stop_source m_stop; ///< ends the pass
    std::uint32_t m_pageSize = 0;
    std::uint64_t m_pagesInUse = 1;
    std::set<std::uint64_t> m_ofSchema; ///< where pages lie that SQLite may read again at any time
    std::vector<bool> m_claimed;        ///< by page number
    bool m_foundPageOfTwo = false;
    std::uint64_t m_reads = 0;
    Seen m_seen;
};

}
